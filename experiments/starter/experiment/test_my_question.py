"""Run with: pytest"""

from et_testbed import Settings
from my_question import STRATEGIES, answer, experiment


def test_it_answers_for_each_strategy_with_an_interval() -> None:
    found = answer(Settings(blocks=60), seeds=3)
    assert set(found.values) == {*STRATEGIES, "difference", "difference_low", "difference_high"}
    assert list(found.table["runs"]) == [3, 3]
    assert (found.table["low"] <= found.table["mean"]).all()
    assert set(found.figures) == {"gains"}


def test_it_answers_what_it_did() -> None:
    """What `et-testbed experiments my_question.py --golden` has kept; nothing before that."""
    assert experiment.differences() == []
