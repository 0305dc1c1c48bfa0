// A bot in TypeScript with viem: bids for a ticket in every slot's sale.
//
//   npm init -y && npm pkg set type=module && npm install viem tsx
//   et-testbed serve --pace realtime
//   npx tsx bidder.ts http://127.0.0.1:8545 MARKET KEY 0.05
//
// MARKET and KEY are printed by `serve`; the last word is the bid, ETH.

import { createPublicClient, createWalletClient, http, parseAbi, parseEther, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const [url, address, key, bid] = process.argv.slice(2);
const account = privateKeyToAccount(key as Hex);
const abi = parseAbi(["function bidInSale(uint256 lot, uint256 price)"]);
const reader = createPublicClient({ transport: http(url), pollingInterval: 50 });
const wallet = createWalletClient({ account, transport: http(url) });

for (;;) {
  const args = [0n, parseEther(bid)] as const;
  const hash = await wallet.writeContract({ address: address as Address, abi, functionName: "bidInSale", args, chain: null });
  const { blockNumber, status } = await reader.waitForTransactionReceipt({ hash });
  console.log(`block ${blockNumber}: ${status}`);
}
