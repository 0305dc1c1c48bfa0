"""The lottery of an epoch: all its blocks are drawn at once, among the tickets that are held."""

from __future__ import annotations

from chain.account import PROTOCOL
from chain.state import DrawRule, State
from chain.ticket import NEVER

EPOCH = 32
"""Slots of an epoch of Ethereum."""


def epoch_rule(span: int) -> DrawRule:
    """The lottery for epochs of `span` slots."""
    return DrawRule("epoch" if span == EPOCH else f"epoch:{span}", epochs, epoch, span=span)


def epoch(state: State, block: int) -> int | None:
    """Uniform over the entrants by the beacon's word for `block`; who was drawn for an earlier block of the epoch
    is out. Source: Stichler (2025), Agent-based simulation of execution tickets."""
    there = entrants(state)
    return there[state.beacon.below(len(there), block)] if there else None


def entrants(state: State) -> list[int]:
    """The undrawn tickets that participants have held since before the last sale: what is bought in the sale right
    before an epoch comes too late for it. What was sold at genesis is in time for the first."""
    live, last = state.titles.live, max(state.slot - 2, -1)
    return [serial for serial in state.urn if live[serial].owner != PROTOCOL and live[serial].sold_slot <= last]


def epochs(state: State, serial: int) -> tuple[int, int]:  # noqa: ARG001
    """Whole epochs: maturity counts the blocks of those in whose draw the ticket can take part."""
    rules = state.rules
    span = rules.draw.span
    opens = state.slot + 2 + rules.lookahead if state.slot >= 0 else 0
    first = -(-opens // span) * span
    return first, NEVER if rules.maturity is None else first + rules.maturity - 1
