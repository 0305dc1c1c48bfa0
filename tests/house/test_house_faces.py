"""The faces: what each package shows is there, and costs nothing until it is asked for."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.extras import names_of
from tests.places import ROOT

FACES = ("chain", "market", "strategies", "experiments", "et_testbed")
ROOMS = sorted(file.parent for top in FACES[:4] for file in (ROOT / top).rglob("__init__.py"))


def said(room: Path) -> str:
    """What the face of a room says is in it."""
    return ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""


def listed(room: Path) -> set[str]:
    """The names before the colons of the list in a room's face."""
    lines = re.findall(r"^- (`.*?):", said(room), re.MULTILINE)
    return {name for line in lines for name in re.findall(r"`([\w/]+)`", line)}


def is_there(room: Path, name: str) -> bool:
    """Whether `name` is a module in the room, a room in it, or a name that its face shows."""
    here = (room / f"{name}.py").is_file() or (room / name).is_dir()
    package = ".".join(room.relative_to(ROOT).parts)
    return here or (name.isidentifier() and name in names_of(importlib.import_module(package)))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_every_room_says_what_is_in_it(room):
    assert said(room)
    assert {name for name in listed(room) if not is_there(room, name)} == set()


@pytest.mark.parametrize(
    "room", [ROOT / "experiments" / "lab", *(ROOT / top for top in FACES[:3])], ids=lambda room: room.name
)
def test_a_face_leaves_out_no_room(room):
    inside = {file.parent.name for file in room.glob("*/__init__.py")}
    assert inside <= {name.rstrip("/") for name in listed(room)}


@pytest.mark.parametrize("package", FACES)
def test_all_names_of_a_face_are_there_and_no_others(package):
    shown = importlib.import_module(package)
    assert set(shown.__all__) <= set(dir(shown))
    assert [name for name in shown.__all__ if not hasattr(shown, name)] == []
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = shown.nothing


@pytest.mark.parametrize("package", FACES)
def test_a_star_brings_what_the_face_shows(package):
    names: dict[str, object] = {}
    exec(f"from {package} import *", names)
    assert set(importlib.import_module(package).__all__) == set(names) - {"__builtins__"}


@pytest.mark.parametrize("package", ["chain", "market", "experiments", "et_testbed"])
def test_to_import_a_face_costs_nothing(package):
    code = f"import sys, {package}; dir({package}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert {"numpy", "pydantic", "pyarrow", "pandas"} & set(loaded) == set()
    assert [name for name in loaded if name.startswith(("experiments.lab", "market.", "strategies."))] == []
