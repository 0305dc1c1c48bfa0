"""Blocks, transactions, receipts and logs as JSON, with all fields that clients look for."""

from __future__ import annotations

from functools import cache
from typing import Any

from chain.eip712 import keccak
from chain.rpc.history import Block, LoggedEvent
from chain.rpc.transactions import GAS_USED
from chain.rpc.values import data

GAS_LIMIT = 30_000_000
NO_UNCLES = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
ZERO = "0x" + "00" * 32
BLOOM_BYTES = 256


def show_block(block: Block, protocol: bytes, contract: bytes, whole: bool) -> dict[str, Any]:
    """A block, its transactions `whole` or their hashes."""
    places = range(len(block.mined) + 1)
    transactions = [
        show_transaction(block, place, protocol, contract) if whole else data(block.hashes[place])
        for place in places
    ]
    return {
        "number": hex(block.number),
        "hash": data(block.hash),
        "parentHash": data(block.parent),
        "timestamp": hex(block.time),
        "mixHash": data(block.randao),
        "miner": data(protocol),
        "gasLimit": hex(GAS_LIMIT),
        "gasUsed": hex(GAS_USED * len(block.mined)),
        "baseFeePerGas": hex(block.gas_price),
        "transactions": transactions,
        "logsBloom": bloom(block.entries),
        "sha3Uncles": NO_UNCLES,
        "stateRoot": data(block.hash),
        "transactionsRoot": ZERO,
        "receiptsRoot": ZERO,
        "difficulty": "0x0",
        "totalDifficulty": "0x0",
        "extraData": "0x",
        "nonce": "0x0000000000000000",
        "size": "0x0",
        "uncles": [],
    }


def show_transaction(block: Block, place: int, protocol: bytes, contract: bytes) -> dict[str, Any]:
    """A transaction in its block; the last one stands for the protocol itself, and nobody signed it."""
    where = {
        "blockHash": data(block.hash),
        "blockNumber": hex(block.number),
        "transactionIndex": hex(place),
        "hash": data(block.hashes[place]),
    }
    if place == len(block.mined):
        numbers = dict.fromkeys(("value", "gas", "gasPrice", "v", "r", "s", "type"), "0x0")
        return (
            where
            | numbers
            | {"from": data(protocol), "to": data(contract), "nonce": hex(block.number), "input": "0x"}
        )
    sent = block.mined[place].transaction
    numbers = {name: hex(getattr(sent, name)) for name in ("nonce", "value", "gas", "v", "r", "s", "type")}
    fees = {"gasPrice": hex(block.gas_price)}
    if sent.type:
        fees |= {"maxFeePerGas": hex(sent.fee), "maxPriorityFeePerGas": hex(sent.tip), "yParity": hex(sent.v)}
        fees |= {"chainId": hex(sent.chain)}
    parties = {"from": data(sent.sender), "to": data(sent.to), "input": data(sent.data)}
    shown: dict[str, Any] = where | numbers | fees | parties
    if sent.type:
        shown["accessList"] = []
    return shown


def show_receipt(block: Block, place: int, protocol: bytes, contract: bytes) -> dict[str, Any]:
    """The receipt of a transaction; one that was refused says why in `revertReason`."""
    shown = show_transaction(block, place, protocol, contract)
    entries = [entry for entry in block.entries if entry.place == place]
    is_system = place == len(block.mined)
    reason = ""
    if not is_system:
        reason = block.mined[place].reason
    return {
        "transactionHash": shown["hash"],
        **{name: shown[name] for name in ("blockHash", "blockNumber", "transactionIndex", "from", "to", "type")},
        "status": hex(not reason),
        "gasUsed": "0x0" if is_system else hex(GAS_USED),
        "cumulativeGasUsed": hex(GAS_USED * min(place + 1, len(block.mined))),
        "effectiveGasPrice": shown["gasPrice"],
        "contractAddress": None,
        "logs": [show_log(entry, block) for entry in entries],
        "logsBloom": bloom(entries),
    } | ({"revertReason": reason} if reason else {})


def show_log(entry: LoggedEvent, block: Block) -> dict[str, Any]:
    """A log in its block."""
    return {
        "address": data(entry.emitted.address),
        "topics": [data(topic) for topic in entry.emitted.log.topics],
        "data": data(entry.emitted.log.data),
        "blockNumber": hex(block.number),
        "blockHash": data(block.hash),
        "transactionHash": data(entry.transaction),
        "transactionIndex": hex(entry.place),
        "logIndex": hex(entry.number),
        "removed": False,
    }


def bloom(entries: list[LoggedEvent]) -> str:
    """The filter of the addresses and topics in logs (yellow paper, section 4.3.1)."""
    bits = 0
    for entry in entries:
        for word in (entry.emitted.address, *entry.emitted.log.topics):
            bits |= bloom_bits(word)
    return data(bits.to_bytes(BLOOM_BYTES, "big"))


@cache
def bloom_bits(word: bytes) -> int:
    hash = keccak(word)
    bits = 0
    for at in (0, 2, 4):
        bits |= 1 << (int.from_bytes(hash[at : at + 2], "big") % (8 * BLOOM_BYTES))
    return bits
