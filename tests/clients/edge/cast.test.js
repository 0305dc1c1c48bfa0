// foundry's cast on a served run: the everyday questions, a transaction, logs.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Wallet } from "ethers";
import { serve } from "../serve.js";

const run = promisify(execFile);
const binary = new URL("node_modules/.bin/cast", import.meta.url).pathname;
let server;

async function cast(...words) {
  const { stdout } = await run(binary, [...words, "--rpc-url", server.url]);
  return stdout.trim();
}

before(async () => {
  server = await serve("--client", "anvil");
});

after(() => server.stop());

test("cast reads the chain", async () => {
  await cast("rpc", "evm_mine");
  assert.equal(await cast("chain-id"), "1337");
  assert.equal(await cast("block-number"), "1");
  assert.match(await cast("client"), /^anvil/);
  assert.equal(await cast("gas-price"), "0");
  assert.match(await cast("block", "latest"), /timestamp +12/);
  assert.equal(await cast("block", "1", "--field", "number"), "1");
  assert.equal(await cast("call", server.addresses.tickets, "symbol()(string)"), '"ET"');
  assert.ok(Number(await cast("call", server.addresses.tickets, "totalSupply()(uint256)")) > 0);
  assert.equal(await cast("balance", new Wallet(server.keys[0]).address, "--ether"), "100.000000000000000000");
  assert.match(await cast("logs", "--from-block", "0", "--to-block", "1", "--address", server.addresses.tickets), /topics/);
});

test("cast sends a bid and reads its receipt", async () => {
  const key = ["--private-key", server.keys[0]];
  const bid = ["bidInSale(uint256,uint256)", "0", "50ether"];
  const sent = await cast("send", "--async", ...key, server.addresses.market, ...bid);
  await cast("rpc", "evm_mine");
  assert.match(await cast("receipt", sent, "status"), /true|success/);
  assert.match(await cast("tx", sent), /input/);
  assert.match(await cast("nonce", new Wallet(server.keys[0]).address), /^1/);
  const give = ["send", "--async", ...key, new Wallet(server.keys[1]).address, "--value", "1ether"];
  await cast(...give);
  await cast("rpc", "evm_mine");
  assert.equal(await cast("balance", new Wallet(server.keys[1]).address, "--ether"), "101.000000000000000000");
});

test("cast goes forth and back", async () => {
  const id = JSON.parse(await cast("rpc", "evm_snapshot"));
  const head = await cast("block-number");
  await cast("rpc", "anvil_mine", "0x5");
  assert.equal(await cast("block-number"), `${Number(head) + 5}`);
  assert.equal(await cast("rpc", "evm_revert", id), "true");
  assert.equal(await cast("block-number"), head);
});
