"""An owner's cap: the most live tickets that one account may hold.

A standing bid for a ticket counts as one, as its money counts as spent, so that an award always settles.
"""

from __future__ import annotations

from chain.account import PROTOCOL
from chain.errors import CapExceeded
from chain.state import State


def get_room(state: State, account: int) -> int | None:
    """How many more tickets the account may hold or bid for; None where there is no cap. The protocol, to which no
    ticket goes back, has no room."""
    if account == PROTOCOL:
        return 0
    cap = state.rules.owner_cap
    if cap is None:
        return None
    return cap - len(state.titles.holdings[account]) - state.wanted[account]


def check_room(state: State, account: int) -> None:
    """Raises `CapExceeded` where the account may not hold, or bid for, one ticket more."""
    room = get_room(state, account)
    if room is not None and room < 1:
        held = len(state.titles.holdings[account])
        wanted = state.wanted[account]
        raise CapExceeded(
            f"account {account} holds {held} tickets, bids for {wanted}; an owner's cap is {state.rules.owner_cap}"
        )
