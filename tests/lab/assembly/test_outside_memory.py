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


HELPER = """
def resting(gap):
    last = {}
    def draw():
        last[gap] = last.get(gap, 0) + 1
    return draw
"""
MADE_BY_A_HELPER = {
    "a function": ("kept = resting(2)", "kept()"),
    "a function in a dictionary": ("kept = {'rest': resting(2)}", "kept['rest']()"),
    "a function bound to its arguments": ("import functools; kept = functools.partial(resting(2))", "kept()"),
    "a function that another closes over": (
        "within = lambda one: lambda: one()\nkept = within(resting(2))",
        "kept()",
    ),
}


@pytest.mark.parametrize(("before", "then"), MADE_BY_A_HELPER.values(), ids=MADE_BY_A_HELPER)
def test_what_another_module_of_the_users_made_is_named(monkeypatch, before, then):
    modules = {name: ModuleType(name) for name in ("own_package", "own_package.rest", "own_package.slow")}
    for name, module in modules.items():
        monkeypatch.setitem(__import__("sys").modules, name, module)
    exec(HELPER, vars(modules["own_package.rest"]))
    slow = modules["own_package.slow"]
    slow.resting = modules["own_package.rest"].resting
    exec(f"{before}\ndef rule():\n    {then}\ndef idle():\n    pass", vars(slow))
    memory = OutsideMemory(slow.rule)
    slow.idle()
    assert memory.changed() is None
    slow.rule()
    assert "kept" in memory.changed()


def test_what_a_function_that_has_no_name_in_a_module_closes_over_is_named():
    made = {}
    exec(HELPER, made | {"__name__": "nowhere"}, made)
    rule = made["resting"](2)
    memory = OutsideMemory(rule)
    assert memory.changed() is None
    rule()
    assert memory.changed().startswith("data in draw (")
