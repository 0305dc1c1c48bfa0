"""A strategy that answers with everything there is, from corner to corner."""

from __future__ import annotations

from itertools import count, product

import numpy as np

from chain.errors import Refused
from chain.ticket import NEVER, Series
from market.errors import StrategyRaised, StrategyTimedOut
from market.intents import INTENTS, Cancel, Hold
from strategies import Strategy

MOST = 90  # of one answer, so that none is dropped


class Raises:
    """Raises in every method that a check may call."""

    def _raise(self, *_):
        raise SystemExit("\ud800")

    __index__ = __int__ = __eq__ = __hash__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = _raise


class Nameless(type):
    """Its classes have no name to tell."""

    @property
    def __name__(cls):
        raise KeyboardInterrupt


class NoName(Raises, metaclass=Nameless):
    """Has not even a class to ask for."""

    @property
    def __class__(self):
        raise KeyboardInterrupt


class Word(str):
    """A word with a hash and an equality of its own."""

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    def __hash__(self):
        raise RuntimeError("no hash")


class Mute(Exception):
    def __str__(self):
        raise KeyboardInterrupt


class Unheard(BaseException):
    pass


def deep(levels):
    """A list within a list within a list …"""
    inside = []
    for _ in range(levels):
        inside = [inside]
    return inside


GOOD = {
    "ticket": 3,
    "price_gwei": 5,
    "tif": "gtc",
    "until": 1,
    "series": Series(False, 3),
    "order": 0,
    "format": "english",
    "reserve_gwei": 1,
    "rebate_gwei": 0,
    "slots": 1,
    "start_gwei": 9,
    "tick_gwei": 1,
    "auction": 0,
    "block": 2,
    "least_gwei": 0,
}
VALUES = (
    *(None, True, False, 0, 1, -1, 2**63 - 1, 2**63, NEVER, 2**64, 10**5000, -(10**5000)),
    *(0.0, 1.5, float("nan"), float("inf"), 1e300, 1j),
    *("", "gtc", "second_price", "\ud800", "x" * 10**5, b"", b"gtc", Word("gtc"), Word("english")),
    *((), [], {}, set(), deep(1000), range(3), object(), int, len, Raises(), Raises, NoName(), NoName),
    *(Series(False, 3), Series(True, NEVER), Series(0, 3), Series(False, -1), (False, 3)),
    *(Series(False, np.int64(3)), Series(Raises(), Raises()), tuple.__new__(Series, ()), Series),
    *(np.int64(90_000_000), np.uint8(3), np.float64(3), np.str_("gtc"), np.bool_(True), np.arange(3), np.array(3)),
)


def intents():
    """A good intent of each kind but for one field, which is everything; and what is no intent."""
    for kind in INTENTS:
        for wrong, value in product(kind._fields, VALUES):
            yield kind(*(value if field == wrong else GOOD[field] for field in kind._fields))
        yield from (tuple.__new__(kind, values) for values in ((), (1,), (0,) * 4, (3, 0, 1, 0, 0, 1), (1,) * 9))
        yield kind
    yield from VALUES


def breaks_off():
    yield Cancel(7)
    raise ValueError("after one")


def throw(error):
    raise error


ANSWERS = (
    *(lambda: None, lambda: 7, lambda: "buy", lambda: {1: 2}, lambda: Cancel(7), lambda: Raises(), lambda: Hold),
    *(breaks_off, lambda: (Hold() for _ in count()), lambda: np.arange(3), lambda: np.array([]), lambda: [[]]),
    *(
        (lambda error=error: throw(error))
        for error in (
            *(ValueError("\ud800"), ValueError("two\nlines"), ValueError(object()), ValueError("x" * 10**6)),
            *(
                SystemExit(0),
                KeyboardInterrupt("of its own"),
                GeneratorExit(),
                StopIteration(3),
                Mute(),
                Unheard(1),
            ),
            *(StrategyTimedOut("no answer"), StrategyRaised("so"), Refused("no"), OSError(2, "no", "/tmp/x1/y")),
            ExceptionGroup("many", [ValueError(1)]),
        )
    ),
)


class Corners(Strategy):
    """Goes through all intents and all answers, wherever it is asked."""

    roles = frozenset({"seller", "buyer", "builder"})

    def __init__(self):
        self.done = 0
        self.turns = 0

    def primary(self, _view):
        self.turns += 1
        if self.turns % 2:
            return ANSWERS[self.turns // 2 % len(ANSWERS)]()
        wanted = [*intents()][self.done : self.done + MOST]
        self.done += MOST
        return wanted

    offer = bid = claim = propose = build = primary
