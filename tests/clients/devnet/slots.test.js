// Two slots by hand, with ethers alone: who has what is reckoned here, and read from the contracts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { HDNodeWallet, ZeroAddress, ZeroHash, solidityPackedKeccak256, toBeHex } from "ethers";

import { blueprint, deploy, root, startNode } from "./chain.js";

const GWEI = 10n ** 9n;
const NOTHING = 2n ** 64n - 1n;
const PHRASE = "test test test test test test test test test test test junk"; // of every hardhat node
const ends = { maturity: 2n, refund: [1n, 1n], returned: [3n, 2n], returnable: true }; // 1/2 and 3/4 of the price
const rules = {
  supply: 3n, elastic: false, round: 1n, ...ends, lookahead: 0n, window: 0n, dealt: false,
  collateral: 50n, missedFee: 20n, ownerCap: NOTHING, void: false, exAnte: true, exPost: true,
};
const first = 40;
const spacing = 20;

let chain, contracts, domain, protocol, anna, ben, carl;
let nonce = 0n;

const types = (name) => {
  const file = new URL(`tests/vectors/${name}.json`, root);
  return JSON.parse(readFileSync(file, "utf8")).types;
};
const sign = (wallet, type, message) => wallet.signTypedData(domain, types(type), message);
const sent = async (call) => (await call).wait();
const refused = (call, reason) => assert.rejects(call, (error) => error.reason === reason);

async function mineTo(block) {
  const number = await chain.provider.getBlockNumber();
  await chain.provider.send("hardhat_mine", [toBeHex(block - number), "0x0"]);
  return (await chain.provider.getBlock(block)).hash;
}

// The ticket that the seed of a slot draws for its block, of these
function drawnOf(serials, seed, block) {
  const word = BigInt(solidityPackedKeccak256(["bytes32", "uint64", "uint32"], [seed, block, 0]));
  return serials[Number(word % BigInt(serials.length))];
}

async function buy(wallet, serial, price) {
  const bid = { bidder: wallet.address, auction: 0n, listing: ZeroHash, price, validUntil: 9n, nonce: nonce++ };
  await sent(contracts.exchange.connect(protocol).sell(serial, price, bid, await sign(wallet, "Bid", bid)));
}

// What must be the case: whose each live ticket is, and what each has, Gwei
const owner = new Map();
const funds = new Map();
const paid = (serial) => 100n + 10n * BigInt(serial);
const give = (wallet, amount) => funds.set(wallet, (funds.get(wallet) ?? 0n) + amount);

async function check() {
  const { tickets } = contracts;
  for (const [serial, wallet] of owner) assert.equal(await tickets.ownerOf(serial), wallet.address);
  for (const [wallet, amount] of funds) {
    const held = [...owner.values()].filter((holder) => holder === wallet).length;
    const seen = [await tickets.balanceOf(wallet), await tickets.funds(wallet), await tickets.free(wallet)];
    assert.deepEqual(seen, [BigInt(held), amount, amount - 50n * BigInt(held)]);
  }
  assert.equal(await tickets.totalSupply(), BigInt(owner.size));
}

before(async () => {
  chain = await startNode();
  const wallets = [0, 1, 2, 3, 4].map((index) => HDNodeWallet.fromPhrase(PHRASE, "", `m/44'/60'/0'/0/${index}`));
  const [deployer, ...others] = wallets.map((wallet) => wallet.connect(chain.provider));
  [protocol, anna, ben, carl] = others;
  contracts = await deploy(deployer, { rules, protocol: protocol.address, first, spacing });
  const verifyingContract = await contracts.tickets.getAddress();
  domain = { name: "et-testbed", version: "1", chainId: 1337, verifyingContract };
});

after(() => chain.stop());

test("it is deployed where runs sign for, and each contract knows the others", async () => {
  const { tickets, exchange, beacon } = contracts;
  assert.equal(await tickets.getAddress(), "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0");
  assert.equal(await exchange.tickets(), await tickets.getAddress());
  assert.equal(await tickets.beacon(), await beacon.getAddress());
  assert.ok((await chain.provider.getCode(await tickets.getAddress())).length / 2 < 24576);
  const bad = { rules: { ...rules, supply: 0n }, protocol: protocol.address, first: first + 100, spacing };
  await refused(deploy(carl, bad), "bad_rules");
  assert.ok(blueprint("TicketExchange").startsWith("0x61"));
});

test("tickets are minted and sold for signed bids", async () => {
  const { tickets } = contracts;
  for (const wallet of [anna, ben]) {
    await sent(tickets.connect(wallet).deposit(wallet, { value: 1000n * GWEI }));
    give(wallet, 1000n);
  }
  await refused(tickets.connect(anna).mint(3), "not_protocol");
  await sent(tickets.connect(protocol).mint(3));
  for (const serial of [0, 1, 2]) {
    await buy(anna, serial, paid(serial));
    owner.set(serial, anna);
    give(anna, -paid(serial));
  }
  await check();
  assert.equal(await tickets.burnedGwei(), 330n);
});

