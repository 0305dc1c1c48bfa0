"""Write the page about a folder: of a run, or of a sweep."""

from __future__ import annotations

from pathlib import Path

from chain.home import expanded
from experiments.lab.config.errors import InputError
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.report.page import Page, render
from experiments.lab.report.run_page import run_page
from experiments.lab.report.sweep.sweep_page import sweep_page
from experiments.lab.report.text_file import write
from experiments.lab.runs.folder import read_manifest


@tells_arguments
def write_report(folder: Path | str, out: Path | str | None = None) -> Path:
    """Write the page about a run's or a sweep's folder, to `out` or to FOLDER/report.html; returns where it is.

    The same folder gives the same bytes. Raises `InputError` where there is neither, or nowhere to write.
    """
    folder = expanded(folder)
    text = render(page_about(folder))
    place = place_of(folder, out)
    write(text, place)
    return place


def place_of(folder: Path, out: Path | str | None) -> Path:
    """Where the page about a folder goes. Raises `InputError` where a folder is in its place."""
    place = folder / "report.html" if out is None else expanded(out)
    if place.is_dir():
        raise InputError(f"{place}: is a folder; name a file for the page")
    return place


def page_about(folder: Path) -> Page:
    """The page that the kind of the folder calls for. Raises `InputError`."""
    is_sweep = read_manifest(folder).get("kind") == "sweep"
    if is_sweep:
        return sweep_page(folder)
    return run_page(folder)
