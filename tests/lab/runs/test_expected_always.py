"""What independent rewards were expected to be is told without the sales of their tickets."""

from __future__ import annotations

import json

import pytest

from experiments.lab.config.loading import make_config
from experiments.lab.runs.folder import MANIFEST
from experiments.lab.runs.known_rewards import read_rewards

SALES = [(-1, 0), (-1, 1), (0, 2), (1, 3)]
DRAWN = [1, 0, 2, None, 3]


def known(folder, process, just_in_time):
    config = make_config({"reward": {"process": process}, "market": {"just_in_time": just_in_time}}, "the test")
    (folder / MANIFEST).write_text(json.dumps({"config": config.model_dump(mode="json")}))
    return read_rewards(folder / "tables")


@pytest.mark.parametrize("process", ["constant", "uniform", "exponential", "lognormal"])
def test_it_is_what_it_was_at_each_sale(process, tmp_path):
    law = known(tmp_path, process, just_in_time=False)
    assert law.expected_always(len(DRAWN)) == sum(law.expected(SALES, handed_out=1).by_block(DRAWN))


@pytest.mark.parametrize(("process", "just_in_time"), [("ar1", False), ("mevboost", False), ("exponential", True)])
def test_it_is_not_told_where_it_depends_on_the_sale(process, just_in_time, tmp_path):
    assert known(tmp_path, process, just_in_time).expected_always(len(DRAWN)) is None
