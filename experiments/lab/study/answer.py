"""The answer of an experiment, and the folder in which it lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from math import isfinite
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from warnings import warn

from chain.wording import kind_of, shown
from experiments.lab.config.errors import InputError
from experiments.lab.config.told_calls import refuse_attribute
from experiments.lab.metrics.old_names import Figures
from experiments.lab.played.expected_runs import ANSWER
from experiments.lab.runs.folder import make_folder, write_json

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


NO_FIGURES: dict[str, Figure] = {}  # nobody writes into it


class Answer(NamedTuple):
    """What an experiment found: a table to print, numbers by name, and figures by name; a `title` where the data
    have something to say that the question does not."""

    table: pd.DataFrame
    values: dict[str, float]
    figures: dict[str, Figure] = NO_FIGURES
    title: str | None = None

    def __str__(self) -> str:
        """The table that the command prints."""
        from experiments.lab.study.answer_text import sheet_of
        from experiments.lab.terminal.sheet_formats import as_printed

        return "\n".join(faults_of(self)) or as_printed([sheet_of(self)])

    def _repr_html_(self) -> str:
        """In a notebook."""
        from experiments.lab.study.answer_html import answer_html

        if faults := list(faults_of(self)):
            return f"<pre>{escape(chr(10).join(faults))}</pre>"
        return answer_html(self.table, self.values, self.figures)


if not TYPE_CHECKING:  # a checker is to see a misspelt name
    Answer.__getattr__ = refuse_attribute


def answered(file: Path, found: object) -> Answer:
    """What the function in a file found. Raises `InputError` unless it is an answer, a line for each part."""
    if not isinstance(found, Answer):
        raise InputError(f"{file.name}: answer returned {shown(found)}; return an Answer(table, values, figures)")
    if faults := [f"{file.name}: {fault}" for fault in faults_of(found)]:
        raise InputError(*faults)
    return found


def faults_of(answer: Answer) -> Iterator[str]:
    """What of it cannot be written down."""
    if not hasattr(answer.table, "to_csv"):
        yield f"the table of its Answer is {a_kind(answer.table)}; give a dataframe, pandas.DataFrame(...)"
    yield from faults_within("values", answer.values, "a number", lambda value: isinstance(value, Real))
    yield from faults_within("figures", answer.figures, "a figure of matplotlib", has_savefig)


def faults_within(name: str, parts: object, wanted: str, fits: Callable[[object], bool]) -> Iterator[str]:
    """What of a part with names in it does not fit."""
    if not isinstance(parts, Mapping):
        yield f'the {name} of its Answer are {a_kind(parts)}; give {wanted} by its name, {{"name": ...}}'
        return
    for key, part in parts.items():
        if not isinstance(key, str):
            yield f"{name} of its Answer has the name {shown(key)}; give a text, str({shown(key)})"
        elif not fits(part):
            yield f"{name}[{shown(key)}] of its Answer is {a_kind(part)}; give {wanted}"


def has_savefig(figure: object) -> bool:
    """Whether it can be written as SVG."""
    return hasattr(figure, "savefig")


def a_kind(value: object) -> str:
    """`None`, `'a text'`, or of what is larger its kind: `a DataFrame`."""
    return shown(value) if isinstance(value, (str, int, float)) or value is None else f"a {kind_of(value)}"


def finite(answer: Answer) -> Answer:
    """The same without numbers that are none: so short a run says nothing of them. Warns of what is left out."""
    unsaid = [name for name, value in answer.values.items() if not isfinite(value)]
    if unsaid:
        warn(f"left out, for the run says nothing of it: {', '.join(unsaid)}; play more blocks", stacklevel=2)
    said = Figures((name, as_number(value)) for name, value in answer.values.items() if isfinite(value))
    return Answer(told_table(answer.table), said, Figures(answer.figures), answer.title)


def as_number(value: Any) -> float:
    """A number as JSON has it: of numpy's, and of fractions, the one of Python."""
    if isinstance(value, (bool, int)):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def told_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table; asked for what it does not have it says what comes near."""
    import pandas as pd

    from experiments.lab.metrics.told_keys import ToldFrame

    return ToldFrame(table) if isinstance(table, pd.DataFrame) else table


def save(answer: Answer, out: Path) -> list[Path]:
    """Write an answer into its folder: `answer.json`, `table.csv`, `figures/*.svg`. Returns the paths."""
    make_folder(out / "figures")
    write_json(out / ANSWER, answer.values)
    answer.table.to_csv(out / "table.csv", index=False)
    return [out / ANSWER, out / "table.csv", *(draw(figure, out, name) for name, figure in answer.figures.items())]


def draw(figure: Figure, out: Path, name: str) -> Path:
    """Write a figure as SVG, the same bytes every time."""
    import matplotlib as mpl

    path = out / "figures" / f"{name}.svg"
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    return path
