"""What the contract's calls cost, by the size of the supply.

`python -m experiments.lab.conformance.gas` prints the table of docs/contract.md. The machine is revm at the rules
of Cancun; each call is a transaction of its own, with its 21,000 and its data in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from chain.account import PROTOCOL
from chain.approvals import PERMIT, permit_values
from chain.eip712 import StructType
from chain.evm.abi import Tail
from chain.evm.ticket_contract import now
from chain.protocol import PROPOSAL
from chain.rules import draw_rule
from chain.state import Rules
from chain.ticket import NEVER
from chain.transfer import TRANSFER
from experiments.lab.conformance.twin.pair import Pair
from market.messages import ANYONE, BID, LISTING, NO_LISTING, NO_TICKET, ORDER
from market.resale_times import RESALE

SIZES = (16, 256, 4_096)  # tickets
PART = 16  # tickets that `mint` and `expire` are asked for in one call
SEED = 1
BUYER, OTHER = 1, 2
MONEY = 10**15  # Gwei
PRICE = 10**9

Values = tuple[object, ...]
Signed = tuple[Values, Tail]


class CallCost(NamedTuple):
    """A call, and what it used."""

    call: str
    gas: int


class Meter:
    """The contract with a lottery of `size` tickets, of a maturity of two blocks, before its first call."""

    def __init__(self, size: int) -> None:
        rules = Rules(size, 2, 0, draw_rule("lottery"), refund=0.5, haircut=0.1)
        pair = Pair(rules, RESALE["both"], SEED)
        self._size = size
        self._state = pair.state
        self._tickets = pair.tickets
        self._addresses = pair.addresses
        self._nonce = 0

    def costs(self) -> Iterator[CallCost]:
        """All calls, in an order in which they can be made."""
        yield from self._supply()
        yield from self._slot()
        yield self._cost("expire", PROTOCOL, PART)

    def _supply(self) -> Iterator[CallCost]:
        """All tickets are minted and sold to the buyer."""
        self._call("deposit", OTHER, self._addresses[OTHER], value=MONEY)
        yield self._cost("deposit", BUYER, self._addresses[BUYER], value=MONEY)
        for _ in range(self._size // PART - 1):
            self._call("mint", PROTOCOL, PART)
        yield self._cost("mint", PROTOCOL, PART)
        for serial in range(self._size - 1):
            self._call("sell", PROTOCOL, serial, PRICE, *self._bid())
        yield self._cost("sell", PROTOCOL, self._size - 1, PRICE, *self._bid())

    def _slot(self) -> Iterator[CallCost]:
        """The second one."""
        self._tickets.open_block(0)
        self._call("openSlot", PROTOCOL)
        yield self._cost("leaveEmpty", PROTOCOL)
        self._tickets.open_block(1)
        yield self._cost("openSlot", PROTOCOL)
        yield from self._participants(iter(self._undrawn()))
        yield self._propose()

    def _participants(self, serials: Iterator[int]) -> Iterator[CallCost]:
        for act in (
            self._transfer_from,
            self._transfer_signed,
            self._permit,
            self._settle,
            self._award,
            self._give_back,
        ):
            yield act(next(serials))
        yield self._cost("pay", BUYER, self._addresses[OTHER], PRICE)
        yield self._cost("withdraw", BUYER, PRICE, self._addresses[BUYER])

    # What participants do with a ticket of the buyer

    def _transfer_from(self, serial: int) -> CallCost:
        return self._cost("transferFrom", BUYER, self._addresses[BUYER], self._addresses[OTHER], serial)

    def _transfer_signed(self, serial: int) -> CallCost:
        values = (self._addresses[BUYER], self._addresses[OTHER], serial, 1)
        _, signature = self._sign(BUYER, TRANSFER, values)
        return self._cost("transferSigned", OTHER, *values, signature)

    def _permit(self, serial: int) -> CallCost:
        deadline = now(100)
        _, signature = self._sign(BUYER, PERMIT, permit_values(self._addresses[OTHER], serial, 1, deadline))
        return self._cost("permit", OTHER, self._addresses[OTHER], serial, deadline, signature)

    def _settle(self, serial: int) -> CallCost:
        ask = self._order(BUYER, 1, serial)
        bid = self._order(OTHER, 0, NO_TICKET)
        return self._cost("settle", PROTOCOL, *ask, *bid)

    def _award(self, serial: int) -> CallCost:
        listing = (self._addresses[BUYER], 0, 0, serial, 1, NO_TICKET, PRICE, 0, 1, 1, self._next())
        terms = (0, LISTING.hash_struct(listing), PRICE, 2, self._next())
        bid = self._sign(OTHER, BID, (self._addresses[OTHER], *terms))
        return self._cost("award", PROTOCOL, *self._sign(BUYER, LISTING, listing), *bid, PRICE)

    def _give_back(self, serial: int) -> CallCost:
        return self._cost("giveBack", BUYER, *self._order(BUYER, 3, serial, price=0))

    def _propose(self) -> CallCost:
        serial = int.from_bytes(self._tickets.call("drawOf", self._addresses[BUYER], 1)[:32], "big") - 1
        values = (1, self._addresses[BUYER], serial, 1, self._addresses[BUYER], PRICE)
        return self._cost("propose", BUYER, *self._sign(BUYER, PROPOSAL, values), value=PRICE)

    def _order(self, maker: int, side: int, serial: int, price: int = PRICE) -> Signed:
        moves = 0 if serial == NO_TICKET else 1
        last = 1  # block of all tickets
        terms = (side, 0, False, last, serial, moves, price, 0, NEVER, self._next())
        return self._sign(maker, ORDER, (self._addresses[maker], ANYONE, *terms))

    # The machine

    def _undrawn(self) -> list[int]:
        found = (self._tickets.call("titleOf", ANYONE, serial) for serial in self._live())
        return [serial for serial, title in zip(self._live(), found, strict=True) if not any(title[64:96])]

    def _live(self) -> list[int]:
        """The last serials that were minted, but for the one that was burned."""
        burned = int.from_bytes(self._tickets.call("drawOf", ANYONE, 0)[:32], "big") - 1
        return [serial for serial in range(self._size - PART, self._size) if serial != burned]

    def _next(self) -> int:
        self._nonce += 1
        return self._nonce

    def _sign(self, account: int, kind: StructType, values: Values) -> Signed:
        signature = self._state.signatures.sign(self._state.accounts[account].key, kind, values)
        return values, Tail.of_bytes(signature)

    def _bid(self) -> Signed:
        return self._sign(BUYER, BID, (self._addresses[BUYER], 0, NO_LISTING, PRICE, 0, self._next()))

    def _call(self, name: str, account: int, *words: object, value: int = 0) -> None:
        self._tickets.call(name, self._addresses[account], *words, value_gwei=value)

    def _cost(self, name: str, account: int, *words: object, value: int = 0) -> CallCost:
        self._tickets.settle()
        self._call(name, account, *words, value=value)
        return CallCost(name, self._tickets.gas)


def table() -> str:
    """The costs as a table in Markdown, a row a call, a column a size."""
    columns = [list(Meter(size).costs()) for size in SIZES]
    head = [
        "| call | " + " | ".join(f"{size:,} tickets" for size in SIZES) + " |",
        "|---" * (len(SIZES) + 1) + "|",
    ]
    rows = [
        f"| `{row[0].call}` | " + " | ".join(f"{cost.gas:,}" for cost in row) + " |"
        for row in zip(*columns, strict=True)
    ]
    return "\n".join([*head, *rows])


if __name__ == "__main__":
    print(table())
