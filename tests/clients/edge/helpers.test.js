// hardhat's network helpers on `et-testbed serve --client hardhat`: fixtures, time, blocks.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Contract, JsonRpcProvider, Wallet, parseEther } from "ethers";
import { marketAbi, serve, ticketAbi } from "../serve.js";

const require = createRequire(import.meta.url);
let server, provider, helpers, anna;

before(async () => {
  server = await serve("--client", "hardhat");
  process.env.SERVED = server.url;
  process.env.HARDHAT_CONFIG = new URL("hardhat.config.cjs", import.meta.url).pathname;
  require("hardhat");
  helpers = require("@nomicfoundation/hardhat-network-helpers");
  provider = new JsonRpcProvider(server.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  anna = new Wallet(server.keys[0], provider);
});

after(() => {
  provider.destroy();
  server.stop();
});

async function withTicket() {
  const market = new Contract(server.addresses.market, marketAbi, anna);
  const tickets = new Contract(server.addresses.tickets, ticketAbi, anna);
  const bid = await market.bidInSale(0, parseEther("50"), { nonce: await provider.getTransactionCount(anna) });
  await helpers.mine();
  assert.equal((await bid.wait()).status, 1);
  const [bought] = await tickets.queryFilter(tickets.filters.Transfer(null, anna.address), 0);
  return { tickets, serial: bought.args.tokenId, block: await provider.getBlockNumber() };
}

test("a fixture is loaded twice from one snapshot", async () => {
  const first = await helpers.loadFixture(withTicket);
  assert.equal(await first.tickets.ownerOf(first.serial), anna.address);
  await helpers.mine(5);
  assert.equal(await provider.getBlockNumber(), first.block + 5);
  const again = await helpers.loadFixture(withTicket);
  assert.equal(again.serial, first.serial);
  assert.equal(await provider.getBlockNumber(), first.block);
});

test("snapshots, blocks and time", async () => {
  const head = await helpers.time.latestBlock();
  const snapshot = await helpers.takeSnapshot();
  await helpers.mineUpTo(head + 4);
  assert.equal(await helpers.time.latestBlock(), head + 4);
  const next = (await helpers.time.latest()) + 500;
  await helpers.time.setNextBlockTimestamp(next);
  await helpers.mine();
  assert.equal(await helpers.time.latest(), next);
  await snapshot.restore();
  assert.equal(await helpers.time.latestBlock(), head);
});
