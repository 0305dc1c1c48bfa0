"""A terminal that lacks Greek letters and arrows ends no command."""

from __future__ import annotations

import pytest

MODEL = """
[model]
maturity = 3
discount_rate = 0.01
buyers = 2
[model.cost]
distribution = "uniform"
low = 0.1
high = 0.5
[model.reward]
process = "constant"
value = 1.0
"""
CONFIG = """
[[agents]]
strategy = "at_once"
[[agents]]
strategy = "truthful"
count = 2
"""

COMMANDS = [
    ["strategies"],
    ["schema"],
    ["schema", "--config"],
    ["experiments"],
    ["--help"],
    ["run", "--help"],
    ["check", "truthful", "--views", "3"],
    ["solve", "model.toml"],
    ["simulate", "model.toml", "--tickets", "9"],
    ["run", "--blocks", "3"],
    ["tournament", "config.toml", "--entrants", "truthful,shade:0.8", "--seeds", "1", "--blocks", "3"],
]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_needs_unicode(et_testbed, tmp_path, command, encoding):
    (tmp_path / "model.toml").write_text(MODEL, encoding="utf-8")
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    ended = et_testbed(*command, cwd=tmp_path, encoding=encoding)
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr
    assert ended.stdout


def test_what_is_lacking_is_a_question_mark(et_testbed, et_testbed_process):
    greek = et_testbed("schema", "--config").stdout
    assert "θ" in greek
    for encoding in ("ascii", "cp1252"):
        plain = greek.encode(encoding, "replace").decode(encoding)
        assert et_testbed("schema", "--config", encoding=encoding).stdout == plain
    apart = et_testbed_process("schema", "--config", env={"PYTHONIOENCODING": "ascii"})
    assert apart.stdout == greek.encode("ascii", "replace").decode()
