"""What a run tells its user at its end, on a terminal or as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO
from typing import NamedTuple

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from experiments.lab.runs.agents_tickets import tickets_sheets
from experiments.lab.runs.expected_table import expected_table
from experiments.lab.runs.lone_bidders import lone_lines
from experiments.lab.runs.run_answer import read_answer
from experiments.lab.runs.summary_text import summary_sheet
from experiments.lab.runs.taking_part import (
    Participation,
    PlayedFolder,
    how_often,
    idle_lines,
    read_participation,
    since,
)
from experiments.lab.runs.violation_kinds import ViolationKind
from experiments.lab.runs.winless import winless_lines
from experiments.lab.terminal.sheet_text import fitted

WIDTH = 100  # letters, of a text that is on no terminal
MOST_KINDS = 12  # of violations under one structure
MOST_NAMED = 3  # agents of one kind


class Epilogue(NamedTuple):
    """What only who gave the command can say: where the run is kept, and the next command. `mend` is the next one
    for those whose strategy was refused something."""

    kept: str
    next: str
    mend: str | None = None


def show_run(console: Console, folders: Sequence[PlayedFolder], epilogue: Epilogue) -> None:
    """Tell all that there is to tell of the structures of a run. Raises `InputError`."""
    played = [read_participation(*folder) for folder in folders]
    if played:
        paths = {one.structure: folder.path for one, folder in zip(played, folders, strict=True)}
        summaries = {one.structure: folder.summary for one, folder in zip(played, folders, strict=True)}
        answer = read_answer(paths)
        console.print(Text(" ".join(answer.sentences), "bold"), Text(), expected_table(answer, played), sep="\n")
        console.print(Text(f"\n{answer.remark}\n" if answer.remark else ""))
        lone = (Text(line, "yellow") for line in [*lone_lines(paths), *winless_lines(played, paths)])
        for sheet in tickets_sheets(played, [folder.path for folder in folders]):
            console.print(fitted(sheet, console), Text(), sep="\n")
        console.print(fitted(summary_sheet(summaries), console), *about_agents(played), *lone, Text(), sep="\n")
    next_ = epilogue.mend if epilogue.mend and any(one.is_failing for one in played) else epilogue.next
    console.print(Text(f"{epilogue.kept}\nnext: {next_}"), soft_wrap=True)  # a command is copied in one piece


def run_html(folders: Sequence[PlayedFolder], epilogue: Epilogue, ways: str) -> str:
    """The answer, the summary and how one goes on, as a notebook shows them; `ways` are those to see more. Raises
    `InputError`."""
    from experiments.lab.terminal.sheet_html import to_html  # of no use on a terminal

    played = [read_participation(*folder) for folder in folders]
    after = [*idle_lines(played), epilogue.kept, f"next: {epilogue.next}", f"shown by: {ways}"]
    if not played:
        return to_html([], [], after)
    answer = read_answer({one.structure: folder.path for one, folder in zip(played, folders, strict=True)})
    summaries = {one.structure: folder.summary for one, folder in zip(played, folders, strict=True)}
    tickets = tickets_sheets(played, [folder.path for folder in folders])
    return to_html([" ".join(answer.sentences), answer.remark], [summary_sheet(summaries), *tickets], after)


def about_agents(played: Sequence[Participation]) -> Iterator[RenderableType]:
    """What was refused, and who never acted."""
    yield from violation_texts(played)
    yield from (Text(line, "yellow") for line in idle_lines(played))


def run_text(folders: Sequence[PlayedFolder], epilogue: Epilogue) -> str:
    """The same as `show_run`, as text without colours, in lines of `WIDTH` letters. Raises `InputError`."""
    file = StringIO()
    show_run(Console(file=file, width=WIDTH, color_system=None, emoji=False), folders, epilogue)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def violation_texts(played: Sequence[Participation]) -> Iterator[RenderableType]:
    """The kinds of violations, structure by structure, those of the user's own strategies first."""
    strict = next((one.kinds[0] for one in played if one.kinds), None)
    for one in played:
        if not one.kinds:
            continue
        total = sum(kind.rows for kind in one.kinds)
        yield Text()
        yield Text(f"{total:,} {'violations' if total > 1 else 'violation'} under {one.structure}", "bold")
        kinds = sorted(one.kinds, key=lambda kind: (one.own.keys().isdisjoint(kind.agents), -kind.rows))
        for kind in kinds[:MOST_KINDS]:
            yield Padding(Text(kind.what), (0, 0, 0, 2), expand=False)
            yield from (
                Padding(Text(line), (0, 0, 0, 4), expand=False) for line in by_agent(kind, one, kind is strict)
            )
        if kinds[MOST_KINDS:]:
            yield Text(f"  {len(kinds) - MOST_KINDS:,} more kinds: they are in the table violations")


def by_agent(kind: ViolationKind, played: Participation, is_first: bool) -> Iterator[str]:
    """Who did it, how often and since when; a few of many."""
    names = sorted(kind.agents, key=lambda name: (name not in played.own, -kind.agents[name].rows))
    stop = "; --strict stops there" if is_first else ""
    for name in names[:MOST_NAMED]:
        own = kind.agents[name]
        yield f"{name}: {how_often(own, played.asked(name))}, {since(own)}{stop}"
        stop = ""
    if names[MOST_NAMED:]:
        rows = sum(kind.agents[name].rows for name in names[MOST_NAMED:])
        yield f"{len(names) - MOST_NAMED:,} more agents: {rows:,} times"
