"""Every agent of a run, with what it did and what it earned under each structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from experiments.lab.report.palette import STRUCTURES
from experiments.lab.report.proposer_shares import count_proposals
from experiments.lab.report.run_source import Source, without_luck
from experiments.lab.report.table import head, row, table

INTRODUCTION = (
    "All agents, also those that a figure takes together. Expected is without the luck of rewards. A click on a "
    "heading sorts."
)


class AgentColumn(NamedTuple):
    """What one structure says about each agent."""

    title: str
    unit: str
    structure: str
    values: Mapping[str, float]
    form: str


def agents_table(sources: Sequence[Source], agents: Sequence[str]) -> str:
    """A row for each of `agents`: profits and proposals, structure by structure."""
    columns = [*(one for source in sources for one in profits(source)), *proposals(sources)]
    heads = [
        head("agent"),
        *(
            head(f"{own.title}, {own.structure}", own.unit, colour=STRUCTURES[own.structure].colour)
            for own in columns
        ),
    ]
    rows = [row(name, [format(own.values.get(name, 0), own.form) for own in columns]) for name in agents]
    whole = table(heads, rows, "Agents")
    return f'<section id="agents"><h2>Agents</h2><p>{escape(INTRODUCTION)}</p>{whole}</section>\n'


def column_head(column: AgentColumn) -> str:
    """The heading of a column, with its structure's colour."""
    colour = STRUCTURES[column.structure].colour
    return head(f"{column.title}, {column.structure}", column.unit, colour=colour)


def profits(source: Source) -> list[AgentColumn]:
    """What each agent earned, and where that is known what it would have earned without luck, ETH."""
    came = AgentColumn("profit", "ETH", source.structure, source.summary["profit_eth"], ",.4f")
    fair = AgentColumn("expected profit", "ETH", source.structure, without_luck(source), ",.4f")
    return [came, fair] if fair.values else [came]


def proposals(sources: Sequence[Source]) -> list[AgentColumn]:
    """How many blocks each agent proposed."""
    return [AgentColumn("proposed", "blocks", own.structure, count_proposals(own), ",.0f") for own in sources]
