"""A random execution auction (randEA): the tickets of a window of blocks are dealt to its blocks at random."""

from __future__ import annotations

from itertools import takewhile

from chain.rules.maturity import one_round
from chain.state import DrawRule, State


def randea_rule(window: int) -> DrawRule:
    """Blocks come in windows of `window`: 0 … W − 1, W … 2W − 1, and so on. A ticket is for a window, that of the
    block at which it would mature; which block it proposes is drawn at that block's slot, not earlier.

    Every permutation of a window's tickets over its blocks is equally likely: each block draws uniformly from
    those that are left. Source: Thiery (2024), Proposers do play dice: introducing random execution auctions.
    """

    def whole_window(state: State, serial: int) -> tuple[int, int]:
        block, _ = one_round(state, serial)
        first = block - block % window
        return first, first + window - 1

    def deal(state: State, block: int) -> int | None:
        left = candidates(state, block)
        return left[state.beacon.below(len(left), block)] if left else None

    return DrawRule(f"randea/{window}", whole_window, deal, window=window, needs_maturity=True, most_lookahead=0)


def candidates(state: State, block: int) -> list[int]:
    """The undrawn tickets of the window in which `block` lies, by serial."""
    tickets = (state.titles.live[serial].ticket for serial in state.urn)
    begun = takewhile(lambda ticket: ticket.first_block <= block, tickets)  # windows are minted in their order
    return [ticket.serial for ticket in begun if block <= ticket.last_block]
