"""Run with: pytest"""

from pathlib import Path

from et_testbed import check_rule, run
from my_draw import draw


def test_it_keeps_what_the_protocol_promises() -> None:
    report = check_rule(draw, histories=10)
    assert report.empty < report.blocks


def test_an_owner_of_many_tickets_proposes_less_than_in_a_lottery() -> None:
    shares = [largest_share(rule) for rule in ("my_draw.py:draw", "lottery")]
    assert shares[0] < shares[1]


def largest_share(rule: str) -> float:
    config = Path(__file__).parent / "config.toml"
    result = run(config, overrides=[f"chain.draw={rule}"], signatures="off")
    return float(result.blocks.proposer.value_counts(normalize=True).max())
