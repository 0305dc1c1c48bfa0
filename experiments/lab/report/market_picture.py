"""A picture of a market structure: its roles one below the other, and what they sold each other in a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from chain.home import expanded
from experiments.lab.report.market_arrows import (
    BUILDERS,
    HOLDERS,
    PROPOSERS,
    PROTOCOL,
    ROLES,
    MarketArrow,
    market_arrows,
)
from experiments.lab.report.run_source import Source, having, read_sources
from experiments.lab.report.text_file import write
from experiments.lab.runs.expected_table import shown_amount

NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
WIDTH, MARGIN = 400, 14  # pixels; a phone is as wide
TOP, BOX, GAP, LINE = 62, 46, 96, 17  # above the first box; a box; an arrow; a line of text
RESALES = {
    "both": "Ticket resold before its draw, or after",
    "ex_ante": "Ticket resold before its draw",
    "ex_post": "Ticket resold after its draw",
    "never": "Ticket without resale",
}
NOT_MODELLED = (
    "Dotted: no market. A block: over all blocks of the run.",
    "Not modelled: validating, which stays with the",
    "validators; rights to propose and to build are sold.",
)


class MarketPicture(NamedTuple):
    """A picture as SVG, in light and dark colours by what who looks at it prefers."""

    title: str
    svg: str

    def _repr_svg_(self) -> str:
        """In a notebook."""
        return self.svg

    def save(self, file: str | Path) -> Path:
        """Write it to a file; returns where it is. Raises `InputError`."""
        place = expanded(Path(file))
        write(self.svg, place)
        return place


def pictures_in(folder: Path) -> dict[str, MarketPicture]:
    """A picture of each structure of a run's folder. Raises `InputError`."""
    return {source.structure: market_picture(source) for source in read_sources(folder)}


def save_pictures(run: Path, folder: Path) -> list[Path]:
    """Write those of a run's folder into another one, as structure_NAME.svg. Raises `InputError`."""
    return [picture.save(expanded(folder) / f"structure_{name}.svg") for name, picture in pictures_in(run).items()]


def pictures_section(sources: Sequence[Source]) -> str:
    """The same on the page about a run."""
    drawn = "".join(market_picture(source).svg.replace(NAMESPACE, "") for source in sources)
    return f'<section id="markets"><h2>Who sells what to whom</h2><div class="pictures">{drawn}</div></section>\n'


def market_picture(source: Source) -> MarketPicture:
    """The picture of one structure. Raises `InputError`."""
    arrows = market_arrows(source)
    roles = [role for role in ROLES if role != HOLDERS or source.summary["tickets_minted"]]
    notes = [*out_of_the_way(arrows, roles), *NOT_MODELLED]
    title = title_of(source)
    parts = [
        words(MARGIN, 27, title, "et-head"),
        words(MARGIN, 46, f"{source.structure}: {source.blocks:,} blocks of one run", "et-quiet"),
        *drawn_roles(roles, words_of_roles(source)),
        *drawn_gaps(roles, arrows, max(source.blocks, 1)),
        *footer(foot_of(len(roles)), notes),
    ]
    height = foot_of(len(roles)) + LINE * len(notes) + 2
    return MarketPicture(title, framed(f"{title}: who sells what to whom", height, parts))


def title_of(source: Source) -> str:
    """What is sold, in a few words."""
    market = source.manifest["config"]["market"]
    if not source.summary["tickets_minted"]:
        return "No ticket"
    if source.structure == "et_expost":
        return RESALES["ex_post"]
    return RESALES[market["resale"] if market["secondary"] else "never"]


def words_of_roles(source: Source) -> dict[str, str]:
    """What each role did, beside what it sold."""
    blocks = source.read("blocks", "proposer", "builder", "net_gwei")
    built = int(pc.sum(pc.is_valid(blocks.column("builder"))).as_py() or 0)
    net = int(pc.sum(blocks.column("net_gwei")).as_py() or 0) / 1e9 / max(built, 1)
    minted = source.summary["tickets_minted"]
    return {
        PROTOCOL: f"mints {counted(minted, 'ticket')}" if minted else "picks a validator for each block",
        HOLDERS: f"{counted(first_holders(source), 'agent')} that the protocol sold tickets to",
        PROPOSERS: f"{counted(different(blocks, 'proposer'), 'agent')} with the right to a block",
        BUILDERS: f"build {counted(built, 'block')}, worth {shown_amount(net)} ETH each",
    }


def first_holders(source: Source) -> int:
    """How many bought tickets from the protocol, handed-out tickets apart."""
    bought = having(source.read("trades", "ticket", "buyer", "market"), market="primary")
    return different(bought, "buyer")


