"""The pages as Sphinx reads them: those of docs/ and three of the root, without the comments for tests."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

OF_THE_ROOT = {"README.md": "readme.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages that lie beside docs/, and their names in the site's folder `project`."""

COMMENT = re.compile(r"^<!--.*?-->", re.DOTALL | re.MULTILINE)


def stage(root: Path, source: Path) -> None:
    """Copy what the site is made of to `source`."""
    shutil.copytree(root / "docs", source, ignore=shutil.ignore_patterns("site", "__pycache__", "*.py"))
    shutil.copy2(root / "docs" / "site" / "index.md", source / "index.md")
    for page in source.rglob("*.md"):
        rewrite(page, staged(page.read_text(encoding="utf-8"), "../" * (len(page.relative_to(source).parts) - 1)))
    for name, new in OF_THE_ROOT.items():
        rewrite(source / "project" / new, adopted((root / name).read_text(encoding="utf-8")))


def staged(text: str, up: str = "") -> str:
    """A page of docs/, `up` being the way to the top of that, its links to the root's pages led into the site."""
    for name, new in OF_THE_ROOT.items():
        text = text.replace(f"]({up}../{name}", f"]({up}project/{new}")
    return without_comments(text)


def adopted(text: str) -> str:
    """A page of the root, as it lies in `project` beside the others of the root."""
    for name, new in OF_THE_ROOT.items():
        text = text.replace(f"]({name}", f"]({new}")
    return without_comments(text).replace("](docs/", "](../").replace("](LICENSE)", "](../LICENSE)")


def without_comments(text: str) -> str:
    """As many lines as before, so that a warning names the right one."""
    return COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)


def rewrite(page: Path, text: str) -> None:
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
