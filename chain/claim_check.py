"""Which block a ticket may claim."""

from __future__ import annotations

from chain.errors import ClaimRefused
from chain.state import State
from chain.ticket import Title


def check_claim(state: State, title: Title, block: int) -> None:
    """Raises `ClaimRefused` unless the ticket may claim `block`."""
    ticket = title.ticket
    if title.drawn_for is not None:
        raise ClaimRefused(f"ticket {ticket.serial} is drawn for block {title.drawn_for}")
    if state.rules.draw.late is None:
        raise ClaimRefused(f"tickets are drawn by {state.rules.draw.name!r}; only under 'claim' are there claims")
    if type(block) is not int or not ticket.first_block <= block <= ticket.last_block:
        raise ClaimRefused(f"ticket {ticket.serial} is for {ticket.span}")
    if not is_open_to_claims(state, block):
        raise ClaimRefused(f"block {block} is settled at slot {state.slot}")


def is_open_to_claims(state: State, block: int) -> bool:
    """Whether no ticket was drawn for `block` yet and its last draw is still to come."""
    drawn = state.draws.get(block)
    return block >= state.claims_from and (drawn is None or drawn.ticket is None)
