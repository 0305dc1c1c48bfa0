// A run over HTTP, from ethers and viem: tickets, logs, a bid, a transfer, a receipt, a revert.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { after, before, test } from "node:test";
import { Contract, JsonRpcProvider, Wallet, WebSocketProvider, parseEther } from "ethers";
import { createPublicClient, createTestClient, createWalletClient, getContract, http, webSocket } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { chainAt, marketAbi, root, serve, ticketAbi } from "./serve.js";

let server, url, addresses, keys;

before(async () => {
  server = await serve();
  ({ url, addresses, keys } = server);
});

after(() => server.stop());

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
  const chain = chainAt(url);
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

test("ethers and viem send ETH", async () => {
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 50 });
  const [anna, ben] = keys.map((key) => new Wallet(key, provider));
  const before = await provider.getBalance(ben.address);
  const sent = await anna.sendTransaction({ to: ben.address, value: parseEther("1") });
  const account = privateKeyToAccount(keys[2]);
  const wallet = createWalletClient({ account, chain: chainAt(url), transport: http(url) });
  const hash = await wallet.sendTransaction({ to: ben.address, value: parseEther("2") });
  await provider.send("evm_mine", []);
  assert.equal((await sent.wait()).gasUsed, 21_000n);
  assert.equal((await provider.getTransactionReceipt(hash)).status, 1);
  assert.equal((await provider.getBalance(ben.address)) - before, parseEther("3"));
  const head = await provider.getBlockNumber();
  assert.equal(await provider.getBalance(ben.address, head - 1), before);
  const odd = anna.sendTransaction({ to: ben.address, value: 1n, gasLimit: 21_000n });
  await assert.rejects(odd, /whole Gwei/);
  provider.destroy();
});

test("viem's test client goes forth and back", async () => {
  const chain = chainAt(url);
  const client = createTestClient({ mode: "anvil", chain, transport: http(url) });
  const reader = createPublicClient({ chain, transport: http(url), cacheTime: 0 });
  const before = await reader.getBlock();
  const id = await client.snapshot();
  await client.setNextBlockTimestamp({ timestamp: before.timestamp + 1_000n });
  await client.mine({ blocks: 3 });
  const later = await reader.getBlock();
  assert.equal(later.number, before.number + 3n);
  assert.equal(later.timestamp, before.timestamp + 1_024n);
  await client.revert({ id });
  assert.deepEqual(await reader.getBlock(), before);
});

test("a thousand blocks lose no head and no log, told or polled", async () => {
  const ether = new WebSocketProvider(url.replace("http", "ws"));
  const chain = chainAt(url);
  const reader = createPublicClient({ chain, transport: webSocket(url.replace("http", "ws")) });
  const first = BigInt(await ether.send("eth_blockNumber", [])) + 1n;
  const [heads, logs, numbers] = [[], [], []];
  await reader.transport.subscribe({ params: ["newHeads"], onData: (told) => heads.push(told.result.number) });
  const query = { address: addresses.tickets };
  await reader.transport.subscribe({ params: ["logs", query], onData: (told) => logs.push(told.result) });
  await ether.on("block", (number) => numbers.push(number));
  await ether.send("eth_chainId", []); // its subscription is there
  const polled = await reader.request({ method: "eth_newFilter", params: [query] });
  await ether.send("evm_mine", [{ blocks: 1_000 }]);
  const last = first + 999n;
  for (let turn = 0; turn < 200 && (heads.length < 1_000 || numbers.length < 1_000); turn++) {
    await new Promise((later) => setTimeout(later, 50));
  }
  const asked = { ...query, fromBlock: `0x${first.toString(16)}`, toBlock: `0x${last.toString(16)}` };
  assert.deepEqual(heads.map(BigInt), Array.from({ length: 1_000 }, (_, at) => first + BigInt(at)));
  assert.deepEqual(numbers.map(BigInt), Array.from({ length: 1_000 }, (_, at) => first + BigInt(at)));
  const every = await reader.request({ method: "eth_getLogs", params: [asked] });
  assert.deepEqual(logs, every);
  const found = [];
  for (let news = [{}]; news.length; found.push(...news)) {
    news = await reader.request({ method: "eth_getFilterChanges", params: [polled] });
  }
  assert.deepEqual(found, every);
  await ether.destroy();
  (await reader.transport.getRpcClient()).close();
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