test("a permit lets ben take a ticket, once, and with its collateral nobody else", async () => {
  const { tickets } = contracts;
  const permit = { spender: ben.address, tokenId: 2n, nonce: await tickets.nonces(2), deadline: 10n ** 9n };
  const words = [ben, 2n, permit.deadline, await sign(anna, "Permit", permit)];
  await refused(tickets.connect(ben).transferFrom(anna, ben, 2), "not_approved");
  await sent(tickets.connect(carl).permit(...words));
  await refused(tickets.connect(carl).permit(...words), "nonce_used");
  await refused(tickets.connect(anna).transferFrom(anna, ben, 2), "not_approved");
  await sent(tickets.connect(ben).transferFrom(anna, ben, 2));
  owner.set(2, ben);
  await check();
});

test("the beacon draws a ticket that all could have foretold since its block", async () => {
  const { tickets, beacon } = contracts;
  await sent(tickets.connect(protocol).drawFirst(0));
  await refused(tickets.connect(protocol).openSlot(), "too_early");
  const seed = await mineTo(first);
  await refused(tickets.connect(protocol).mint(0), "seed_known");
  const drawn = drawnOf([0, 1, 2], seed, 0);
  const receipt = await sent(tickets.connect(protocol).openSlot());
  assert.deepEqual(tickets.interface.parseLog(receipt.logs[0]).args.toArray(), [BigInt(drawn), 0n, 3n]);
  assert.equal(await beacon.seedOf(0), seed);
  assert.equal((await tickets.drawOf(0)).ticket, BigInt(drawn + 1));
});

test("two signed orders that cross are settled at the maker's price", async () => {
  const { tickets, exchange } = contracts;
  const drawn = Number((await tickets.drawOf(0)).ticket) - 1;
  const serial = [0, 1].find((serial) => serial !== drawn);
  const any = { taker: ZeroAddress, drawn: false, seriesBlock: 1n, validFrom: 0n, validUntil: NOTHING };
  const sold = { ticket: BigInt(serial), transferNonce: await tickets.nonces(serial) };
  const none = { ticket: NOTHING, transferNonce: 0n };
  const ask = { ...any, ...sold, maker: anna.address, side: 1, timeInForce: 3, price: 150n, nonce: nonce++ };
  const bid = { ...any, ...none, maker: ben.address, side: 0, timeInForce: 1, price: 160n, nonce: nonce++ };
  const words = [ask, await sign(anna, "Order", ask), bid, await sign(ben, "Order", bid)];
  const low = { ...bid, price: 149n };
  await refused(exchange.connect(carl).settle(ask, words[1], low, await sign(ben, "Order", low)), "not_crossed");
  await refused(exchange.connect(carl).settle(ask, words[1], low, words[3]), "bad_signature");
  await sent(exchange.connect(carl).settle(...words));
  owner.set(serial, ben);
  give(anna, 150n);
  give(ben, -150n);
  await check();
  await refused(exchange.connect(carl).settle(...words), "ticket_moved");
});

test("the drawn ticket proposes the block, whoever brings the proposal, and is burned", async () => {
  const { tickets } = contracts;
  const drawn = Number((await tickets.drawOf(0)).ticket) - 1;
  const proposer = owner.get(drawn);
  const terms = { ticket: BigInt(drawn), nonce: await tickets.nonces(drawn), builder: carl.address, reward: 7n };
  const proposal = { block: 0n, proposer: proposer.address, ...terms };
  const words = [proposal, await sign(proposer, "Proposal", proposal)];
  await refused(tickets.connect(carl).propose(...words), "bad_amount");
  await sent(tickets.connect(carl).propose(...words, { value: 7n * GWEI }));
  await refused(tickets.connect(carl).propose(...words, { value: 7n * GWEI }), "block_proposed");
  await refused(tickets.ownerOf(drawn), "ticket_burned");
  owner.delete(drawn);
  give(carl, 7n);
  await check();
});

test("a missed slot costs the fee, and what was never drawn expires with its refund", async () => {
  const { tickets } = contracts;
  const left = [...owner.keys()].sort();
  const drawn = drawnOf(left, await mineTo(first + spacing), 1);
  await sent(tickets.connect(protocol).openSlot());
  assert.equal((await tickets.drawOf(1)).ticket, BigInt(drawn + 1));
  await sent(tickets.connect(protocol).leaveEmpty());
  give(owner.get(drawn), -20n);
  owner.delete(drawn);
  await check();
  await refused(tickets.connect(protocol).openSlot(), "block_open");
  await sent(tickets.connect(protocol).expire(9));
  for (const [serial, wallet] of owner) give(wallet, paid(serial) / 2n);
  owner.clear();
  await check();
});

test("all money can be taken out, and is there", async () => {
  const { tickets } = contracts;
  const cold = "0x00000000000000000000000000000000000c01d0";
  let total = 0n;
  for (const [wallet, amount] of funds) {
    await refused(tickets.connect(wallet).withdraw(amount + 1n, cold), "insufficient_funds");
    await sent(tickets.connect(wallet).withdraw(amount, cold));
    assert.equal(await tickets.funds(wallet), 0n);
    total += amount;
  }
  assert.equal(await chain.provider.getBalance(cold), total * GWEI);
  const burned = (await tickets.burnedGwei()) - (await tickets.refundedGwei());
  assert.equal(await chain.provider.getBalance(tickets), burned * GWEI);
});

test("a seed that is recorded outlives the hashes of the chain", async () => {
  const { beacon } = contracts;
  const kept = await beacon.seedOf(0);
  await sent(beacon.connect(carl).record(0));
  const other = await beacon.seedOf(1);
  await mineTo(first + 600);
  assert.equal(await beacon.seedOf(0), kept);
  assert.notEqual(await beacon.seedOf(1), other);
});
