"""Money in, out and from one to the other, on both sides."""

from __future__ import annotations

from functools import partial

from chain.errors import BadAmount, BadTaker, InsufficientFunds
from chain.ledger import SPENT
from chain.money import WEI_PER_GWEI
from experiments.lab.conformance.twin.both_sides import BothSides, ContractCall, refusal_of
from experiments.lab.conformance.twin.parties import CALLS_BACK, NOBODY, REJECTING
from experiments.lab.conformance.twin.ticket_moves import SaysNothing


class MoneyMoves(BothSides):
    """What accounts do with their money. Amounts in Gwei, where nothing else is said."""

    def deposit(self, account: int, amount: int) -> None:
        """Money from outside, of the account's own."""
        self.deposit_wei(self.addresses[account], account, amount * WEI_PER_GWEI)

    def deposit_wei(self, caller: bytes, account: int, wei: int) -> None:
        """Money from outside, whoever brings it."""

        def act() -> None:
            amount, rest = divmod(wei, WEI_PER_GWEI)
            if rest:
                raise BadAmount
            self.state.ledger.endow(account, amount)

        self._step("deposit", act, ContractCall("deposit", caller, (self.addresses[account],), wei))

    def withdraw(self, account: int, amount: int, taker: int | None = None) -> None:
        """Money that leaves, to the account itself or another taker. The one that calls back withdraws again."""
        taker = account if taker is None else taker
        self._messages = []
        self._void = []
        before = self.state.ledger.total(SPENT)
        refusal = refusal_of(partial(self._spend, account, amount, taker))
        gone = (self.state.ledger.total(SPENT) - before) * WEI_PER_GWEI
        self._outside[self.addresses[taker]] += gone
        self._outside[self.tickets.address] -= gone
        call = ContractCall("withdraw", self.addresses[account], (amount, self.addresses[taker]))
        self._check("withdrawal", refusal, call)

    def pay(self, payer: int, payee: int, amount: int) -> None:
        """Free money from one to the other."""

        def act() -> None:
            self.state.ledger.lock(payer, amount)
            self.state.ledger.settle("block", payer, payee, amount)

        self._step("payment", act, ContractCall("pay", self.addresses[payer], (self.addresses[payee], amount)))

    def _spend(self, account: int, amount: int, taker: int) -> None:
        if taker == NOBODY:
            raise BadTaker
        if amount > self.state.ledger.free(account):
            raise InsufficientFunds
        if taker == REJECTING:
            raise SaysNothing
        self.state.ledger.spend("cost", account, amount)
        if taker == CALLS_BACK:
            refusal_of(partial(self.state.ledger.spend, "cost", taker, amount))
