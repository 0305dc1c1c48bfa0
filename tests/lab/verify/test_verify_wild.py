"""The audit of runs in which agents do anything that comes into their heads: it must agree with the engine."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from experiments import run
from experiments.lab.verify import audit_run
from market.intents import (
    Ask,
    AuctionBid,
    Bid,
    Build,
    Cancel,
    Claim,
    Intent,
    OpenAuction,
    Return,
    SellBlock,
    SellBuilding,
)
from market.view import TicketView, View
from strategies.base import Strategy
from tests.places import ROOT

GWEI = 10**7
TIFS = ("gtc", "gtc", "ioc", "fok", "post_only")
FORMATS = ("first_price", "second_price", "english", "dutch")


class Wild(Strategy):
    """Does a bit of everything at random, much of it nonsense, and raises now and then."""

    roles = frozenset({"seller", "buyer", "builder"})

    def primary(self, view: View) -> Sequence[Intent]:
        return list(self.auction_bids(view))

    def build(self, view: View) -> Sequence[Intent]:
        return list(self.auction_bids(view))

    def offer(self, view: View) -> Sequence[Intent]:
        return self.shuffled([*self.listings(view), *self.cancels(view), *self.bids(view)])

    def bid(self, view: View) -> Sequence[Intent]:
        return [*self.auction_bids(view), *self.offer(view)]

    def claim(self, view: View) -> Sequence[Intent]:
        return [Claim(ticket.serial, view.slot + self.dice(6)) for ticket in view.tickets if self.dice(3) == 0]

    def propose(self, view: View) -> Sequence[Intent]:  # noqa: ARG002
        if self.dice(30) == 0:
            raise RuntimeError("lost my nerve")
        return ([], [Build()], *([SellBlock(self.price() // 4)],) * 3)[self.dice(5)]

    def auction_bids(self, view: View) -> Iterator[Intent]:
        for auction in view.auctions:
            for _ in range(self.dice(3)):
                yield AuctionBid(auction.id, self.price())
        if self.dice(9) == 0:
            yield AuctionBid(self.dice(500), self.price())

    def listings(self, view: View) -> Iterator[Intent]:
        for ticket in view.tickets:
            yield from self.listing(view, ticket, self.dice(9))

    def listing(self, view: View, ticket: TicketView, choice: int) -> Iterator[Intent]:
        price = None if self.dice(6) == 0 else self.price()
        if choice == 0:
            yield Ask(ticket.serial, price, self.one(TIFS), self.until(view))
        elif choice == 1:
            terms = (self.one(FORMATS), self.price() // 4, self.dice(4), 40 * GWEI, 1 + self.dice(GWEI))
            yield OpenAuction(ticket.serial, *terms)
        elif choice == 2:
            yield Claim(ticket.serial, view.slot + self.dice(6))
        elif choice == 4 and ticket.drawn_for is not None:
            terms = (self.one(FORMATS), self.price() // 4, self.dice(3), 40 * GWEI, 1 + self.dice(GWEI))
            yield SellBuilding(ticket.serial, *terms)
        elif choice == 3 and self.dice(4) == 0:
            yield Return(ticket.serial, self.price() // 8)

    def cancels(self, view: View) -> Iterator[Intent]:
        for order in view.orders:
            if self.dice(4) == 0:
                yield Cancel(order.id)
        if self.dice(20) == 0:
            yield Cancel(self.dice(200))

    def bids(self, view: View) -> Iterator[Intent]:
        series = [quote.series for quote in view.market.quotes[:3]] + [
            ticket.series for ticket in view.tickets[:1]
        ]
        for each in series:
            if self.dice(2):
                price = None if self.dice(4) == 0 else self.price()
                yield Bid(each, price, self.one(TIFS), self.until(view))

    def dice(self, sides: int) -> int:
        return int(self.setup.rng.integers(sides))

    def one(self, choices: Sequence[Any]) -> Any:
        return choices[self.dice(len(choices))]

    def price(self) -> int:
        return self.dice(40) * GWEI

    def until(self, view: View) -> int | None:
        return None if self.dice(2) else view.slot + self.dice(4)

    def shuffled(self, intents: list[Intent]) -> list[Intent]:
        return [intents[index] for index in self.setup.rng.permutation(len(intents))]


WILD = f"{__file__}:Wild"
BY_LOT = ["second_price", "second_price", "posted", "first_price", "dutch", "tullock"]
OF_ONE_GOOD = ["uniform_price", "pay_as_bid", "eip1559", "amm", "elowsson"]
OLDEST = f"{ROOT}/experiments/examples/oldest_first.py:draw"


def any_agents(dice: random.Random) -> list[dict[str, Any]]:
    def latency() -> int:
        return dice.choice([0, 1, 50, 50, 700, 3000, 4000, 8000, 9000, 20000]) if dice.random() < 0.4 else 50

    def seat(strategy: str, **more: Any) -> dict[str, Any]:
        chance = dice.choice([0.0, 0.0, 0.3])
        return {"strategy": strategy, "latency_ms": latency(), "missed_proposal": chance, **more}

    wild = [seat(WILD, endowment_eth=dice.choice([0.3, 2, 100])) for _ in range(dice.choice([2, 3, 4]))]
    roles = [["seller", "buyer"], "seller", "buyer", "builder"]
    wild[0]["role"] = dice.choice(roles)
    return [*wild, seat("truthful", role="buyer"), seat("undercut"), seat("market_maker")]


def any_terms(dice: random.Random) -> list[str]:
    draw = dice.choice(["maturity", "lottery", "lottery", "claim", "claim", "epoch", "epoch", "randea", OLDEST])
    structure = dice.choice(["pbs", "et", "et", "et_expost"])
    choices = {
        "chain.maturity": [4, 8, 12] if draw == "epoch" else [3, 5, 8, 12],
        "chain.epoch": [1, 2, 4],
        "chain.refund": [0.0] if draw in ("maturity", "randea") else [0.0, 0.5, 1.0],
        "chain.unclaimed": ["empty", "earliest_expiry"],
        "chain.lookahead": [0] if draw == "randea" else [0, 0, 1, 2, 3],
        "chain.window": [1, 2, 4],
        "chain.collateral_eth": [0.0, 0.0, 0.05],
        "chain.slot_seconds": [12.0, 12.0, 2.5],
        "market.pbs": ["sealed"] if structure == "pbs" else ["sealed", "sealed", "off"],
        "market.resale": ["both", "ex_post"]
        if structure == "et_expost"
        else ["both", "both", "ex_ante", "ex_post"],
        "market.primary": BY_LOT if draw in ("maturity", "randea") else [*BY_LOT, *OF_ONE_GOOD],
        "market.just_in_time": ["false", "false", "true"],
        "market.building": ["just_in_time"] if structure == "pbs" else ["just_in_time", "from_draw"],
        "market.primary_reserve": [0.0, 0.01, 0.1],
        "cost.entry": [0.0, 0.001],
        "cost.per": ["block", "run"],
        "cost.high": [0.02, 0.3],
        "reward.process": ["mevboost", "constant", "uniform", "ar1", "lognormal"],
        "seed": list(range(1000)),
    }
    terms = [f"{key}={dice.choice(values)}" for key, values in choices.items()]
    supply = [] if draw in ("maturity", "randea") else [f"chain.supply={dice.choice([5, 8, 12])}"]
    elastic = ["chain.supply_rule=elastic", f"market.primary={dice.choice(['eip1559', 'amm', 'elowsson'])}"]
    more = [
        *dice.choice([[], ["chain.owner_cap=2"], ["chain.owner_cap=3"]]),
        *(elastic if supply and dice.random() < 0.3 else []),
        *(["chain.return_haircut=0.25"] if supply and dice.random() < 0.5 else []),
        *(["chain.missed_fee_eth=0.02"] if "chain.collateral_eth=0.05" in terms and dice.random() < 0.5 else []),
    ]
    return [f"market.structure={structure}", f"chain.draw={draw}", *supply, *terms, *more]


@pytest.mark.parametrize(
    "seed", [*range(12), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(12, 200))]
)
def test_the_audit_agrees_with_the_engine_whatever_is_played(seed, tmp_path):
    dice = random.Random(seed)
    result = run({"agents": any_agents(dice)}, blocks=40, overrides=any_terms(dice), out=tmp_path / "run")
    report = audit_run(result.path)
    assert report.is_sound, report
