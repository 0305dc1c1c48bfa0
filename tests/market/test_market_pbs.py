"""The block, just in time.

Account 1 holds the right of block 0 and builds at a cost of 10, account 2 at 20; account 3 cannot build.
"""

from __future__ import annotations

import pytest

from chain.present_right import get_right
from chain.protocol import process_genesis
from chain.state import Right
from chain.ticket import Series
from chain.transfer import process_transfer
from market.intents import AuctionBid, Build, Hold, SellBlock
from market.pbs import Outcome


def decide(market, *intents, account: int = 1) -> None:
    market.pbs.receive(market.participant(account), intents, 8500)


def propose(market, reward: int = 100, missed: bool = False) -> Outcome:
    right = get_right(market.state)
    proposer = None if right is None or missed else market.participant(right.proposer)
    return market.pbs.propose(right, proposer, reward, 11_000)


def for_sale(market) -> list[int]:
    return [auction.id for auction in market.house.open.values() if auction.market == "block"]


def test_the_winner_builds_and_pays_the_second_price(market):
    decide(market, SellBlock(30))
    (auction,) = for_sale(market)
    for account, bid in ((2, 80), (3, 50)):
        market.house.enter(market.offer(account, auction, bid), 9000)
    outcome = propose(market)
    assert outcome[:5] == ("proposed", Right(1, 0), 2, 20, 50)
    assert len(outcome.signature) == 65
    assert [market.money(account) for account in (1, 2, 3)] == [(1050, 0), (1030, 0), (1000, 0)]
    assert market.column("tickets", "end") == ["proposed"]
    assert market.column("auctions", "outcome") == ["sold"]
    assert not market.pbs.is_selling


def test_what_the_seller_promised_goes_back_to_all_who_bid_in_equal_parts(market):
    decide(market, SellBlock(30, 41))
    assert market.money(1) == (959, 41)
    (auction,) = for_sale(market)
    for account, bid in ((2, 80), (3, 50)):
        market.house.enter(market.offer(account, auction, bid), 9000)
    propose(market)
    assert [market.money(account) for account in (1, 2, 3)] == [(1050 - 40, 0), (1030 + 20, 0), (1000 + 20, 0)]


def test_nothing_is_given_back_of_a_block_that_is_not_sold_and_no_more_promised_than_there_is(market):
    decide(market, SellBlock(30, 1001))
    assert not for_sale(market)
    assert market.column("violations", "code") == ["insufficient_funds"]
    decide(market, SellBlock(30, 1000))
    propose(market)
    assert market.money(1) == (1090, 0)


def test_unsold_the_proposer_builds_itself(market):
    decide(market, SellBlock(30))
    assert propose(market)[:5] == ("proposed", Right(1, 0), 1, 10, None)
    assert market.money(1) == (1090, 0)
    assert market.column("auctions", "outcome") == ["unsold"]


@pytest.mark.parametrize(
    ("intents", "reward", "builder", "money"),
    [
        ([Build()], 100, 1, 1090),
        ([Build()], 10, 1, 1000),
        ([Build()], 9, None, 1000),  # a block that is not worth its cost is left unexploited
        ([Hold()], 100, None, 1000),
        ([], 100, None, 1000),
    ],
)
def test_a_block_is_built_where_someone_will_and_it_pays(market, intents, reward, builder, money):
    decide(market, *intents)
    assert propose(market, reward).builder == builder
    assert market.money(1) == (money, 0)
    assert market.column("tickets", "end") == ["proposed"]


def test_who_cannot_build_pays_all_the_same_and_the_block_is_left(market):
    decide(market, SellBlock(0))
    market.house.enter(market.offer(3, for_sale(market)[0], 50), 9000)
    outcome = propose(market)
    assert (outcome.status, outcome.builder, outcome.price_gwei) == ("proposed", None, 0)
    assert sum(sum(market.money(account)) for account in (1, 2, 3)) == 3000


def test_a_missed_proposal_gives_the_bids_back(market):
    decide(market, SellBlock(0))
    market.house.enter(market.offer(2, for_sale(market)[0], 50), 9000)
    assert propose(market, missed=True)[:3] == ("missed", Right(1, 0), None)
    assert [market.money(account) for account in (1, 2)] == [(1000, 0)] * 2
    assert market.column("tickets", "end") == ["missed"]
    assert market.column("auctions", "outcome") == ["withdrawn"]


def test_a_slot_without_a_proposer_says_why(make_market):
    """Of a lottery whose tickets nobody bought one is drawn; with none minted there is none to draw."""
    unsold, none = make_market(draw="lottery"), make_market(draw="lottery", elastic=True)
    for market in (unsold, none):
        process_genesis(market.state)
        market.open()
    assert unsold.state.draws[0].ticket is not None
    assert (propose(unsold).status, propose(none).status) == ("unsold", "no_ticket")


@pytest.mark.parametrize("how", ["transfer", "book"])
def test_a_ticket_that_is_sold_while_its_block_is_for_sale_takes_the_block_along(market, how):
    """Else its seller would be paid twice."""
    market.exchange.place(market.ask(1, 0, 70), 0)
    decide(market, SellBlock(0))
    for account in (2, 3):
        market.house.enter(market.offer(account, for_sale(market)[0], 50), 9000)
    if how == "book":
        market.exchange.place(market.bid(2, Series(True, 0), 70), 9500)
    else:
        market.withdraw(market.titles.live[0])
        process_transfer(market.state, market.transfer(1, 2, 0))
    paid = 70 if how == "book" else 0
    assert propose(market)[:5] == ("proposed", Right(2, 0), 2, 20, None)
    assert [market.money(account) for account in (1, 2, 3)] == [(1000 + paid, 0), (1080 - paid, 0), (1000, 0)]
    assert market.column("auctions", "outcome") == ["withdrawn"]


def test_what_a_proposer_may_not_do_is_written_down(market):
    decide(market, AuctionBid(0, 5), SellBlock(1.5), SellBlock(5), SellBlock(6), "sell")
    assert market.column("violations", "code") == ["wrong_intent", "bad_amount", "bad_terms", "wrong_intent"]
    assert len(for_sale(market)) == 1
    decide(market, SellBlock(0), account=2)
    assert market.column("violations", "code")[4:] == ["bad_terms"]


def test_someone_elses_block_is_not_sold(market):
    decide(market, SellBlock(0), account=2)
    assert market.column("violations", "code") == ["not_proposer"]
    assert not market.pbs.is_selling


def test_where_the_market_is_off_nobody_sells(market):
    market.pbs._format = None
    decide(market, SellBlock(0))
    assert market.column("violations", "code") == ["bad_terms"]
    assert propose(market).builder is None
