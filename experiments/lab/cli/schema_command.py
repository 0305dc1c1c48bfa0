"""`et-testbed schema`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from experiments.lab.config.errors import InputError
from experiments.lab.terminal.sheet import Sheet, SheetColumn, prose
from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, refuse_two_forms, show


def schema(
    config: Annotated[bool, typer.Option("--config", help="the keys of a config instead")] = False,
    model: Annotated[bool, typer.Option("--model", help="the keys of a model for solve and simulate")] = False,
    format: AsTable = TableFormat.TABLE,
    as_json: Annotated[
        bool, typer.Option("--json", help="(config, model) as the JSON Schema that editors read")
    ] = False,
) -> None:
    """Document the tables of a run, or with --config every key of a config, with --model every key of a model."""
    if config and model:
        raise InputError("--config and --model: name one of them")
    refuse_two_forms(as_json, format)
    if as_json:
        typer.echo(json.dumps(json_schema(config, model), ensure_ascii=False, allow_nan=False))
    elif config:
        show([sheet_of_config()], format)
    elif model:
        show([sheet_of_model()], format)
    else:
        show(sheets_of_tables(), format)


def json_schema(config: bool, model: bool) -> dict[str, Any]:
    """The JSON Schema of one or the other. Raises `InputError` for the tables of a run, which have none."""
    if config:
        from experiments.lab.config import config_keys

        return config_keys.json_schema()
    if model:
        from experiments.lab.models.model import model_keys

        return model_keys.json_schema()
    raise InputError("--json: is for --config and --model; --format json writes the columns of the tables")


def sheet_of_config() -> Sheet:
    """Every key of a config."""
    from experiments.lab.config.config_keys import config_keys

    columns = (SheetColumn("key"), SheetColumn("default"), prose("meaning"))
    return Sheet(columns, [(key.name, key.default, key.meaning) for key in config_keys()])


def sheet_of_model() -> Sheet:
    """Every key of a model."""
    from experiments.lab.models.model.model_keys import model_keys

    columns = (SheetColumn("key"), SheetColumn("exercise"), SheetColumn("default"), prose("meaning"))
    return Sheet(columns, [(key.name, key.exercise, key.default, key.meaning) for key in model_keys()])


def sheets_of_tables() -> list[Sheet]:
    """Every column of every table of a run."""
    from experiments.lab.runs.schema import EXTRA, SCHEMAS, table_lines

    columns = (SheetColumn("column"), SheetColumn("type"), prose("meaning"))
    tables = (*SCHEMAS, *EXTRA)
    return [Sheet(columns, table_lines(one), f"{one.name}: {one.meaning}", one.name) for one in tables]
