"""What is asked for by a wrong name is told what there is of nearly that name."""

from __future__ import annotations

import copy
import pickle

import pytest

from chain.near_names import near
from strategies.testing.scene import Scene

SCENE = Scene(0)
VIEW = next(SCENE.play()).view


@pytest.mark.parametrize(
    ("owner", "name", "says"),
    [
        (VIEW, "free", "View has no 'free'; did you mean 'free_gwei'?"),
        (VIEW, "quotes", "View has no 'quotes'; did you mean 'market.quotes' or 'quote'?"),
        (VIEW, "reward", "View has no 'reward'; did you mean 'outlook.reward_gwei'?"),
        (VIEW, "last_price", "did you mean 'market.last_price_gwei'?"),
        (VIEW, "balance", "View has no 'balance'; there are account, auctions, capture, cost, "),
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
    assert says in str(error.value)


def test_what_copies_and_pickles_ask_for_is_not_there_as_before():
    assert copy.deepcopy(VIEW) == pickle.loads(pickle.dumps(VIEW)) == VIEW
    assert not hasattr(VIEW, "_repr_html_")
    assert not hasattr(VIEW, "x" * 10**6)


def test_a_name_of_any_length_has_near_ones_or_none():
    assert near("lotery", ["lottery", "claim"]) == "; did you mean 'lottery'?"
    assert near("lotery", ["lottery", "lottery"]) == "; did you mean 'lottery'?"
    assert near("l" * 10**6, ["lottery"]) == ""
