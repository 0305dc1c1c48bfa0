"""The command line, `et-testbed`."""

from __future__ import annotations

import atexit
import gc
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.assembly.rare_collections import rare_collections
from experiments.lab.cli.check import check
from experiments.lab.cli.experiments import PASSED_ON, experiments_command
from experiments.lab.cli.exploit import exploit
from experiments.lab.cli.replay import replay
from experiments.lab.cli.run import run
from experiments.lab.cli.schema_command import schema
from experiments.lab.cli.serve import serve
from experiments.lab.cli.simulate import simulate_command
from experiments.lab.cli.solve import solve_command
from experiments.lab.cli.sweep import sweep
from experiments.lab.cli.tournament import tournament
from experiments.lab.cli.verify import verify
from experiments.lab.cli.wallet import wallet
from experiments.lab.terminal.ending import guarded
from experiments.lab.terminal.quick_help import load_help, shows_help
from experiments.lab.terminal.sheet import Sheet, SheetColumn, prose
from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, show

app = typer.Typer(
    name="et-testbed",
    help="A discrete-event testbed for Ethereum execution tickets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="folder of a run")]


for command in (run, sweep, verify, replay, check, tournament, exploit, serve, schema):
    app.command()(command)
app.command("experiments", context_settings=PASSED_ON)(experiments_command)
app.command("solve")(solve_command)
app.command("simulate")(simulate_command)
app.add_typer(wallet, name="wallet")


@app.command()
def trace(
    run: RunFolder,
    serial: Annotated[int, typer.Argument(metavar="SERIAL", help="serial number of the ticket")],
    as_json: Annotated[bool, typer.Option("--json", help="print the events as a JSON list")] = False,
    format: AsTable = TableFormat.TABLE,
) -> None:
    """The life of one ticket: mint, listings, bids, sales, transfers, draw, proposal, burn.

    Executes nothing in RUN."""
    from experiments.lab.verify.trace import sheet_of, to_json, trace_ticket

    events = trace_ticket(run, serial)
    if as_json:
        typer.echo(to_json(events))
    else:
        show([sheet_of(events)], format)


@app.command()
def report(
    run: RunFolder,
    out: Annotated[Path | None, typer.Option(help="the page; left out: RUN/report.html")] = None,
    pictures: Annotated[
        Path | None, typer.Option(metavar="DIR", help="write who sells what to whom as SVG there, too")
    ] = None,
) -> None:
    """Write one self-contained HTML page with the plots that a person would want first.

    Executes nothing in RUN."""
    from experiments.lab.report import write_report
    from experiments.lab.tournament.kept_tournament import PAYOFFS
    from experiments.lab.tournament.tournament_page import write_tournament_page

    is_tournament = (run / PAYOFFS).is_file()
    write = write_tournament_page if is_tournament else write_report
    typer.echo(f"report: {write(run, out)}")
    if pictures is not None:
        from experiments.lab.report.market_picture import save_pictures

        for path in save_pictures(run, pictures):
            typer.echo(f"picture: {path}")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="where to write")] = Path(),
    kind: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help="buyer, seller, market-maker, draw-rule, pricing-rule, sale-format, reward-law, cost-law, "
            "experiment or model",
        ),
    ] = "buyer",
) -> None:
    """Write something of your own to start from, a strategy, a rule, an experiment or a model for solve, with a
    test; it runs as it is."""
    from experiments.lab.config.starter import to_try, write_starter

    for path in write_starter(folder, kind):
        typer.echo(f"wrote {path}")
    for command in to_try(folder, kind):
        typer.echo(f"try: {command}")


@app.command()
def strategies(
    as_json: Annotated[bool, typer.Option("--json", help="print a JSON list")] = False,
    format: AsTable = TableFormat.TABLE,
) -> None:
    """List the strategies, with parameters and a line each."""
    from experiments.lab.cli.catalogue import catalogue

    entries = catalogue()
    if as_json:
        typer.echo(json.dumps([entry._asdict() for entry in entries]))
        return
    columns = (SheetColumn("name"), SheetColumn("roles"), prose("meaning", "what it does"), prose("parameters"))
    rows = [(entry.name, entry.roles, entry.meaning, entry.parameters) for entry in entries]
    show([Sheet(columns, rows)], format)


@app.command()
def metrics(
    as_json: Annotated[bool, typer.Option("--json", help="print a JSON list")] = False,
    format: AsTable = TableFormat.TABLE,
) -> None:
    """List the metrics of a run: names, units, formulas, sources and ranges."""
    from experiments.lab.metrics.registry import METRICS

    if as_json:
        typer.echo(json.dumps([metric.told() for metric in METRICS], allow_nan=False))
        return
    columns = (SheetColumn("name"), SheetColumn("unit"), prose("words", "what it is"), prose("formula"))
    rows = [(metric.name, metric.unit, metric.words, metric.formula) for metric in METRICS]
    show([Sheet(columns, rows)], format)


def main() -> None:
    """The entry point. What a command loads stays to the end, and at the end all goes with the process: to look
    for garbage in it takes a fifth of the CPU time of a short command."""
    atexit.register(gc.freeze)
    with rare_collections():
        if shows_help(sys.argv[1:]):
            load_help()
        guarded(app)


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
