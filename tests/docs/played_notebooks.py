"""The notebooks of the docs, executed: `python -m tests.docs.played_notebooks [NAME]` keeps their outputs.

Each is executed from a clean folder. What is kept is small and still: a figure of plotly becomes a picture, by the
chromium that is installed; bars and times go.
"""

from __future__ import annotations

import json
import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.places import DOCS

NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))
PLOTLY = "application/vnd.plotly.v1+json"
BAR = "<progress "
COUNTED = re.compile(r"\d+(?= µs of CPU)|(?<=pickle: )\d+(?= bytes)")
"""What differs from machine to machine, and with the versions of libraries."""

LONG = re.compile(r"\d+\.\d{12,}(e-?\d+)?")
"""Numbers whose last digits are the processor's."""

Sheet = dict[str, Any]
"""A notebook, or a part of one, as JSON has it; texts may be lists of lines."""


def read(file: Path) -> Sheet:
    """A notebook as it is committed."""
    found: Sheet = json.loads(file.read_text(encoding="utf-8"))
    return found


def played(file: Path) -> Any:
    """A notebook with the outputs that executing it in a clean folder gives."""
    import nbformat
    from nbclient import NotebookClient

    sheet = nbformat.read(file, as_version=4)
    with TemporaryDirectory() as folder:
        NotebookClient(sheet, kernel_name="python3", timeout=600, record_timing=False).execute(cwd=folder)
    for cell in code_of(sheet):
        cell["outputs"] = [still(output) for output in cell["outputs"] if not is_bar(output)]
    return sheet


def code_of(sheet: Sheet) -> Iterator[Sheet]:
    """The cells that are executed."""
    return (cell for cell in sheet["cells"] if cell["cell_type"] == "code")


def joined(text: str | list[str]) -> str:
    """A text, which may be a list of lines."""
    return "".join(text)


def is_bar(output: Sheet) -> bool:
    """Whether it shows how far a cell was."""
    return joined(output.get("data", {}).get("text/html", "")).startswith(BAR)


def still(output: Sheet) -> Sheet:
    """The same without what differs from time to time; of a figure of plotly its title, too."""
    data = output.get("data", {})
    if PLOTLY in data:
        data["text/plain"] = f"figure: {data[PLOTLY]['layout']['title']['text']}"
    for kind in {"text/plain", "text/html"} & set(data):
        data[kind] = COUNTED.sub("some", joined(data[kind]))
    return output


def texts(sheet: Sheet) -> list[list[str]]:
    """What the outputs of each cell say, long numbers to ten decimals."""
    return [[rounded(text_of(output)) for output in cell["outputs"]] for cell in code_of(sheet)]


def rounded(text: str) -> str:
    """A text with its long numbers to ten decimals."""
    return LONG.sub(lambda number: str(round(float(number[0]), 10)), text)


def text_of(output: Sheet) -> str:
    """What an output says."""
    if "text" in output:
        return f"{output['name']}: {joined(output['text'])}"
    data = output.get("data", {})
    said = [joined(data[kind]) for kind in ("text/plain", "text/html") if kind in data]
    return "\n".join(said) or str(output)


def photographed(sheet: Sheet) -> Sheet:
    """The same with a picture in place of each figure of plotly."""
    from tests.docs.still_pictures import Camera

    with Camera() as camera:
        for cell in code_of(sheet):
            for output in cell["outputs"]:
                figure = output.get("data", {}).pop(PLOTLY, None)
                if figure is not None:
                    output["data"]["image/png"] = b64encode(camera.shot(figure)).decode()
    return sheet


def bare(sheet: Sheet) -> Sheet:
    """The same without what says which machine executed it."""
    sheet["metadata"] = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    for number, cell in enumerate(sheet["cells"]):
        cell["metadata"] = {}
        cell["id"] = f"cell-{number}"
    return sheet


def main(names: list[str]) -> None:
    """Execute the named notebooks, or all, and keep their outputs."""
    import nbformat

    for file in NOTEBOOKS:
        if not names or file.stem in names:
            sheet: Any = bare(photographed(played(file)))
            file.write_text(f"{nbformat.writes(sheet)}\n", encoding="utf-8")
            print(f"{file.name}: {file.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main(sys.argv[1:])
