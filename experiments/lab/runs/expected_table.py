"""What came of a run, and beside it what was expected: of the blocks, and of everyone's profit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from experiments.lab.metrics.averages import ratio
from experiments.lab.runs.fortune import Floats, Fortune
from experiments.lab.runs.run_answer import RunAnswer
from experiments.lab.runs.taking_part import Participation, own_first

MOST_AGENTS = 24
NOTHING = "–"
LEAST = 5e-6  # ETH, that can be shown
Figures = dict[str, tuple[float | None, float | None]]
"""By structure: what came, and what was expected; None where that is not known."""


def expected_table(answer: RunAnswer, played: Sequence[Participation]) -> Table:
    """Two columns a structure, or one where nothing can be expected; the user's own strategies first."""
    names = [one.structure for one in played]
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", overflow="fold", min_width=16)
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
        if answer.fortunes:
            table.add_column("expected", justify="right", no_wrap=True)
    for label, figures in worth_rows(answer.fortunes):
        table.add_row(label, *cells(names, figures, answer))
    table.add_row("profit, ETH", style="bold")
    for agent, figures in profit_rows(played, answer.fortunes):
        table.add_row(agent, *cells(names, figures, answer))
    return table


def cells(names: Sequence[str], figures: Figures, answer: RunAnswer) -> Iterable[str]:
    """The cells of a row."""
    for name in names:
        came, expected = figures.get(name, (None, None))
        yield shown_amount(came)
        if answer.fortunes:
            yield shown_amount(expected)


def shown_amount(value: float | None) -> str:
    """Four digits, and at most five places."""
    if value is None:
        return NOTHING
    if abs(value) < LEAST:
        return "0"
    size = math.floor(math.log10(max(abs(value), 0.01)))
    return f"{value:z,.{max(1, 3 - size)}f}"


def worth_rows(fortunes: Mapping[str, Fortune]) -> Iterable[tuple[Text, Figures]]:
    """What a block was worth, what was paid for it, and which share that is."""
    if not fortunes:
        return
    named = fortunes.items()
    yield Text("block's worth, ETH"), {name: means(own.worth, own.expected) for name, own in named}
    yield Text("paid for it, ETH"), {name: means(own.paid, own.fair) for name, own in named}
    yield Text("paid / worth, %"), {name: shares(own) for name, own in named}


def means(came: Floats, expected: Floats) -> tuple[float, float]:
    """Both by block."""
    return float(came.mean()), float(expected.mean())


def shares(own: Fortune) -> tuple[float | None, float | None]:
    """What was paid of what blocks were worth, percent, as it came and as expected."""
    return ratio(100 * own.paid.sum(), own.worth.sum()), ratio(100 * own.fair.sum(), own.expected.sum())


def profit_rows(
    played: Sequence[Participation], fortunes: Mapping[str, Fortune]
) -> Iterable[tuple[Text, Figures]]:
    """Everyone's profit, many others together."""
    agents = own_first(played)
    for agent in agents[:MOST_AGENTS]:
        yield name_of(agent, played[0]), {one.structure: profit(one, fortunes, [agent]) for one in played}
    if rest := agents[MOST_AGENTS:]:
        yield Text(f"{len(rest):,} others"), {one.structure: profit(one, fortunes, rest) for one in played}


def profit(
    played: Participation, fortunes: Mapping[str, Fortune], agents: Sequence[str]
) -> tuple[float, float | None]:
    """The profit of some agents together, and without their luck."""
    came = sum(played.profit_eth[agent] for agent in agents)
    fortune = fortunes.get(played.structure)
    if fortune is None or fortune.luck is None:
        return came, None
    return came, came - sum(fortune.luck.get(agent, 0.0) for agent in agents)


def name_of(agent: str, played: Participation) -> Text:
    """An agent, with the user's own strategy that it plays."""
    if agent not in played.own:
        return Text(f"  {agent}")
    return Text(f"  {agent}", "bold").append(f"  {played.own[agent]}", "not bold dim")
