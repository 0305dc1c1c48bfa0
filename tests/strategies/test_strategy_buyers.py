"""What makes each buyer itself, seen in the records of a run."""

from __future__ import annotations

from math import e

import numpy as np
import pytest

from chain.clock import Phase
from chain.rewards import Constant, RewardPath, Uniform
from chain.ticket import Series
from experiments import run
from market.view import Market, TicketView, View
from strategies import Ask, Bid, OpenAuction, Seller
from strategies.bidding import bids
from strategies.buyers.avellaneda_stoikov import AvellanedaStoikov
from strategies.buyers.kelly import Kelly
from strategies.buyers.sniper import Sniper
from strategies.buyers.truthful import Truthful
from strategies.testing.setups import plain_setup
from strategies.valuation import sale_value
from tests.strategies.views import setup, view

CONSTANT = {"process": "constant", "value": 1.0}
ONE = Constant(1.0)
COST = {"low": 0.1, "high": 0.5}
SELLER = {"strategy": "at_maturity", "role": "seller", "endowment_eth": 1e4}


def play(buyers: list[dict], seller: dict | None = None, blocks: int = 100, **config):
    """One seller and the buyers; by default tickets are auctioned when they mature, and blocks are not."""
    agents = [seller or SELLER, *({"role": "buyer", "endowment_eth": 1e4, **buyer} for buyer in buyers)]
    setting = {"blocks": blocks, "agents": agents, "reward": CONSTANT, "cost": COST, "market": {"pbs": "off"}}
    result = run({**setting, **config}, signatures="off")
    assert result.violations.empty
    return result


def bids_of(result, name: str):
    """The bids in resales by agents whose name begins so, with the auction's slot of closing."""
    sales = result.auctions[result.auctions.market == "secondary"].set_index("auction")
    placed = result.bids[result.bids.auction.isin(sales.index) & result.bids.bidder.str.startswith(name)]
    return placed.assign(deadline=sales.deadline[placed.auction].to_numpy())


def test_entry_threshold_stays_out_with_a_high_cost():
    """With a share of .25 it bids R − θ where θ ≤ .2, that is .8 or more, and in a quarter of all sales."""
    placed = bids_of(play([{"strategy": "entry_threshold", "parameters": {"share": 0.25}}], blocks=400), "entry")
    assert placed.price_gwei.min() >= 800_000_000
    assert abs(len(placed) - 100) <= 4 * np.sqrt(400 * 0.25 * 0.75)


def test_the_sniper_bids_only_in_the_session_in_which_an_auction_closes():
    """The probe's auctions stay open for three sessions; truthful bids arrive in the first one."""
    buyers = [{"strategy": "sniper"}, {"strategy": "truthful"}]
    seller = {"strategy": f"{__file__}:Patient", "role": "seller", "endowment_eth": 1e4}
    result = play(buyers, seller)
    sniped, open_bids = bids_of(result, "sniper"), bids_of(result, "truthful")
    assert len(sniped) > 50
    assert (sniped.slot == sniped.deadline).all()
    assert (open_bids.groupby("auction").slot.min() == open_bids.groupby("auction").deadline.min() - 2).all()


def test_the_sniper_takes_asks_at_the_last_moment():
    result = play([{"strategy": "sniper"}], {"strategy": "take_it_or_leave_it", "role": "seller"}, blocks=200)
    trades = result.trades[result.trades.market == "secondary"]
    assert len(trades) > 20
    assert (trades.to_maturity == 0).all()


def test_a_bluff_is_cancelled_before_it_is_meant():
    """No one sells to the book: each of its bids stands for one slot, and it buys by auction all the same."""
    result = play([{"strategy": "bluffer", "parameters": {"series": 1}}, {"strategy": "truthful"}])
    bluffs = result.orders[result.orders.maker.str.startswith("bluffer")]
    assert len(bluffs) == 100
    ended = bluffs[bluffs.outcome != "open"]
    assert set(ended.outcome) == {"cancelled"}
    assert (ended.end_slot - ended.slot == 1).all()
    assert len(bids_of(result, "bluffer")) == 100


def test_a_bluff_may_be_taken_at_its_word():
    result = play(
        [{"strategy": "bluffer"}, {"strategy": "truthful"}], {"strategy": f"{__file__}:Taker", "role": "seller"}
    )
    bluffs = result.orders[result.orders.maker.str.startswith("bluffer")]
    assert (bluffs.outcome == "filled").any()


class Rester(Truthful):
    """Rests a bid, in an empty book too."""

    def take_asks(self, view, purse):
        return [Bid(Series(False, 12), 77, "gtc"), *super().take_asks(view, purse)]


class Heir(Rester):
    pass


class Plain(Truthful):
    pass


def test_who_has_a_way_of_its_own_in_the_book_is_asked_in_an_empty_one_too():
    empty = view()
    assert not empty.market.quotes
    for kind, wanted in ((Rester, 1), (Heir, 1), (Plain, 0), (Truthful, 0), (Sniper, 0)):
        strategy = kind()
        strategy.start(setup())
        assert len(strategy.bid(empty)) == wanted


