// `et-testbed serve` on a free port: its URL, the addresses of its contracts, and the keys of its accounts.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export const root = new URL("../../", import.meta.url);
const abi = (path) => JSON.parse(readFileSync(new URL(path, root)));
export const ticketAbi = abi("chain/evm/ExecutionTickets.json");
export const marketAbi = abi("market/contract/TicketMarket.json");

export async function serve(...more) {
  const command = ["-m", "experiments.lab.cli", "serve", "--pace", "manual", "--port", "0", ...more];
  const env = { ...process.env, PYTHONUNBUFFERED: "1" };
  const server = spawn(process.env.PYTHON ?? "python3", command, { cwd: root, env });
  let told = "";
  await new Promise((ready, failed) => {
    server.stderr.on("data", (text) => process.stderr.write(text));
    server.on("exit", (code) => failed(new Error(`serve ended with ${code}`)));
    server.stdout.on("data", (text) => (told += text).includes("http://") && ready());
  });
  const words = told.split("\n").map((line) => line.split(/\s+/));
  return {
    addresses: Object.fromEntries(words.filter(([kind]) => ["tickets", "market"].includes(kind))),
    keys: words.filter(([kind]) => kind === "account").map((line) => line[3]),
    url: /http:\S+/.exec(told)[0],
    stop: () => server.kill("SIGINT"),
  };
}

// viem's description of the chain
export const chainAt = (url) => ({
  id: 1337,
  name: "et-testbed",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [url] } },
});
