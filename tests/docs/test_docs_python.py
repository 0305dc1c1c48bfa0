"""The blocks of Python in docs that nothing but themselves is needed for run as they stand, on fewer blocks."""

from __future__ import annotations

import re

from experiments import check_reserve
from strategies.finding import load_object
from tests.places import DOCS


def blocks(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_a_pricing_rule_of_ones_own():
    code = next(block for block in blocks("markets.md") if "def pricing" in block)
    names: dict[str, object] = {}
    exec(code, names)
    assert names["Award"]
    assert names["pricing"]([], None) is None


def test_a_reserve_rule_of_ones_own(tmp_path):
    code = next(block for block in blocks("markets.md") if "ReserveRule" in block)
    (tmp_path / "my_reserve.py").write_text(code)
    steps = load_object("my_reserve.py:Steps", tmp_path)
    report = check_reserve(steps, histories=2, parameters={"step": 0.2})
    assert report.lowest_gwei < report.highest_gwei


def test_auctions_alone():
    code = next(block for block in blocks("slot_auction.md") if "auctions(" in block)
    names: dict[str, object] = {}
    exec(code.replace("10_000", "20"), names)
    assert len(names["table"]) == 20
