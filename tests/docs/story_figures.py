"""The figures of the stories: `python -m tests.docs.story_figures` does what their pages say, and draws what came.

They are figures of the tool's own, as the page about a sweep or a tournament saves them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from experiments import exploit, load_sweep, load_tournament
from experiments.lab.cli.app import main as et_testbed
from tests.command_line import InProcess
from tests.docs.doc_blocks import blocks
from tests.docs.doc_session import Session
from tests.docs.still_pictures import Camera
from tests.places import DOCS


def reserve(folder: Path) -> Any:
    """What the protocol takes in, by the share."""
    return load_sweep(folder / "swept").plot("protocol_revenue")


def beats(folder: Path) -> Any:
    """What deviations gain, as the command of the page finds them."""
    with chdir(folder):
        found = exploit(
            "patient.py:Patient", "duel.toml", training=[1, 2], held_out=range(11, 21), families=("shade",)
        )
    return found.plot()


def against(folder: Path) -> Any:
    """Who earns what against whom."""
    return load_tournament(folder / "survivors").plot("against")


def population(folder: Path) -> Any:
    """Where a population goes."""
    return load_tournament(folder / "survivors").plot("population")


FIGURES: dict[str, dict[str, Callable[[Path], Any]]] = {
    "what_would_my_rule_do.md": {"story_reserve": reserve},
    "would_my_bidder_survive.md": {
        "story_beats_patient": beats,
        "story_against": against,
        "story_population": population,
    },
}


def draw(camera: Camera, page: str, folder: Path) -> None:
    """Do what a page says in a folder, and keep its figures."""
    with chdir(folder):
        Session(folder, InProcess(et_testbed)).run(blocks(DOCS / page), shortened=False)
    for name, figure in FIGURES[page].items():
        drawn = camera.drawing(json.loads(figure(folder).to_json()))
        (DOCS / "figures" / f"{name}.svg").write_text(drawn, encoding="utf-8")
        print(f"{name}.svg")


def main() -> None:
    """All of them."""
    with Camera() as camera:
        for page in FIGURES:
            with TemporaryDirectory() as folder:
                draw(camera, page, Path(folder))


if __name__ == "__main__":
    main()
