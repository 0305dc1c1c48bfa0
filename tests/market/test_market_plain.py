"""What a strategy may put into an intent, from corner to corner: every field × every type × every extreme."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import product

import numpy as np
import pandas as pd
import pytest

from chain.clock import Phase
from chain.errors import Refused
from chain.ticket import NEVER, Series
from market.errors import WrongIntent
from market.fitting import ALLOWED, Unfit
from market.intents import INTENTS, Ask, AuctionBid, Bid, Cancel, Claim, OpenAuction, Return
from market.participant import taken
from market.plain import as_data, from_data, plain
from market.price_remedy import too_dear, too_low
from market.view import TicketView
from market.violations import MOST_REFUSED
from tests.lab.assembly.corners import GOOD


class Raises:
    """Raises in every method that a check may call."""

    def _raise(self, *_: object) -> object:
        raise RuntimeError("\ud800")

    __index__ = __int__ = __eq__ = __hash__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = _raise


class Exits:
    """Wants to end the process in every method that a check may call."""

    def _exit(self, *_: object) -> object:
        raise SystemExit(0)

    __index__ = __int__ = __eq__ = __hash__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = _exit


class Stops:
    """Says that the user has pressed Ctrl-C."""

    def _stop(self, *_: object) -> object:
        raise Stop

    __index__ = __repr__ = _stop


class Stop(KeyboardInterrupt):
    """One of a strategy's own."""


class Nameless(type):
    """Its classes have no name to tell."""

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise SystemExit(0)


class NoName(Exits, metaclass=Nameless):
    """Has not even a class to ask for."""

    @property
    def __class__(self) -> type:
        raise SystemExit(0)


