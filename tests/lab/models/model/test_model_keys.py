"""What is told of the keys of a model, and of a file that is none."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import jsonschema
import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.models.model.model_file import TAGS, read_model
from experiments.lab.models.model.model_keys import json_schema, model_keys
from experiments.lab.models.model.round_spec import RoundModel
from experiments.lab.models.model.spec import Model
from tests.places import ROOT

START = tomllib.loads((ROOT / "experiments" / "starter" / "model" / "my_model.toml").read_text())
KEYS: dict[str, Any] = START["model"]


def test_every_key_is_told_with_its_meaning_and_its_exercises() -> None:
    told = {(key.name, key.exercise.partition(":")[0] == "round") for key in model_keys()}
    for model, is_round in ((Model, False), (RoundModel, True)):
        assert {(f"model.{name}", is_round) for name in model.model_fields if name not in TAGS} <= told
    assert all(key.default and key.meaning and "None" not in key.meaning for key in model_keys())
    users = {key.name: key.exercise for key in model_keys()}
    assert (users["model.supply"], users["model.hubs"]) == ("lottery", "round: hub")


def test_the_schema_takes_a_model_and_sees_what_is_wrong(et_testbed: Any) -> None:
    assert json.loads(et_testbed("schema", "--model", "--json").stdout) == json_schema()
    assert "name one of them" in et_testbed("schema", "--model", "--config").stderr
    jsonschema.validate(START, json_schema())
    for wrong in (KEYS, {"model": KEYS | {"buyer": 3}}, {"model": KEYS | {"exercise": "round"}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, json_schema())


def refused(data: Any) -> list[str]:
    with pytest.raises(InputError) as error:
        read_model(data)
    return str(error.value).splitlines()


@pytest.mark.parametrize("left_out", [(), ("cost", "reward")], ids=["with laws", "without"])
def test_keys_without_their_head_are_told_where_they_belong(left_out: tuple[str, ...]) -> None:
    keys = {key: value for key, value in KEYS.items() if key not in left_out}
    assert refused(keys) == [f"the model: put these under [model]: {', '.join(keys)}"]


def test_laws_beside_the_head_are_told_where_they_belong() -> None:
    ticket = {key: value for key, value in KEYS.items() if key not in ("cost", "reward")}
    beside = {"model": ticket, "cost": KEYS["cost"], "reward": KEYS["reward"]}
    assert refused(beside) == ["the model: put these under [model]: cost, reward"]


@pytest.mark.parametrize(
    "data", [{"blocks": 5}, {"cost": {}, "reward": {}}, {"chain": {}, "maturity": 3}], ids=str
)
def test_a_config_is_called_one(data: dict[str, Any]) -> None:
    (line,) = refused(data)
    assert "is a config of runs" in line


def test_a_file_that_is_not_there_is_told_what_writes_a_model(tmp_path: Any) -> None:
    (line,) = refused(tmp_path / "none.toml")
    assert line.endswith("no such file; `et-testbed init --kind model` writes a model to start from")
    (tmp_path / "over.toml").write_text('base = "none.toml"\n')
    (line,) = refused(tmp_path / "over.toml")
    assert "--kind model" in line


def test_all_keys_that_are_no_good_are_told_at_once() -> None:
    lines = refused({"model": KEYS | {"alpha": 1, "cost_information": "gradually", "buyers": 0}})
    assert [line.split(": ")[1] for line in lines] == ["model.buyers", "model.cost_information", "model.alpha"]


def test_a_key_that_is_missing_is_not_told_beside_the_one_that_means_it() -> None:
    keys = {key: value for key, value in KEYS.items() if key != "maturity"}
    (line,) = refused({"model": keys | {"maturty": 3}})
    assert "did you mean 'maturity'" in line
    assert len(refused({"model": keys | {"alpha": 3}})) == 2
