"""The faces: what each package shows is there, and costs nothing until it is asked for."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

FACES = ("chain", "market", "strategies", "experiments", "et_testbed")


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
