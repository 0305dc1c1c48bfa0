// A run over HTTP, from ethers and viem: tickets, logs, a bid, a transfer, a receipt, a revert.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { after, before, test } from "node:test";
import { Contract, JsonRpcProvider, Wallet, parseEther } from "ethers";
import { createPublicClient, createWalletClient, getContract, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const root = new URL("../../", import.meta.url);
const abi = (path) => JSON.parse(readFileSync(new URL(path, root)));
const ticketAbi = abi("chain/evm/ExecutionTickets.json");
const marketAbi = abi("market/contract/TicketMarket.json");
let server, url, addresses, keys;

before(async () => {
  const command = ["-m", "experiments.lab.cli", "serve", "--pace", "manual", "--port", "0"];
  server = spawn(process.env.PYTHON ?? "python3", command, { cwd: root, env: { ...process.env, PYTHONUNBUFFERED: "1" } });
  let told = "";
  await new Promise((ready, failed) => {
    server.stderr.on("data", (text) => process.stderr.write(text));
    server.on("exit", (code) => failed(new Error(`serve ended with ${code}`)));
    server.stdout.on("data", (text) => (told += text).includes("http://") && ready());
  });
  const words = told.split("\n").map((line) => line.split(/\s+/));
  addresses = Object.fromEntries(words.filter(([kind]) => ["tickets", "market"].includes(kind)));
  keys = words.filter(([kind]) => kind === "account").map((line) => line[3]);
  url = /http:\S+/.exec(told)[0];
});

after(() => server.kill("SIGINT"));

test("ethers buys a ticket, gives it away and sees a revert", async () => {
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 50 });
  const [anna, ben] = keys.map((key) => new Wallet(key, provider));
  const tickets = new Contract(addresses.tickets, ticketAbi, anna);
  const market = new Contract(addresses.market, marketAbi, anna);
  const bid = await market.bidInSale(0, parseEther("50"));
  await provider.send("evm_mine", []);
  assert.equal((await bid.wait()).status, 1);
  const [bought] = await tickets.queryFilter(tickets.filters.Transfer(null, anna.address), 0);
  const serial = bought.args.tokenId;
  assert.equal(await tickets.ownerOf(serial), anna.address);
  const transfer = await tickets.transferFrom(anna.address, ben.address, serial);
  await provider.send("evm_mine", []);
  const receipt = await transfer.wait();
  assert.equal(receipt.logs.length, 1);
  assert.equal(await tickets.ownerOf(serial), ben.address);
  await assert.rejects(tickets.transferFrom(anna.address, ben.address, serial), /not_owner/);
  await assert.rejects(market.bidInSale(0, 1n), /bad_amount/);
  provider.destroy();
});

test("viem does the same", async () => {
  const account = privateKeyToAccount(keys[2]);
  const chain = {
    id: 1337,
    name: "et-testbed",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  };
  const reader = createPublicClient({ chain, transport: http(url), pollingInterval: 50, cacheTime: 0 });
  const wallet = createWalletClient({ account, chain, transport: http(url) });
  const client = { public: reader, wallet };
  const tickets = getContract({ address: addresses.tickets, abi: ticketAbi, client });
  const market = getContract({ address: addresses.market, abi: marketAbi, client });
  const bid = await market.write.bidInSale([0n, parseEther("60")]);
  await reader.request({ method: "evm_mine" });
  assert.equal((await reader.waitForTransactionReceipt({ hash: bid })).status, "success");
  const [bought] = await tickets.getEvents.Transfer({ receiver: account.address }, { fromBlock: 0n });
  const serial = bought.args.tokenId;
  assert.equal(await tickets.read.ownerOf([serial]), account.address);
  const to = privateKeyToAccount(keys[0]).address;
  const transfer = await tickets.write.transferFrom([account.address, to, serial]);
  await reader.request({ method: "evm_mine" });
  const receipt = await reader.waitForTransactionReceipt({ hash: transfer });
  assert.equal(receipt.status, "success");
  assert.equal(receipt.logs[0].address.toLowerCase(), addresses.tickets.toLowerCase());
  assert.equal(await tickets.read.ownerOf([serial]), to);
  await assert.rejects(market.simulate.list([serial, 10n ** 18n], { account }), /not_owner/);
});

test("the bot in TypeScript bids in slot after slot", async () => {
  const here = new URL(".", import.meta.url).pathname;
  const folder = mkdtempSync(`${here}bot-`); // where viem is found
  copyFileSync(new URL("experiments/examples/bots/bidder.ts", root), `${folder}/bidder.ts`);
  const words = ["--import", "tsx", `${folder}/bidder.ts`, url, addresses.market, keys[1], "0.5"];
  const bot = spawn(process.execPath, words, { cwd: here, stdio: ["ignore", "pipe", "inherit"] });
  const reader = createPublicClient({ transport: http(url) });
  let told = "";
  bot.stdout.on("data", (text) => (told += text));
  const lines = () => told.split("\n").filter((line) => /^block \d+: success$/.test(line));
  for (let turn = 0; turn < 200 && lines().length < 3 && bot.exitCode === null; turn++) {
    await reader.request({ method: "evm_mine" });
    await new Promise((later) => setTimeout(later, 100));
  }
  bot.kill();
  rmSync(folder, { recursive: true });
  assert.ok(lines().length >= 3, `it told ${JSON.stringify(told)}`);
  assert.equal(new Set(lines()).size, lines().length);
});
