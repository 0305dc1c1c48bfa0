"""The code that README, CONTRIBUTING and docs show, block by block, and what is said of each.

A page is run as it is read: from its top, in one folder and one session of Python. Comments above a block, which
no reader sees, say more:

    <!-- not run: REASON -->     it is not run
    <!-- slow -->                `make test` leaves it out, `make test-all` and `make docs` do not
    <!-- quick: OLD -> NEW -->   `make test` runs it with one piece in the place of another
    <!-- needs: MODULE -->       where it is not installed the page is skipped
    <!-- file: NAME -->          a file that the reader is told to write
    <!-- given: PAGE -->         the files of another page are there
    <!-- first: COMMAND -->      what the page takes for granted, done before the block
    <!-- output -->              what the block before it prints; … stands for anything

Blocks of Python and of commands (`sh`) are run; `toml` is a file or is read as a config; `text` is no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.places import DOCS, ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
RUN = ("python", "sh", "toml")
"""Languages of blocks that are run, or read."""

KNOWN = (*RUN, "text", "sql", "json")
DIRECTIVE = re.compile(r"\{.+\}")
"""What is for Sphinx alone, `{toctree}`."""

MARKERS = ("not run", "slow", "quick", "needs", "file", "given", "first", "output")
MARKER = re.compile(rf"^<!-- ({'|'.join(MARKERS)})(?:: (.+?))? -->$", re.MULTILINE)
BLOCK = re.compile(r"((?:^<!-- [^\n]+ -->\n)*)^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, the line where its code begins, and the comments above, in their order."""

    page: Path
    line: int
    language: str
    code: str
    marks: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    def said(self, mark: str) -> list[str]:
        """What each comment of this kind says."""
        return [text for name, text in self.marks if name == mark]

    @property
    def is_run(self) -> bool:
        """Whether anything becomes of it."""
        return self.language in RUN and not self.said("not run")

    def shortened(self) -> str:
        """Its code as `make test` runs it."""
        code = self.code
        for change in self.said("quick"):
            old, _, new = change.partition(" -> ")
            assert old in code, f"{self}: {old!r} is not in the block"
            code = code.replace(old, new)
        return code


def blocks(page: Path) -> Iterator[Block]:
    """All of a page."""
    text = page.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        comments, language, code = found.groups()
        line = text.count("\n", 0, found.start(3)) + 1
        marks = tuple((name, told or "") for name, told in MARKER.findall(comments))
        yield Block(page, line, language, code, marks)


def all_blocks() -> list[Block]:
    return [block for page in PAGES for block in blocks(page)]
