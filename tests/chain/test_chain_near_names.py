"""What is asked for by a wrong name is told what there is of nearly that name."""

from __future__ import annotations

import copy
import pickle

import pytest

from chain.ledger import Ledger
from chain.missing_names import REFUSALS
from chain.near_names import MOST_LISTED, listed, near
from chain.state import State
from chain.wording import told
from strategies.testing.scene import Scene

SCENE = Scene(0)
VIEW = next(SCENE.play()).view
STATE = object.__new__(State)


@pytest.mark.parametrize(
    ("owner", "name", "says"),
    [
        (VIEW, "free", "View has no 'free'; did you mean 'free_gwei'?"),
        (VIEW, "quotes", "View has no 'quotes'; did you mean 'quote(series)' or 'market.quotes'?"),
        (VIEW, "costs", "View has no 'costs'; did you mean 'cost(block)'?"),
        (VIEW, "secondary", "did you mean 'market.prices.secondary'?"),
        (VIEW, "rng", "did you mean 'self.setup.rng'?"),
        (VIEW, "balance", "did you mean 'free_gwei'?"),
        (VIEW.market, "books", "Market has no 'books'; did you mean 'quotes'?"),
        (STATE, "rng", "State has no 'rng'; did you mean 'beacon'?"),
        (STATE, "live", "did you mean 'titles'?"),
        (STATE, "maturity", "did you mean 'rules.maturity'?"),
        (Ledger.__new__(Ledger), "balance", "Ledger has no 'balance'; did you mean 'free"),
        (STATE, "wibble", "there are urn, beacon, titles, slot, draws, rules, ledger, accounts, "),
        (VIEW, "reward", "View has no 'reward'; did you mean 'outlook.reward_gwei'?"),
        (VIEW, "last_price", "did you mean 'market.last_price_gwei'?"),
        (VIEW, "wibble", "View has no 'wibble'; there are slot, outlook, auctions, tickets, orders, free_gwei, "),
        (VIEW.market, "auction", "Market has no 'auction'; did you mean 'auctions'?"),
        (VIEW.outlook, "reward", "Outlook has no 'reward'; did you mean 'reward_gwei'?"),
        (VIEW.auctions[0], "reserve", "AuctionView has no 'reserve'; did you mean 'reserve_gwei'?"),
        (VIEW.auctions[0], "last_block", "AuctionView has no 'last_block'; did you mean 'ticket.last_block'"),
        (VIEW.auctions[0].ticket, "drawn", "TicketView has no 'drawn'; did you mean 'drawn_for'?"),
        (SCENE.setup, "collateral", "Setup has no 'collateral'; did you mean 'collateral_gwei'?"),
    ],
)
def test_near_names_are_told(owner, name, says):
    with pytest.raises(AttributeError) as error:
        getattr(owner, name)
    assert says in told(error.value)


def test_who_has_other_words_for_it_is_told_as_it_says():
    own = AttributeError("none today", name="free", obj=VIEW)
    assert told(own) == "AttributeError: none today"
    assert told(AttributeError("'View' object has no attribute 'free'")).endswith(" has no attribute 'free'")


def test_what_an_object_has_is_had_without_asking_for_words():
    assert not [kind for kind in REFUSALS if hasattr(kind, "__getattr__")]


@pytest.mark.parametrize(
    ("owner", "key", "says"),
    [
        (VIEW.market.prices, "secondary", "PastPrices has names, no keys; write prices.secondary"),
        (VIEW.market.prices, "secondry", "no 'secondry'; did you mean 'secondary'?"),
        (VIEW, "prices", "write view.market.prices"),
        (VIEW, "cost", "write view.cost(block)"),
        (VIEW.outlook, "reward_gwei", "write outlook.reward_gwei"),
        (VIEW.outlook, 0, "Outlook has names, no keys: there are "),
        (VIEW.auctions[0].series, "block", "write series.block"),
        (SCENE.setup, "maturity", "write setup.maturity"),
        (SCENE.setup.resale, "ex_post", "write resale.ex_post"),
        (STATE, "urn", "write state.urn"),
    ],
)
def test_who_asks_by_a_key_is_told_the_name(owner, key, says):
    with pytest.raises(TypeError) as error:
        owner[key]
    assert says in str(error.value)


def test_by_its_places_a_named_tuple_is_asked_as_ever():
    assert VIEW[0] is VIEW.market
    assert VIEW.market.prices[1:] == tuple(VIEW.market.prices)[1:]
    with pytest.raises(IndexError):
        VIEW[99]


def test_a_list_of_names_ends_with_how_many_more_there_are():
    names = {f"name_{n}": f"name_{n}" for n in range(30)}
    assert len(listed(names)) <= MOST_LISTED + 20
    assert listed(names).endswith(" and 16 more")


def test_what_copies_and_pickles_ask_for_is_not_there_as_before():
    assert copy.deepcopy(VIEW) == pickle.loads(pickle.dumps(VIEW)) == VIEW
    assert not hasattr(VIEW, "_repr_html_")
    assert not hasattr(VIEW, "x" * 10**6)


def test_a_name_of_any_length_has_near_ones_or_none():
    assert near("lotery", ["lottery", "claim"]) == "; did you mean 'lottery'?"
    assert near("lotery", ["lottery", "lottery"]) == "; did you mean 'lottery'?"
    assert near("l" * 10**6, ["lottery"]) == ""
