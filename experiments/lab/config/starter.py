"""`et-testbed init`: something to start from, of each kind, with a test that passes."""

from __future__ import annotations

from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from chain.near_names import near
from chain.wording import as_typed, shown
from experiments.lab.config.errors import InputError


class Starter(NamedTuple):
    """A kind of start: its folder in `experiments/starter`, its files, and the commands to try, each with `{}` for
    where they lie."""

    folder: str
    names: tuple[str, ...]
    commands: tuple[str, ...]


def starter(folder: str, module: str, name: str) -> Starter:
    """A start with a config, and a strategy or a rule that it names."""
    names = ("config.toml", f"{module}.py", f"test_{module}.py")
    return Starter(folder, names, ("run {}/config.toml", f"check {{}}/{module}.py:{name}"))


STARTERS = {
    "buyer": starter("buyer", "my_buyer", "Patient"),
    "seller": starter("seller", "my_seller", "Steady"),
    "market-maker": starter("market_maker", "my_market_maker", "TwoSided"),
    "draw-rule": starter("draw_rule", "my_draw", "draw"),
    "pricing-rule": starter("pricing_rule", "my_pricing", "Damped"),
    "sale-format": starter("sale_format", "my_format", "clear"),
    "reward-law": starter("reward_law", "my_rewards", "Gamma"),
    "cost-law": starter("cost_law", "my_costs", "Beta"),
    "experiment": Starter(
        "experiment",
        ("my_question.py", "test_my_question.py"),
        (
            "experiments {}/my_question.py",
            "experiments {}/my_question.py --golden",
            "replay {}/my_question.golden",
        ),
    ),
    "model": Starter(
        "model",
        ("my_model.toml", "test_my_model.py"),
        ("solve {}/my_model.toml", "simulate {}/my_model.toml --tickets 2000"),
    ),
}
"""By the name of their kind."""


def starter_of(kind: str) -> Starter:
    """The start of a kind. Raises `InputError`."""
    if kind not in STARTERS:
        raise InputError(f"--kind: {shown(kind)} is not one of {', '.join(STARTERS)}{near(kind, STARTERS)}")
    return STARTERS[kind]


def write_starter(folder: Path, kind: str = "buyer") -> list[Path]:
    """Copy the files of a kind. Raises `InputError` where one of them is there already; nothing is overwritten."""
    start = starter_of(kind)
    there = [folder / name for name in start.names if (folder / name).exists()]
    if there:
        raise InputError(f"{there[0]}: is there already; name another folder, or move it away")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in start.names:
            text = (files("experiments") / "starter" / start.folder / name).read_text(encoding="utf-8")
            with (folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None
    return [folder / name for name in start.names]


def to_try(folder: Path, kind: str) -> list[str]:
    """The commands to try next."""
    commands = [f"et-testbed {command.format(as_typed(folder))}" for command in starter_of(kind).commands]
    missing = [] if find_spec("pytest") else ["pip install pytest"]
    return [*commands, *missing, f"pytest {as_typed(folder)}"]
