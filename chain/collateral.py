"""Collateral: what stands in a holder's escrow behind each of its tickets.

It is locked with the bid that buys the ticket, so that whoever cannot post it cannot win, and is returned when the
ticket leaves its holder: resold, proposed, expired or given back. For each missed slot a fee is burned first.
"""

from __future__ import annotations

from chain.account import PROTOCOL
from chain.errors import InsufficientFunds
from chain.state import State
from chain.ticket import Title


def check_collateral(state: State, taker: int) -> None:
    """Raises `InsufficientFunds` where one who gets a ticket without a bid cannot post its collateral."""
    needed, free = state.rules.collateral, state.ledger.free(taker)
    if needed > free:
        raise InsufficientFunds(f"the collateral of a ticket is {needed} Gwei; account {taker} has {free}")


def post_collateral(state: State, title: Title, taker: int) -> None:
    """Lock the collateral of one who gets the ticket without a bid. Raises `InsufficientFunds`."""
    if state.rules.collateral:
        state.ledger.lock(taker, state.rules.collateral, title.ticket.serial)


def return_collateral(state: State, title: Title) -> None:
    """Release what stands behind the ticket, and is not lost."""
    gwei = state.rules.collateral - title.forfeited
    if gwei and title.owner != PROTOCOL:
        state.ledger.release(title.owner, gwei, title.ticket.serial)


def forfeit_fee(state: State, title: Title) -> None:
    """A slot of the ticket was missed: burn the fee."""
    if state.rules.missed_fee:
        state.ledger.forfeit(title.owner, state.rules.missed_fee, title.ticket.serial)
        title.forfeited += state.rules.missed_fee
