"""What docs/rules.md shows runs as it stands, with fewer seeds and blocks."""

from __future__ import annotations

import re
import shlex

import pytest

from experiments import run
from experiments.lab.verify import audit_run
from tests.places import DOCS

PAGE = (DOCS / "rules.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_from_the_idea_to_the_comparison(et_testbed, tmp_path, monkeypatch, capsys):
    rule, _, comparison = blocks("python")
    (config,) = blocks("toml")
    check, sweep = (shlex.split(command)[1:] for command in blocks("sh"))
    (tmp_path / "one_chance.py").write_text(rule)
    (tmp_path / "rule.toml").write_text(config.replace("blocks = 200", "blocks = 100"))
    done = et_testbed(*check, cwd=tmp_path)
    assert done.stdout.strip() in PAGE
    sweep[sweep.index("1..30")] = "1..3"
    done = et_testbed(*sweep, "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    monkeypatch.chdir(tmp_path)
    exec(comparison, {})
    share = re.search(r"top_share: (\S+) \[(\S+), (\S+)\]", capsys.readouterr().out)
    assert share is not None
    low, mean, high = sorted(map(float, share.groups()))
    assert -0.75 < low <= mean <= high < -0.3
    assert mean == pytest.approx(-0.519, abs=0.08)


def test_a_rule_that_says_what_it_is_is_sound_and_runs(et_testbed, tmp_path):
    """Its dates are believed by the audit, and shown to be those that it states."""
    _, stated, _ = blocks("python")
    (tmp_path / "two_epochs.py").write_text(stated)
    done = et_testbed("check", "two_epochs.py:rule", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "sound over 20 random histories" in done.stdout
    config = {"chain": {"draw": f"{tmp_path}/two_epochs.py:rule", "supply": 40, "maturity": 16}}
    result = run(config, blocks=32, out=tmp_path / "run", signatures="off")
    assert audit_run(result.path).is_sound
    windows = result.tickets.last_block - result.tickets.first_block
    assert set(windows) == {15}
    assert set(result.tickets.first_block % 8) == {0}
