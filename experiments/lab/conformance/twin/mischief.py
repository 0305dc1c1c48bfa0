"""What someone tries who means no good: to act for others, at the wrong time, twice, or from within a call."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from experiments.lab.conformance.twin.pair import Pair
from experiments.lab.conformance.twin.parties import CALLS_BACK
from experiments.lab.conformance.twin.tries import Tries

STRANGERS = 0.1  # of the calls that are reserved, the share that a stranger tries first


class Mischief(Tries):
    """Operations of an adversary, by the generator's will."""

    def __init__(self, pair: Pair, rng: Random) -> None:
        super().__init__(pair, rng)
        pair.stranger = self._stranger

    def _stranger(self) -> bytes | None:
        if self._rng.random() < STRANGERS:
            return self._rng.choice([address for address in self.pair.addresses[1:] if any(address)])
        return None

    def _again(self) -> None:
        """What was tried before, as it was then."""
        if self._past:
            self._rng.choice(self._past)()

    def _safe_transfer(self) -> None:
        title = self._any_title()
        giver = self._holder(title)
        taker = self._any_taker() if self._rng.random() < 0.3 else self._any_account()
        caller = self._any_caller() if self._rng.random() < 0.2 else self.pair.addresses[giver]
        onward = None
        if taker == CALLS_BACK or self._rng.random() < 0.3:
            onward = self._any_taker()
        self._do(self.pair.safe_transfer, caller, giver, taker, title.ticket.serial, onward)

    def _cancel_nonces(self) -> None:
        """Nonces that are used, or soon to be."""
        account = self._any_holder()
        word, bit = divmod(self._nonces[account][-1] + self._rng.randint(0, 2), 256)
        self.pair.cancel_nonces(account, word, self._rng.choice([0, 1 << bit, 2**256 - 1 - (1 << bit)]))

    def _out_of_step(self) -> None:
        """A step of the slot when it may not be its turn."""
        steps: list[Callable[[], None]] = [
            self.pair.open_slot,
            self.pair.leave_empty,
            self.pair.mint_too_many,
            self.pair.first_draws,
            lambda: self.pair.close_slot((0, 1)),
            lambda: self.pair.mint(self._split(self.pair.missing)),
        ]
        self._rng.choice(steps)()

    def _act_as_exchange(self) -> None:
        """Move a ticket as the exchange alone may."""
        title = self._any_title()
        serial = title.ticket.serial
        owner, buyer = self.pair.addresses[title.owner], self._any_address()
        caller = self._any_caller()
        function, words = self._rng.choice(
            [
                ("sellFirst", (serial, buyer, 0)),
                ("trade", (serial, owner, buyer, 0)),
                ("takeBack", (serial, owner, title.nonce, 0)),
            ]
        )
        self.pair.trespass(function, caller, *words, reason="not_exchange")
