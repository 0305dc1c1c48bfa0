// A day of slots: the protocol in Python plays, all of it is done on hardhat through ethers, and both are compared, here
// and there. SLOTS: how many, where it is not a day. ROUND: how many blocks a ticket proposes, where it is not one.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { Contract, Interface, JsonRpcSigner, toBeHex } from "ethers";

import { abi, root, startNode } from "./chain.js";

const DAY = 7200;
const slots = Number(process.env.SLOTS ?? DAY);
const round = Number(process.env.ROUND ?? 1);
const isLong = slots >= 1000; // so that everything happens in it
const seed = 1;
const gasLimit = 30_000_000n; // of a block
const PLENTY = toBeHex(10n ** 30n);

// What the day must have of each: done, and of most also refused
const ALWAYS_DONE = ["mint", "draw", "close of a slot", "hand out", "deposit"];
const TRIED = [
  "sale", "proposal", "empty block", "settlement", "award", "return", "permit", "transfer", "signed transfer",
  "withdrawal", "payment",
];
const APPROVED = "moved by whom a permit or an owner approved";
const LOGGED = [
  "Minted", "Drawn", "Sold", "Approval", "Burned: proposed", "Burned: missed", "Burned: expired", "Burned: returned",
  APPROVED,
];
if (round > 1) LOGGED.push("Used: proposed", "Used: missed");

const interfaces = new Map(); // of the contracts, by address
const byName = {};
const signers = new Map();
const seen = {};
let chain, python;
let time = 1; // of what comes next, seconds
let deployed = 0;

before(async () => (chain = await startNode()));

after(() => {
  python?.kill();
  chain.stop();
});

function know(name, address) {
  interfaces.set(address.toLowerCase(), new Interface(abi(name)));
  byName[name] = new Contract(address, abi(name), chain.provider);
}

// A call that ethers has taken apart and put together again
function made(to, data, value) {
  const face = interfaces.get(to);
  const parsed = face?.parseTransaction({ data, value });
  if (!parsed) return { data };
  const again = face.encodeFunctionData(parsed.fragment, parsed.args);
  assert.equal(again, data, parsed.signature);
  return { data: again, fragment: parsed.fragment, args: parsed.args };
}

// What was logged, in the words of ethers
function note(sender, call, logs) {
  for (const log of logs) {
    const { name, args } = interfaces.get(log.address.toLowerCase()).parseLog(log);
    count(args.end === undefined ? name : `${name}: ${args.end}`);
  }
  if (call.fragment?.name === "transferFrom" && call.args.owner.toLowerCase() !== sender) count(APPROVED);
}

function count(name) {
  seen[name] = (seen[name] ?? 0) + 1;
}

// The reason of a revert, in the words of ethers
function reasonOf(error) {
  const data = error.error?.data?.data ?? error.data;
  if (typeof data !== "string") throw error;
  if (data === "0x") return "";
  const found = new Interface([]).parseError(data);
  return found?.name === "Error" ? found.args[0] : "";
}

// Whoever calls may send transactions: gas is free there
async function signerOf(address) {
  if (!signers.has(address)) {
    await chain.provider.send("hardhat_impersonateAccount", [address]);
    signers.set(address, new JsonRpcSigner(chain.provider, address));
  }
  return signers.get(address);
}

async function transact(sender, transaction) {
  const signer = await signerOf(sender);
  await chain.provider.send("evm_setNextBlockTimestamp", [time]);
  const hash = await signer.sendUncheckedTransaction({ gasLimit, gasPrice: 0n, ...transaction });
  return chain.provider.getTransactionReceipt(hash);
}

const answers = {
  async deploy({ sender, code }) {
    const { contractAddress } = await transact(sender, { data: code });
    const name = [, "BlockBeacon", "ExecutionTickets", "TicketsLens"][deployed++];
    if (name) know(name, contractAddress);
    if (name === "ExecutionTickets") know("TicketExchange", await byName.ExecutionTickets.exchange());
    return { address: contractAddress };
  },
  async give({ address }) {
    await chain.provider.send("hardhat_setBalance", [address, PLENTY]);
    return {};
  },
  async balance({ address }) {
    return { wei: `${await chain.provider.getBalance(address)}` };
  },
  async time({ timestamp }) {
    time = timestamp;
    return {};
  },
  async seed({ block }) {
    const number = await chain.provider.getBlockNumber();
    assert.ok(number < block, `the slot's transactions took too many blocks: ${number}, ${block}`);
    await chain.provider.send("evm_setNextBlockTimestamp", [time]);
    await chain.provider.send("hardhat_mine", [toBeHex(block - number), "0x0"]);
    const { hash } = await chain.provider.getBlock(block);
    return { hash };
  },
  async send({ sender, to, data, value }) {
    const call = made(to, data, value);
    if (call.fragment?.constant) return { ...(await answers.view({ sender, to, data })), logs: [], gas: 0 };
    const { logs, gasUsed } = await transact(sender, { to, data: call.data, value: BigInt(value) });
    note(sender, call, logs);
    return { output: "0x", logs: logs.map(({ topics, data }) => [topics, data]), gas: Number(gasUsed) };
  },
  async view({ sender, to, data }) {
    return { output: await chain.provider.call({ from: sender, to, data: made(to, data).data }) };
  },
  // Balances and owners, read through ethers, are those of the protocol in Python
  async check({ slot, accounts, tickets }) {
    const contract = byName.ExecutionTickets;
    assert.equal(await contract.slot(), BigInt(slot));
    assert.equal(await contract.totalSupply(), BigInt(Object.keys(tickets).length));
    for (const [address, held, money] of accounts) {
      assert.deepEqual([await contract.balanceOf(address), await contract.funds(address)], [BigInt(held), BigInt(money)]);
    }
    for (const [serial, owner] of Object.entries(tickets)) {
      assert.equal((await contract.ownerOf(serial)).toLowerCase(), owner);
    }
    checks++;
    return {};
  },
  async end(told) {
    ended = told;
    return {};
  },
};
let checks = 0;
let ended;

async function answer(request) {
  try {
    return await answers[request.do](request);
  } catch (error) {
    if (error.code === "ERR_ASSERTION") throw error;
    return { reverted: reasonOf(error) };
  }
}

test(`${slots} slots in rounds of ${round} on hardhat are those of the protocol in Python`, async (t) => {
  const words = ["-m", "experiments.lab.conformance.devnet", `${slots}`, `${seed}`, `${round}`];
  python = spawn(process.env.PYTHON ?? "python3", words, { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  const left = new Promise((done) => python.on("exit", done));
  for await (const line of createInterface({ input: python.stdout })) {
    python.stdin.write(JSON.stringify(await answer(JSON.parse(line))) + "\n");
  }
  assert.equal(await left, 0, "the two disagree: see above");
  assert.equal(checks, Math.ceil(slots / 100));
  for (const what of [...ALWAYS_DONE, ...TRIED]) {
    const refused = ended.refused[what];
    const done = ended.counts[what] - refused;
    t.diagnostic(`${what}: ${done} done, ${refused} refused`);
    if (isLong) assert.ok(done > 0 && (refused > 0 || ALWAYS_DONE.includes(what)), what);
  }
  assert.ok(ended.counts.draw - ended.refused.draw >= slots);
  for (const what of LOGGED) {
    t.diagnostic(`${what}: ${seen[what] ?? 0}`);
    if (isLong) assert.ok(seen[what] > 0, what);
  }
});
