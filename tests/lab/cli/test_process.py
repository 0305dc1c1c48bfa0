"""The command in a process of its own; most tests of commands give them in this process."""

from __future__ import annotations

import pytest

RAISING = ("--set", "agents.0.strategy=mine.py:Raises", "--set", "agents.0.parameters={}")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--version",), 0),
        (("run", "--blocks", "3", "--json"), 0),
        (("run", "--set", "chain.suply=9"), 2),
        (("run", "--strict", "--blocks", "3", *RAISING), 1),
    ],
)
def test_what_it_prints_and_how_it_ends_is_the_same_in_either(
    et_testbed, et_testbed_process, tmp_path, arguments, code
):
    (tmp_path / "mine.py").write_text(
        "from strategies import Seller\n\n\n"
        "class Raises(Seller):\n    def primary(self, view):\n        raise ZeroDivisionError\n"
    )
    here, apart = (give(*arguments, cwd=tmp_path) for give in (et_testbed, et_testbed_process))
    assert apart.returncode == code, apart.stderr
    assert (here.returncode, here.stdout, here.stderr) == (apart.returncode, apart.stdout, apart.stderr)
