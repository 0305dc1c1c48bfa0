"""Nothing hangs on what a strategy is given that is someone else's: state, keys, costs, generators, strategies."""

from __future__ import annotations

import gc
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType

import numpy as np
import pytest

from chain.account import Account
from chain.beacon import Beacon
from chain.interruption import OWN_CODE
from chain.ledger import Ledger
from chain.portfolio import Batch, Portfolio
from chain.randomness import Streams
from chain.rewards import RewardPath
from chain.rewards.process import RewardRun
from chain.signatures import Key
from chain.state import State
from chain.ticket import Title
from experiments import run
from market.agent_wallet import Wallet
from market.auction import Auction
from market.book import Book
from market.costs import CostPath, FixedCost
from market.house import House
from strategies import Buyer, Strategy

SECRET = (
    Account,
    Auction,
    Batch,
    Beacon,
    Book,
    CostPath,
    RewardRun,
    FixedCost,
    House,
    Key,
    Ledger,
    Portfolio,
    RewardPath,
    State,
    Streams,
    Title,
    Wallet,
)
CODE = (ModuleType, FunctionType, BuiltinFunctionType, type)
SEEN: list[object] = []


class Probe(Buyer):
    """Keeps what it is given."""

    def primary(self, view):
        return self.keep(view)

    def bid(self, view):
        return self.keep(view)

    def propose(self, view):
        self.keep(view)
        return super().propose(view)

    def build(self, view):
        return self.keep(view)

    def keep(self, view):
        SEEN.append((self.setup, view))
        return [*()]


def reachable(roots: list[object]) -> list[object]:
    """Everything that references lead to, from one to the next, but for code and what code leads to."""
    found, seen, todo = [], set(), list(roots)
    while todo:
        thing = todo.pop()
        if id(thing) in seen or isinstance(thing, CODE):
            continue
        seen.add(id(thing))
        found.append(thing)
        todo += gc.get_referents(thing)
    return found


@pytest.mark.parametrize("process", ["mevboost", "ar1", "uniform"])
def test_no_reference_leads_to_what_is_not_its_own(process):
    SEEN.clear()
    agents = [
        {"strategy": "at_maturity", "role": "seller"},
        {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2},
        {"strategy": f"{__file__}:Probe", "role": "buyer"},
    ]
    run({"blocks": 20, "agents": agents, "reward": {"process": process}})
    own = [name for name in sys.modules if name.startswith(OWN_CODE) and name.endswith(".test_strategy_secrecy")]
    (kept,) = (sys.modules[name].SEEN for name in own)
    assert len(kept) >= 20
    things = reachable(kept)
    assert not [thing for thing in things if isinstance(thing, SECRET)]
    assert not [thing for thing in things if isinstance(thing, Strategy)]
    generators = {id(thing) for thing in things if isinstance(thing, np.random.Generator)}
    assert generators == {id(kept[0][0].rng)}


def test_the_search_finds_what_hangs_on_something():
    """The walk itself: a wallet in a closure's cell, inside a list, is found."""
    key = Key(b"\1" * 32)

    class Holder:
        def __init__(self) -> None:
            self.inner = [{"key": key}]

    assert key in reachable([Holder()])
