"""What a run says to the question of the project: what a ticket brings, and what a sale just in time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from experiments.lab.config.errors import InputError
from experiments.lab.runs.estimates import Estimate, Rarity, estimate, rarity, ratio_estimate
from experiments.lab.runs.folder import TABLES
from experiments.lab.runs.fortune import Fortune, read_fortunes
from experiments.lab.runs.known_rewards import read_rewards

WHAT_LUCK_IS = (
    "Expected is what came without luck. Luck is what became known of a block's reward while one held the right "
    "to it: it has mean 0 whatever one does, so what it adds to a profit, or takes off it, is no finding."
)
CHOSEN = "Where holders choose their blocks (claim), nothing says what of a profit is luck."
GIVEN = "Under pbs proposers are given their blocks; tickets are paid for."
NO_LUCK = 1e-9  # of what is expected


class RunAnswer(NamedTuple):
    """The fortunes of the structures, and what follows from them in sentences."""

    fortunes: Mapping[str, Fortune]
    sentences: tuple[str, ...]

    @property
    def remark(self) -> str:
        """What must be known to read the figures; nothing where there are none."""
        if not self.fortunes:
            return ""
        own = self.fortunes.values()
        is_mixed = len({one.has_tickets for one in own}) > 1
        is_chosen = any(one.luck is None for one in own)
        return " ".join([WHAT_LUCK_IS, *[GIVEN] * is_mixed, *[CHOSEN] * is_chosen])


def read_answer(folders: Mapping[str, Path]) -> RunAnswer:
    """What the structures of a run say, whose folders are given by name.

    Of one whose config this version does not take, as of an earlier one, nothing can be said.
    """
    try:
        fortunes = read_fortunes(folders)
    except InputError as error:
        return RunAnswer({}, (f"What of this run is luck cannot be said: {error.args[0]}.",))
    if not fortunes:
        return RunAnswer({}, tuple(what_is_missing(folder) for folder in list(folders.values())[:1]))
    ahead = [name for name, own in fortunes.items() if own.has_tickets]
    spot = [name for name, own in fortunes.items() if not own.has_tickets]
    name = [*ahead, *spot][0]
    if not fortunes[name].proposed:
        return RunAnswer(fortunes, (nobody(name, fortunes[name]),))
    brought = [*compared(ahead[0], spot[0], fortunes)] if ahead and spot else [alone(name, fortunes[name])]
    luck = luck_of(fortunes[name], rarity(folders[name], fortunes[name].worth))
    return RunAnswer(fortunes, (*brought, luck))


def nobody(name: str, own: Fortune) -> str:
    """Where nothing came of a structure."""
    why = ", for no ticket that was drawn had been sold" if own.has_tickets else ""
    return f"Under {name} nobody proposed{why}: all {len(own.worth):,} slots were empty."


def what_is_missing(folder: Path) -> str:
    """Why there is nothing to expect."""
    why = read_rewards(folder / TABLES).missing or "no block was run"
    return f"What of this run is luck cannot be said: {why}."


def compared(ahead: str, spot: str, fortunes: Mapping[str, Fortune]) -> Iterator[str]:
    """A ticket and a sale just in time on the same blocks, as they came and as expected."""
    blocks = min(len(fortunes[name].worth) for name in (ahead, spot))  # one may have been cut off
    ticket, block = fortunes[ahead].first(blocks), fortunes[spot].first(blocks)
    which = f", {ticket.unsold:,} of which had no sold ticket under {ahead}," if ticket.unsold else ""
    each = f"for each of the {counted(blocks)}" if ticket.unsold else "a block"
    yield (
        f"On the same {counted(blocks)}{which} a ticket sold ahead ({ahead}) brought the protocol "
        f"{digits(ticket.paid.mean())} ETH {each}, and a sale just in time ({spot}) brought the proposer "
        f"{digits(block.paid.mean())}."
    )
    both = f"{digits(ticket.fair.mean())} and {digits(block.fair.mean())}"
    yield f"Expected, luck apart, are {both}: {told_difference(estimate(ticket.fair - block.fair))}."


def told_difference(difference: Estimate) -> str:
    """How much more the ticket brings, and whether the run shows it."""
    mean, half = difference
    if half is None:
        return f"a difference of {digits(mean)} ETH (too few blocks for its uncertainty)"
    whole = f"a difference of {with_error(difference)} ETH (95%)"
    if abs(mean) <= half:
        return f"{whole}, so none that this run shows"
    return f"{whole}, so the ticket brings {'more' if mean > 0 else 'less'}"


def alone(name: str, own: Fortune) -> str:
    """One structure, as it came and as expected."""
    share = f": {with_error(ratio_estimate(100 * own.fair, own.expected))} percent" if own.expected.any() else ""
    came = some_sold(name, own) if own.unsold else all_sold(name, own)
    return (
        f"{came} Expected, luck apart, are {digits(own.fair.mean())} of {digits(own.expected.mean())}"
        f"{' a block of all' if own.unsold else ''}{share}."
    )


def all_sold(name: str, own: Fortune) -> str:
    """What came of a structure whose blocks were all sold, by block."""
    what = "a ticket sold ahead" if own.has_tickets else "a sale just in time"
    whom = "the protocol" if own.has_tickets else "the proposer"
    return (
        f"On {counted(len(own.worth))} {what} ({name}) brought {whom} {digits(own.paid.mean())} ETH a block, "
        f"which was worth {digits(own.worth.mean())}."
    )


def some_sold(name: str, own: Fortune) -> str:
    """What came of one where some blocks had no sold ticket: by block of all, and of those that had one."""
    sold, nobodys = int(own.sold.sum()), own.worth[~own.sold].sum()
    return (
        f"{own.unsold:,} of {counted(len(own.worth))} had no sold ticket: {digits(nobodys)} of the "
        f"{digits(own.worth.sum())} ETH that all were worth were nobody's. Tickets sold ahead ({name}) brought "
        f"the protocol {digits(own.paid.mean())} ETH a block of all, which was worth {digits(own.worth.mean())}, "
        f"or {digits(own.paid.sum() / sold)} a block with a sold ticket, which was worth "
        f"{digits(own.worth[own.sold].mean())}."
    )


def luck_of(own: Fortune, rare: Rarity | None) -> str:
    """What the blocks that were sold were worth beyond what was expected of them, and whom that hit."""
    worth, expected, surprise = own.worth[own.sold].sum(), own.expected[own.sold].sum(), own.surprise
    if abs(surprise) <= NO_LUCK * expected:
        return "No luck is in it: the blocks were worth what was expected of them."
    kind = "lucky" if surprise > 0 else "unlucky"
    when = "when their tickets were sold" if own.has_tickets else "before block 0"
    which = f"the {counted(len(own.worth) - own.unsold)} with a sold ticket" if own.unsold else "its blocks"
    others = "" if rare is None else f"; {told_rarity(rare, kind)}"
    return (
        f"The run was {kind} by {digits(abs(surprise))} ETH{whose(own)}: {which} were worth {digits(worth)} where "
        f"{digits(expected)} were expected {when}{others}."
    )


def whose(own: Fortune) -> str:
    """Whom the luck hit, where tickets are sold ahead: all of it is their holders', but for what became known of a
    block whose ticket had gone back to the protocol."""
    if not own.has_tickets or own.luck is None:
        return ""
    held = sum(own.luck.values())
    did = "gained" if held > 0 else "lost"
    if math.isclose(held, own.surprise, rel_tol=NO_LUCK):
        return f", which those who held tickets {did}"
    return f", of which those who held tickets {did} {digits(abs(held))}"


def told_rarity(rare: Rarity, kind: str) -> str:
    """How many other runs are worth less: more than half of them, where a few blocks make the mean."""
    why = ", for few blocks make the mean" if kind == "unlucky" and rare.below > 0.5 else ""
    return f"in {rare.below:z.0%} of {rare.draws} other runs by this law the blocks are worth less than here{why}"


def counted(blocks: int) -> str:
    """A number of blocks."""
    return "1 block" if blocks == 1 else f"{blocks:,} blocks"


def digits(value: float) -> str:
    """An amount with four significant digits, never in powers of ten."""
    if value == 0 or not math.isfinite(value):
        return "0"
    places = max(0, 3 - math.floor(math.log10(abs(value))))
    return f"{value:z,.{places}f}"


def with_error(own: Estimate) -> str:
    """`0.0012 ± 0.0003`: one digit of the uncertainty, or two where it begins with 1; as many places of both."""
    if own.half is None:
        return digits(own.mean)
    if own.half == 0:
        return f"{digits(own.mean)} ± 0"
    size = math.floor(math.log10(own.half))
    places = max(0, -size + (own.half < 2 * 10**size))
    return f"{round(own.mean, places) + 0.0:z.{places}f} ± {own.half:z.{places}f}"  # + 0.0: no −0
