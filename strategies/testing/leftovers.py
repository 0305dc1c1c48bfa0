"""What a game leaves behind in a strategy, so that the next one begins otherwise."""

from __future__ import annotations

import pickle
from typing import Any

from chain.wording import one_line, shown
from strategies.base import Strategy
from strategies.testing.played import Make, Played, Step, play_scene, soon
from strategies.testing.scene import Scene

GAMES = ((2, 7), (7, 2), (4, 1))
"""Scenes of which the second is begun after the first, of poor and rich ones."""


def leftovers(make: Make, step: Step) -> dict[str, str]:
    """The attributes that are not what `start` makes of them after a game, each with what it is and what it is in
    a strategy that has played none."""
    found: dict[str, str] = {}
    for first, second in GAMES:
        used, new = make(), make()
        play_scene(used, Scene(first), Played(type(used)), step, soon())
        for strategy in (used, new):
            step("start")
            strategy.start(Scene(second).setup)
        found |= {name: told(used, new, name) for name in vars(used) if is_other(used, new, name)}
    return found


def is_other(used: Strategy, new: Strategy, name: str) -> bool:
    """Whether an attribute differs in what can be pickled of it."""
    if name not in vars(new):
        return True
    try:
        return pickle.dumps(vars(used)[name]) != pickle.dumps(vars(new)[name])
    except Exception:  # there is a check for what cannot be pickled
        return False


def told(used: Strategy, new: Strategy, name: str) -> str:
    """The two values of an attribute."""
    return f"{short(vars(used).get(name))}, not {short(vars(new)[name]) if name in vars(new) else 'unset'}"


def short(value: Any) -> str:
    """A value in a few letters."""
    return one_line(shown(value), 40)
