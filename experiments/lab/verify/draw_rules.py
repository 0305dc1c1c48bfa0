"""Every draw rule once more, as the auditor has it: its own account of each, so that it can hold the engine's
against it. Nothing of `chain.rules` is used here but the names; a rule that stands there alone is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from chain.rules import DRAW_RULES
from chain.state import Rules
from experiments.lab.config.chain import Chain
from experiments.lab.config.errors import InputError
from experiments.lab.verify.deed import Deed
from experiments.lab.verify.urn import AuditedUrn

Pick = Callable[[AuditedUrn, int], int | None]
"""The serial of the ticket that proposes a block, or None."""

Dates = Callable[[Rules, int, int], tuple[int, int | None]]
"""The first and last block of a ticket, from the slot of its mint and its serial."""


class AuditedRule(NamedTuple):
    """A draw rule. `pick` is made at the start of a slot, `late` after its session where a block has no ticket
    yet; `span` blocks are drawn at once. `dates` None: the dates of tickets are believed."""

    pick: Pick
    dates: Dates | None
    late: Pick | None = None
    span: int = 1


def audited_rule(chain: Chain, span: int | None = None) -> AuditedRule:
    """The auditor's account of the rule that a config names. Raises `InputError` where it has none.

    `span`: how many blocks a rule of the user's own draws at once, if it says what it is; then the dates of its
    tickets are believed with its draws.
    """
    known = RULES.get(chain.draw)
    if known is None and span is not None:
        return AuditedRule(as_told, None, span=span)
    if known is None and chain.draw in DRAW_RULES:
        raise InputError(
            f"chain.draw: the auditor has no account of its own of {chain.draw!r}, and would have to believe its "
            "draws; give it one in experiments/lab/verify/draw_rules.py"
        )
    return AuditedRule(as_told, any_block) if known is None else known(chain)


# Which ticket proposes a block


def all_by_lot(urn: AuditedUrn, block: int) -> int | None:
    """Any undrawn ticket."""
    return urn.by_lot(urn.serials, block)


def entrants_by_lot(urn: AuditedUrn, block: int) -> int | None:
    """Any of the tickets held since before the last sale; those of genesis are in time for block 0."""
    before = max(urn.now.slot - 1, 0)
    held = [deed for deed in urn.deeds() if deed.owner != urn.protocol]
    return urn.by_lot([deed.serial for deed in held if deed.sold_slot < before], block)


def of_window_by_lot(window: int) -> Pick:
    """Any undrawn ticket for the window of the block."""

    def pick(urn: AuditedUrn, block: int) -> int | None:
        last = block - block % window + window - 1
        return urn.by_lot([deed.serial for deed in urn.deeds() if deed.last_block == last], block)

    return pick


def maturing(urn: AuditedUrn, block: int) -> int | None:
    """The ticket of which this is the only block, or the first of its round."""
    return next((deed.serial for deed in urn.deeds() if deed.row.first_block == block), None)


def claimed(urn: AuditedUrn, block: int) -> int | None:
    """Of the standing claims the earliest expiry, then the lowest serial."""
    return earliest(urn.standing(block))


def claimed_or_first_to_expire(urn: AuditedUrn, block: int) -> int | None:
    """A claim, or else the ticket that expires first."""
    serial = claimed(urn, block)
    return earliest(urn.deeds()) if serial is None else serial


def claimed_or_expiring(urn: AuditedUrn, block: int) -> int | None:
    """A claim, or else a ticket that has no later block."""
    serial = claimed(urn, block)
    return earliest([deed for deed in urn.deeds() if deed.last_block <= block]) if serial is None else serial


def as_told(urn: AuditedUrn, block: int) -> int | None:
    """The ticket of which the table says so, if it is in the urn."""
    return next((deed.serial for deed in urn.deeds() if deed.row.drawn_for == block), None)


def earliest(deeds: Sequence[Deed]) -> int | None:
    """The serial of the ticket that expires first."""
    first = min(deeds, key=lambda deed: (deed.last_block, deed.serial), default=None)
    return None if first is None else first.serial


# The first and last block of a ticket


def so_many_draws(rules: Rules, slot: int, serial: int) -> tuple[int, int | None]:  # noqa: ARG001
    """As many rounds as the maturity says, from the first that is still to be drawn."""
    first = first_undrawn(rules, slot)
    return first, None if rules.maturity is None else first + rules.maturity * rules.round - 1


def whole_epochs(span: int) -> Dates:
    """So many blocks from the first epoch in whose draw the ticket can be."""

    def dates(rules: Rules, slot: int, serial: int) -> tuple[int, int | None]:  # noqa: ARG001
        first = first_undrawn(rules, slot)
        if slot >= 0:
            first += 1
        first += -first % span
        return first, None if rules.maturity is None else first + rules.maturity - 1

    return dates


def any_block(rules: Rules, slot: int, serial: int) -> tuple[int, int | None]:  # noqa: ARG001
    """From the first block that is still to be drawn to that which lies the maturity after the first session."""
    return first_undrawn(rules, slot), None if rules.maturity is None else slot + 1 + rules.maturity


def one_window(window: int) -> Dates:
    """The window of the block that lies the maturity after the first session; at genesis, of its serial."""

    def dates(rules: Rules, slot: int, serial: int) -> tuple[int, int | None]:
        assert rules.maturity is not None
        block = serial if slot < 0 else slot + 1 + rules.maturity
        first = block - block % window
        return first, first + window - 1

    return dates


def one_round(rules: Rules, slot: int, serial: int) -> tuple[int, int | None]:
    """The round that lies the maturity after that of the first session; at genesis, of its serial."""
    assert rules.maturity is not None
    first = serial * rules.round if slot < 0 else slot + 1 + rules.maturity * rules.round
    return first, first + rules.round - 1


def first_undrawn(rules: Rules, slot: int) -> int:
    """The first block whose draw is to come when `slot`, the last of a round, has ended."""
    return 0 if slot < 0 else slot + 1 + rules.ahead


LATE: dict[str, Pick] = {"earliest_expiry": claimed_or_first_to_expire, "empty": claimed_or_expiring}

RULES: dict[str, Callable[[Chain], AuditedRule]] = {
    "maturity": lambda _: AuditedRule(maturing, one_round),
    "lottery": lambda _: AuditedRule(all_by_lot, so_many_draws),
    "epoch": lambda chain: AuditedRule(entrants_by_lot, whole_epochs(chain.epoch), span=chain.epoch),
    "claim": lambda chain: AuditedRule(claimed, any_block, late=LATE[chain.unclaimed]),
    "randea": lambda chain: AuditedRule(of_window_by_lot(chain.window), one_window(chain.window)),
}
