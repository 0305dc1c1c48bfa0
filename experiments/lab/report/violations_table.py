"""What was refused in a run, or raised: a row for each kind and each agent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from experiments.lab.report.table import cell, head, table
from experiments.lab.runs.taking_part import Participation

MOST_ROWS = 200
INTRODUCTION = (
    "What participants wanted and were refused, and what their strategies raised, by kind; those of one's own "
    "strategies come first. A turn is one asking: a slot and a phase in it."
)


def violations_section(played: Sequence[Participation]) -> str:
    """The table with its heading; nothing where nothing was refused."""
    found = sorted((row for one in played for row in rows_of(one)), key=lambda row: (not row[0], -row[1]))
    if not found:
        return ""
    heads = [
        head("kind", kind="text"),
        head("structure"),
        head("agent"),
        head("times"),
        head("turns"),
        head("first"),
    ]
    left = f" {len(found) - MOST_ROWS:,} more rows are left out." if found[MOST_ROWS:] else ""
    whole = table(heads, [html for *_, html in found[:MOST_ROWS]], "Violations")
    return f'<section id="violations"><h2>Violations</h2><p>{escape(INTRODUCTION + left)}</p>{whole}</section>\n'


def rows_of(played: Participation) -> Iterator[tuple[bool, int, str]]:
    """For each kind and agent of a structure: whether its strategy is the user's own, how often, and the row."""
    for kind in played.kinds:
        for agent, own in kind.agents.items():
            asked = played.asked(agent)
            turns = f"{own.turns:,}" if not asked else f"{own.turns:,} of {asked:,}"
            slot, phase = own.first
            cells = (played.structure, agent, f"{own.rows:,}", turns, f"block {slot:,}, {phase}")
            name = f'<th scope="row" class="error">{escape(kind.what)}</th>'
            yield agent in played.own, own.rows, f"<tr>{name}{''.join(map(cell, cells))}</tr>"
