"""What a shell completes, what an editor reads, and what is said where one thing is given for another."""

from __future__ import annotations

import json
import os
import tomllib

import jsonschema
import pytest

from experiments.lab.config.config_keys import json_schema
from experiments.lab.sweep import read_seeds
from tests.places import ROOT

CONFIGS = sorted((ROOT / "experiments" / "configs").glob("*.toml"))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_the_schema_takes_the_configs_that_are_shipped(path):
    jsonschema.validate(tomllib.loads(path.read_text()), json_schema())


WRONG = {
    "a misspelt key": {"chain": {"suply": 8}},
    "a word in the place of a number": {"blocks": "many"},
    "a key of another process": {"reward": {"process": "constant", "mean": 0.1}},
    "fewer than no blocks": {"blocks": -1},
}


@pytest.mark.parametrize("config", WRONG.values(), ids=WRONG)
def test_the_schema_sees_what_is_wrong(config):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(config, json_schema())


def test_the_schema_is_printed(et_testbed):
    assert json.loads(et_testbed("schema", "--config", "--json").stdout) == json_schema()
    refused = et_testbed("schema", "--json")
    assert (refused.returncode, refused.stdout) == (2, "")


@pytest.mark.parametrize(("text", "seeds"), [("1-3", [1, 2, 3]), ("1..2,5-6", [1, 2, 5, 6]), ("7", [7])])
def test_seeds_may_be_joined_by_a_dash(text, seeds):
    assert read_seeds(text) == seeds


def offered(et_testbed, words: str) -> list[str]:
    """What bash would offer."""
    env = {
        "_ET_TESTBED_COMPLETE": "complete_bash",
        "COMP_WORDS": f"et-testbed {words}",
        "COMP_CWORD": str(len(words.split())),
    }
    return et_testbed(env=os.environ | env).stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("swe", "sweep"),
        ("run --set chain.supply=", "chain.supply="),
        ("sweep --metrics capture_exp", "capture_expected"),
        ("sweep --metrics hhi,capture_exp", "hhi,capture_expected"),
        ("exploit truthf", "truthful"),
        ("experiments spot_a", "spot_against_ticket"),
    ],
)
def test_a_word_is_completed(et_testbed, words, expected):
    assert expected in offered(et_testbed, words)


MISTAKEN = {
    "a config to solve": ("solve", "config.toml", "is a config of runs; `et-testbed run`"),
    "a config to simulate": ("simulate", "config.toml", "is a config of runs; `et-testbed run`"),
    "a config to verify": ("verify", "config.toml", "`et-testbed run config.toml --out FOLDER`"),
    "a config to report": ("report", "config.toml", "`et-testbed run config.toml --out FOLDER`"),
    "a model to run": ("run", "model.toml", "is a model; `et-testbed solve`"),
    "a model to sweep": ("sweep", "model.toml", "is a model; `et-testbed solve`"),
    "a folder to run": ("run", "run", "`verify`, `report`, `trace` and `replay` take it"),
    "a folder to solve": ("solve", "run", "`verify`, `report`, `trace` and `replay` take it"),
}


@pytest.mark.parametrize(("command", "given", "remedy"), MISTAKEN.values(), ids=MISTAKEN)
def test_what_is_given_to_the_wrong_command_names_the_right_one(et_testbed, tmp_path, command, given, remedy):
    (tmp_path / "config.toml").write_text("blocks = 5\n")
    (tmp_path / "model.toml").write_text("[model]\nmaturity = 4\n")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text("{}")
    done = et_testbed(command, given, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert remedy in done.stderr


@pytest.mark.parametrize(
    ("words", "command"),
    [(["simulate", "a.toml", "--rounds", "5"], "et-testbed simulate"), (["trace", "RUN"], "et-testbed trace"),
     (["bogus"], "et-testbed"), (["--nope"], "et-testbed")],
)  # fmt: skip
def test_words_that_a_command_does_not_take_name_its_own_help(et_testbed, words, command):
    done = et_testbed(*words)
    assert done.returncode == 2
    assert done.stderr.endswith(f"; see {command} --help\n")
