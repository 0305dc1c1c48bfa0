"""All that a chain's state says, as plain data that can be compared."""

from __future__ import annotations

from typing import Any

from chain.state import State
from chain.ticket import Title


def picture(state: State) -> dict[str, Any]:
    """A copy of everything that an operation could change."""
    titles = state.titles
    ledger = state.ledger
    return {
        "slot": state.slot,
        "urn": list(state.urn),
        "draws": dict(state.draws),
        "claims": {block: dict(claims) for block, claims in state.claims.items()},
        "claims_from": state.claims_from,
        "wanted": list(state.wanted),
        "proposed": state.proposed,
        "tickets": {serial: facts(title) for serial, title in titles.live.items()},
        "holdings": [list(held) for held in titles.holdings],
        "counts": (titles.minted, titles.burned),
        "money": [(ledger.free(account.number), ledger.escrowed(account.number)) for account in state.accounts],
        "pots": [ledger.total(pot) for pot in range(5)],
    }


def facts(title: Title) -> tuple[object, ...]:
    """What the ledger knows of a ticket."""
    return title.ticket, title.owner, title.nonce, title.listing, title.drawn_for, title.builder, title.price_gwei


def difference(before: dict[str, Any], after: dict[str, Any]) -> str | None:
    """The first thing that is not as it was."""
    return next((name for name, value in before.items() if value != after[name]), None)
