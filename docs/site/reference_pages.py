"""The reference that the code writes itself: commands, keys, tables, strategies, methods of the RPC.

(The metrics have docs/metrics.md, whose tables a test holds against the code.)
"""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from escaping import code, escaped, table

from chain.records import Schema
from chain.rpc.methods.all_methods import KINDS, METHODS
from chain.rpc.methods.time_methods import ALIASES
from experiments.lab.cli.catalogue import CatalogueEntry, catalogue
from experiments.lab.config.config_keys import ConfigKey, config_keys
from experiments.lab.models.model.model_keys import TICKET, ModelKey, model_keys
from experiments.lab.runs.schema import EXTRA, SCHEMAS, table_lines


def write_reference_pages(folder: Path) -> None:
    """A page each."""
    folder.mkdir(parents=True)
    for name, page in PAGES.items():
        (folder / f"{name}.md").write_text(page(), encoding="utf-8")


def commands() -> str:
    """What `typer utils docs` says of the command line."""
    asked = ["experiments.lab.cli.app", "utils", "docs", "--name", "et-testbed", "--title", "Commands"]
    return subprocess.run(
        [sys.executable, "-m", "typer", *asked], check=True, capture_output=True, text=True
    ).stdout


def config() -> str:
    """Every key, by its section."""
    intro = """# Keys of a config

What `et-testbed schema --config` lists. [Runs](../runs.md#configs) says how keys go together, and which do not.
"""
    sections = groupby(config_keys(), lambda key: section_of(key.name))
    return intro + "".join(config_section(name, keys) for name, keys in sections)


def section_of(key: str) -> str:
    """`chain.phases.bid` and `chain.supply` are of `chain`, `market.amm.steepness` is of `market.amm`."""
    parts = key.split(".")
    return ".".join(parts[:2] if parts[0] == "market" and len(parts) > 2 else parts[:1] if len(parts) > 1 else [])


def config_section(name: str, keys: Iterable[ConfigKey]) -> str:
    title = code(f"[{name}]" if not name.endswith("[]") else f"[[{name[:-2]}]]") if name else "Of the whole run"
    rows = ((code(key.name), code(key.default), escaped(key.meaning)) for key in keys)
    return f"\n## {title}\n\n" + table(("key", "default", "meaning"), rows)


def model() -> str:
    """Every key of a model, by its table and its exercises."""
    intro = """# Keys of a model

What `et-testbed schema --model` lists: the file that `et-testbed solve` and `et-testbed simulate` take.
[When to sell](../model.md#asking-more) says how keys go together, and has a model of each kind.

A ticket's `exercise` is `at_maturity`, `window` or `lottery`. Keys say which of them they are for, or which
`regime` of a round, where it is not all.
"""
    sections = groupby(model_keys(), title_of_model)
    return intro + "".join(model_section(title, keys) for title, keys in sections)


def title_of_model(key: ModelKey) -> str:
    """A ticket's, a round's, or the table of a law, which both may have."""
    head = code(f"[{key.name.rpartition('.')[0]}]")
    if key.exercise == "all":
        return head
    return f"A {'round' if key.exercise.startswith('round') else 'ticket'}: {head}"


def model_section(title: str, keys: Iterable[ModelKey]) -> str:
    rows = ((code(key.name), code(key.default), meaning_of_key(key)) for key in keys)
    return f"\n## {title}\n\n" + table(("key", "default", "meaning"), rows)


def meaning_of_key(key: ModelKey) -> str:
    """With the exercises, unless all of its section have a use for it."""
    only = "" if key.exercise in ("all", "round", TICKET) else f"({code(key.exercise)}) "
    return only + escaped(key.meaning)


def tables() -> str:
    """Every column of every table."""
    intro = """# Tables of a run

What `et-testbed schema` says of `RUN/tables/*.parquet`. [Runs](../runs.md#the-folder-of-a-run) has the folder
around them.
"""
    return intro + "".join(map(table_section, (*SCHEMAS, *EXTRA)))


def table_section(schema: Schema) -> str:
    rows = ((code(name), kind, escaped(meaning)) for name, kind, meaning in table_lines(schema))
    return f"\n## {code(schema.name)}\n\n{escaped(schema.meaning)}\n\n" + table(
        ("column", "type", "meaning"), rows
    )


def strategies() -> str:
    """The library, by what a strategy can be."""
    intro = """# Strategies of the library

What `et-testbed strategies` lists. [Strategies](../strategies.md#the-library) says where they come from.
"""
    return intro + "".join(map(strategy_section, catalogue()))


def strategy_section(entry: CatalogueEntry) -> str:
    parameters = f"\n\nParameters: {code(entry.parameters)}" if entry.parameters else ""
    return f"\n## {code(entry.name)}\n\n*{entry.roles}.* {escaped(entry.meaning)}.{parameters}\n"


def rpc() -> str:
    """Every method that a served run answers."""
    intro = """# Methods of the JSON-RPC

What a [served run](../ethereum.md) answers, and the names of parameters; those with a default may be left out.
"""
    return intro + "".join(map(methods_section, KINDS)) + aliases_section()


def methods_section(kind: type) -> str:
    heading = (kind.__doc__ or "").splitlines()[0].rstrip(".")
    rows = ((code(name), parameters_of(kind, name)) for name in vars(kind) if name in METHODS)
    return f"\n## {escaped(heading)}\n\n" + table(("method", "parameters"), rows)


def parameters_of(kind: type, method: str) -> str:
    return ", ".join(parameter_lines(list(inspect.signature(getattr(kind, method)).parameters.values())[1:]))


def parameter_lines(parameters: Iterable[inspect.Parameter]) -> Iterator[str]:
    """`block = "latest"`; what may be left out and is then nothing has no value."""
    for one in parameters:
        default = "" if one.default in (one.empty, None) else f" = {one.default!r}".replace("'", '"')
        yield code(one.name + default)


def aliases_section() -> str:
    rows = ((code(alias), code(name)) for alias, name in ALIASES.items())
    return "\n## Other names\n\n" + table(("method", "is"), rows)


PAGES = {
    "commands": commands,
    "config": config,
    "model": model,
    "tables": tables,
    "strategies": strategies,
    "rpc": rpc,
}
