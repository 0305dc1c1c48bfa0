"""The methods of the Ethereum JSON-RPC, over a run."""

# ruff: noqa: N802 - methods are named as the specification names them

from __future__ import annotations

from math import ceil
from typing import Any

from chain.eip712 import keccak
from chain.rpc.as_json import show_block, show_receipt, show_transaction
from chain.rpc.dispatch import Dispatcher
from chain.rpc.error_codes import BadParams, RpcError
from chain.rpc.filters import TAGS, Filters, parse_block, parse_query
from chain.rpc.history import Block, Mined
from chain.rpc.node import Node
from chain.rpc.transactions import GAS_USED, decode_transaction
from chain.rpc.values import data, parse_address, parse_data, parse_quantity, shown

MOST_FEES = 1_024  # blocks in a fee history
MOST_SLOTS = 1_000  # that one evm_increaseTime may play
NOBODY = b"\0" * 20
NO_HASH = b"\0" * 32


class Ethereum:
    """All methods; each is named as in the specification, with its prefix."""

    def __init__(self, node: Node, client: str) -> None:
        self._node = node
        self._client = client
        self._filters = Filters(node.history)

    def dispatcher(self) -> Dispatcher:
        """What answers requests."""
        return Dispatcher({name: getattr(self, name) for name in METHODS})

    def eth_chainId(self) -> str:
        return hex(self._node.chain_id)

    def net_version(self) -> str:
        return str(self._node.chain_id)

    def net_listening(self) -> bool:
        return True

    def web3_clientVersion(self) -> str:
        return self._client

    def web3_sha3(self, value: object) -> str:
        return data(keccak(parse_data(value, "data")))

    def eth_syncing(self) -> bool:
        return False

    def eth_accounts(self) -> list[str]:
        return []

    # Fees: the price of gas never changes

    def eth_gasPrice(self) -> str:
        return hex(self._node.history.gas_price)

    def eth_maxPriorityFeePerGas(self) -> str:
        return "0x0"

    def eth_feeHistory(self, count: object, newest: object, percentiles: object = None) -> dict[str, Any]:
        blocks = parse_number(count, "blockCount")
        if not 1 <= blocks <= MOST_FEES:
            raise BadParams(f"blockCount is 1 … {MOST_FEES}, not {shown(count)}")
        if percentiles is not None and (not isinstance(percentiles, list) or len(percentiles) > 100):
            raise BadParams(f"percentiles is a list of at most 100, not {shown(percentiles)}")
        last = self._known(newest).number
        first = max(0, last - blocks + 1)
        seen = last - first + 1
        base = [hex(self._node.history.gas_price)] * (seen + 1)
        fees: dict[str, Any] = {"oldestBlock": hex(first), "baseFeePerGas": base, "gasUsedRatio": [0.0] * seen}
        if percentiles:
            fees["reward"] = [["0x0"] * len(percentiles)] * seen
        return fees

    def eth_estimateGas(self, call: object, block: object = "latest", overrides: object = None) -> str:
        self.eth_call(call, block, overrides)
        return hex(GAS_USED)

    # Blocks

    def eth_blockNumber(self) -> str:
        return hex(self._node.history.last)

    def eth_getBlockByNumber(self, tag: object, whole: object = False) -> dict[str, Any] | None:
        number = parse_block(tag, self._node.history)
        blocks = self._node.history.blocks
        if number < len(blocks):
            return self._show(blocks[number], whole)
        return None

    def eth_getBlockByHash(self, hash: object, whole: object = False) -> dict[str, Any] | None:
        block = self._node.history.by_hash.get(parse_data(hash, "hash", 32))
        if block is None:
            return None
        return self._show(block, whole)

    def eth_getBlockTransactionCountByNumber(self, tag: object) -> str:
        return hex(len(self._known(tag).hashes))

    # State, as it is now

    def eth_getBalance(self, address: object, block: object = "latest") -> str:
        self._check_latest(block)
        return hex(self._node.balance(parse_address(address)))

    def eth_getTransactionCount(self, address: object, block: object = "latest") -> str:
        self._check_latest(block)
        return hex(self._node.count(parse_address(address), block == "pending"))

    def eth_getCode(self, address: object, block: object = "latest") -> str:
        self._check_latest(block)
        if self._node.has_code(parse_address(address)):
            return "0xfe"
        return "0x"

    def eth_call(self, call: object, block: object = "latest", overrides: object = None) -> str:
        self._check_latest(block)
        if overrides:
            raise BadParams("state overrides are not supported")
        if not isinstance(call, dict):
            raise BadParams(f"a call is an object, not {shown(call)}")
        to = parse_address(call.get("to"), "to")
        caller = NOBODY
        if call.get("from") is not None:
            caller = parse_address(call["from"], "from")
        if parse_quantity(first_given(call, ("value",), "0x0"), "value"):
            raise RpcError("a call has no value: prices are arguments, in wei")
        asked = parse_data(first_given(call, ("input", "data"), "0x"), "data")
        return data(self._node.call(caller, to, asked))

    # Logs and filters

    def eth_getLogs(self, asked: object) -> list[dict[str, Any]]:
        query = parse_query(asked, self._node.history)
        return query.find(self._node.history.blocks[query.first : query.last + 1])

    def eth_newFilter(self, asked: object) -> str:
        return self._filters.add(parse_query(asked, self._node.history))

    def eth_newBlockFilter(self) -> str:
        return self._filters.add(None)

    def eth_getFilterChanges(self, id: object) -> list[Any]:
        return self._filters.changes(id)

    def eth_getFilterLogs(self, id: object) -> list[Any]:
        return self._filters.logs(id)

    def eth_uninstallFilter(self, id: object) -> bool:
        return self._filters.remove(id)

    # Transactions

    def eth_sendRawTransaction(self, raw: object) -> str:
        transaction = decode_transaction(parse_data(raw, "transaction"), self._node.chain_id)
        self._node.send(transaction)
        return data(transaction.hash)

    def eth_getTransactionReceipt(self, hash: object) -> dict[str, Any] | None:
        place = self._node.history.places.get(parse_data(hash, "hash", 32))
        if place is None:
            return None
        return show_receipt(*place, self._node.protocol, self._node.tickets)

    def eth_getTransactionByHash(self, hash: object) -> dict[str, Any] | None:
        given = parse_data(hash, "hash", 32)
        place = self._node.history.places.get(given)
        if place is not None:
            return show_transaction(*place, self._node.protocol, self._node.tickets)
        waiting = self._node.waiting(given)
        if waiting is None:
            return None
        nowhere = Block(0, NO_HASH, NO_HASH, 0, NO_HASH, (Mined(waiting),), NO_HASH, self._node.history.gas_price)
        drafted = show_transaction(nowhere, 0, self._node.protocol, self._node.tickets)
        return drafted | dict.fromkeys(("blockHash", "blockNumber", "transactionIndex"))

    # Time

    def evm_mine(self, options: object = None) -> str:
        self._mine(parse_slots(options))
        return "0x0"

    def evm_increaseTime(self, seconds: object) -> int:
        asked = parse_number(seconds, "seconds")
        slot = self._node.slot_seconds
        if not 0 <= asked <= MOST_SLOTS * slot:
            raise BadParams(f"at most {MOST_SLOTS} slots of {slot} s at a time; not {asked} s")
        self._mine(ceil(asked / slot))
        return asked

    def _mine(self, slots: int) -> None:
        """Play all of them or none. Raises `RpcError`."""
        if 0 < self._node.left < slots:
            raise RpcError(f"the run has {self._node.left} slots left, not {slots}")
        for _ in range(slots):
            self._node.mine()

    def _show(self, block: Block, whole: object) -> dict[str, Any]:
        if not isinstance(whole, bool):
            raise BadParams(f"whether transactions are whole is true or false, not {shown(whole)}")
        return show_block(block, self._node.protocol, self._node.tickets, whole)

    def _known(self, tag: object) -> Block:
        number = parse_block(tag, self._node.history)
        if number > self._node.history.last:
            raise RpcError("unknown block")
        return self._node.history.blocks[number]

    def _check_latest(self, tag: object) -> None:
        """Raises `RpcError` for a state that is past."""
        if isinstance(tag, str) and tag in TAGS:
            return
        if isinstance(tag, dict):
            tag = tag.get("blockNumber")
        if parse_block(tag, self._node.history) != self._node.history.last:
            raise RpcError("only the latest state is kept; leave the block out, or ask for its logs")


def parse_number(value: object, name: str) -> int:
    """A number, or a quantity as the specification writes one. Raises `BadParams`."""
    if type(value) is int:
        return value
    return parse_quantity(value, name)


def first_given(call: dict[str, object], names: tuple[str, ...], absent: str) -> object:
    """The first of these fields that is not null; `absent` where all are."""
    return next((call[name] for name in names if call.get(name) is not None), absent)


def parse_slots(options: object) -> int:
    """How many slots `evm_mine` is to play, as anvil's option `blocks` says it. Raises `BadParams`."""
    if options is None or options == {}:
        return 1
    if not isinstance(options, dict) or options.keys() != {"blocks"}:
        raise BadParams(f'evm_mine takes nothing, or {{"blocks": n}}; not {shown(options)}')
    blocks = options["blocks"]
    slots = parse_number(blocks, "blocks")
    if not 1 <= slots <= MOST_SLOTS:
        raise BadParams(f"blocks is 1 … {MOST_SLOTS}, not {shown(blocks)}")
    return slots


METHODS = [name for name in vars(Ethereum) if name.startswith(("eth_", "net_", "web3_", "evm_"))]
