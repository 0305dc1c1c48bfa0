"""A day of slots on a devnet: the twin's random histories, with a real client in the place of the machine.

`python -m experiments.lab.conformance.devnet SLOTS SEED [ROUND]` plays, with rounds of so many blocks; whoever has
the client reads a request in JSON from each line that it prints, and writes the answer as a line
(`tests/clients/devnet/day.test.js`, with ethers and hardhat). The draws are those of `BlockBeacon.vy`: the seed of
a slot is the hash of a block of the devnet.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from random import Random
from typing import Any, TextIO

from chain.beacon import Beacon, Key
from chain.evm.abi import Log, encode
from chain.evm.bytecode import BEACON, read_contract
from chain.evm.machine import GAS, Reverted
from chain.evm.ticket_contract import ResaleFlags, TicketContract
from chain.rules import draw_rule
from chain.state import Rules
from experiments.lab.conformance.twin.both_sides import ACCEPTED
from experiments.lab.conformance.twin.disagreement import Operation
from experiments.lab.conformance.twin.pair import Pair
from experiments.lab.conformance.twin.player import Player
from market.resale_times import RESALE, Resale

FIRST = 200  # block of the first slot's seed: what comes before block 0 has this many blocks, one a transaction
SPACING = 100  # blocks from one slot's seed to the next one's, in which the slot's transactions lie
BURST = 2  # tries of participants between two steps of the protocol, at most
CHECKED = 100  # slots after which the client reads all balances and owners
RULES = Rules(
    supply=16,
    maturity=20,
    lookahead=2,
    draw=draw_rule("lottery"),
    refund=0.5,
    haircut=0.1,
    collateral=10**9,
    missed_fee=10**8,
)


class Devnet:
    """The client, as `chain.evm.machine.Machine` is spoken to."""

    def __init__(self, requests: TextIO, answers: TextIO) -> None:
        self._requests = requests
        self._answers = answers
        self._logs: list[Log] = []
        self.gas = 0

    def ask(self, what: str, **words: object) -> Any:
        """Have something done there. Raises `Reverted`, and `EOFError` where nobody answers."""
        print(json.dumps({"do": what, **words}), file=self._requests, flush=True)
        line = self._answers.readline()
        if not line:
            raise EOFError("the client has gone")
        answer = json.loads(line)
        if "reverted" in answer:
            raise Reverted(answer["reverted"])
        return answer

    def deploy(self, code: bytes, deployer: bytes) -> bytes:
        """The 20-byte address of a new contract."""
        return unhex(self.ask("deploy", sender=in_hex(deployer), code=in_hex(code))["address"])

    def open_block(self, number: int, timestamp: int) -> None:  # noqa: ARG002  blocks there are transactions
        """What comes next does so at a time, seconds."""
        self.ask("time", timestamp=timestamp)

    def give(self, address: bytes) -> None:
        """More ETH than it will ever need, and leave to send transactions."""
        self.ask("give", address=in_hex(address))

    def balance(self, address: bytes) -> int:
        """What the address has, wei."""
        return int(self.ask("balance", address=in_hex(address))["wei"])

    def call(self, caller: bytes, to: bytes, data: bytes, value: int = 0) -> bytes:
        """A transaction; of a function that changes nothing what it returns."""
        answer = self.ask("send", sender=in_hex(caller), to=in_hex(to), data=in_hex(data), value=str(value))
        self._logs = [Log(tuple(map(unhex, topics)), unhex(rest)) for topics, rest in answer["logs"]]
        self.gas = answer["gas"]
        return unhex(answer["output"])

    def view(self, caller: bytes, to: bytes, data: bytes) -> bytes:
        """What a function returns, called without a transaction."""
        return unhex(self.ask("view", sender=in_hex(caller), to=in_hex(to), data=in_hex(data))["output"])

    def settle(self) -> None:
        """Every call is a transaction of its own there."""

    def logs(self) -> list[Log]:
        """What the last call logged."""
        return self._logs


class SlotSeeds(Beacon):
    """The beacon contract's seeds: those of the slots in which blocks are drawn."""

    def __init__(self, devnet: Devnet, ahead: int) -> None:
        super().__init__(bytes(32))
        self._devnet = devnet
        self._ahead = ahead
        self._seeds: dict[int, Beacon] = {}

    def word(self, slot: int, attempt: int = 0, key: Key = "") -> bytes:
        """The word of a block, by the seed of the slot in which its draw is due."""
        due = max(slot - self._ahead, 0)
        if due not in self._seeds:
            block = FIRST + due * SPACING
            self._seeds = {due: Beacon(unhex(self._devnet.ask("seed", block=block)["hash"]))}
        return self._seeds[due].word(slot, attempt, key)


class DevnetPair(Pair):
    """The protocol and the contract on a devnet: outcomes and logs are compared after each operation, all state
    after each slot. `counts` has the operations by name, and of each those that were refused."""

    def __init__(self, rules: Rules, resale: Resale, seed: int, devnet: Devnet) -> None:
        self._devnet = devnet
        self.counts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        super().__init__(rules, resale, seed)

    def _deploy(self, flags: ResaleFlags) -> TicketContract:
        self.state.beacon = SlotSeeds(self._devnet, self.state.rules.ahead)
        seeds = read_contract(BEACON).code + encode((FIRST, SPACING))
        return TicketContract(self.state, flags, GAS, self._devnet, seeds)

    def _compare(self, operation: Operation, protocol: str, contract: str, logs: list[Log]) -> None:
        super()._compare(operation, protocol, contract, logs)
        self.counts[operation.name] += 1
        self.refused[operation.name] += protocol != ACCEPTED

    def _compare_state(self, operation: Operation) -> None:
        if operation.name == "close of a slot":
            super()._compare_state(operation)

    def _compare_rest(self, operation: Operation, logs: list[Log]) -> None:
        """Views are asked on the twin's own machine; and who sends a transaction there pays for it."""

    def told(self) -> dict[str, object]:
        """What the client must find: the slot, of each account its tickets and its money (Gwei, in digits), of
        each live ticket its owner."""
        ledger = self.state.ledger
        holdings = self.state.titles.holdings
        money = [ledger.free(number) + ledger.escrowed(number) for number in range(len(self.addresses))]
        return {
            "slot": self.state.slot,
            "accounts": [
                [in_hex(address), len(holdings[number]), str(money[number])]
                for number, address in enumerate(self.addresses)
                if any(address)
            ],
            "tickets": {
                serial: in_hex(self.addresses[title.owner]) for serial, title in self.state.titles.live.items()
            },
        }


class DayPlayer(Player):
    """Tries less between two steps of the protocol, so that a day has room for all its slots."""

    def _burst(self) -> None:
        for _ in range(self._rng.randint(0, BURST)):
            self._rng.choice(self.tries)()


def main(slots: int, seed: int, round: int = 1) -> None:
    """Play. Raises `Disagreement`."""
    devnet = Devnet(sys.stdout, sys.stdin)
    pair = DevnetPair(RULES._replace(round=round), RESALE["both"], seed, devnet)
    player = DayPlayer(pair, Random(seed))
    player.genesis()
    for slot in range(1, slots + 1):
        player.slot()
        if slot % CHECKED == 0 or slot == slots:
            devnet.ask("check", **pair.told())
    devnet.ask("end", counts=pair.counts, refused=pair.refused)


def in_hex(data: bytes) -> str:
    return "0x" + data.hex()


def unhex(digits: str) -> bytes:
    return bytes.fromhex(digits.removeprefix("0x"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
