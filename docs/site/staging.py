"""The pages as Sphinx reads them: those of docs/ and three of the root, without the comments for tests.

The site has the root's pages in its folder `project`, and what else of the checkout a page links to in `files`.
"""

from __future__ import annotations

import re
import shutil
from os.path import relpath
from pathlib import Path

OF_THE_ROOT = {"README.md": "readme.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages that lie beside docs/, and their names in the site."""

COMMENT = re.compile(r"^<!--.*?-->", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"\[(?:docs/)?(\w+\.md)\](?=\((?:docs/|\.\./)?\1[#)])")
"""A link that is called like its page, which the site calls by its title."""

ANSWERED = {
    "et-testbed schema": "tables.md",
    "et-testbed schema --config": "config.md",
    "et-testbed schema --model": "model.md",
    "et-testbed strategies": "strategies.md",
}
"""Commands whose answer is a page of the reference."""
COMMAND = re.compile(rf"(?<![\[`])`({'|'.join(ANSWERED)})`(?![\]`])")

LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")


def stage(root: Path, source: Path) -> None:
    """Copy what the site is made of to `source`."""
    docs = root / "docs"
    shutil.copytree(docs, source, ignore=shutil.ignore_patterns("site", "__pycache__", "*.py", "*.md"))
    pages = [page for page in docs.rglob("*.md") if not page.is_relative_to(docs / "site")]
    places = {page: source / page.relative_to(docs) for page in pages}
    places |= {root / name: source / "project" / new for name, new in OF_THE_ROOT.items()}
    for page, place in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(staged(page, place, root, source, places), encoding="utf-8")
    shutil.copy2(docs / "site" / "index.md", source / "index.md")


def staged(page: Path, place: Path, root: Path, source: Path, places: dict[Path, Path]) -> str:
    """A page as it is at its place in the site: its links lead there to what they lead to in the checkout."""

    def moved(link: re.Match[str]) -> str:
        target = (page.parent / link[1]).resolve()
        if not target.is_file():
            return link[1]
        return relpath(places.get(target) or placed(target, root, source), place.parent)

    def answered(command: re.Match[str]) -> str:
        answer = source / "reference" / ANSWERED[command[1]]
        return f"[{command[0]}]({relpath(answer, place.parent)})"

    text = COMMAND.sub(answered, without_comments(page.read_text(encoding="utf-8")))
    return LINK.sub(moved, NAMED.sub("[]", text)).replace("# et-testbed\n", "# At a glance\n", 1)


def placed(target: Path, root: Path, source: Path) -> Path:
    """Where the site has a file that is no page: as it is in docs/, or else in `files`."""
    path = target.relative_to(root)
    if path.parts[0] == "docs":
        return source.joinpath(*path.parts[1:])
    there = source / "files" / path
    there.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(target, there)
    return there


def without_comments(text: str) -> str:
    """As many lines as before, so that a warning names the right one."""
    return COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
