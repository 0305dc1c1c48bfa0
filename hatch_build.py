"""The description that a wheel carries: README.md, whose links are meant for a checkout.

They become absolute where pyproject.toml names the project's public place (`[project.urls]`, `Source`), and words
where it names none: a link of a wheel leads to what is there, or is none.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK = re.compile(r"(?P<image>!?)\[(?P<words>[^\]]*)\]\((?!https?:|mailto:|#)(?P<path>[^)\s]+)[^)]*\)")


class WheelReadme(MetadataHookInterface):
    """Sets the field `readme`."""

    def update(self, metadata: dict[str, Any]) -> None:
        source = metadata.get("urls", {}).get("Source")
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": from_anywhere(text, source)}


def from_anywhere(text: str, source: str | None) -> str:
    """A page whose links hold outside a checkout; `source` is where the checkout lies for all to see."""
    return LINK.sub(lambda link: at(link, source) if source else words_of(link), text)


def at(link: re.Match[str], source: str) -> str:
    """The link, absolute; of an image the bytes, of anything else its page."""
    kind = "raw" if link["image"] else "blob"
    return f"{link['image']}[{link['words']}]({source.rstrip('/')}/{kind}/main/{link['path']})"


def words_of(link: re.Match[str]) -> str:
    """What a link says; of an image, what it shows."""
    return f"*{link['words']}*" if link["image"] else link["words"]
