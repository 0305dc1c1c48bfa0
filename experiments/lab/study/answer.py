"""The answer of an experiment, and the folder in which it lies."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from warnings import warn

from chain.wording import shown
from experiments.lab.config.errors import InputError
from experiments.lab.runs.folder import clear, make_folder, write_json

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ANSWER = "answer.json"


class Answer(NamedTuple):
    """What an experiment found: a table to print, numbers by name, and figures by name; a `title` where the data
    have something to say that the question does not."""

    table: pd.DataFrame
    values: dict[str, float]
    figures: dict[str, Figure]
    title: str | None = None


def answered(file: Path, found: object) -> Answer:
    """What the function in a file found. Raises `InputError` unless it is an answer."""
    if isinstance(found, Answer):
        return found
    raise InputError(f"{file.name}: answer returned {shown(found)}; return an Answer(table, values, figures)")


def finite(answer: Answer) -> Answer:
    """The same without numbers that are none: so short a run says nothing of them. Warns of what is left out."""
    unsaid = [name for name, value in answer.values.items() if not isfinite(value)]
    if unsaid:
        warn(f"left out, for the run says nothing of it: {', '.join(unsaid)}; play more blocks", stacklevel=2)
    said = {name: value for name, value in answer.values.items() if isfinite(value)}
    return answer._replace(values=said)


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


def prepare(out: Path, force: bool) -> None:
    """An empty folder for an experiment. Raises `InputError` where something else lies there."""
    make_folder(out)
    if any(out.iterdir()):
        if not (out / ANSWER).is_file() and [path.name for path in out.iterdir()] != ["runs"]:
            raise InputError(
                f"{out}: the folder is not empty and holds no experiment; name another one with --out"
            )
        if not force:
            raise InputError(
                f"{out}: holds an answer already, or runs for one; name another folder, or add --force"
            )
        clear(out)
