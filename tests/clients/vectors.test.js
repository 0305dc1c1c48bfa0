// The golden vectors against ethers and viem: both must hash, sign and recover as the testbed does.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { TypedDataEncoder, Wallet, verifyTypedData } from "ethers";
import { hashDomain, hashStruct, hashTypedData, recoverTypedDataAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const folder = new URL("../vectors/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
const files = names.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")));

const EIP712Domain = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

test("every type of message has a file", () => {
  const types = files.map((file) => file.primaryType).sort();
  assert.deepEqual(types, ["Bid", "HandOut", "Listing", "Order", "Permit", "Proposal", "SlotBid", "Ticket", "Transfer"]);
});

for (const { primaryType, encodeType, types, vectors } of files) {
  for (const vector of vectors) {
    const { name, domain, message } = vector;

    test(`ethers: ${primaryType}: ${name}`, async () => {
      assert.equal(TypedDataEncoder.from(types).encodeType(primaryType), encodeType);
      assert.equal(TypedDataEncoder.hashDomain(domain), vector.domainSeparator);
      assert.equal(TypedDataEncoder.from(types).hash(message), vector.structHash);
      assert.equal(TypedDataEncoder.hash(domain, types, message), vector.digest);
      assert.equal(await new Wallet(vector.privateKey).signTypedData(domain, types, message), vector.signature);
      assert.equal(verifyTypedData(domain, types, message, vector.signature).toLowerCase(), vector.address);
    });

    test(`viem: ${primaryType}: ${name}`, async () => {
      const typed = { domain, types, primaryType, message };
      const withDomain = { EIP712Domain, ...types };
      assert.equal(hashDomain({ domain, types: withDomain }), vector.domainSeparator);
      assert.equal(hashStruct({ data: message, primaryType, types }), vector.structHash);
      assert.equal(hashTypedData(typed), vector.digest);
      assert.equal(await privateKeyToAccount(vector.privateKey).signTypedData(typed), vector.signature);
      const recovered = await recoverTypedDataAddress({ ...typed, signature: vector.signature });
      assert.equal(recovered.toLowerCase(), vector.address);
    });
  }
}
