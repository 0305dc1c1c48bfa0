"""What docs/rules.md shows runs as it stands, with fewer seeds and blocks."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.places import DOCS

PAGE = (DOCS / "rules.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_from_the_idea_to_the_comparison(et_testbed, tmp_path, monkeypatch, capsys):
    rule, comparison = blocks("python")
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
    assert -75 < low <= mean <= high < -30
    assert mean == pytest.approx(-51.9, abs=8)
