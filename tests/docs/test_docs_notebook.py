"""What docs/notebook.md says of results in a kernel."""

from __future__ import annotations

import pytest


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where a notebook lies, with a folder for what is temporary."""
    monkeypatch.chdir(tmp_path)
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


@pytest.mark.slow  # starts a kernel
def test_a_kernel_shows_results_and_leaves_nothing(folder):
    imported = "from et_testbed import run\nfrom experiments.lab.terminal import notebook_bar"
    at_once = "notebook_bar.PATIENCE = 0.0"  # how long a run takes is not the machine's to say here
    played_run = "result = run({'blocks': 1000}, signatures='off')"
    _, (bar,), (shown,), (figure,), (error,) = played(
        folder, [f"{imported}\n{at_once}", played_run, "result", "result.plot()", "run({'block': 3})"]
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
