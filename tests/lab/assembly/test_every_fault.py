"""All that is wrong with a config is told in one round."""

from __future__ import annotations

import pytest

from experiments.lab.assembly.every_fault import read_whole
from experiments.lab.config.errors import InputError
from experiments.lab.conformance.config_check import check_config

KEYS = """blokcs = 10
[chain]
suply = 12
draw = "nofile.py:draw"
[market]
primary = "nothing.py:pricing"
[[agents]]
strategy = "truthful"
role = "buyer"
endowment = 50
parameters = { capcity = 3 }
[[agents]]
strategy = "undercutt"
count = 0
[[agents]]
strategy = "undercut"
parameters = { premum = 0.2, capacity = "many" }
"""
NAMES = """[chain]
draw = "nofile.py:draw"
[reward]
process = "none.py:Law"
[[agents]]
strategy = "truthfull"
role = "buyer"
[[agents]]
strategy = "undercut"
parameters = { premum = 0.2 }
"""


def faults_of(text, folder, read):
    (folder / "c.toml").write_text(text)
    with pytest.raises(InputError) as refused:
        read(folder / "c.toml")
    return [line.removeprefix(f"{folder}/c.toml: ").partition(":")[0] for line in refused.value.args]


def test_keys_and_what_other_keys_name_are_told_together(tmp_path):
    assert sorted(faults_of(KEYS, tmp_path, read_whole)) == [
        "agents.0.endowment",
        "agents.0.parameters.capcity",
        "agents.1.count",
        "agents.1.strategy",
        "agents.2.parameters.capacity",
        "agents.2.parameters.premum",
        "blokcs",
        "chain.draw",
        "chain.suply",
        "market.primary",
    ]


def test_what_a_valid_config_names_is_told_together(tmp_path):
    found = faults_of(NAMES, tmp_path, check_config)
    assert sorted(found) == ["agents.0.strategy", "agents.1.parameters.premum", "chain.draw", "reward.process"]


def test_a_fault_alone_is_one_line(tmp_path):
    assert faults_of("[chain]\nsuply = 3\n", tmp_path, read_whole) == ["chain.suply"]
    assert faults_of("[model]\nmaturity = 3\n", tmp_path, read_whole) == [
        "is a model; `et-testbed solve` and `et-testbed simulate` take it"
    ]
