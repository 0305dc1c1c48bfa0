"""Every key of a model, written out from what reads it: a list, and the JSON Schema that editors read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

from experiments.lab.config.config_keys import DIALECT, as_toml
from experiments.lab.config.law_keys import OWN, OWN_FORM
from experiments.lab.models.model import round_spec, spec
from experiments.lab.models.model.model_file import TAGS
from experiments.lab.models.model.round_spec import SOLVED_REWARDS, RoundFile, RoundModel
from experiments.lab.models.model.spec import Model, ModelFile

TICKET = "at_maturity, window, lottery"
"""The exercises of a ticket."""
USERS = {"cost": "all", "reward": "all", "value": "round"}
"""The exercises that have a use for a table of `TAGS`."""


class ModelKey(NamedTuple):
    """One key of a model: where it stands, which `exercise` has a use for it (of a round after a colon which
    `regime`), its default as TOML would write it, and what it means.
    """

    name: str
    exercise: str
    default: str
    meaning: str


def model_keys() -> list[ModelKey]:
    """Every key of a model: a ticket's, a round's, and those of laws, which both have."""
    tickets = {name: ", ".join(exercises) for name, exercises in spec.USED_BY.items()}
    rounds = {name: f"round: {', '.join(regimes)}" for name, regimes in round_spec.USED_BY.items()}
    return [
        *keys_of(Model, tickets, TICKET),
        *keys_of(RoundModel, rounds, "round"),
        *(key for table in TAGS for key in law_keys(table)),
    ]


def keys_of(model: type[BaseModel], users: Mapping[str, str], usual: str) -> Iterator[ModelKey]:
    """Those of [model] itself; `users`: the exercises of those keys that not all of `usual` have a use for."""
    for name, field in model.model_fields.items():
        if name not in TAGS:
            yield ModelKey(f"model.{name}", users.get(name, usual), as_toml(field), meaning_of(field))


def meaning_of(field: Any) -> str:
    """A field's help, and the words that it may be."""
    words = [word for kind in (field.annotation, *get_args(field.annotation)) for word in words_of(kind)]
    return f"{field.description}" + (f"; one of {', '.join(words)}" if len(words) > 1 else "")


def words_of(kind: Any) -> tuple[str, ...]:
    """What a `Literal` may be."""
    return get_args(kind) if get_origin(kind) is Literal else ()


def law_keys(table: str) -> Iterator[ModelKey]:
    """Those of a law: the key that names it, and by its name the others."""
    kinds = TAGS[table]
    tag = "process" if table == "reward" else "distribution"
    yield ModelKey(f"model.{table}.{tag}", USERS[table], "(needed)", meaning_of_laws(table))
    for law, kind in kinds.items():
        for name, field in kind.model_fields.items():
            if name != tag:
                meaning = f"({law}) {field.description}"
                yield ModelKey(f"model.{table}.{name}", USERS[table], as_toml(field), meaning)


def meaning_of_laws(table: str) -> str:
    """What a table of a law is, and which laws there are."""
    model = Model if table in Model.model_fields else RoundModel
    names = ", ".join(name for name in TAGS[table] if name != OWN)
    own = f"; {OWN_FORM}" if OWN in TAGS[table] else ""
    solved = f"; a lottery and a round need a law: {', '.join(SOLVED_REWARDS)}" if table == "reward" else ""
    return f"{model.model_fields[table].description}: one of {names}{solved}{own}"


def json_schema() -> dict[str, Any]:
    """What a model file may hold, as JSON Schema (draft 2020-12); `base` names a file that it goes over."""
    schema = TypeAdapter(ModelFile | RoundFile).json_schema()
    kinds = schema["$defs"]
    for file in ("ModelFile", "RoundFile"):
        base = {"type": "string", "description": "a model file; what stands here goes over it"}
        kinds[file]["properties"] = {"base": base, **kinds[file]["properties"]}
    kinds["Model"]["properties"]["exercise"]["enum"].remove("round")
    return {"$schema": DIALECT, **schema, "title": "a model of et-testbed"}
