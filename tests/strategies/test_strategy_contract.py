"""The contract: every strategy of the project keeps it, and each way of breaking it is found out."""

from __future__ import annotations

import random
import re
from functools import partial

import numpy as np
import pytest

from chain.clock import Phase
from market.intents import Ask, AuctionBid, Bid, Cancel, Claim, OpenAuction
from strategies import Buyer, Seller, Strategy
from strategies.buyers.common_value import CommonValue
from strategies.buyers.kelly import Kelly
from strategies.buyers.truthful import Truthful
from strategies.finding import SHELVES, own_strategies
from strategies.testing import check_strategy
from strategies.testing.contract_check import check_time
from strategies.testing.legality import Counter, Illegal
from strategies.testing.played import AGAIN, VIEWS, Played, play, play_scene
from strategies.testing.round_scene import RoundScene, scene_of
from strategies.testing.scene import Scene

OWN = sorted(
    {kind for role in SHELVES for kind in own_strategies(role).values()}, key=lambda kind: kind.__module__
)


LONG = {CommonValue}  # it solves the sale anew for each view
FEW = 300  # views in the daily run; `check` shows a thousand


@pytest.mark.parametrize("views", [FEW, pytest.param(VIEWS, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, id=kind.__module__, marks=pytest.mark.slow if kind in LONG else ()) for kind in OWN],
)
def test_every_strategy_of_the_project_keeps_the_contract(kind, views):
    report = check_strategy(kind, views=views)
    assert report, str(report)


def test_there_are_more_than_thirty_and_each_says_where_it_comes_from_or_what_it_does():
    assert len(OWN) >= 35
    assert all(kind.__doc__ and len(kind.__doc__) > 40 for kind in OWN)


def test_the_views_are_of_all_kinds():
    """No money and plenty, tickets and none, empty and full books, each phase."""
    seen = [(scene, asked) for scene in map(Scene, range(12)) for asked in scene.play()]
    views = [asked.view for _, asked in seen]
    assert len(views) > 1000
    assert {asked.phase for _, asked in seen} >= {Phase.PRIMARY, Phase.OFFER, Phase.BID, Phase.CLAIM, Phase.BUILD}
    assert {scene.setup.draw for scene, _ in seen} == {"maturity", "lottery", "claim"}
    assert min(view.free_gwei for view in views) == 0
    assert max(view.free_gwei for view in views) > 2**60
    assert any(not view.market.quotes for view in views)
    assert any(view.market.quotes for view in views)
    assert any(not view.costs_gwei for view in views)
    assert any(lot.deadline > view.slot for view in views for lot in view.auctions)
    assert any(lot.collateral_gwei for view in views for lot in view.auctions)
    assert {view.informed is None for view in views} == {True, False}
    assert {view.room for view in views} >= {None, 1, 5}


class Good(Truthful):
    """Keeps the contract."""


class Random(Truthful):
    def value(self, view, series):
        return int(super().value(view, series) * random.random())


class Legacy(Truthful):
    def value(self, view, series):
        return int(super().value(view, series) * np.random.rand())


class Forgetful(Truthful):
    """Counts on, where a second start should begin anew."""

    calls = 0

    def value(self, view, series):
        self.calls += 1
        return super().value(view, series) // self.calls


class Unpicklable(Truthful):
    def start(self, setup):
        super().start(setup)
        self.rule = lambda value: value


class Writer(Truthful):
    def bid(self, view):
        object.__setattr__(view.outlook, "reward_gwei", 10**18)
        return ()


class Raiser(Buyer):
    def bid(self, view):
        return [1 / len(view.tickets)]


class Spender(Buyer):
    def bid(self, view):
        return [AuctionBid(lot.id, view.free_gwei + 1) for lot in view.auctions if lot.reserve_gwei == 0]


class Demanding(Buyer):
    def __init__(self, needed) -> None:
        self.needed = needed


@pytest.mark.parametrize(
    ("kind", "failed"),
    [
        (Good, set()),
        (Random, {"seeded replay", "global random state", "chance and clock", "start again", "pickle"}),
        (Legacy, {"seeded replay", "global random state", "chance and clock", "start again", "pickle"}),
        (Forgetful, {"start again"}),
        (Unpicklable, {"pickle"}),
        (Writer, {"no writing to the view"}),
        (Raiser, {"raises nothing", "goes on when its bids lose"}),
        (Spender, {"legal intents", "goes on when its bids lose"}),
        (Demanding, {"construct"}),
    ],
)
def test_each_breach_is_found_by_its_check(kind, failed):
    report = check_strategy(kind, views=AGAIN)
    assert {check.name for check in report.checks if not check.passed} == failed
    assert bool(report) == (not failed)