def test_the_pacer_spends_its_budget_a_block():
    """A truthful buyer would pay .7 a block against such a rival; the pacer pays .2 in the long run."""
    buyers = [
        {"strategy": "budget_pacer", "parameters": {"budget_eth": 0.2}},
        {"strategy": "shade", "parameters": {"factor": 0.9}},
    ]
    trades = play(buyers, blocks=1500).trades
    paid = trades[(trades.market == "secondary") & (trades.buyer == "budget_pacer-2") & (trades.slot >= 200)]
    assert paid.price_gwei.sum() / 1300e9 == pytest.approx(0.2, rel=0.05)


def test_a_pacer_with_money_enough_bids_its_value():
    rich = bids_of(play([{"strategy": "budget_pacer", "parameters": {"budget_eth": 5}}]), "budget_pacer")
    truthful = bids_of(play([{"strategy": "truthful"}]), "truthful")
    assert rich.price_gwei.tolist() == truthful.price_gwei.tolist()


@pytest.mark.parametrize("wealth", [0.6, 1.0, 10.0])
def test_kelly_bids_what_leaves_the_expected_logarithm_of_its_wealth_as_it_is(wealth):
    """R uniform on [0, 1], θ = 0: E log(a + R) = (a + 1) log(a + 1) − a log a − 1, a = W − b."""
    buyer = Kelly()
    buyer.start(plain_setup(np.random.default_rng(1))._replace(draw="maturity", maturity=32))
    view = view_of(tickets=0, reward=Uniform(0.0, 1.0))._replace(free_gwei=int(wealth * 1e9))
    bid = buyer.indifferent(view, 5, 0, 500_000_000) / 1e9
    left = wealth - bid
    assert (left + 1) * np.log(left + 1) - left * np.log(left) - 1 == pytest.approx(np.log(wealth), abs=1e-4)
    assert bid < 0.5


def test_kelly_bids_the_value_of_what_is_certain():
    kelly, truthful = (bids_of(play([{"strategy": name}]), name) for name in ("kelly", "truthful"))
    assert kelly.price_gwei.to_numpy() == pytest.approx(truthful.price_gwei.to_numpy(), abs=2)


def test_the_hoarder_gathers_its_share_and_lets_nothing_go():
    buyers = [{"strategy": "hoarder", "parameters": {"share": 0.25, "premium": 1}}, {"strategy": "truthful"}]
    result = play(buyers, {"strategy": "at_once", "role": "seller", "endowment_eth": 1e4}, blocks=120)
    assert not result.trades.seller.str.startswith("hoarder").any()
    moves = result.trades[result.trades.market == "secondary"]
    bought = (moves.buyer == "hoarder-2").groupby(moves.slot).sum().cumsum()
    proposed = (result.blocks.proposer == "hoarder-2").cumsum()
    held = (bought - proposed.reindex(bought.index)).iloc[40:]
    assert held.max() == np.ceil(0.25 * 33)
    assert held.min() >= np.ceil(0.25 * 33) - 1


def test_the_censor_gets_the_blocks_it_wants_and_builds_them_itself():
    censor = {"strategy": "censor", "parameters": {"length": 4, "period": 20, "bribe_eth": 1.0}}
    result = play([censor, {"strategy": "truthful", "count": 3}], market={"pbs": "sealed"})
    theirs = np.flatnonzero(result.blocks.proposer == "censor-2")
    assert theirs.tolist() == [20 * period + block for period in range(5) for block in range(4)]
    assert set(result.blocks.builder[theirs]) == {"censor-2"}
    assert not (result.trades[result.trades.market == "block"].seller == "censor-2").any()


def test_a_censor_without_a_bribe_gets_its_blocks_only_where_it_is_the_best():
    censor = {"strategy": "censor", "parameters": {"length": 20, "period": 20, "bribe_eth": 0.0}}
    blocks = play([censor, {"strategy": "truthful", "count": 3}], blocks=400).blocks
    assert (blocks.net_gwei == blocks.best_gwei).all()
    assert abs((blocks.proposer == "censor-2").sum() - 100) <= 4 * np.sqrt(400 * 3 / 16)


def test_avellaneda_and_stoikov_lean_against_inventory_and_narrow_towards_maturity():
    """r and the spread of their paper, written out."""
    maker = AvellanedaStoikov(risk_aversion=2.0, volatility=0.05, intensity=50.0)
    maker.start(plain_setup(np.random.default_rng(1))._replace(draw="maturity", maturity=32))
    far, near = Series(False, 24), Series(False, 4)
    empty = view_of(tickets=0)
    middle = sale_value(empty, maker.setup, far, 0.0) / 1e9
    risk, depth = 2 * 0.05**2 * 24, np.log(1 + 2 / 50) / 2
    bid, ask = (price / 1e9 for price in maker.quotes(empty, far))
    assert (bid, ask) == pytest.approx((middle - risk / 2 - depth, middle + risk / 2 + depth), abs=1e-8)
    lower_bid, lower_ask = (price / 1e9 for price in maker.quotes(view_of(tickets=2), far))
    assert (bid - lower_bid, ask - lower_ask) == pytest.approx((2 * risk, 2 * risk), abs=2e-9)
    near_bid, near_ask = (price / 1e9 for price in maker.quotes(empty, near))
    assert near_ask - near_bid == pytest.approx(2 * 0.05**2 * 4 + 2 * depth, abs=2e-9)


