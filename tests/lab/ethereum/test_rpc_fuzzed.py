"""Requests that no client means: none is the testbed's fault, and none costs memory."""

from __future__ import annotations

import json
import random
import tracemalloc
from typing import Any

import pytest

from chain.rpc.methods.all_methods import METHODS
from experiments import TestbedProvider

CONFIG = {"blocks": 400, "seed": 3, "agents": [{"strategy": "truthful", "role": "buyer", "count": 2}]}
MANY = 12_000
FEW = 600
MOST_MEMORY = 50_000_000  # bytes
WORDS = [
    "latest", "pending", "earliest", "0x", "0x0", "0x1", "0x01", "0x-1", "0x" + "f" * 64, "0x" + "f" * 65,
    "0x" + "00" * 20, "0x" + "00" * 32, "", "\x00", "\ud800", "é" * 50, "1e9", "blockHash", "0X1", " 0x1",
]  # fmt: skip
NUMBERS = [0, 1, -1, 2**63, 2**64, 2**256, 10**400, 0.5, 1e308, True, False, None]
FIELDS = [
    "from", "to", "data", "input", "value", "gas", "blockHash", "blockNumber", "fromBlock", "toBlock", "address",
    "topics", "requireCanonical", "blocks", "id", "method",
]  # fmt: skip
CODES = {-32700, -32600, -32601, -32602, -32000, -32003, 3}


class Fuzzer:
    """Requests of all kinds, drawn from a seed. `known`: words that mean something in this run."""

    def __init__(self, seed: int, known: list[str], raw: bytes) -> None:
        self._draw = random.Random(seed)
        self._words = [*WORDS, *known * 2]
        self._raw = raw

    def body(self) -> bytes:
        """One request, or a batch, in bytes that may be no JSON."""
        draw = self._draw
        kind = draw.random()
        if kind < 0.1:
            return bytes(draw.randrange(256) for _ in range(draw.randrange(60)))
        asked: Any = self._request()
        if kind < 0.2:
            asked = [self._request() if draw.random() < 0.8 else self._value(2) for _ in range(draw.randrange(6))]
        text = json.dumps(asked).encode()
        if kind > 0.9:
            return flipped(text, draw)
        return text

    def _request(self) -> dict[str, Any]:
        draw = self._draw
        if draw.random() < 0.15:
            raw = "0x" + flipped(self._raw, draw).hex()
            return {"jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction", "params": [raw]}
        params = [self._value(3) for _ in range(draw.randrange(4))]
        request = {
            "jsonrpc": "2.0",
            "id": draw.choice([1, "a", None]),
            "method": draw.choice(METHODS),
            "params": params,
        }
        if draw.random() < 0.1:
            request[draw.choice(list(request))] = self._value(2)
        if draw.random() < 0.05:
            del request[draw.choice(list(request))]
        return request

    def _value(self, depth: int) -> Any:
        draw = self._draw
        kind = draw.random()
        if depth and kind < 0.15:
            return [self._value(depth - 1) for _ in range(draw.randrange(5))]
        if depth and kind < 0.4:
            return {draw.choice(FIELDS): self._value(depth - 1) for _ in range(draw.randrange(5))}
        return draw.choice(self._words if kind < 0.8 else NUMBERS)


def flipped(data: bytes, draw: random.Random) -> bytes:
    """The same bytes, a few bits the other way round, or a piece of them gone."""
    changed = bytearray(data)
    for _ in range(draw.randrange(1, 4)):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    if draw.random() < 0.3:
        del changed[draw.randrange(len(changed)) :]
    return bytes(changed)


def fuzz(requests: int, seed: int) -> None:
    provider = TestbedProvider(CONFIG, accounts=2)
    anna, _ = provider.accounts
    provider.make_request("evm_mine", [{"blocks": 3}])
    head = provider.make_request("eth_getBlockByNumber", ["latest", False])["result"]
    plain = {"to": anna.address, "value": 0, "nonce": 0, "gas": 21_000, "chainId": 1337}
    signed = anna.sign_transaction(plain | {"maxFeePerGas": 1, "maxPriorityFeePerGas": 1, "type": 2})
    known = [head["hash"], head["transactions"][0], provider.ticket_address, provider.market_address, anna.address]
    fuzzer = Fuzzer(seed, known, bytes(signed.raw_transaction))
    seen = set()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(requests):
        body = fuzzer.body()
        answer = provider.dispatcher.answer_bytes(body)
        for each in answers_in(answer):
            assert "result" in each or each["error"]["code"] in CODES, (body, each)
            seen.add(each.get("error", {}).get("code"))
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert held < MOST_MEMORY
    assert seen >= {None, -32700, -32600, -32601, -32602, -32000}


def answers_in(answer: bytes | None) -> list[dict[str, Any]]:
    """The answers in one body."""
    told = [] if answer is None else json.loads(answer)
    return told if isinstance(told, list) else [told]


def test_odd_requests_are_nobodys_fault():
    fuzz(FEW, 1)


@pytest.mark.slow
def test_thousands_of_odd_requests_are_nobodys_fault():
    fuzz(MANY, 2)