def different(rows: pa.Table, column: str) -> int:
    """How many agents are in a column."""
    return int(pc.count_distinct(rows.column(column).cast(pa.string())).as_py())


def out_of_the_way(arrows: Sequence[MarketArrow], roles: Sequence[str]) -> list[str]:
    """Arrows between roles that are not neighbours, in words."""
    neighbours = set(pairwise(roles))
    return [
        f"{arrow.name} to {arrow.buyer}: {counted(arrow.number, arrow.thing)}"
        for arrow in arrows
        if (arrow.seller, arrow.buyer) not in neighbours
    ]


def top_of(number: int) -> int:
    """Where the box of a role begins."""
    return TOP + number * (BOX + GAP)


def foot_of(roles: int) -> int:
    """Where the first note stands."""
    return top_of(roles - 1) + BOX + 28


def drawn_roles(roles: Sequence[str], about: dict[str, str]) -> Iterator[str]:
    """A box for each role."""
    for number, role in enumerate(roles):
        top = top_of(number)
        yield (f'<rect class="et-box" x="{MARGIN}" y="{top}" width="{WIDTH - 2 * MARGIN}" height="{BOX}" rx="7"/>')
        yield words(WIDTH // 2, top + 19, role, "et-role")
        yield words(WIDTH // 2, top + 36, about[role], "et-quiet et-middle")


def drawn_gaps(roles: Sequence[str], arrows: Sequence[MarketArrow], blocks: int) -> Iterator[str]:
    """The arrows between each role and the next, side by side."""
    for number, ends in enumerate(pairwise(roles)):
        between = [arrow for arrow in arrows if (arrow.seller, arrow.buyer) == ends]
        for place, arrow in enumerate(between):
            yield from drawn_arrow(arrow, left_of(place, len(between)), top_of(number) + BOX, blocks)


def left_of(place: int, arrows: int) -> float:
    """Where the line of an arrow stands, of several side by side; one alone stands left of the middle."""
    if arrows == 1:
        return WIDTH / 2 - 60
    room = (WIDTH - 2 * MARGIN) / arrows
    return MARGIN + 10 + place * room


def drawn_arrow(arrow: MarketArrow, left: float, top: int, blocks: int) -> Iterator[str]:
    """A line with its head, and its words on the right."""
    tip = top + GAP - 3
    look = 'class="et-free"' if arrow.gwei is None else f'stroke="{arrow.colour}"'
    fill = 'class="et-tip"' if arrow.gwei is None else f'fill="{arrow.colour}"'
    yield f'<line {look} x1="{left:z.1f}" y1="{top + 3}" x2="{left:z.1f}" y2="{tip - 8}" stroke-width="2.5"/>'
    yield f'<path {fill} d="M{left - 6:z.1f} {tip - 11}h12L{left:z.1f} {tip}z"/>'
    lines = figures_of(arrow, blocks)
    first = top + GAP / 2 + 5 - LINE * (len(lines) - 1) / 2
    for number, text in enumerate(lines):
        kind = "et-name" if number == 0 else "et-text"
        yield words(left + 12, first + number * LINE, text, kind)


def figures_of(arrow: MarketArrow, blocks: int) -> list[str]:
    """The words beside an arrow: what it is, how many, and for how much."""
    what = [arrow.name, counted(arrow.number, arrow.thing)]
    if arrow.gwei is None:
        return what
    each, by_block = (arrow.gwei / 1e9 / over for over in (arrow.number, blocks))
    return [*what, f"{shown_amount(each)} ETH each", f"{shown_amount(by_block)} ETH a block"]


def counted(number: int, thing: str) -> str:
    """`1 ticket`, `1,033 tickets`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def footer(top: int, notes: Sequence[str]) -> Iterator[str]:
    """The notes below."""
    for number, note in enumerate(notes):
        yield words(MARGIN, top + number * LINE, note, "et-quiet")


def words(left: float, base: float, text: str, kind: str) -> str:
    """A line of text on its base line."""
    return f'<text class="{kind}" x="{left:g}" y="{base:g}">{escape(text)}</text>'


def framed(label: str, height: int, parts: Sequence[str]) -> str:
    """The whole SVG."""
    style = files(__package__).joinpath("market_picture.css").read_text(encoding="utf-8").strip()
    body = "\n".join(parts)
    return (
        f'<svg{NAMESPACE} viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" aria-label="{escape(label)}">\n<style>\n{style}\n</style>\n'
        f'<rect class="et-paper" width="{WIDTH}" height="{height}"/>\n{body}\n</svg>\n'
    )
