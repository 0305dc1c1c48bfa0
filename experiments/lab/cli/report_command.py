"""`et-testbed report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="folder of a run")],
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
