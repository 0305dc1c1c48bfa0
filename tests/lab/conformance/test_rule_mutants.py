"""Faults planted in rules in Python."""

from __future__ import annotations

import json
import tomllib

import pytest
from typer.testing import CliRunner

from experiments.lab.config.errors import InputError
from experiments.lab.conformance import rule_mutants
from experiments.lab.conformance.rule_mutants import app, settings_of


def test_mutmut_is_told_of_one_file_or_folder_and_of_its_tests():
    told = tomllib.loads(settings_of("market/auctions/", ["tests/market"]))["tool"]["mutmut"]
    assert told["only_mutate"] == ["market/auctions/*"]
    assert told["pytest_add_cli_args_test_selection"] == ["tests/market"]
    assert tomllib.loads(settings_of("chain/cap.py", []))["tool"]["mutmut"]["only_mutate"] == ["chain/cap.py"]


def test_without_mutmut_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(rule_mutants, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'et-testbed\[mutants\]'"):
        rule_mutants.main(["chain/cap.py"])


def test_a_place_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(rule_mutants, "find_spec", lambda _: True)
    with pytest.raises(InputError, match=r"chain/cup\.py: there is no such file or folder in "):
        rule_mutants.main(["chain/cup.py"])


@pytest.mark.slow
def test_faults_in_a_file_are_noticed(tmp_path):
    pytest.importorskip("mutmut")
    arguments = [
        "chain/cap.py",
        "--tests",
        "tests/chain/test_chain_stakes.py",
        "--json",
        str(tmp_path / "out.json"),
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    told = json.loads((tmp_path / "out.json").read_text())["chain/cap.py"]
    assert told["faults"] == told["noticed"] + len(told["not noticed"]) > 5
    assert told["score"] > 0.8
