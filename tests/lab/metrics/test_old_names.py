"""Names of earlier versions: refused with the new one, wherever a metric is named; the CHANGELOG has the table."""

from __future__ import annotations

import json
import re
import shutil

import pandas as pd
import pytest

from experiments import InputError, load, load_sweep, measure, run, sweep, verify_run, write_report
from experiments.lab.metrics.old_names import OLD_NAMES
from experiments.lab.metrics.registry import BY_NAME
from tests.places import ROOT


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return run(blocks=8, out=tmp_path_factory.mktemp("old") / "run")


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    return sweep(seeds=[1, 2], overrides=["blocks=5"], out=tmp_path_factory.mktemp("old") / "sweep")


def test_no_name_is_old_and_new():
    assert set(OLD_NAMES.values()) <= set(BY_NAME)
    assert not set(OLD_NAMES) & set(BY_NAME)


def test_the_changelog_has_the_table():
    text = (ROOT / "CHANGELOG.md").read_text()
    rows = dict(re.findall(r"^  \| `(\w+)` \| `(\w+)` \|", text, re.MULTILINE))
    assert rows == OLD_NAMES


@pytest.mark.parametrize("old", OLD_NAMES)
def test_a_figure_that_is_asked_for_by_its_old_name(kept, old):
    for figures in (kept.summary, load(kept.path).summary, measure(kept)):
        with pytest.raises(KeyError, match=f"{old}' is called '{OLD_NAMES[old]}' now"):
            figures[old]


def test_an_unknown_name_is_a_key_error_that_says_what_there_is(kept):
    with pytest.raises(KeyError, match=r"^there is no 'nothing'; "):
        kept.summary["nothing"]


def test_a_sweep_is_asked_for_an_old_name(swept, et_testbed):
    with pytest.raises(InputError, match="table: 'mev_capture' is called 'capture_cash' now"):
        swept.table("mev_capture")
    with pytest.raises(InputError, match="table: there is no metric 'captur'; did you mean 'capture'"):
        swept.table("captur")
    assert len(swept.table("capture", "spread")) == 1
    done = et_testbed("sweep", "nowhere.toml", "--metric", "running_capture")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--metrics running_capture: 'running_capture' is called 'capture' now" in done.stderr


def test_metrics_of_ones_own_have_any_name():
    own = sweep(seeds=[1], overrides=["blocks=3"], extra=lambda _: {"my_own": 1.0, "hhi_proposals": 2.0})
    assert own.table("my_own")["mean"].tolist() == [1.0]
    assert own.runs["hhi_proposals"].tolist() == [2.0]


def in_old_words(figures):
    """As an earlier version wrote them."""
    old = {new: name for name, new in OLD_NAMES.items() if name not in ("running_capture", "mev_capture")}
    kept = {old.get(name, name): value for name, value in figures.items() if not name.startswith("capture")}
    return kept | {"mev_capture": figures["capture_cash"]}


def test_an_old_run_is_read_in_new_words(kept, tmp_path):
    place = tmp_path / "run"
    shutil.copytree(kept.path, place)
    (place / "summary.json").write_text(json.dumps(in_old_words(kept.summary)))
    assert load(place).summary == kept.summary
    assert "capture of expected rewards" in write_report(place).read_text()
    checked = verify_run(place)
    assert checked.is_sound
    assert "the summary is in the words of an earlier version" in str(checked.parts[0].notices)


def test_an_old_sweep_is_refused_and_measured_anew(swept, tmp_path):
    place = tmp_path / "sweep"
    shutil.copytree(swept.path, place)
    in_old = pd.DataFrame([in_old_words(row) for row in swept.runs.to_dict("records")])
    in_old.to_parquet(place / "runs.parquet", index=False)
    for row in place.rglob("row.json"):
        stored = json.loads(row.read_text())
        row.write_text(json.dumps(stored | {"metrics": in_old_words(stored["metrics"])}))
    for reads in (load_sweep, write_report):
        with pytest.raises(InputError, match=r"in the words of an earlier version .* give its command again"):
            reads(place)
    again = sweep(seeds=[1, 2], overrides=["blocks=5"], out=place)
    assert again.summary() == swept.summary()


def test_a_run_over_several_numbers_of_blocks_has_one_column_of_them():
    by_blocks = sweep(grid={"blocks": [2, 3]}, seeds=[1])
    assert by_blocks.runs["blocks"].tolist() == [2, 3]
    assert "blocks" not in by_blocks.metric_names
