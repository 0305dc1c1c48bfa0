"""What makes each seller itself, seen in the trades of a run."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from chain.rewards import RewardPath, Uniform
from chain.ticket import NEVER
from experiments import run
from market.view import OwnTickets, Quote, TicketView
from strategies.finding import find_strategy
from strategies.sellers.reservation_price import reservations
from strategies.sellers.undercut import Undercut
from tests.strategies.views import SLOT, Certain, auction, setup, view

UNIFORM = {"process": "uniform", "low": 0.0, "high": 1.0}
BUYERS = {"strategy": "truthful", "role": "buyer", "count": 3, "endowment_eth": 1e4}


def play(seller: dict, blocks: int = 200, buyers: dict = BUYERS, **config):
    """One seller, and buyers who bid their values. Blocks are not for sale."""
    agents = [{"role": "seller", "endowment_eth": 1e4, **seller}, buyers]
    setting = {"blocks": blocks, "agents": agents, "reward": UNIFORM, "market": {"pbs": "off"}}
    result = run({**setting, **config}, signatures="off")
    assert result.violations.empty
    return result


def resales(result):
    return result.trades[result.trades.market == "secondary"]


def test_the_secretary_looks_for_a_share_of_a_life_and_takes_the_first_record():
    """Of 33 sessions it looks at ⌊33/e⌋ = 12; each sale before the last session is at a record."""
    result = play({"strategy": "secretary"})
    rewards, sold = result.blocks.reward_gwei.to_numpy(), resales(result)
    sold = sold[sold.slot >= 66]
    assert sold.age.min() >= math.floor(33 / math.e)
    early = sold[sold.to_maturity > 0]
    assert len(early) > 10
    for slot, age in zip(early.slot, early.age, strict=True):
        assert rewards[slot] > rewards[slot - age : slot].max()
    assert (sold.to_maturity == 0).any()


def test_the_secretary_gets_the_best_of_a_life_with_chance_one_over_e():
    """Over many lives of 33 independent rewards, as Ferguson (1989) has it; 4 standard errors."""
    result = play({"strategy": "secretary"}, blocks=700)
    rewards, sold = result.blocks.reward_gwei.to_numpy(), resales(result)
    sold = sold[(sold.age == 32) | (sold.slot >= 40)]
    lives = [(row.slot - row.age, row.slot) for row in sold.itertuples() if 0 <= row.slot - row.age <= 700 - 33]
    best = [rewards[first : first + 33].argmax() == slot - first for first, slot in lives]
    spread = 4 * math.sqrt(33 * 0.37 * 0.63 / len(best))  # lives overlap: about len/33 of them are independent
    assert len(best) > 500
    assert abs(np.mean(best) - 1 / math.e) < spread


def test_reservation_prices_are_mosers_numbers():
    """Of uniform rewards: 1/2, 5/8, 89/128, … (Moser 1956)."""
    path = RewardPath(Uniform(0.0, 1.0), np.random.default_rng(1))
    path.advance()
    prices = np.array(reservations(path.outlook(), 3)) / 1e9
    assert prices == pytest.approx([0, 1 / 2, 5 / 8, 89 / 128], abs=1e-8)


def test_the_reservation_price_falls_towards_maturity():
    """Each sale is at a reward of at least w_k, k the sessions left; a ticket still held saw less than that."""
    result = play({"strategy": "reservation_price"})
    rewards, sold = result.blocks.reward_gwei.to_numpy() / 1e9, resales(result)
    moser = [0.0]
    for _ in range(32):
        moser.append((1 + moser[-1] ** 2) / 2)
    for row in sold.itertuples():
        assert rewards[row.slot] >= moser[int(row.to_maturity)] - 1e-6
        for slot in range(max(row.slot - row.age, 0), row.slot):
            assert rewards[slot] < moser[int(row.to_maturity) + row.slot - slot] + 1e-6
    assert sold.to_maturity.max() > 5


def test_the_dutch_descent_goes_down_by_equal_steps_until_someone_buys():
    """R = 1, θ = 0 for all: buyers pay 1, asks begin at 1.2 and fall by .7/7 = .1: sold in the third session."""
    seller = {"strategy": "dutch_descent", "parameters": {"premium": 0.2, "floor": 0.5, "sessions": 7}}
    setting = {"reward": {"process": "constant", "value": 1.0}, "cost": {"low": 0.0, "high": 0.0}}
    result = play(seller, blocks=80, **setting)
    sold = resales(result)
    late = sold[sold.slot > 40]
    assert (late.age == 2).all()
    assert late.price_gwei.to_numpy() == pytest.approx(1e9, abs=3)
    asks = result.orders[(result.orders.side == "ask") & (result.orders.slot > 40)]
    assert sorted(set(asks.price_gwei.to_numpy().round(-6))) == [1e9, 1.1e9, 1.2e9]


def test_take_it_or_leave_it_asks_for_myersons_reserve_and_never_less():
    """v uniform on [.2, 1]: r − (1 − r) = 0, so r = .5; a buyer takes it where v ≥ .5, of three one in
    1 − (3/8)³ = .947 of the sales."""
    setting = {"reward": {"process": "constant", "value": 1.0}, "cost": {"low": 0.0, "high": 0.8}}
    result = play({"strategy": "take_it_or_leave_it"}, blocks=300, **setting)
    asks = result.orders[result.orders.side == "ask"]
    assert asks.price_gwei.to_numpy() == pytest.approx(0.5e9, rel=1e-5)
    ended = asks[asks.valid_until < 300] if asks.valid_until.notna().any() else asks[asks.outcome != "open"]
    share = (ended.outcome == "filled").mean()
    assert abs(share - (1 - (3 / 8) ** 3)) <= 4 * math.sqrt(0.947 * 0.053 / len(ended))
    assert set(resales(result).venue) == {"book"}


def test_the_timing_learner_finds_when_buyers_pay_most():
    """Buyers discount by 5 % a block and the seller does not: a sale at maturity brings the most (P4)."""
    impatient = {**BUYERS, "parameters": {"discount_rate": 0.05}}
    setting = {"reward": {"process": "constant", "value": 0.5}, "cost": {"low": 0.0, "high": 0.1}}
    sold = resales(play({"strategy": "timing_learner"}, 600, impatient, **setting))
    early, late = (sold[(sold.slot >= start) & (sold.slot < start + 150)] for start in (40, 450))
    assert set(sold.to_maturity[sold.slot >= 40]) <= {0, 8, 16, 24, 32}
    assert (late.to_maturity == 0).mean() > 0.5
    assert late.to_maturity.mean() < early.to_maturity.mean()


@pytest.mark.parametrize(
    ("best", "present", "price"), [(3000, None, 2999), (3000, 3100, 2999), (3000, 3000, 3000)]
)
def test_a_rival_is_undercut_by_a_tick_and_the_own_ask_is_not(best, present, price):
    seller = Undercut(premium=0.1, floor=0.5, tick_gwei=1)
    seller.start(setup())
    ticket = auction(7).ticket
    seen = view()
    quoted = seen.market._replace(quotes=(Quote(ticket.series, None, best),))
    assert seller.price(seen._replace(market=quoted), ticket, present) == price


WAITING = ["at_maturity", "at_block", "threshold", "reservation_price", "secretary", "at_once"]


@pytest.mark.parametrize("name", WAITING)
@pytest.mark.parametrize("maturity", [8, None])
def test_who_looks_at_what_is_due_alone_sells_what_it_would_sell_of_all(name, maturity):
    """Tickets of every age, drawn and undrawn, under rewards from low to high."""
    rng = np.random.default_rng(3)
    sellers = [find_strategy(name, "seller", Path())() for _ in range(2)]
    for seller in sellers:
        seller.start(setup(maturity=maturity))
    sellers[1].on_time = lambda seen: seen.tickets
    sold = 0
    for slot in range(SLOT, SLOT + 30):
        tickets = [some_ticket(serial, slot, maturity, rng) for serial in range(80)]
        reward = int(rng.integers(0, 10**8)) * (slot % 2)
        market = view().market._replace(slot=slot, outlook=Certain(slot, reward))
        seen = view(market=market, tickets=OwnTickets.of(tuple(tickets)))
        offers = [seller.offer(seen) for seller in sellers]
        assert offers[0] == offers[1]
        sold += len(offers[0])
    assert sold > 0


def some_ticket(serial: int, slot: int, maturity: int | None, rng: np.random.Generator) -> TicketView:
    """One of a holder's tickets."""
    last = NEVER if maturity is None else slot + int(rng.integers(0, maturity + 1))
    drawn = slot + int(rng.integers(0, 3)) if serial % 20 == 0 else None
    return TicketView(serial, slot - 8, last, drawn, serial % 7 == 0)
