"""What a rule keeps where no checkpoint finds it is found there."""

from __future__ import annotations

from types import ModuleType

import pytest

from experiments.lab.assembly.outside_memory import OutsideMemory

KEEPS = {
    "a global": ("kept = 0", "global kept; kept += 1"),
    "a list": ("kept = []", "kept.append(1)"),
    "an iterator": ("import itertools; kept = itertools.count()", "next(kept)"),
    "a generator": ("kept = (number for number in range(9))", "next(kept)"),
    "a generator that ends": ("kept = (number for number in ())", "next(kept, None)"),
    "a generator of random numbers": ("import random; kept = random.Random(1)", "kept.random()"),
}


@pytest.mark.parametrize(("before", "then"), KEEPS.values(), ids=KEEPS)
def test_it_is_named(monkeypatch, before, then):
    module = ModuleType("mine")
    monkeypatch.setitem(__import__("sys").modules, "mine", module)
    exec(f"{before}\ndef rule():\n    {then}\ndef idle():\n    pass", vars(module))
    memory = OutsideMemory(module.rule)
    module.idle()
    assert memory.changed() is None
    module.rule()
    assert memory.changed() == "kept"
