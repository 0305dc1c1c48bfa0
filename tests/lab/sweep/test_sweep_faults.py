"""Points of a grid that make no config: warned of first, told together, and no baseline."""

from __future__ import annotations

import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.sweep import sweep
from experiments.lab.sweep.alike import named
from experiments.lab.sweep.sweep_text import failures, sheets

CONFIG = {
    "blocks": 4,
    "chain": {"draw": "maturity", "maturity": 3},
    "agents": [{"strategy": "keep", "role": "seller", "count": 4, "can_build": True}],
    "market": {"structure": "et", "resale": "never", "pbs": "off"},
}
GRID = {"chain.supply": [2, 4, 9], "market.primary": ["second_price", "posted"]}
SUPPLY = 'the config: chain: supply is {}; draw = "maturity" takes supply = maturity + 1 = 4'


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([2, 3], ["chain.supply=4"]),
        ([0, 2, 4], ["market.primary=second_price"]),
        ([5], ["chain.supply=9, market.primary=posted"]),
        ([0, 3], ["chain.supply=2, market.primary=second_price", "chain.supply=4, market.primary=posted"]),
        (range(6), ["every point"]),
    ],
)
def test_points_are_named_by_what_they_alone_share(numbers, words):
    assert named(numbers, GRID) == words


def test_points_that_make_no_config_are_told_first_and_are_no_baseline():
    said = []

    def played(done: int, _all: int) -> bool:
        said.append(done)
        return True

    with pytest.warns(UserWarning, match="not played") as told:
        result = sweep(CONFIG, GRID, [1, 2], progress=played)
    assert [str(one.message) for one in told if "not played" in str(one.message)] == [
        f"not played, chain.supply={supply}: {SUPPLY.format(supply)}" for supply in (2, 9)
    ]
    assert list(failures(result)) == [
        f"failed: chain.supply={supply}, seed 1..2: {SUPPLY.format(supply)}" for supply in (2, 9)
    ]
    assert max(said) == 4
    (difference,) = result.difference_summary()
    assert difference["baseline"] == {"chain.supply": 4, "market.primary": "second_price"}
    assert len(result.same_trades()) == 1
    assert "less the first point (chain.supply=4, market.primary=second_price)" in sheets(result)[1].title


OWN = """
from market import PricingRule


class Rule(PricingRule):
    def __init__(self, upper: int = 1) -> None:
        self.upper = upper

    def clear(self, lots, view):
        return []


def reserve(view, upper: int = 1):
    return upper

"""


@pytest.mark.parametrize(
    ("key", "name", "parameters"),
    [
        ("market.primary", "Rule", "market.primary_parameters"),
        ("market.reserve.rule", "reserve", "market.reserve.parameters"),
    ],
)
def test_a_parameter_of_a_rule_of_ones_own_that_is_misspelt_is_told_before_anything_is_played(
    tmp_path, key, name, parameters
):
    (tmp_path / "mine.py").write_text(OWN)
    grid = {key: [f"{tmp_path}/mine.py:{name}"], f"{parameters}.uper": [1, 2]}
    with pytest.raises(InputError, match=rf"{parameters}.uper: no such parameter; did you mean 'upper'"):
        sweep(CONFIG, grid, [1], out=tmp_path / "out")
    assert not (tmp_path / "out" / "runs").exists()
