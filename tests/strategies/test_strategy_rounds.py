"""Hubs, and those who bid for rounds: MODEL section 9, P7 and P8, through ledger, auctions and blocks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from chain.money import GWEI_PER_ETH
from experiments import run
from experiments.lab.verify import audit_run
from strategies.theory.informed_rounds import sums_of
from strategies.theory.laws import Continuous
from strategies.theory.signalled_round import NormalRound
from strategies.theory.signalled_value import TwoBidders

HUB = {"strategy": "hub", "role": "seller", "endowment_eth": 1e5, "primary_entry_eth": 0.0}
UNIFORM = {"reward": {"process": "constant", "value": 1.0}, "cost": {"low": 0.0, "high": 1.0}}
FLOOR = 0.01
H, LEFT = 1 / 3, 1 / 6  # of U[0, 1] and two buyers: what a hub makes of a block, and what it leaves to each


class Played:
    """A run of rounds of so many blocks: prices paid, ETH, 0 where nobody bought; what else is asked for."""

    def __init__(self, result, size: int):
        self.result, self.size = result, size
        self.rounds = len(result.blocks) // size
        sold = result.trades[result.trades.market == "primary"]
        number = (sold.slot.to_numpy(int) + 1) // size
        self.is_over = number < self.rounds
        self.price = np.zeros(self.rounds)
        self.price[number[self.is_over]] = sold.price_gwei[self.is_over] / GWEI_PER_ETH
        self.is_void = ~np.isin(np.arange(self.rounds), number)
        self.open_round = sold[~self.is_over]
        self.efficiency = result.blocks.net_gwei.sum() / result.blocks.best_gwei.sum()

    def bidders(self, label: str) -> int:
        """How many bids in the primary market came from accounts of this name."""
        primary = self.result.auctions.auction[self.result.auctions.market == "primary"]
        bids = self.result.bids[self.result.bids.auction.isin(primary)]
        return int(bids.bidder.astype(str).str.startswith(label).sum())

    def gains(self, label: str) -> float:
        """What accounts of this name gained, ETH a round and account, but for the round that has not begun."""
        paid = self.result.payments[self.result.payments.reason != "endow"]
        ours = [f"{name}{pot}" for name in self.names(label) for pot in ("", "/escrow")]
        came, went = (paid.amount_gwei[paid[side].isin(ours)].sum() for side in ("payee", "payer"))
        ahead = self.open_round.price_gwei[self.open_round.buyer.isin(self.names(label))].sum()
        return float(came - went + ahead) / GWEI_PER_ETH / self.rounds / len(self.names(label))

    def names(self, label: str) -> list[str]:
        """The accounts of this name."""
        payees = self.result.payments.payee[self.result.payments.reason == "endow"].astype(str)
        return [name for name in payees if name.startswith(label)]


def play(buyers: int, rounds: int, *hubs, entry: float = 0.0, market=None, size=1, kind="round_buyer", **of):
    """`buyers` who play one strategy with these parameters, and hubs, in so many rounds."""
    role = {"strategy": kind, "role": ["seller", "buyer"], "count": buyers, "endowment_eth": 1e5}
    config = {
        **UNIFORM,
        "blocks": rounds * size,
        "seed": 3,
        "chain": {"draw": "maturity", "maturity": 0, "supply": 1, "round": size},
        "market": {"structure": "et", "primary": "second_price", **(market or {})},
        "agents": [{**role, "parameters": of}, *hubs],
    }
    config["cost"] = {**UNIFORM["cost"], "primary_entry": entry}
    return Played(run(config, signatures="off"), size)


def hub(**parameters):
    return {**HUB, "parameters": parameters}


@pytest.mark.parametrize(
    ("buyers", "terms", "price"),
    [
        (2, {}, H),
        (4, {}, 0.6),
        (2, {"resale_reserve": "best"}, 0.541667),
        (3, {"resale_reserve": "never"}, 0.5),  # losing brings nothing where nobody sells
        (3, {"resale_reserve": "never", "hubs": 1}, 0.5 - 1 / 12),  # B m − ℓ against a hub: P8 (e)
    ],
)
def test_buyers_bid_what_holding_is_worth_more_than_losing(buyers, terms, price):
    played = play(buyers, 12, **terms)
    assert played.price == pytest.approx(price, abs=1e-6)


def test_with_a_hub_that_is_known_to_bid_no_buyer_does_at_any_cost_and_two_hubs_bring_the_price_back():
    floor = {"primary_reserve": FLOOR}
    alone = play(2, 12, hub(), entry=1e-6, market=floor, hubs=1)
    assert alone.bidders("round_buyer") == 0
    assert alone.price == pytest.approx(FLOOR)
    assert alone.efficiency == 1
    assert play(2, 12, hub(), hub(), entry=1e-6, market=floor, hubs=2).price == pytest.approx(H, abs=1e-8)
    free = play(2, 12, hub(), market=floor, hubs=1)
    assert free.bidders("round_buyer") > 0
    assert free.price == pytest.approx(H, abs=1e-8)


@pytest.mark.parametrize(("unsold", "gain"), [("endowed", H - FLOOR), ("empty", H + LEFT - FLOOR)])
def test_buyers_stay_out_where_the_hub_is_there_often_enough_for_the_cost(unsold, gain):
    """P8 (a): withdrawal where (1 − π) times the gain from winning alone is at most the cost."""
    market = {"primary_reserve": FLOOR, "unsold": unsold}
    terms = {"hubs": 1, "hub_chance": 0.7, "unsold": unsold}
    for factor, stays in ((1.01, True), (0.9, False)):
        entry = factor * 0.3 * gain
        played = play(2, 30, hub(presence=0.7), entry=entry, market=market, **terms)
        assert (played.bidders("round_buyer") == 0) == stays


def test_a_hub_that_gives_back_pays_buyers_for_staying_out():
    played = play(2, 12, hub(rebate=0.5), market={"primary_reserve": FLOOR}, hubs=1, rebate=0.5)
    assert played.bidders("round_buyer") == 0
    back = played.result.payments[played.result.payments.reason == "rebate"]
    assert len(back) == 24
    assert back.amount_gwei.to_numpy() / GWEI_PER_ETH == pytest.approx((H - FLOOR) / 4, abs=1e-8)


def test_a_hub_of_past_prices_bids_their_mean():
    played = play(2, 40, hub(worth="past", window=5), market={"primary_reserve": FLOOR}, entry=1e-6, hubs=1)
    bids = played.result.bids.merge(played.result.auctions, on="auction", suffixes=("", "_sale"))
    own = bids[(bids.market == "primary") & (bids.slot == 39)].price_gwei.item()
    last = played.result.trades[(played.result.trades.market == "block")].tail(5).price_gwei
    assert own == pytest.approx(last.mean(), abs=1)


def test_learners_start_as_bidders_and_drop_out_where_a_hub_is():
    played = play(2, 300, hub(), entry=0.1, market={"primary_reserve": FLOOR}, kind="round_learner")
    assert played.price[:5].min() > 0.3
    late = played.price[200:]
    assert np.mean(late < FLOOR + 1e-9) > 0.7
    assert np.mean(late > FLOOR) > 0  # it tries again


def test_a_round_of_ten_blocks_is_worth_ten():
    assert play(2, 3, size=10).price == pytest.approx(10 * H, abs=1e-7)
    withdrawn = play(2, 3, hub(), entry=1e-6, market={"primary_reserve": FLOOR}, size=10, hubs=1)
    assert withdrawn.price == pytest.approx(FLOOR)
    assert play(3, 3, size=10, resale_reserve="never", hubs=1).price == pytest.approx(50 / 12, abs=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize(("buyers", "size"), [(2, 1), (3, 1), (2, 10), (4, 10)])
def test_closed_forms_of_the_resold_forward_through_the_ledger(buyers, size):
    """P7: the holder gets E v_(2) + (E v_(1) − E v_(2))/n of a block less the price, who lost (…)/n."""
    played = play(buyers, 6000 // size, size=size)
    best, second = buyers / (buyers + 1), (buyers - 1) / (buyers + 1)
    assert played.price == pytest.approx(size * second, abs=1e-6)
    assert played.efficiency == 1
    values = played.result.blocks.best_gwei / GWEI_PER_ETH
    error = values.std() / np.sqrt(len(values)) / buyers * size
    assert abs(played.gains("round_buyer") - size * (best - second) / buyers) <= 4 * error


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 10])
def test_the_mixed_entry_of_buyers_and_a_hub_that_pays_too(size):
    """P8 (b), U[0, 1], n = 2, r = .01 B, c = .02 B: p = .751292, revenue .2831278 B, unsold .015384."""
    cost, floor = 0.02 * size, FLOOR * size
    terms = {"hubs": 1, "hub_cost_eth": cost, "unsold": "endowed"}
    paying = {**hub(buyer_cost_eth=cost, unsold="endowed"), "primary_entry_eth": cost}
    market = {"unsold": "endowed", "primary_reserve": floor}
    played = play(2, 6000 // size, paying, entry=cost, market=market, size=size, **terms)
    count = played.rounds
    error = played.price.std() / np.sqrt(count)
    assert abs(played.price.mean() - 0.2831278 * size) <= 4 * error
    assert abs(played.is_void.mean() - 0.015384) <= 4 * np.sqrt(0.015384 / count)
    for label, many in (("round_buyer", 2), ("hub", 1)):
        share = played.bidders(label) / (many * (count + 1))
        assert abs(share - 0.751292) <= 4 * np.sqrt(0.751292 * 0.248708 / (many * count))
    assert abs(played.gains("hub")) <= 4 * 0.3 * size / np.sqrt(count)


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 10])
def test_a_hub_that_is_there_by_chance_and_buyers_who_mix(size):
    """P8 (a), endowed: buyers bid with the chance p at which (1 − p) (1 − π)(H − r) = c, H = B/3."""
    cost = 0.6 * 0.3 * (H - FLOOR) * size
    terms = {"hubs": 1, "hub_chance": 0.7, "unsold": "endowed"}
    market = {"primary_reserve": FLOOR * size, "unsold": "endowed"}
    played = play(2, 6000 // size, hub(presence=0.7), entry=cost, market=market, size=size, **terms)
    share = played.bidders("round_buyer") / (2 * (played.rounds + 1))
    assert abs(share - 0.4) <= 4 * np.sqrt(0.24 / (2 * played.rounds))
    assert abs(played.is_void.mean() - 0.36 * 0.3) <= 4 * np.sqrt(0.1 / played.rounds)


@pytest.mark.slow
def test_a_reserve_against_one_hub_whose_worth_is_lognormal():
    """P9: one that alone knows what a round is worth, against the best reserve: revenue .334938, void .565054."""
    rounds, sd = 3000, 0.905
    config = {
        "blocks": rounds,
        "chain": {"draw": "maturity", "maturity": 0, "supply": 1},
        "reward": {"process": "lognormal", "mean": 1.0, "sigma": sd},
        "cost": {"low": 0.0, "high": 0.0},
        "market": {"structure": "et", "primary_reserve": 0.770067},
        "agents": [
            {**hub(), "signal_sigma": 1e-6},
            {"strategy": "round_buyer", "role": "buyer", "count": 2, "parameters": {"entry": "never"}},
        ],
    }
    played = Played(run(config, signatures="off"), 1)
    assert abs(played.price.mean() - 0.334938) <= 4 * played.price.std() / np.sqrt(rounds)
    assert abs(played.is_void.mean() - 0.565054) <= 4 * np.sqrt(0.565 * 0.435 / rounds)


def signalled(size: int, rounds: int, process: str = "lognormal", **law) -> Played:
    """Two with a signal of each block, σ = .6, who can sell nothing."""
    signals = {"signal_sigma": 0.6, "signal_per": "block"}
    buyer = {"strategy": "round_buyer", "role": ["seller", "buyer"], "count": 2, "endowment_eth": 1e6}
    config = {
        "blocks": rounds * size,
        "chain": {"draw": "maturity", "maturity": 0, "round": size},
        "reward": {"process": process, "mean": 1.0, **law},
        "cost": {"low": 0.0, "high": 0.0},
        "market": {"structure": "et", "pbs": "off"},
        "agents": [{**buyer, **signals, "parameters": {"resale_reserve": "never"}}],
    }
    return Played(run(config, signatures="off"), size)


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 5])
def test_rivals_with_signals_bid_what_a_tie_would_tell(size):
    """P10 at B = 1; at B = 5 the rule by regression, whose price the theory has on draws of its own."""
    played = signalled(size, 1500, sigma=0.905)
    theory = NormalRound(0.6, 2, [np.asarray] * size, np.full(size, -(0.905**2) / 2), 0.905**2 * np.eye(size))
    own, _ = theory.drawn()
    expected = TwoBidders(0.905, 0.6).price if size == 1 else np.sort(theory.bid(own), axis=1)[:, 0].mean()
    assert abs(played.price.mean() - expected) <= 4 * played.price.std() / np.sqrt(played.rounds)


@pytest.mark.slow
def test_rounds_of_an_autoregression_are_bid_for_by_all_signals_and_what_is_public():
    """By the law of total expectation the winner of a second-price sale with two keeps something, and not much."""
    played = signalled(3, 300, process="ar1", phi=0.6, sigma=0.5)
    value = played.result.rounds.reward_gwei.to_numpy(float) / GWEI_PER_ETH
    gain = value - played.price
    assert 0 < gain.mean() < 0.3 * value.mean()
    assert np.corrcoef(value, played.price)[0, 1] > 0.5


def test_rounds_with_hubs_costs_and_rebates_are_sound(tmp_path):
    out = tmp_path / "run"
    terms = {"hubs": 1, "hub_chance": 0.5, "rebate": 0.3}
    agents = [
        {"strategy": "round_buyer", "role": ["seller", "buyer"], "count": 2, "parameters": terms},
        hub(presence=0.5, rebate=0.3),
    ]
    chain = {"draw": "maturity", "maturity": 0, "supply": 1}
    config = {**UNIFORM, "blocks": 20, "chain": chain, "agents": agents}
    run(config, overrides=["cost.primary_entry=0.01"], out=out)
    assert audit_run(out).is_sound


@pytest.mark.slow
def test_a_reserve_against_one_hub_that_alone_knows_what_a_round_of_ten_brings():
    """P9 at B = 10: H is the sum of ten lognormal rewards; r = (1 − F_H(r))/f_H(r) by the law of that sum."""
    rounds, size, sd = 1500, 10, 1.42
    sums = sums_of(Continuous(stats.lognorm(sd, scale=np.exp(-(sd**2) / 2) / size)), size)
    above = 1 - np.cumsum(sums.mass)
    place = int(np.argmax(sums.points * above))
    floor, is_sold = float(sums.points[place]), float(above[place])
    config = {
        "blocks": rounds * size,
        "chain": {"draw": "maturity", "maturity": 0, "supply": 1, "round": size},
        "reward": {"process": "lognormal", "mean": 1 / size, "sigma": sd},
        "cost": {"low": 0.0, "high": 0.0},
        "market": {"structure": "et", "primary_reserve": floor},
        "agents": [
            {**hub(), "signal_sigma": 1e-6},
            {"strategy": "round_buyer", "role": "buyer", "count": 2, "parameters": {"entry": "never"}},
        ],
    }
    played = Played(run(config, signatures="off"), size)
    assert 0.1 < 1 - is_sold < 0.7
    assert abs(played.is_void.mean() - (1 - is_sold)) <= 4 * np.sqrt(is_sold * (1 - is_sold) / rounds)
    assert abs(played.price.mean() - floor * is_sold) <= 4 * played.price.std() / np.sqrt(rounds)


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 5])
def test_two_hubs_with_signals_bid_what_each_expects_and_pay_the_lower(size):
    """Costs are 0: a hub's bid is E[V | s]; the price the lower of two, of draws of V and of the signals."""
    rounds, sd, noise = 1500, 0.9, 0.7
    hubs = [{**hub(), "signal_sigma": noise, "count": 2}]
    buyers = {"strategy": "round_buyer", "role": "buyer", "count": 2, "parameters": {"entry": "never"}}
    config = {
        "blocks": rounds * size,
        "chain": {"draw": "maturity", "maturity": 0, "supply": 1, "round": size},
        "reward": {"process": "lognormal", "mean": 1 / size, "sigma": sd},
        "cost": {"low": 0.0, "high": 0.0},
        "agents": [*hubs, buyers],
    }
    played = Played(run(config, signatures="off"), size)
    rng = np.random.default_rng(8)
    value = np.exp(sd * rng.standard_normal((200_000, size)) - sd**2 / 2).sum(axis=1) / size
    signals = np.log(value)[:, None] + noise * rng.standard_normal((value.size, 2))
    grid = np.linspace(signals.min(), signals.max(), 200)
    weight = np.exp(-(((grid[:, None] - np.log(value[:20_000])) / noise) ** 2) / 2)
    expected = np.interp(signals, grid, weight @ value[:20_000] / weight.sum(axis=1)).min(axis=1).mean()
    assert abs(played.price.mean() - expected) <= 4 * played.price.std() / np.sqrt(rounds) + 0.005
