"""The numbers of the docs' prose and where they come from.

A comment in a page, which no reader sees, says it of the text above it, up to the last comment or heading:

    <!-- numbers
    block is 52 := sale_timing["interior.n = 8, d_S = 1.7 %, d_B = 1.5 %.best_block"]
    about 10 % := 100 * max(abs(fit[q] - 1) for q in inner) within 2
    10,000 auctions :: setting
    60.66 :: quoted, Stichler (2025), table 4
    -->

`SNIPPET := EXPRESSION [within TOLERANCE]`: the numbers of the snippet, as it stands in the text, are what the
expression gives; a snippet without numbers is a sentence that it must make true. Names of experiments stand for
their last committed answer (`experiments/expected`), `case("NAME", "CASE")` for another, `figures` for
tests/docs/doc_figures.py; lines that begin with a
space go on with the one before. Without a tolerance a number must be rounded right. `SNIPPET :: KIND, WHY` says
that a number is no answer of an experiment; a snippet `*` stands for all that are left.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.docs import doc_figures
from tests.docs.doc_answers import case, last_answers
from tests.places import ROOT

KINDS = {
    "setting": "what was put in: counts, parameters, levels",
    "quoted": "the source's own number",
    "formula": "follows by hand from what stands beside it",
    "timed": "differs from machine to machine",
    "run": "printed by a command that takes too long to be repeated, which is named",
    "test": "a test holds it, which is named",
}

MARKER = re.compile(r"<!-- numbers\n(.*?)\n-->", re.DOTALL)
NUMBER = re.compile(
    r"(?<![\w.])(?:(?<![\w)\].–-] )?[−+-])?(?:\d[\d,]*\d|\d)?(?:\.\d+|(?<=\d))(?:e[+-]?\d+)?(?![\w]|\.\d)"
)
HIDDEN = re.compile(
    r"```.*?```|`[^`\n]*`|<!--.*?-->|\$\$.*?\$\$|\$[^$]*\$|^#.*?$|!?\[[^\]]*\]\([^)]*\)|https?://\S+"
    r"|arXiv \d+\.\d+|\b1559(?= (?:style|pricing|controller))|flexible 1559|\b(?:1[89]|20)\d\d\b(?![,.]?\d| ?%)"
    r"|\b[A-Za-z_]+-?\d+(?:\.\d+)*\b",
    re.DOTALL | re.MULTILINE,
)
"""What is no number of the prose: code, formulas, headings, links, years, names."""


@dataclass(frozen=True)
class Line:
    """A line of a marker: a snippet of the text above, and what is said of its numbers."""

    snippet: str
    source: str
    tolerance: float | None = None

    @property
    def kind(self) -> str | None:
        """Where the number is no answer: its kind."""
        if self.source.startswith(":: "):
            return self.source.removeprefix(":: ").split(",")[0].strip()
        return None


@dataclass(frozen=True)
class Stretch:
    """Text and the lines of the marker under it."""

    text: str
    lines: tuple[Line, ...]


def stretches(page: str) -> Iterator[Stretch]:
    """A page in the pieces of which markers speak; those under which none stands have no lines."""
    place = 0
    for found in MARKER.finditer(page):
        pieces = sections(page[place : found.start()])
        yield from (Stretch(piece, ()) for piece in pieces[:-1])
        yield Stretch(pieces[-1], tuple(read_lines(found.group(1))))
        place = found.end()
    yield from (Stretch(piece, ()) for piece in sections(page[place:]))


def sections(text: str) -> list[str]:
    """Text in front of each heading and behind it; fenced code has none."""
    bare = re.sub(
        r"```.*?```", lambda code: re.sub(r"^#", " ", code.group(), flags=re.MULTILINE), text, flags=re.DOTALL
    )
    return re.split(r"^(?=#+ )", bare, flags=re.MULTILINE)


def read_lines(body: str) -> Iterator[Line]:
    """The lines of a marker; ValueError for one that is none."""
    for line in re.sub(r"\n\s+", " ", body).splitlines():
        if " := " in line:
            snippet, _, rest = line.partition(" := ")
            source, _, within = rest.partition(" within ")
            yield Line(snippet.strip(), source.strip(), float(within) if within else None)
        elif " :: " in line:
            snippet, _, rest = line.partition(" :: ")
            yield Line(snippet.strip(), f":: {rest.strip()}")
        else:
            raise ValueError(f"{line!r} is neither SNIPPET := EXPRESSION nor SNIPPET :: KIND, WHY")


def numbers(text: str) -> list[tuple[float, float]]:
    """The numbers of a text, each with half a unit of its last digit."""
    return [(value_of(found.group()), half_unit(found.group())) for found in NUMBER.finditer(text)]


def value_of(token: str) -> float:
    """`−1,027.5` as a number."""
    return float(token.replace("−", "-").replace(",", ""))


def half_unit(token: str) -> float:
    """Half of the last digit that is written, `.41`: .005."""
    digits, _, power = token.replace(",", "").partition("e")
    decimals = len(digits.partition(".")[2])
    return 0.5 * 10.0 ** (int(power or 0) - decimals)


def plain(text: str) -> str:
    """Text on one line, as snippets are looked for."""
    return re.sub(r"\s+", " ", text)


def prose(text: str) -> str:
    """Text without what is no prose; what is left stays in its place."""
    return HIDDEN.sub(lambda found: " " * len(found.group()), text)


def untold(stretch: Stretch) -> list[str]:
    """Numbers of a stretch of which no line speaks."""
    return [found.group() for found in NUMBER.finditer(left(stretch))]


def left(stretch: Stretch) -> str:
    """The prose of a stretch on one line, without what its lines speak of."""
    if any(line.snippet == "*" for line in stretch.lines):
        return ""
    told = plain(prose(stretch.text))
    for line in sorted(stretch.lines, key=lambda one: -len(one.snippet)):
        told = told.replace(plain(prose(line.snippet)).strip() or "\0", "¶")
    return told


def faults(stretch: Stretch) -> Iterator[str]:
    """What is wrong with the lines of a stretch, a sentence each."""
    for line in stretch.lines:
        if line.snippet != "*" and line.snippet not in plain(stretch.text):
            yield f"{line.snippet!r} is not in the text above its marker"
        elif line.kind is None:
            yield from disagreements(line)
        elif line.kind not in KINDS:
            yield f"{line.snippet!r}: {line.kind!r} is none of {', '.join(KINDS)}"
        elif line.kind == "test" and not (ROOT / line.source.split(",")[1].strip().split("::")[0]).is_file():
            yield f"{line.snippet!r}: {line.source} names no test"


def disagreements(line: Line) -> Iterator[str]:
    """Where the numbers of a snippet are not those of its expression."""
    found = eval(line.source, names())
    written = numbers(line.snippet)
    if not written:
        if found is not True:
            yield f"{line.snippet!r}: {line.source} is {found}"
        return
    values = [found] if isinstance(found, (int, float)) else list(found)
    if len(values) != len(written):
        yield f"{line.snippet!r} has {len(written)} numbers, {line.source} gives {len(values)}"
        return
    for value, (said, half) in zip(values, written, strict=True):
        tolerance = half if line.tolerance is None else line.tolerance
        if abs(value - said) > tolerance * (1 + 1e-9):
            yield f"{line.snippet!r} says {said:g}, but it is {value:.6g} (within {tolerance:g}): {line.source}"


@cache
def names() -> dict[str, Any]:
    """What expressions may use: the last answer of each experiment, `case`, `figures`, a root."""
    return {**last_answers(), "case": case, "figures": doc_figures, "sqrt": math.sqrt}
