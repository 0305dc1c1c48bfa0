"""Blocks, transactions, receipts and logs as JSON, with all fields that clients look for."""

from __future__ import annotations

from functools import cache
from typing import Any

from chain.eip712 import keccak
from chain.rpc.history import Block, LoggedEvent, Mined, OwnDoing
from chain.rpc.transactions import Transaction, gas_used
from chain.rpc.values import data

GAS_LIMIT = 100_000_000  # of a block: a thousand transactions wait at the most, each of which uses 100,000
ZERO = "0x" + "00" * 32
NO_TRIE = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
NOTHING: dict[str, Any] = {
    "sha3Uncles": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
    "requestsHash": "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "withdrawalsRoot": NO_TRIE,
    "transactionsRoot": ZERO,
    "receiptsRoot": ZERO,
    "parentBeaconBlockRoot": ZERO,
    "difficulty": "0x0",
    "extraData": "0x",
    "nonce": "0x0000000000000000",
    "size": "0x0",
    "blobGasUsed": "0x0",
    "excessBlobGas": "0x0",
    "uncles": [],
    "withdrawals": [],
}
"""Fields of a block in which there is nothing here: clients look for them."""
BLOOM_BYTES = 256


def show_block(block: Block, protocol: bytes, contract: bytes, whole: bool) -> dict[str, Any]:
    """A block, its transactions `whole` or their hashes."""
    transactions = [
        show_transaction(block, place, protocol, contract) if whole else data(hash)
        for place, hash in enumerate(block.hashes)
    ]
    return {
        "number": hex(block.number),
        "hash": data(block.hash),
        "parentHash": data(block.parent),
        "timestamp": hex(block.time),
        "mixHash": data(block.randao),
        "miner": data(protocol),
        "gasLimit": hex(GAS_LIMIT),
        "gasUsed": hex(block.gas_used),
        "baseFeePerGas": hex(block.gas_price),
        "transactions": transactions,
        "logsBloom": bloom(block.entries),
        "stateRoot": data(block.hash),
        **NOTHING,
    }


def show_transaction(block: Block, place: int, protocol: bytes, contract: bytes) -> dict[str, Any]:
    """A transaction in its block; nobody signed those that are the protocol's own."""
    done = block.transactions[place]
    where = show_place(block, place)
    if isinstance(done, OwnDoing):
        numbers = dict.fromkeys(("value", "gas", "gasPrice", "v", "r", "s", "type"), "0x0")
        parties = {"from": data(protocol), "to": data(contract), "input": "0x"}
        return where | numbers | parties | {"nonce": hex(done.nonce), "chainId": hex(block.chain_id)}
    return where | show_sent(done.transaction, block.gas_price)


def show_place(block: Block, place: int) -> dict[str, str]:
    """Where a transaction stands."""
    return {
        "blockHash": data(block.hash),
        "blockNumber": hex(block.number),
        "blockTimestamp": hex(block.time),
        "transactionIndex": hex(place),
        "hash": data(block.hashes[place]),
    }


def show_waiting(sent: Transaction, gas_price: int) -> dict[str, Any]:
    """A transaction that is in no block yet."""
    nowhere = dict.fromkeys(("blockHash", "blockNumber", "blockTimestamp", "transactionIndex"))
    return nowhere | {"hash": data(sent.hash)} | show_sent(sent, gas_price)


def show_sent(sent: Transaction, gas_price: int) -> dict[str, Any]:
    """What a transaction's sender has signed; of one without a gas price of its own, `gas_price` wei is it."""
    numbers = {name: hex(getattr(sent, name)) for name in ("nonce", "value", "gas", "v", "r", "s", "type")}
    parties = {"from": data(sent.sender), "to": data(sent.to), "input": data(sent.data)}
    price = gas_price if sent.type >= 2 else sent.fee
    shown: dict[str, Any] = numbers | parties | {"gasPrice": hex(price), "chainId": hex(sent.chain)}
    if sent.type >= 1:
        shown |= {"yParity": hex(sent.v), "accessList": [show_access(*each) for each in sent.access]}
    if sent.type >= 2:
        shown |= {"maxFeePerGas": hex(sent.fee), "maxPriorityFeePerGas": hex(sent.tip)}
    return shown


def show_access(address: bytes, keys: tuple[int, ...]) -> dict[str, Any]:
    """An entry of an access list."""
    return {"address": data(address), "storageKeys": [data(key.to_bytes(32, "big")) for key in keys]}


def show_receipt(block: Block, place: int, protocol: bytes, contract: bytes) -> dict[str, Any]:
    """The receipt of a transaction; one that was refused says why in `revertReason`."""
    shown = show_transaction(block, place, protocol, contract)
    entries = [entry for entry in block.entries if entry.place == place]
    gas = [gas_of(each) for each in block.transactions[: place + 1]]
    done = block.transactions[place]
    reason = done.reason if isinstance(done, Mined) else ""
    return {
        "transactionHash": shown["hash"],
        **{name: shown[name] for name in ("blockHash", "blockNumber", "transactionIndex", "from", "to", "type")},
        "status": hex(not reason),
        "gasUsed": hex(gas[-1]),
        "cumulativeGasUsed": hex(sum(gas)),
        "effectiveGasPrice": hex(effective_price(done, block)),
        "contractAddress": None,
        "logs": [show_log(entry, block) for entry in entries],
        "logsBloom": bloom(entries),
    } | ({"revertReason": reason} if reason else {})


def effective_price(done: Mined | OwnDoing, block: Block) -> int:
    """What its gas cost, wei, whatever its sender would have paid; the protocol's own cost nothing."""
    return block.gas_price if isinstance(done, Mined) else 0


def gas_of(done: Mined | OwnDoing) -> int:
    """What a transaction used; the protocol's own cost nothing."""
    return gas_used(done.transaction) if isinstance(done, Mined) else 0


def show_log(entry: LoggedEvent, block: Block) -> dict[str, Any]:
    """A log in its block."""
    return {
        "address": data(entry.emitted.address),
        "topics": [data(topic) for topic in entry.emitted.log.topics],
        "data": data(entry.emitted.log.data),
        "blockNumber": hex(block.number),
        "blockHash": data(block.hash),
        "blockTimestamp": hex(block.time),
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