def test_a_parameter_that_is_not_given_is_told_how():
    (construct,) = check_strategy(Demanding).checks
    assert construct.detail.endswith("positional argument: 'needed'; give --set needed=…, or a default")


def test_the_attribute_that_cannot_be_pickled_is_named():
    report = check_strategy(Unpicklable, views=AGAIN)
    (pickled,) = (check for check in report.checks if check.name == "pickle")
    assert pickled.detail.startswith("self.rule: keep plain data there, and make a method of a function. ")
    assert "<lambda>" in pickled.detail


def test_time_that_was_too_short_for_all_views_is_no_plain_ok():
    found = Played(Good)
    found.answers += [[]] * 46
    assert check_time(found, 300).mark == "warn"
    assert check_time(found, 46).mark == "ok"


def test_faults_where_bids_lose_are_not_told_as_others():
    (losing,) = (one for one in check_strategy(Raiser, views=AGAIN).checks if one.name.startswith("goes on"))
    assert re.fullmatch(r"[\d,]+ of the faults above, in [\d,]+ such views", losing.detail)


def test_the_cause_comes_before_its_consequences():
    names = [check.name for check in check_strategy(Random, views=AGAIN).checks]
    assert names.index("global random state") < names.index("pickle") < names.index("seeded replay")


def test_what_is_compared_of_two_games_hangs_on_what_a_ticket_is_worth():
    """A value that is only seen where it is what limits a bid shows in many answers, however it is scaled down."""
    played = [play(partial(scaled, factor), AGAIN).answers for factor in (1.0, 0.9)]
    differ = [one != other for one, other in zip(*played, strict=False)]
    assert sum(differ) >= 30


class Scaled(Truthful):
    """Sees a share of what a ticket is worth."""

    factor = 1.0

    def value(self, view, series):
        return int(super().value(view, series) * self.factor)


def scaled(factor):
    strategy = Scaled()
    strategy.factor = factor
    return strategy


def test_a_strategy_may_be_checked_with_parameters():
    assert check_strategy(Demanding, views=10, needed=1)


def seller_asked(**setup):
    """Something asked of a seller who has a ticket that it may sell, under rules of one's choice."""
    for seed in range(100):
        scene = Scene(seed)
        for asked in scene.play():
            view = asked.view
            if asked.phase == Phase.OFFER and any(own.drawn_for is None for own in view.tickets):
                return Counter(scene.setup._replace(**setup), asked), view
            scene.take([AuctionBid(lot.id, lot.reserve_gwei) for lot in view.auctions if lot.reserve_gwei == 0])
    raise AssertionError("no scene has a ticket")


@pytest.mark.parametrize(
    ("intents", "message"),
    [
        (lambda _: [object()], "is no intent"),
        (lambda own: [Ask(own.serial + 10**6, 5)], "is not its own"),
        (lambda own: [Ask(own.serial, 5), Ask(own.serial, 6)], "is listed already"),
        (lambda own: [Ask(own.serial, -5)], "whole number"),
        (
            lambda own: [OpenAuction(own.serial, "dutch", reserve_gwei=9, start_gwei=5)],
            "below its reserve 9",
        ),
        (lambda _: [Cancel(10**6)], "rests no more"),
        (lambda own: [Bid(own.series, 2**62 + 2**61)], "are free"),
        (lambda _: [AuctionBid(10**6, 1)], "is not open"),
        (lambda own: [Claim(own.serial, 10**9)], "only under the draw rule claim"),
    ],
)
def test_what_the_market_would_refuse_is_illegal(intents, message):
    from market.resale_times import RESALE

    counter, view = seller_asked(resale=RESALE["both"], draw="maturity")
    own = next(ticket for ticket in view.tickets if ticket.drawn_for is None)
    with pytest.raises(Illegal, match=message):
        counter.take(intents(own))


def test_a_closed_resale_is_respected():
    from market.resale_times import RESALE

    counter, view = seller_asked(resale=RESALE["ex_post"])
    own = next(ticket for ticket in view.tickets if ticket.drawn_for is None)
    with pytest.raises(Illegal, match="no resale before the draw"):
        counter.take([OpenAuction(own.serial)])