class Word(str):
    """A word with a hash and an equality of its own."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no comparison")

    def __hash__(self) -> int:
        raise RuntimeError("no hash")


def deep(levels: int) -> list[object]:
    """A list within a list within a list …"""
    inside: list[object] = []
    for _ in range(levels):
        inside = [inside]
    return inside


CORNERS = (
    *(None, True, False, 0, 1, -1, 2**63 - 1, 2**63, NEVER, 2**64, 10**5000, -(10**5000)),
    *(0.0, 1.5, float("nan"), float("inf"), 1e300, 1j),
    *("", "gtc", "second_price", "\ud800", "x" * 10**5, b"", b"gtc", Word("gtc"), Word("english")),
    *((), [], {}, set(), deep(100_000), range(3), object(), int, len, Raises(), Raises),
    *(Exits(), Stops(), NoName(), NoName),
    *(Series(False, 3), Series(True, NEVER), Series(0, 3), Series(False, -1), (False, 3)),
    *(Series(False, np.int64(3)), Series(Raises(), Raises()), tuple.__new__(Series, ()), Series),
    *(np.int64(3), np.uint8(3), np.float64(3), np.str_("gtc"), np.bool_(True), np.arange(3), np.array(3)),
)


def with_field(kind, name, value):
    """A good intent of a kind but for one field."""
    return kind(*(value if field == name else GOOD[field] for field in kind._fields))


EVERY_FIELD = [(kind, name) for kind in INTENTS for name in kind._fields]


@pytest.mark.parametrize(("kind", "name"), EVERY_FIELD, ids=[f"{kind.__name__}.{n}" for kind, n in EVERY_FIELD])
def test_no_value_of_any_field_stops_a_run(make_market, kind, name):
    market = make_market(draw="claim", signed=False).begin()
    market.house.open_sale(market.listing(1, 3, deadline=9), 0)
    for (phase, allowed), value in product(ALLOWED.items(), CORNERS):
        if kind in allowed:
            market.desk.receive(market.participant(2), phase, [with_field(kind, name, value)], 0)
    market.exchange.close()
    market.house.close()
    for table in market.records._tables.values():
        assert len(table._rows) == (table._take().num_rows if table._rows else 0)
    assert all(len(message) < 600 for message in market.column("violations", "message"))


@pytest.mark.parametrize("values", [(0,) * 4, (3, 5, 0, 10), (3, 0, 1, 0, 0, 1), (3, 1), (0,), (), (1,) * 9])
@pytest.mark.parametrize("kind", INTENTS)
def test_whole_numbers_in_every_field_stop_no_run(market, kind, values):
    intent = tuple.__new__(kind, values)
    market.desk.receive(market.participant(2), Phase.BID, [intent], 0)


@pytest.mark.parametrize(
    ("intent", "wrong"),
    [
        (Bid(0, 0, 0, 0), "series is 0; take it from a ticket or a quote of the view"),
        (Bid(Series(False, 3), 0, 0, 0), "tif is 0; it must be one of gtc, ioc, fok, post_only"),
        (Ask(3, 5, 0, 10), "tif is 0; it must be one of gtc, ioc, fok, post_only"),
        (
            OpenAuction(3, 0, 1, 0, 0, 1),
            "format is 0; it must be one of first_price, second_price, english, dutch",
        ),
        (Cancel(deep(100_000)), "order is [[[[[[[[[...]]]]]]]]]; it must be a whole number in 0 … 2^63 − 1"),
        (AuctionBid(0, 10**5000), "price_gwei is <int that cannot be shown>; it must be a whole number"),
        (Claim(3, Raises()), "block is <Raises that cannot be shown>; it must be a whole number in 0 … 2^63 − 1"),
    ],
)
def test_what_is_wrong_is_said_of_the_field(market, intent, wrong):
    phase = Phase.BID
    market.desk.receive(market.participant(2), phase, [intent], 0)
    assert market.column("violations", "message")[-1].startswith(wrong)


def test_of_an_answer_that_is_refused_a_hundred_rows_are_kept_and_one_has_the_count_of_the_rest(market):
    for phase, intent in ((Phase.OFFER, Cancel(7)), (Phase.SELL_BLOCK, Cancel(7))):
        before = market.violations.count
        receive = market.pbs.receive if phase is Phase.SELL_BLOCK else partial_desk(market, phase)
        receive(market.participant(2), [intent] * 10_000, 0)
        assert market.violations.count - before == MOST_REFUSED + 1
        assert market.column("violations", "code")[-1] == "too_many_refused"
        said = market.column("violations", "message")[-1]
        assert said == "9900 more intents were dropped: 100 of this answer had been refused"


@pytest.mark.parametrize("values", [("bad_amount", "x"), (Raises(), Exits()), (), (1,), ("a", "b", "c")])
def test_what_stands_in_the_place_of_an_intent_may_be_anything(market, values):
    market.desk.receive(market.participant(2), Phase.BID, [tuple.__new__(Unfit, values)], 0)
    assert market.column("violations", "code")[-1] in {"bad_amount", "wrong_intent"}


def test_exactly_a_hundred_are_refused_without_a_word_more(market):
    market.desk.receive(market.participant(2), Phase.OFFER, [Cancel(7)] * MOST_REFUSED, 0)
    assert market.violations.count == MOST_REFUSED


def partial_desk(market, phase):
    return lambda who, intents, ms: market.desk.receive(who, phase, intents, ms)


def test_what_comes_out_is_plain():
    intents = [
        Ask(np.int64(3), np.uint8(5), np.str_("ioc"), np.int32(7)),
        Bid(Series(False, 3), None),
        OpenAuction(True, Word("dutch"), np.uint16(5)),
        Return(np.int64(3)),
    ]
    for intent in intents:
        for value in plain(intent):
            assert type(value) in (int, str, type(None), Series)
        assert plain(plain(intent)) == plain(intent)


def test_an_intent_with_too_few_fields_is_none():
    with pytest.raises(WrongIntent, match="has not the fields of Bid"):
        plain(tuple.__new__(Bid, (Series(False, 3), 4)))


def test_a_class_that_only_looks_like_an_intent_is_none(market):
    class Sneaky(type):
        def __hash__(cls) -> int:
            raise RuntimeError("no hash")

    intent = Sneaky("Bid", (), {})()
    market.desk.receive(market.participant(2), Phase.BID, [intent], 0)
    assert market.column("violations", "code")[-1] == "wrong_intent"


@pytest.mark.parametrize("kind", INTENTS)
def test_what_is_written_down_as_data_is_read_again(kind):
    intent = kind(*(GOOD[field] for field in kind._fields))
    assert from_data(json.loads(json.dumps(as_data(intent)))) == intent


@pytest.mark.parametrize(
    "data",
    [
        *(None, 3, "x", [], [3], [[]], {}, ["Nothing"], ["Bid"], ["Bid", 1], ["AuctionBid", 0, 2**63]),
        *(["AuctionBid", 0, 1.5], ["AuctionBid", 0, 1, 2], ["Bid", [1, 3], 5, "gtc", None], ["__class__", 1]),
    ],
)
def test_what_is_no_intent_as_data_is_refused(data):
    with pytest.raises((ValueError, Refused)):
        from_data(data)


@pytest.mark.parametrize(
    ("price", "remedy"),
    [
        (0.1, "prices are whole Gwei: eth_to_gwei(0.1) where that is ETH"),
        (np.float64(0.25), "eth_to_gwei(0.25)"),
        (Decimal("1.5"), "eth_to_gwei(1.5)"),
        (123456789.5, "prices are whole Gwei: take int(…) of what it is computed by"),
        (None, "to hold, leave the intent out"),
        (-1, "to hold, leave the intent out"),
        (float("nan"), "to hold, leave the intent out"),
        (10**19, "prices are Gwei, not wei: 10000000000"),
    ],
)
def test_a_wrong_price_is_told_what_is_right(price, remedy):
    for intent in (AuctionBid(0, price), OpenAuction(0, "dutch", price), Return(0, price)):
        with pytest.raises(Refused) as refusal:
            plain(intent)
        assert remedy in str(refusal.value)


def test_what_is_named_by_a_number_is_told_which_one():
    ticket = TicketView(3, 4, NEVER, None, False)
    with pytest.raises(WrongIntent, match=r"ticket is TicketView\(serial=3, .*…, not its number; take its serial"):
        plain(Ask(ticket, 5))
    with pytest.raises(WrongIntent, match="block is never, as the last block of a ticket that does not expire"):
        plain(Claim(3, ticket.last_block))


@pytest.mark.parametrize("answer", [AuctionBid(0, 5), 7, 0.5, "hold", {"bid": 5}])
def test_an_answer_that_is_no_list_is_told_so(answer):
    with pytest.raises(TypeError, match="return a list of intents, also of a single one"):
        taken(answer)


@pytest.mark.parametrize(
    "answer",
    [np.array([1, 2]), np.array([]), pd.Series([1, 2]), pd.DataFrame({"price": [5]})],
    ids=lambda one: type(one).__name__,
)
@pytest.mark.filterwarnings("error")
def test_an_array_is_no_list_of_intents(answer):
    kind = type(answer).__name__
    with pytest.raises(TypeError, match=f"^the answer is a {kind}; return a list of intents$"):
        taken(answer)


def test_a_price_that_is_off_by_a_billion_is_told_so():
    assert too_low(3, 10**9) == (
        "the bid is 3 Gwei, the reserve 1000000000; prices are whole Gwei: eth_to_gwei(3) where that is ETH"
    )
    assert too_low(10**8, 10**9) == "the bid is 100000000 Gwei, the reserve 1000000000"
    assert too_dear(10**17, 10**9).endswith("; prices are Gwei, not wei: 100000000")
    assert too_dear(5 * 10**16, 0).endswith("; that is 50,000,000 ETH: prices are Gwei, not wei")
    assert too_dear(10**9 + 1, 10**9) == "the bid takes 1000000001 Gwei, 1000000000 are free"
