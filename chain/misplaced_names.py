"""Where a name is that an import asks of another module.

It goes by the files of the four packages beside this one, and loads none of them.
"""

from __future__ import annotations

import ast
import difflib
import re
import sys
from collections.abc import Iterable
from functools import cache
from opcode import opmap
from pathlib import Path
from types import FrameType

HOME = Path(__file__).parents[1]
"""The folder that holds the four."""
FACES = {"strategies": "strategies", "et_testbed": "experiments", "market": "market", "chain": "chain"}
"""What one imports from, and the package whose names it shows, in the order in which one is told."""
HELPERS = ("strategies.purse", "strategies.valuation")
"""Modules that pages import from beside them."""
ASKED = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'(?: \(.*\))?$")
PLACE = re.compile(r" \([/<][^()]*\)$")
IMPORT_FROM = opmap["IMPORT_FROM"]


def refuse_import(module: str, name: str, frame: FrameType) -> None:
    """Raises `ImportError`, with where the name is, if the frame asks a module by `from … import …` for what it
    has not. Who asks for the attribute otherwise is for the module to answer."""
    if frame.f_code.co_code[frame.f_lasti] == IMPORT_FROM:
        raise ImportError(f"cannot import name {name!r} from {module!r}{whereabouts(module, name)}", name=module)


def plain_import(error: BaseException, text: str) -> str:
    """What an exception says of an import that found nothing: without the place of the module, and with where it
    is, or what comes near; and of a name that nobody imported. Any other text as it is."""
    if type(error) is NameError and type(error.name) is str:
        return f"{text}{way_to_import(error.name, FACES)}"
    if not isinstance(error, ImportError):
        return text
    if asked := ASKED.search(text):
        name, module = asked.groups()
        return f"{PLACE.sub('', text)}{whereabouts(module, name)}"
    if isinstance(error, ModuleNotFoundError) and isinstance(error.name, str):
        way = way_to_module(error.name)
        return text if text.endswith(way) else f"{text}{way}"
    return text


def way_to_import(name: str, faces: Iterable[str]) -> str:
    """`; it is in strategies: from strategies import Bid`; nothing for what none of the faces shows."""
    return next((f"; it is in {face}: from {face} import {name}" for face in faces if name in shown_by(face)), "")


def whereabouts(module: str, name: str) -> str:
    """`; it is in strategies: from strategies import Buyer`, or what comes near; nothing, where nothing does."""
    if itself := package_itself(name):
        return itself
    if elsewhere := way_to_import(name, faces_from(module)):
        return elsewhere
    own = shown_by(module) or made_in(module) or tuple(vars(sys.modules.get(module, object)))
    if match := likest(name, own):
        return f"; did you mean from {module} import {match}?"
    if places := makers(module, name):
        return f"; it is in {' and '.join(places)}: from {places[0]} import {name}"
    for place in [*faces_from(module), *HELPERS]:
        if match := likest(name, shown_by(place) or made_in(place)):
            return f"; did you mean from {place} import {match}?"
    return ""


def package_itself(name: str) -> str:
    """`; strategies is a package of its own: import strategies`; nothing for what is none."""
    return f"; {name} is a package of its own: import {name}" if name in FACES.values() else ""


def makers(module: str, name: str) -> list[str]:
    """The other modules that make what is called so: those of strategies, the least deep, or else those of all."""
    places = [place for place in modules() if place != module and name in made_in(place)]
    ranks = [(not place.startswith("strategies."), place.count(".")) for place in places]
    return [place for place, rank in zip(places, ranks, strict=True) if rank == min(ranks)]


def likest(name: str, names: Iterable[str]) -> str | None:
    """The public name that is the same in small letters, or else the likest."""
    public = {one.lower(): one for one in names if not one.startswith("_")}
    matches = difflib.get_close_matches(name.lower(), public, n=1, cutoff=0.75)
    return public[matches[0]] if matches else None


def way_to_module(name: str) -> str:
    """`; it is strategies itself`, where a module is asked of another package, or what comes near of its name."""
    first, _, rest = name.partition(".")
    if first == "et_testbed":
        package = rest.partition(".")[0]
        if package in FACES.values():
            return f"; {package} is a package of its own: from {rest} import …"
        return "; et_testbed has names and no modules: from et_testbed import …"
    if first not in FACES.values():
        places = [f"{package}.{name}" for package in FACES.values()]
        return next((f"; it is {place}" for place in places if place in modules()), "")
    matches = difflib.get_close_matches(name, modules(), n=2, cutoff=0.75)
    return f"; did you mean {' or '.join(matches)}?" if matches else ""


def faces_from(module: str) -> list[str]:
    """What one imports from, but for the module itself."""
    return [face for face in FACES if face != module]


@cache
def shown_by(face: str) -> tuple[str, ...]:
    """The names that one may import from it, as its `__all__` has them; none, where it is none of the four."""
    if face not in FACES and face not in FACES.values():
        return ()
    tree = ast.parse((HOME / FACES.get(face, face) / "__init__.py").read_text(encoding="utf-8"))
    lists = [step.value for step in tree.body if isinstance(step, ast.Assign) and named(step) == "__all__"]
    return tuple(name for each in lists for name in ast.literal_eval(each))


def named(step: ast.Assign) -> str:
    """The name that an assignment sets."""
    return step.targets[0].id if isinstance(step.targets[0], ast.Name) else ""


@cache
def modules() -> tuple[str, ...]:
    """All modules of the four packages but for faces, by name."""
    files = [file for package in FACES.values() for file in (HOME / package).rglob("*.py")]
    inside = [file.relative_to(HOME).with_suffix("").parts for file in sorted(files)]
    return tuple(".".join(parts) for parts in inside if parts[-1] != "__init__" and "alias" not in parts)


@cache
def made_in(module: str) -> tuple[str, ...]:
    """The public classes and functions of a module of the four packages; none for others."""
    if module not in modules():
        return ()
    text = (HOME / Path(*module.split("."))).with_suffix(".py").read_text(encoding="utf-8")
    return tuple(re.findall(r"^(?:class|def) ([A-Za-z]\w*)", text, re.MULTILINE))