def test_the_command_prints_a_line_for_each_check_and_fails_with_the_strategy(et_testbed, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from strategies import Buyer\nfrom strategies.bidding import bids\n\n\n"
        "class Fine(Buyer):\n    '''Bids the same everywhere.'''\n\n"
        "    def __init__(self, gwei: int = 10**6) -> None:\n        self.gwei = gwei\n\n"
        "    def bid(self, view):\n"
        "        affordable = bids(view, view.auctions, lambda lot: 10**6, self.setup.entry_gwei)\n"
        "        return [bid._replace(price_gwei=self.gwei) for bid in affordable]\n"
    )
    good = et_testbed("check", "mine.py:Fine", "--views", "50", cwd=tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    lines = good.stdout.splitlines()
    assert lines[0] == "mine.py:Fine"
    assert len(lines) == 11
    assert all(line.startswith("ok ") for line in lines[1:])
    bad = et_testbed("check", "mine.py:Fine", "--views", "50", "--set", "gwei=-1", cwd=tmp_path)
    assert bad.returncode == 1
    assert "FAIL legal intents" in bad.stdout
    assert "     mine.py:13 AuctionBid(auction=" in bad.stdout
    missing = et_testbed("check", "mine.py:Fin", cwd=tmp_path)
    assert missing.returncode == 2
    assert "did you mean 'Fine'" in missing.stderr


def test_a_parameter_that_it_does_not_take_is_told_with_those_that_it_takes():
    (only,) = check_strategy(Demanding, neded=1).checks
    assert not only.passed
    assert only.detail.endswith("; did you mean 'needed'?; it takes needed")
    assert only.detail.startswith("test_strategy_contract.py:")


class Idle(Seller):
    """Does nothing."""


def test_doing_nothing_keeps_the_contract_and_having_no_role_does_not():
    assert check_strategy(Idle, views=20)
    assert not check_strategy(Strategy, views=20)


class OfSingleBlocks(Seller):
    """Takes it that a dated ticket proposes one block."""

    def offer(self, view):
        for ticket in view.tickets:
            if self.setup.draw == "maturity":
                return [Ask(ticket.serial, 10**9 // (ticket.first_block == ticket.last_block))][ticket.listed :]
        return ()


def test_who_plays_rounds_is_shown_some_and_a_fault_in_them_says_so():
    report = str(check_strategy(OfSingleBlocks, views=1200))
    assert "division or modulo by zero (in offer, draw = maturity, round = " in report


def test_scenes_with_rounds_are_of_all_kinds_and_who_refuses_rounds_is_shown_none():
    scenes = [scene_of(seed, Truthful) for seed in range(40)]
    rounds = [scene for scene in scenes if scene.setup.round > 1]
    assert {(scene.setup.draw, scene.setup.round) for scene in rounds} >= {("maturity", 5), ("lottery", 3)}
    seen = [ticket for scene in rounds for asked in scene.play() for ticket in tickets_in(asked.view)]
    assert {ticket.drawn_for - ticket.first_block for ticket in seen if ticket.drawn_for is not None} >= {0, 1, 2}
    assert all(scene_of(seed, Kelly).setup.round == 1 for seed in range(40))


def tickets_in(view):
    """Its own and those for sale."""
    return [*view.tickets, *(lot.ticket for lot in view.auctions if lot.ticket is not None)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.__module__) for kind in OWN if kind.plays_rounds])
def test_every_strategy_that_plays_rounds_keeps_the_contract_in_them(kind):
    found = Played(kind)
    for seed in (6, 14, 22, 30, 38):
        play_scene(kind(), RoundScene(seed), found)
    assert not found.faults, [*found.raised, *found.illegal]


class OfNumpy(Buyer):
    """Its prices are of numpy."""

    def bid(self, view):
        most = np.int64(view.free_gwei - self.setup.entry_gwei - self.setup.collateral_gwei)
        lots = [lot for lot in view.auctions if most >= lot.reserve_gwei and view.room != 0]
        return [AuctionBid(lot.id, most) for lot in lots[:1]]


@pytest.mark.filterwarnings("error")
def test_prices_of_numpy_leave_no_numbers_of_numpy_behind():
    report = check_strategy(OfNumpy, views=200)
    assert report, str(report)
