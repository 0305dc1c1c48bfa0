"""What a run says to the question of the project, at the head of its page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from experiments.lab.report.palette import STRUCTURES
from experiments.lab.report.table import head, row, table
from experiments.lab.runs.expected_table import Figures, shown_amount, worth_rows
from experiments.lab.runs.run_answer import RunAnswer


def answer_section(answer: RunAnswer) -> str:
    """The sentences, and under them what came beside what was expected."""
    first, *others = map(escape, answer.sentences)
    said = f"<p><strong>{first}</strong> {' '.join(others)}</p>"
    if not answer.fortunes:
        return f'<section id="answer"><h2>What this run says</h2>{said}</section>\n'
    names = list(answer.fortunes)
    heads = [head("ETH a block"), *(one for name in names for one in two_heads(name))]
    lines = [(label.plain.removesuffix(", ETH"), figures) for label, figures in worth_rows(answer.fortunes)]
    rows = [row(label, cells(names, figures)) for label, figures in lines]
    whole = table(heads, rows, "What came of each market structure, and what was expected")
    luck = f"<p>{escape(answer.remark)}</p>"
    return f'<section id="answer"><h2>What this run says</h2>{said}{whole}{luck}</section>\n'


def two_heads(name: str) -> tuple[str, str]:
    """The headings of a structure's two columns."""
    colour = STRUCTURES[name].colour
    return head(name, "as it came", colour=colour), head(name, "expected", colour=colour)


def cells(names: Sequence[str], figures: Figures) -> list[str]:
    """What came and what was expected, structure by structure."""
    return [shown_amount(value) for name in names for value in figures[name]]
