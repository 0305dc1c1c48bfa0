"""Tests of what comes with an extra that not everybody has: skipped where it is absent, and said how many."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest


def needs(module: str, extra: str, file: str | None = None) -> None:
    """Skip this test, or all tests of a file, unless a module is installed. `make test-all` has them all."""
    if find_spec(module) is None:
        what = "" if file is None else f"{count_of(file)} tests of {Path(file).name}: "
        why = f"{what}the extra {extra} is not installed; `make test-all` brings it"
        pytest.skip(why, allow_module_level=file is not None)


def count_of(file: str) -> int:
    """How many functions of a file are tests."""
    return Path(file).read_text(encoding="utf-8").count("\ndef test_")


def names_of(module: ModuleType) -> set[str]:
    """What a module shows, with that which it shows where the extra `rl` is installed."""
    return {*dir(module), *(["rl"] if module.__name__ in ("experiments", "et_testbed") else [])}
