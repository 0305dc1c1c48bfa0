"""Arguments, grids and seeds as nobody means them: a command is carried out, or refused in clear lines."""

from __future__ import annotations

from random import Random

import pytest

from tests.lab.config.test_config_wild import bounded

CONFIG = """
blocks = 2
[chain]
maturity = 4
[[agents]]
strategy = "truthful"
role = "buyer"
count = 2
"""
MODEL = """
[model]
maturity = 4
discount_rate = 0.01
buyers = 3
[model.cost]
distribution = "uniform"
low = 0.1
high = 0.5
[model.reward]
process = "constant"
value = 1.0
"""
WORDS = (
    *("", " ", "-", "--", "---", "=", ",", ",,", ":", "::", "..", "."),
    *("0", "1", "-1", "2.5", "1e9", "1e400", "nan", "inf", "²", "0x10", "1_000", "9" * 30, "9" * 5000),
    *(
        "true",
        "None",
        "null",
        "[",
        "]",
        "{",
        "{}",
        "[[",
        '"',
        "'",
        "\\",
        "\n",
        "\x00x"[1:],
        "é",
        "\udcff",
        "x" * 5000,
    ),
    *("no/such", "no_such.toml", "/dev/null", "config.toml", "model.toml", "config.toml:X", "a:b:c"),
    *("blocks=1", "blocks=", "=1", "chain.supply", "chain.supply=8", "a=b=c", "agents.0.count=1", "agents.9.x=1"),
)
GRIDS = (
    *("chain.maturity=3,4", "chain.maturity=", "chain.maturity", "=1,2", "chain.maturity=3,3", "x.y=1,2"),
    *("chain.maturity=[1", 'market.primary="a,b"', "market.primary=first_price,second_price", "seed=1,2"),
    *("chain.draw=lottery,", "blocks=1,2", "agents=[],[]", "chain=1,2", "chain.maturity=nan", "chain.maturity=²"),
)
SEEDS = ("1", "1..2", "2..1", "1,1", "1..99999999999", "-1", "a", "", "1..", "..2", "1.5", "²", "1, 2", "9" * 25)
OPTIONS = (
    "--blocks",
    "--seed",
    "--set",
    "--signatures",
    "--out",
    "--jobs",
    "--json",
    "--quiet",
    "--force",
    "--wat",
)
FLAGS = ("--json", "--quiet", "--wat")
RUNS = ("run", "sweep", "tournament", "exploit", "simulate", "solve", "check")
OTHERS = (
    "verify",
    "replay",
    "trace",
    "report",
    "experiments",
    "strategies",
    "schema",
    "init",
    "wallet",
    "nonsense",
)


def arguments(rng: Random) -> list[str]:
    """A command with a few arguments that mostly make no sense together."""
    command = rng.choice(RUNS * 2 + OTHERS)
    meant = "model.toml" if command in ("solve", "simulate") else "config.toml"
    given = [command, meant if rng.random() < 0.7 else rng.choice(WORDS)]
    if command == "sweep":
        given += ["--grid", rng.choice(GRIDS + WORDS), "--seeds", rng.choice(SEEDS)]
    for _ in range(rng.choice((0, 0, 1, 2))):
        option = rng.choice(OPTIONS)
        given += [option] if option in FLAGS else [option, rng.choice(WORDS)]
    small = {"run": "--blocks", "sweep": "--blocks", "simulate": "--tickets", "check": "--views"}.get(command)
    return [*given, small, "2"] if small else given


def check(et_testbed, folder, seed: int) -> bool:
    """Whether it was carried out. It may be refused, but in lines, and neither print a traceback nor go on."""
    given = arguments(Random(seed))
    (folder / "config.toml").write_text(CONFIG)
    (folder / "model.toml").write_text(MODEL)
    with bounded(given):
        done = et_testbed(*given, cwd=folder)
        assert done.returncode in (0, 2), done
        assert "Traceback" not in done.stderr + done.stdout
        if done.returncode == 2:
            lines = done.stderr.splitlines()
            assert lines
            assert all(len(line) < 3000 for line in lines)
    return done.returncode == 0


def test_arguments_are_taken_or_refused(et_testbed, tmp_path):
    assert sum(check(et_testbed, tmp_path, seed) for seed in range(60)) > 2


@pytest.mark.slow
def test_a_thousand_arguments_are_taken_or_refused(et_testbed, tmp_path):
    assert sum(check(et_testbed, tmp_path, seed) for seed in range(1000, 2000)) > 50
