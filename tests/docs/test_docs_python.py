"""Rules of one's own that docs show are sound."""

from __future__ import annotations

import re

from experiments import check_reserve
from strategies.finding import load_object
from tests.places import DOCS


def blocks(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_a_reserve_rule_of_ones_own(tmp_path):
    code = next(block for block in blocks("markets.md") if "ReserveRule" in block)
    (tmp_path / "my_reserve.py").write_text(code)
    steps = load_object("my_reserve.py:Steps", tmp_path)
    report = check_reserve(steps, histories=2, parameters={"step": 0.2})
    assert report.lowest_gwei < report.highest_gwei
