"""A page for each face that users import from; what is on it comes from docstrings (sphinx.ext.autodoc)."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

FACES = {
    "et_testbed": "Runs, sweeps, experiments, checks: `et_testbed`",
    "strategies": "To write a strategy: `strategies`",
    "strategies.testing": "To test a strategy: `strategies.testing`",
    "strategies.valuation": "What a ticket is worth: `strategies.valuation`",
    "market": "Markets, and rules of one's own for them: `market`",
    "chain": "The protocol, and rules of one's own for it: `chain`",
}
HEADINGS = ("Functions", "Classes", "Data")


def write_api_pages(folder: Path) -> None:
    """A page each, and one that leads to them."""
    folder.mkdir(parents=True)
    for name, title in FACES.items():
        (folder / f"{name}.md").write_text(face_page(name, title), encoding="utf-8")
    (folder / "index.md").write_text(contents(), encoding="utf-8")


def contents() -> str:
    intro = "# Python\n\nWhat the docs import from, by its docstrings.\n\n"
    pages = "\n".join(FACES)
    return f"{intro}```{{toctree}}\n:maxdepth: 1\n\n{pages}\n```\n"


def face_page(name: str, title: str) -> str:
    """All names of a face, functions first; those that an earlier face has are described there."""
    face = import_module(name)
    names = sorted(shown(face), key=str.lower)
    elsewhere = {one: other for one in names if (other := described_by(face, one)) != name}
    own = [one for one in names if one not in elsewhere]
    sections = (section(face, own, heading) for heading in HEADINGS)
    return f"# {title}\n\n{beginning(face)}\n{also(name, elsewhere)}" + "".join(sections)


def beginning(face: ModuleType) -> str:
    """The first sentence of its docstring."""
    return (face.__doc__ or "").split("\n\n")[0] + "\n"


def described_by(face: ModuleType, name: str) -> str:
    """The first face that shows this very object by this name."""
    found = getattr(face, name)
    faces = ((one, import_module(one)) for one in FACES)
    return next(one for one, face in faces if name in shown(face) and getattr(face, name) is found)


def also(name: str, elsewhere: dict[str, str]) -> str:
    """Where the rest of a face is described."""
    if not elsewhere:
        return ""
    links = (f"{{py:obj}}`~{other}.{one}`" for one, other in elsewhere.items())
    return f"\nDescribed elsewhere, and to be imported from `{name}` as well: {', '.join(links)}.\n"


def section(face: ModuleType, own: list[str], heading: str) -> str:
    names = [name for name in own if heading_of(getattr(face, name)) == heading]
    if not names:
        return ""
    directives = "\n\n".join(directive(face.__name__, name, heading) for name in names)
    return f"\n## {heading}\n\n```{{eval-rst}}\n{directives}\n```\n"


def shown(face: ModuleType) -> Iterator[str]:
    """What a face says is its own; of a module that does not say so, what it defines."""
    if hasattr(face, "__all__"):
        yield from (name for name in face.__all__ if not inspect.ismodule(getattr(face, name)))
        return
    for name, found in vars(face).items():
        if getattr(found, "__module__", None) == face.__name__ and not name.startswith("_"):
            yield name


def heading_of(found: object) -> str:
    if inspect.isclass(found):
        return "Classes"
    return "Functions" if inspect.isroutine(found) else "Data"


def directive(module: str, name: str, heading: str) -> str:
    if heading == "Functions":
        return f".. autofunction:: {module}.{name}"
    if heading == "Classes":
        return f".. autoclass:: {module}.{name}\n   :members:"
    return f".. autodata:: {module}.{name}\n   :no-value:"
