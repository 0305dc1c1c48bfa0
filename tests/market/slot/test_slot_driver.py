"""A driver on a market alone: who is asked when, what arrives when, what is written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chain.clock import Phase
from chain.randomness import Streams
from chain.ticket import Series
from market.intents import Ask, AuctionBid, Bid, Build, Claim, Intent, SellBlock
from market.slot.driver import Driver
from market.slot.run_terms import RunTerms, Times
from market.usual_proposal import usual_proposal

TIMES = Times(offer=0, bid=4000, clear=8000, sell_block=8500, build=9000, propose=11000)
TERMS = RunTerms(
    slot_ms=12_000,
    times=TIMES,
    primary="second_price",
    just_in_time=False,
    trades=True,
    takers=(),
    taken_at=0,
    missed={},
)
ASKED = frozenset({Phase.OFFER, Phase.BID, Phase.CLAIM, Phase.SELL_BLOCK, Phase.BUILD, Phase.PRIMARY})

Answer = Callable[[Phase, Any], Sequence[Intent]]


def primary_bids(phase: Phase, view: Any) -> Sequence[Intent]:
    """Buys what the protocol sells, and builds."""
    if phase == Phase.SELL_BLOCK:
        return [Build()]
    if phase == Phase.PRIMARY:
        return [AuctionBid(auction.id, view.account) for auction in view.auctions]
    return []


class Player:
    """A participant that notes when it was asked."""

    slot_bidder = None
    proposes_as_usual = False

    def __init__(self, stage: Stage, account: int, answer: Answer, latency_ms: int) -> None:
        self.account = account
        self.latency_ms = latency_ms
        self.phases = ASKED
        self.wallet = stage.market.wallets[account]
        self.is_closed = False
        self._stage = stage
        self._answer = answer

    def decide(self, phase: Phase, view: Any) -> Sequence[Intent]:
        self._stage.asked.append((view.slot, self._stage.driver._clock.ms, phase, self.account))
        return self._answer(phase, view)

    def close(self) -> None:
        self.is_closed = True


class Stage:
    """A driver of a market with three participants, after genesis."""

    def __init__(
        self,
        market: Any,
        answers: dict[int, Answer] | None = None,
        latencies: Sequence[int] = (0, 0, 0),
        proposes_as_usual: bool = False,
        **terms: Any,
    ) -> None:
        self.market = market
        self.asked: list[tuple[int, int, Phase, int]] = []
        answers = answers or {}
        self.players = {
            account: Player(self, account, answers.get(account, primary_bids), latencies[account - 1])
            for account in market.numbers
        }
        for player in self.players.values():
            player.proposes_as_usual = proposes_as_usual
        self.driver = Driver(
            terms=TERMS._replace(**terms),
            market=market.place,
            participants=self.players,
            streams=Streams(5),
        )
        self.driver.open()

    def play(self, slots: int) -> Stage:
        for _ in range(slots):
            self.driver.run_slot()
        return self

    def phases_of(self, slot: int) -> list[tuple[int, Phase]]:
        """Each phase of a slot in which anyone was asked, with its time, in the order of asking."""
        return list(dict.fromkeys((ms, phase) for at, ms, phase, _ in self.asked if at == slot))


def sells_block(phase: Phase, view: Any) -> Sequence[Intent]:
    return [SellBlock(0)] if phase == Phase.SELL_BLOCK else primary_bids(phase, view)


def raises(*_: object) -> Sequence[Intent]:
    raise RuntimeError("I cannot decide")


def test_phases_come_in_their_order_at_their_times(make_market):
    stage = Stage(make_market("claim"), dict.fromkeys((1, 2, 3), sells_block)).play(1)
    assert stage.phases_of(0) == [
        (TIMES.offer, Phase.OFFER),
        (TIMES.bid, Phase.BID),
        (TIMES.clear, Phase.CLAIM),
        (TIMES.sell_block, Phase.SELL_BLOCK),
        (TIMES.build, Phase.BUILD),
        (TIMES.propose, Phase.PRIMARY),
    ]


def test_there_is_no_session_where_nothing_can_be_done_in_it(make_market):
    stage = Stage(make_market("maturity"), trades=False).play(1)
    assert stage.phases_of(0) == [(TIMES.sell_block, Phase.SELL_BLOCK), (TIMES.propose, Phase.PRIMARY)]


def test_tickets_that_can_be_given_back_are_a_reason_for_a_session(make_market):
    stage = Stage(make_market("maturity", haircut=0.1), trades=False).play(1)
    assert (TIMES.offer, Phase.OFFER) in stage.phases_of(0)


def test_only_the_proposer_is_asked_for_its_block(make_market):
    stage = Stage(make_market()).play(3)
    proposers = [account for _, _, phase, account in stage.asked if phase == Phase.SELL_BLOCK]
    assert proposers == stage.market.column("blocks", "proposer")


@pytest.mark.parametrize(("format", "trades"), [("second_price", True), (None, True), (None, False)])
def test_who_does_the_usual_with_its_block_is_not_asked_and_has_its_turn_all_the_same(make_market, format, trades):
    def usual(phase: Phase, view: Any) -> Sequence[Intent]:
        if phase != Phase.SELL_BLOCK:
            return primary_bids(phase, view)
        return usual_proposal(view.outlook.reward_gwei, view.cost(view.slot), format is not None)

    tables = []
    for asked in (True, False):
        market = make_market()
        market.pbs._format = format
        stage = Stage(market, dict.fromkeys((1, 2, 3), usual), proposes_as_usual=not asked, trades=trades).play(4)
        assert any(phase == Phase.SELL_BLOCK for _, _, phase, _ in stage.asked) == asked
        turns = stage.market.place.turns
        columns = [stage.market.column("blocks", "builder"), stage.market.column("auctions", "reserve_gwei")]
        tables.append((columns, turns.asked, turns.done))
    assert tables[0] == tables[1]


@pytest.mark.parametrize("latency", [2500, 2501])
def test_who_says_too_late_that_it_builds_leaves_the_block_to_nobody(make_market, latency):
    market = make_market()
    market.pbs._format = None
    answers = dict.fromkeys((2, 3), lambda *_: [])
    Stage(market, answers, (latency, latency, latency), proposes_as_usual=True, trades=False).play(1)
    assert market.column("blocks", "builder") == [1 if TIMES.sell_block + latency <= TIMES.propose else None]


def test_intents_arrive_after_the_latency_of_each(make_market):
    def bid(phase: Phase, view: Any) -> Sequence[Intent]:
        if phase == Phase.BID:
            return [Bid(Series(False, 2), 1 + view.account)]
        return primary_bids(phase, view)

    stage = Stage(make_market(), dict.fromkeys((1, 2, 3), bid), latencies=(30, 20, 10)).play(1)
    arrivals = {entry.order.maker: entry.ms for entry in stage.market.exchange._live.values()}
    assert arrivals == {3: TIMES.bid + 10, 2: TIMES.bid + 20, 1: TIMES.bid + 30}
    assert list(arrivals) == [3, 2, 1]


def test_a_claim_at_the_very_millisecond_of_the_late_draw_comes_before_it(make_market):
    def claim(phase: Phase, view: Any) -> Sequence[Intent]:
        if phase == Phase.CLAIM and view.tickets:
            return [Claim(view.tickets[0].serial, view.slot)]
        return primary_bids(phase, view)

    market = make_market("claim", unclaimed="empty")
    late = TIMES.sell_block - TIMES.clear
    stage = Stage(market, {3: claim}, latencies=(0, 0, late)).play(1)
    (drawn,) = market.column("blocks", "ticket")
    assert drawn is not None
    assert market.column("blocks", "proposer") == [3]
    assert stage.market.column("orders", "ms") == [TIMES.sell_block]


def test_a_listed_ticket_that_the_late_draw_takes_leaves_the_book_at_once(make_market):
    def offers(phase: Phase, view: Any) -> Sequence[Intent]:
        if phase == Phase.OFFER:
            return [Ask(ticket.serial, 500) for ticket in view.tickets]
        return primary_bids(phase, view)

    market = Stage(make_market("claim"), dict.fromkeys((1, 2, 3), offers)).play(1).market
    ends = zip(*(market.column("orders", name) for name in ("ticket", "outcome", "end_ms")), strict=True)
    assert list(ends) == [(market.column("blocks", "ticket")[0], "withdrawn", TIMES.sell_block)]


def test_what_a_participant_raises_is_written_down_and_costs_no_one_else_anything(make_market):
    stage = Stage(make_market(), {1: raises}).play(2)
    market = stage.market
    assert set(market.column("violations", "agent")) == {1}
    assert set(market.column("violations", "code")) == {"strategy_raised"}
    assert market.column("blocks", "status") == ["proposed", "proposed"]


def test_who_always_fails_to_propose_misses_its_slots_and_no_other(make_market):
    stage = Stage(make_market(), takers=(1, 2, 3, 1), missed={1: 1.0}).play(4)
    proposers, statuses = (stage.market.column("blocks", name) for name in ("proposer", "status"))
    assert proposers == [1, 2, 3, 1]
    assert statuses == ["missed", "proposed", "proposed", "missed"]


def test_a_proposer_misses_where_its_own_draw_of_the_slot_is_below_its_chance(make_market):
    stage = Stage(make_market(), takers=(1, 2, 3, 1), missed={1: 0.5, 2: 0.5, 3: 0.5}).play(12)
    rng = Streams(5).generator("missed")
    draws = [rng.random(3) for _ in range(12)]
    proposers, statuses = (stage.market.column("blocks", name) for name in ("proposer", "status"))
    missing = [draw[account - 1] < 0.5 for draw, account in zip(draws, proposers, strict=True)]
    assert statuses == ["missed" if misses else "proposed" for misses in missing]
    assert set(statuses) == {"missed", "proposed"}


def test_takers_get_the_first_tickets_at_their_price(make_market):
    stage = Stage(make_market(), takers=(2, 3), taken_at=7)
    owners = [title.owner for title in stage.market.titles.live.values()]
    assert owners[:2] == [2, 3]
    paid = zip(*(stage.market.column("payments", name) for name in ("reason", "amount_gwei")), strict=True)
    assert [gwei for reason, gwei in paid if reason == "genesis"] == [7, 7]


def test_a_row_a_slot_says_what_became_of_tickets_and_money(make_market):
    stage = Stage(make_market("lottery", maturity=1, refund=0.5)).play(6)
    market = stage.market
    minted, expired, burned = (market.column("blocks", name) for name in ("minted", "expired", "primary_gwei"))
    assert market.column("blocks", "slot") == list(range(6))
    assert minted == [1 + count for count in expired]
    assert sum(expired) > 0
    assert market.column("blocks", "live") == [4] * 6
    prices = zip(*(market.column("trades", name) for name in ("slot", "price_gwei")), strict=True)
    assert sum(burned) == sum(price for slot, price in prices if slot >= 0)


def test_what_is_sold_just_in_time_is_sold_when_the_next_reward_is_known(make_market):
    known: list[tuple[int, int]] = []

    def look(phase: Phase, view: Any) -> Sequence[Intent]:
        if phase == Phase.PRIMARY:
            known.append((view.slot, view.outlook.block))
        return primary_bids(phase, view)

    Stage(make_market(), {1: look}, just_in_time=True).play(2)
    assert known == [(-1, 0), (0, 1), (1, 2)]


def test_the_end_closes_participants(make_market, tmp_path):
    stage = Stage(make_market()).play(1)
    for table in stage.market.records._tables.values():
        table.folder = tmp_path
    stage.driver.close()
    assert all(player.is_closed for player in stage.players.values())
    assert (tmp_path / "blocks.parquet").is_file()


@pytest.mark.parametrize("slots", [1, 3])
def test_the_driver_counts_its_blocks(make_market, slots):
    assert Stage(make_market()).play(slots).driver.blocks_done == slots
