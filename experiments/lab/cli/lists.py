"""`et-testbed strategies` and `et-testbed metrics`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from experiments.lab.terminal.sheet import Sheet, SheetColumn, prose
from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, refuse_two_forms, show


def strategies(
    as_json: Annotated[bool, typer.Option("--json", help="print a JSON list")] = False,
    format: AsTable = TableFormat.TABLE,
) -> None:
    """List the strategies, with parameters and a line each."""
    refuse_two_forms(as_json, format)
    from experiments.lab.cli.catalogue import catalogue

    entries = catalogue()
    if as_json:
        typer.echo(json.dumps([entry._asdict() for entry in entries]))
        return
    columns = (SheetColumn("name"), SheetColumn("roles"), prose("meaning", "what it does"), prose("parameters"))
    rows = [(entry.name, entry.roles, entry.meaning, entry.parameters) for entry in entries]
    show([Sheet(columns, rows)], format)


def metrics(
    as_json: Annotated[bool, typer.Option("--json", help="print a JSON list")] = False,
    format: AsTable = TableFormat.TABLE,
) -> None:
    """List the metrics of a run: names, units, formulas, sources and ranges."""
    refuse_two_forms(as_json, format)
    from experiments.lab.metrics.registry import METRICS

    if as_json:
        typer.echo(json.dumps([metric.told() for metric in METRICS], allow_nan=False))
        return
    columns = (SheetColumn("name"), SheetColumn("unit"), prose("words", "what it is"), prose("formula"))
    rows = [(metric.name, metric.unit, metric.words, metric.formula) for metric in METRICS]
    show([Sheet(columns, rows)], format)
