// The interfaces in Solidity: solc compiles them, to the very ABI that Vyper gives, and a contract can be written to them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Interface } from "ethers";
import solc from "solc";

import { abi, source } from "./chain.js";

const names = ["ExecutionTickets", "TicketExchange", "BlockBeacon", "TicketsLens"];

const holder = `
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {IExecutionTickets, ExecutionTicketsRefusals} from "IExecutionTickets.sol";

contract Holder {
    function drawnFor(IExecutionTickets tickets, uint256 tokenId) external view returns (uint64) {
        try tickets.titleOf(tokenId) returns (IExecutionTickets.Title memory title) {
            return title.drawnFor;
        } catch Error(string memory reason) {
            require(keccak256(bytes(reason)) == keccak256(bytes(ExecutionTicketsRefusals.TICKET_BURNED)), reason);
            return 0;
        }
    }
}`;

function compile(files) {
  const sources = Object.fromEntries(Object.entries(files).map(([file, content]) => [file, { content }]));
  const settings = { outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "userdoc", "devdoc"] } } };
  const made = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
  assert.deepEqual((made.errors ?? []).map((error) => error.formattedMessage), []);
  return made.contracts;
}

const files = Object.fromEntries(names.map((name) => [`I${name}.sol`, source(name)]));

for (const name of names) {
  test(`I${name} is what Vyper compiled`, () => {
    const made = compile({ [`I${name}.sol`]: files[`I${name}.sol`] })[`I${name}.sol`][`I${name}`];
    const shown = (entries) => new Interface(entries).format(true).sort();
    const called = abi(name).filter((entry) => entry.type !== "constructor");
    assert.deepEqual(shown(made.abi), shown(called));
    const functions = called.filter((entry) => entry.type === "function").map((entry) => entry.name);
    const told = Object.keys(made.userdoc.methods).map((signature) => signature.split("(")[0]);
    assert.deepEqual(told.sort(), functions.sort());
  });
}

test("a contract that is written to the interface compiles", () => {
  const made = compile({ ...files, "Holder.sol": holder })["Holder.sol"].Holder;
  assert.ok(made.evm.bytecode.object.length > 100);
});
