"""What docs/notebook.md shows runs as it stands, a cell after the other, on fewer blocks; and in a kernel."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from tests.places import DOCS

PAGE = (DOCS / "notebook.md").read_text(encoding="utf-8")
MODEL = re.findall(r"```toml\n(\[model\].*?)```", (DOCS / "model.md").read_text(encoding="utf-8"), re.DOTALL)[0]
SHORTER = {
    '"blocks": 300': '"blocks": 20',
    '"blocks": 60': '"blocks": 8',
    "range(1, 11)": "range(1, 3)",
    "range(1, 6)": "range(1, 3)",
    "blocks=40": "blocks=4",
    "tickets=500": "tickets=20",
    "views=100": "views=5",
}


def cells() -> Iterable[str]:
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        for long, short in SHORTER.items():
            block = block.replace(long, short)
        yield block


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where a notebook lies, with a folder for what is temporary."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.toml").write_text(MODEL)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    return tmp_path


def played(folder, sources):
    """The outputs of cells in a kernel of their own, each cell's as a list."""
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    sheet = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(sheet, kernel_name="python3", allow_errors=True).execute(cwd=str(folder))
    return [cell.outputs for cell in sheet.cells]


def test_all_that_is_made_shorter_is_there():
    assert [long for long in SHORTER if long not in PAGE] == []


@pytest.mark.slow  # some seconds
def test_every_cell_runs(folder):
    names: dict[str, object] = {}
    for cell in cells():
        exec(cell, names)
    assert (folder / "holdings.html").is_file()


@pytest.mark.slow  # starts a kernel
def test_a_kernel_shows_results_and_leaves_nothing(folder):
    imported, long = "from et_testbed import run", "result = run({'blocks': 1000}, signatures='off')"
    _, (bar,), (shown,), (figure,), (error,) = played(
        folder, [imported, long, "result", "result.plot()", "run({'block': 3})"]
    )
    assert bar["data"]["text/plain"].startswith("et 1,000 of 1,000 blocks")
    assert "next: run(..., out=FOLDER)" in shown["data"]["text/html"]
    assert list(figure["data"]) == ["application/vnd.plotly.v1+json"]
    assert error["traceback"] == ["InputError: " + error["evalue"]]
    assert list((folder / "temporary").iterdir()) == []


@pytest.mark.slow  # starts a kernel, twice
def test_what_a_killed_kernel_leaves_goes_with_the_next(folder):
    from nbclient.exceptions import DeadKernelError

    begin = "from et_testbed import sweep\nresult = sweep({'blocks': 4}, seeds=range(1, 41))"
    with pytest.raises(DeadKernelError):
        played(folder, [begin, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"])
    (left,) = (folder / "temporary").glob("et-testbed-held-*")
    assert len(list(left.rglob("manifest.json"))) == 41
    played(folder, [begin])
    assert list((folder / "temporary").glob("et-testbed-held-*")) == []
