"""The command line, `et-testbed`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from experiments.lab.cli.check import check
from experiments.lab.cli.experiments import list_experiments
from experiments.lab.cli.exploit import exploit
from experiments.lab.cli.replay import replay
from experiments.lab.cli.run import run
from experiments.lab.cli.serve import serve
from experiments.lab.cli.simulate import simulate_command
from experiments.lab.cli.solve import solve_command
from experiments.lab.cli.sweep import sweep
from experiments.lab.cli.tournament import tournament
from experiments.lab.cli.verify import verify
from experiments.lab.cli.wallet import wallet
from experiments.lab.terminal.ending import guarded

app = typer.Typer(
    name="et-testbed",
    help="A discrete-event testbed for Ethereum execution tickets.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="folder of a run")]


for command in (run, sweep, verify, replay, check, tournament, exploit, serve):
    app.command()(command)
app.command("experiments")(list_experiments)
app.command("solve")(solve_command)
app.command("simulate")(simulate_command)
app.add_typer(wallet, name="wallet")


@app.command()
def trace(
    run: RunFolder,
    serial: Annotated[int, typer.Argument(metavar="SERIAL", help="serial number of the ticket")],
    as_json: Annotated[bool, typer.Option("--json", help="print the events as a JSON list")] = False,
) -> None:
    """The life of one ticket: mint, listings, bids, sales, transfers, draw, proposal, burn.

    Executes nothing in RUN."""
    from experiments.lab.verify.trace import render, to_json, trace_ticket

    events = trace_ticket(run, serial)
    if as_json:
        typer.echo(to_json(events))
    else:
        Console().print(render(events))


@app.command()
def report(
    run: RunFolder,
    out: Annotated[Path | None, typer.Option(help="the page; left out: RUN/report.html")] = None,
) -> None:
    """Write one self-contained HTML page with the plots that a person would want first.

    Executes nothing in RUN."""
    from experiments.lab.report import write_report
    from experiments.lab.tournament.kept_tournament import PAYOFFS
    from experiments.lab.tournament.page import write_tournament_page

    is_tournament = (run / PAYOFFS).is_file()
    write = write_tournament_page if is_tournament else write_report
    typer.echo(f"report: {write(run, out)}")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="where to write")] = Path(),
) -> None:
    """Write a commented config and a strategy file to start from; they run as they are."""
    from experiments.lab.config.starter import write_starter

    paths = write_starter(folder)
    for path in paths:
        typer.echo(f"wrote {path}")
    typer.echo(f"try: et-testbed run {paths[0]}")


@app.command()
def strategies(
    as_json: Annotated[bool, typer.Option("--json", help="print a JSON list")] = False,
) -> None:
    """List the strategies, with parameters and a line each."""
    from experiments.lab.cli.catalogue import catalogue

    entries = catalogue()
    if as_json:
        typer.echo(json.dumps([entry._asdict() for entry in entries]))
        return
    listing("name", "roles", "what it does; its parameters", rows=[
        (entry.name, entry.roles, f"{entry.meaning}\n[dim]{entry.parameters}[/dim]") for entry in entries
    ])  # fmt: skip


@app.command()
def metrics(
    as_json: Annotated[bool, typer.Option("--json", help="print a JSON list")] = False,
) -> None:
    """List the metrics of a run: names, units, formulas, sources and ranges."""
    from experiments.lab.metrics.registry import METRICS

    if as_json:
        typer.echo(json.dumps([metric.told() for metric in METRICS], allow_nan=False))
        return
    listing("name", "unit", "what it is; its formula", rows=[
        (metric.name, metric.unit, f"{metric.words}\n[dim]{escape(metric.formula)}[/dim]") for metric in METRICS
    ])  # fmt: skip


@app.command()
def schema(
    config: Annotated[bool, typer.Option("--config", help="the keys of a config instead")] = False,
) -> None:
    """Document the tables of a run, or with --config every key of a config."""
    from experiments.lab.runs.schema import EXTRA, SCHEMAS, config_keys, table_lines

    if config:
        rows = [(key.name, key.default, key.meaning) for key in config_keys()]
        listing("key", "default", "meaning", rows=rows)
        return
    for table in (*SCHEMAS, *EXTRA):
        typer.echo(f"\n{table.name}: {table.meaning}")
        listing("column", "type", "meaning", rows=table_lines(table))


def main() -> None:
    """The entry point."""
    guarded(app)


def listing(*headers: str, rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows in columns, the last one as wide as the terminal allows."""
    table = Table(box=None, pad_edge=False)
    for header in headers:
        table.add_column(header, overflow="fold", no_wrap=header == headers[0])
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def print_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        from importlib.metadata import version

        typer.echo(version("et-testbed"))
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """A discrete-event testbed for Ethereum execution tickets."""
