"""Run with: pytest"""

from pathlib import Path

import pytest
from et_testbed import check_law, run
from my_rewards import Gamma


def test_it_is_what_a_run_needs() -> None:
    report = check_law(Gamma, {"shape": 3.0})
    assert not report.warnings


def test_it_refuses_a_shape_that_is_none() -> None:
    with pytest.raises(ValueError, match="shape is -1"):
        Gamma(shape=-1)


def test_blocks_are_worth_what_it_draws() -> None:
    result = run(Path(__file__).parent / "config.toml", blocks=100, signatures="off")
    assert result.blocks.reward_gwei.mean() / 1e9 == pytest.approx(0.05, rel=0.3)
