"""What a run says that cannot be written any more: where what there is of it lies, and what to do."""

from __future__ import annotations

from experiments.lab.cli.run import what_is_left


def test_a_run_that_could_not_even_begin_has_left_nothing(tmp_path):
    (tmp_path / "run").mkdir()
    assert what_is_left(tmp_path / "run").endswith("; begin it again where it can be written")


def test_a_folder_that_is_gone_was_removed(tmp_path):
    assert "was removed, or moved, while the run went on" in what_is_left(tmp_path / "run")


def test_one_that_has_begun_goes_on(tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    way = f"`et-testbed run --resume {tmp_path}` goes on with it"
    assert what_is_left(tmp_path) == f"what is recorded is safe: {way}"
