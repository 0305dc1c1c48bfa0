"""Money: who has how many Gwei, free or in escrow.

Double entry. Every amount moves from one pot to another, so the sum over all pots is always zero. An
account has two pots, free and escrow; money comes from three sources (endowments, gross rewards, refunds)
and leaves through two sinks (burned; spent on costs).
"""

from __future__ import annotations

from collections.abc import Sequence

from chain.account import Account
from chain.errors import AccountFull, BadAmount, InsufficientFunds, Refused
from chain.near_names import tells_near
from chain.records import Names, Records, Schema

MAX_GWEI = 2**63 - 1

PAYMENTS = Schema(
    "payments",
    "Every movement of money, in order. Replaying them from nothing gives every balance.",
    [
        ("payment", "integer", "number of the movement, from 0"),
        ("slot", "integer", "slot in which it happened; −1 before block 0"),
        (
            "reason",
            "label",
            "why: endow, genesis, lock, release, primary, missed, trade, block, reward, cost, entry, "
            "primary_entry, rebate, refund, gas, transfer",
        ),
        ("payer", "pot", "the pot that pays: NAME, NAME/escrow, or a source"),
        ("payee", "pot", "the pot that is paid: NAME, NAME/escrow, or a sink"),
        ("amount_gwei", "gwei", "amount, Gwei"),
        ("ticket", "integer", "serial of the ticket that it is about, if any"),
    ],
)

POTS_OF_THE_WORLD = ("endowments", "rewards", "refunds", "burned", "spent")
ENDOWMENTS, REWARDS, REFUNDS, BURNED, SPENT = range(len(POTS_OF_THE_WORLD))
FIRST_POT = len(POTS_OF_THE_WORLD)
"""The first pot of an account."""


def free_pot(account: int) -> int:
    """The pot of an account's free money."""
    return FIRST_POT + 2 * account


def escrow_pot(account: int) -> int:
    """The pot of an account's money behind open bids, and of its tickets' collateral: next to the free one."""
    return FIRST_POT + 2 * account + 1


def pot_names(accounts: Sequence[str]) -> list[str]:
    """The names of all pots, by number."""
    return [*POTS_OF_THE_WORLD, *(pot for name in accounts for pot in (name, f"{name}/escrow"))]


def names_of(accounts: Sequence[Account]) -> Names:
    """What tables call accounts and pots."""
    names = [account.name for account in accounts]
    return {"account": names, "pot": pot_names(names)}


def check_amount(gwei: object, what: str) -> None:
    """Raises `BadAmount` unless `gwei` is a whole number in 0 … 2^63 − 1."""
    if type(gwei) is not int or not 0 <= gwei <= MAX_GWEI:
        raise bad_amount(gwei, what)


def bad_amount(gwei: object, what: str) -> BadAmount:
    """What is said of an amount that is none."""
    return BadAmount(f"{what} is {gwei!r}; it must be a whole number of Gwei in 0 … 2^63 − 1")


@tells_near()
class Ledger:
    """The balances of a run's accounts. Accounts are numbered from 0, the protocol's own among them."""

    def __init__(self, accounts: int, records: Records) -> None:
        self._pots = [0] * (len(POTS_OF_THE_WORLD) + 2 * accounts)
        self._rows = records.table(PAYMENTS)
        self._count = 0
        self.slot = -1

    def free(self, account: int) -> int:
        """What the account can spend, Gwei."""
        return self._pots[FIRST_POT + 2 * account]

    def escrowed(self, account: int) -> int:
        """What stands behind the account's open bids and its tickets, Gwei."""
        return self._pots[escrow_pot(account)]

    def money(self, account: int) -> tuple[int, int]:
        """What is free and what is in escrow, Gwei."""
        pot = FIRST_POT + 2 * account  # of what is free: without `free_pot`, for all who look and bid ask it
        return self._pots[pot], self._pots[pot + 1]

    def total(self, pot: int) -> int:
        """What went through a source or sink so far, Gwei."""
        return abs(self._pots[pot])

    def endow(self, account: int, gwei: int) -> None:
        """Give the account money to start with."""
        self._move("endow", ENDOWMENTS, free_pot(account), gwei)

    def lock(self, account: int, gwei: int, ticket: int | None = None) -> None:
        """Put free money in escrow. Raises `InsufficientFunds`."""
        pot = FIRST_POT + 2 * account
        self._move("lock", pot, pot + 1, gwei, ticket)

    def release(self, account: int, gwei: int, ticket: int | None = None) -> None:
        """Take money out of escrow."""
        pot = FIRST_POT + 2 * account
        self._move("release", pot + 1, pot, gwei, ticket)

    def settle(self, reason: str, buyer: int, seller: int, gwei: int, ticket: int | None = None) -> None:
        """Pay the seller out of the buyer's escrow."""
        self._move(reason, escrow_pot(buyer), free_pot(seller), gwei, ticket)

    def burn(self, buyer: int, gwei: int, ticket: int | None = None) -> None:
        """Burn what a buyer has in escrow for a ticket from the protocol."""
        self._move("primary", escrow_pot(buyer), BURNED, gwei, ticket)

    def forfeit(self, account: int, gwei: int, ticket: int | None = None) -> None:
        """Burn the fee for a missed slot, out of the collateral in escrow."""
        self._move("missed", escrow_pot(account), BURNED, gwei, ticket)

    def burn_gas(self, account: int, gwei: int) -> None:
        """Burn what an account's transaction costs. Raises `InsufficientFunds`."""
        self._move("gas", free_pot(account), BURNED, gwei)

    def transfer(self, giver: int, taker: int, gwei: int) -> None:
        """Give free money away, by a transaction from outside. Raises `InsufficientFunds`, `AccountFull`."""
        self._move("transfer", free_pot(giver), free_pot(taker), gwei)

    def reward(self, account: int, gwei: int, ticket: int | None = None) -> None:
        """Pay the gross reward of a block."""
        self._move("reward", REWARDS, free_pot(account), gwei, ticket)

    def spend(self, reason: str, account: int, gwei: int, ticket: int | None = None) -> None:
        """Spend free money on a cost. Raises `InsufficientFunds`."""
        self._move(reason, free_pot(account), SPENT, gwei, ticket)

    def refund(self, account: int, gwei: int, ticket: int | None = None) -> None:
        """Return a part of a burned price."""
        self._move("refund", REFUNDS, free_pot(account), gwei, ticket)

    def is_balanced(self) -> bool:
        """Balances + escrow + burned + spent = endowments + gross rewards + refunds."""
        return sum(self._pots) == 0

    def _move(self, reason: str, payer: int, payee: int, gwei: int, ticket: int | None = None) -> None:
        if type(gwei) is not int or gwei < 0:
            raise bad_amount(gwei, reason)
        pots = self._pots
        left = pots[payer] - gwei
        held = pots[payee] + gwei
        if held > MAX_GWEI or (left < 0 and payer > REFUNDS):
            raise refusal(reason, gwei, pots[payer] if payer > REFUNDS else MAX_GWEI)
        pots[payer] = left
        pots[payee] += gwei  # which may be the same one
        number = self._count
        self._count = number + 1
        self._rows.append((number, self.slot, reason, payer, payee, gwei, ticket))


def refusal(reason: str, gwei: int, there: int) -> Refused:
    """Why an amount does not move of which so much is there, Gwei."""
    if gwei > MAX_GWEI:
        return bad_amount(gwei, reason)
    if gwei > there:
        return InsufficientFunds(f"{reason}: {gwei} Gwei asked for, {there} there")
    return AccountFull(f"{reason}: {gwei} Gwei more than the account can hold (2^63 − 1 in all)")
