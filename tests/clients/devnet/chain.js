// A hardhat node of one's own, and the contracts on it.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { ContractFactory, Contract, JsonRpcProvider, concat, toBeHex } from "ethers";

export const root = new URL("../../../", import.meta.url);
const here = new URL(".", import.meta.url).pathname;
const read = (file) => readFileSync(new URL(`chain/evm/${file}`, root), "utf8");
export const abi = (name) => JSON.parse(read(`${name}.json`));
export const code = (name) => "0x" + read(`${name}.hex`).replaceAll("\n", "");
export const source = (name) => read(`interfaces/I${name}.sol`);

// The creation code of a blueprint (ERC-5202), from which the ticket contract makes its exchange
export function blueprint(name) {
  const body = concat(["0xfe7100", code(name)]);
  const size = toBeHex((body.length - 2) / 2, 2);
  return concat(["0x61", size, "0x3d81600a3d39f3", body]);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((ready) => server.on("listening", ready));
  const { port } = server.address();
  await new Promise((ready) => server.close(ready));
  return port;
}

// `hardhat node` on a port of 127.0.0.1: its provider, and how it is stopped
export async function startNode() {
  const port = await freePort();
  const words = ["node_modules/hardhat/internal/cli/cli.js", "node", "--hostname", "127.0.0.1", "--port", `${port}`];
  const env = { ...process.env, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" };
  const node = spawn(process.execPath, words, { cwd: here, env, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((ready, failed) => {
    let told = "";
    node.stdout.on("data", (text) => (told += text).includes("Started HTTP") && ready());
    node.on("exit", (status) => failed(new Error(`hardhat node ended with ${status}: ${told}`)));
  });
  const provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, 1337, {
    staticNetwork: true,
    batchMaxCount: 1, // no waiting for more requests
    cacheTimeout: -1,
    pollingInterval: 20,
  });
  return { provider, stop: () => (provider.destroy(), node.kill()) };
}

// The tickets, their exchange and their beacon, deployed by an account: the seed of slot n is the hash of block
// first + n * spacing
export async function deploy(deployer, { rules, protocol, first, spacing }) {
  const mould = await new ContractFactory([], blueprint("TicketExchange"), deployer).deploy();
  const beacon = await new ContractFactory(abi("BlockBeacon"), code("BlockBeacon"), deployer).deploy(first, spacing);
  const factory = new ContractFactory(abi("ExecutionTickets"), code("ExecutionTickets"), deployer);
  const rulesId = "0x" + "00".repeat(32);
  const tickets = await factory.deploy(rules, rulesId, protocol, await beacon.getAddress(), await mould.getAddress());
  await tickets.waitForDeployment();
  const exchange = new Contract(await tickets.exchange(), abi("TicketExchange"), deployer);
  return { tickets, exchange, beacon };
}
