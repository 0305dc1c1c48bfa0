"""A day on a devnet, with the twin's machine as the client: what is asked, and what is made of the answers."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from chain.evm.abi import encode, selector
from chain.evm.machine import Machine, Reverted
from experiments.lab.conformance.devnet import FIRST, RULES, SPACING, DayPlayer, Devnet, DevnetPair, in_hex, unhex
from experiments.lab.conformance.twin.disagreement import Disagreement
from market.resale_times import RESALE


class Client:
    """Reads requests and has answers, as the other end of two pipes does."""

    def __init__(self) -> None:
        self.machine = Machine(1337)
        self.deployed: list[bytes] = []
        self.answer = ""
        self.spoil: Any = None

    def write(self, line: str) -> None:
        if line.strip():
            request = json.loads(line)
            try:
                found = getattr(self, request.pop("do"))(**request)
            except Reverted as reverted:
                found = {"reverted": str(reverted)}
            self.answer = json.dumps(found)

    def flush(self) -> None:
        pass

    def readline(self) -> str:
        return self.answer

    def deploy(self, sender: str, code: str) -> dict[str, Any]:
        self.deployed.append(self.machine.deploy(unhex(code), unhex(sender)))
        return {"address": in_hex(self.deployed[-1])}

    def time(self, timestamp: int) -> dict[str, Any]:
        self.timestamp = timestamp
        return {}

    def seed(self, block: int) -> dict[str, Any]:
        self.machine.open_block(block + 1, getattr(self, "timestamp", 0))
        asked = selector("seedOf(uint256)") + encode(((block - FIRST) // SPACING,))
        return {"hash": in_hex(self.machine.call(bytes(20), self.deployed[1], asked))}

    def give(self, address: str) -> dict[str, Any]:
        self.machine.give(unhex(address))
        return {}

    def send(self, sender: str, to: str, data: str, value: str) -> dict[str, Any]:
        output = self.machine.call(unhex(sender), unhex(to), unhex(data), int(value))
        logs = [[[in_hex(topic) for topic in log.topics], in_hex(log.data)] for log in self.machine.logs()]
        if self.spoil:
            self.spoil(logs)
        return {"output": in_hex(output), "logs": logs, "gas": self.machine.gas}

    def view(self, sender: str, to: str, data: str) -> dict[str, Any]:
        return {"output": in_hex(self.machine.view(unhex(sender), unhex(to), unhex(data)))}


def played(client: Client, slots: int, round: int = 1) -> DevnetPair:
    pair = DevnetPair(RULES._replace(round=round), RESALE["both"], 1, Devnet(client, client))
    player = DayPlayer(pair, Random(1))
    player.genesis()
    for _ in range(slots):
        player.slot()
    return pair


@pytest.mark.parametrize("round", [1, 5])
def test_what_is_told_is_what_the_client_did(round):
    pair = played(Client(), 12, round)
    opened = pair.counts["draw"] - pair.refused["draw"]
    assert opened >= 12
    assert pair.counts["sale"] > pair.refused["sale"] > 0
    told = pair.told()
    assert told["slot"] == opened - 1
    assert sum(held for _, held, _ in told["accounts"]) == len(told["tickets"]) == len(pair.state.titles.live)
    for serial, owner in told["tickets"].items():
        assert pair.tickets.call("ownerOf", bytes(20), serial)[12:] == unhex(owner)
    for address, _, money in told["accounts"]:
        assert int.from_bytes(pair.tickets.call("funds", bytes(20), unhex(address)), "big") == int(money)


def test_a_client_that_does_something_else_is_found():
    client = Client()
    client.spoil = lambda logs: logs.reverse()
    with pytest.raises(Disagreement, match="logs"):
        played(client, 3)


def test_a_client_that_has_gone_is_told():
    client = Client()
    client.readline = lambda: ""
    with pytest.raises(EOFError, match="the client has gone"):
        played(client, 1)