def view_of(tickets: int, reward=ONE):
    """A view at slot 0 with so many tickets."""
    path = RewardPath(reward, np.random.default_rng(1))
    path.advance()
    own = tuple(TicketView(serial, 30, 30, None, False) for serial in range(tickets))
    return View(Market(0, Phase.BID, path.outlook(), (), (), None), 1, 10**12, 0, own, (), 0, (0,) * 40)


def test_fictitious_play_answers_past_prices():
    """Rivals bid .6 at most; the best answer of those with values in [.5, .9] to such prices lies below that."""
    buyers = [{"strategy": "fictitious_play"}, {"strategy": "shade", "count": 2, "parameters": {"factor": 0.667}}]
    seller = {**SELLER, "parameters": {"format": "first_price"}}
    learned = bids_of(play(buyers, seller, blocks=400), "fictitious")
    truth = bids_of(play([{"strategy": "truthful", "count": 3}], seller, blocks=400), "truthful-2")
    late = learned[learned.slot >= 100]
    value = truth[truth.slot >= 100].price_gwei.to_numpy() / 1e9
    assert len(late) == len(value) == 300
    bid = late.price_gwei.to_numpy() / 1e9
    assert bid[value > 0.7].max() <= 0.61
    best = best_answers(value, np.random.default_rng(1).uniform(0.5, 0.9, (100_000, 2)).max(axis=1) * 0.667)
    gains = [expected(value, some) for some in (bid, best, value)]
    assert gains[0] > 0.9 * gains[1]
    assert gains[2] == 0


def best_answers(values, rivals):
    """The bid with the greatest (v − b) F(b) for each value, on a grid."""
    grid = np.linspace(0.3, 0.61, 300)
    chances = np.searchsorted(np.sort(rivals), grid) / len(rivals)
    return grid[np.argmax((values[:, None] - grid) * chances, axis=1)]


def expected(values, bids) -> float:
    """The mean profit of bids against two rivals who bid .667 v, v uniform on [.5, .9]."""
    return float(np.mean((values - bids) * np.clip((bids / 0.667 - 0.5) / 0.4, 0, 1) ** 2))


def test_expected_profit_of_the_rule_of_thumb_is_that_of_the_closed_form():
    assert expected(np.array([1 / e]), np.array([0.0])) == 0
    assert expected(np.array([0.9]), np.array([0.667 * 0.7])) == pytest.approx((0.9 - 0.667 * 0.7) / 4)


class Patient(Seller):
    """Buys at any price, and auctions each ticket over three sessions, the last one before it is drawn."""

    def primary(self, view):
        return bids(view, view.auctions, lambda _: 10**8)

    def offer(self, view):
        due = (ticket for ticket in view.tickets if not ticket.listed and ticket.last_block == view.slot + 3)
        return [OpenAuction(ticket.serial, "english", slots=2, tick_gwei=10**6) for ticket in due]


class Taker(Patient):
    """Sells into the best bid."""

    def offer(self, view):
        wanted = {quote.series for quote in view.market.quotes if quote.bid_gwei}
        return [Ask(ticket.serial, None) for ticket in view.tickets if ticket.series in wanted]


def members(seats: range, **parameters) -> list[dict]:
    """A cartel of three, or some of it."""
    return [
        {"strategy": "cartel_member", "parameters": {"members": 3, "seat": seat, **parameters}} for seat in seats
    ]


def test_members_of_a_cartel_take_turns_and_bid_what_they_agreed_on():
    result = play(members(range(3), price_eth=0.2))
    placed = bids_of(result, "cartel")
    assert len(placed) == 100
    assert (placed.price_gwei == 200_000_000).all()
    assert (placed.bidder == [f"cartel_member-{2 + slot % 3}" for slot in placed.slot]).all()
    assert (result.trades[result.trades.market == "secondary"].price_gwei == 0).all()


def test_a_member_in_turn_bids_its_value_where_nothing_else_was_agreed_on():
    placed = bids_of(play(members(range(3)), cost={"low": 0.3, "high": 0.3}), "cartel")
    assert (placed.price_gwei == 700_000_000).all()


def test_one_outsider_takes_what_a_cartel_bids_little_for():
    result = play([*members(range(3), price_eth=0.2), {"strategy": "truthful"}])
    assert set(result.trades[result.trades.market == "secondary"].buyer) == {"truthful-5"}
