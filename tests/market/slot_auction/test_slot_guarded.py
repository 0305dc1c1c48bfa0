"""A builder in the open auction may say anything: it makes sense, or is reported and counts for nothing."""

from __future__ import annotations

from itertools import repeat

import numpy as np
import pytest

from market.slot_auction.auction_result import SlotAuctionResult
from market.slot_auction.guarded import Guarded
from market.slot_auction.signals import BlockValues
from market.slot_auction.slot_bidder import NO_BIDS, Post


class Raises:
    """Raises in every method that a check may call."""

    def _raise(self, *_: object) -> object:
        raise SystemExit(0)

    __index__ = __int__ = __eq__ = __hash__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = _raise
    __getitem__ = __array__ = _raise


class Says:
    """Answers everything with one value."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    @property
    def responds(self):
        return self.answer

    def schedule(self, _post):
        return self.answer

    def alarms(self, _post):
        return self.answer

    def respond(self, *_):
        return self.answer


POST = Post(BlockValues(*(np.array([0, 5]) for _ in range(3))), 10, 12_000, np.random.default_rng(0))
RESULT = SlotAuctionResult(None, 0, 0, 0, 0, 12_000, None, None, 0, (), False)
ODD = (
    *(
        None,
        "x",
        b"x",
        1.5,
        float("nan"),
        10**5000,
        -(10**5000),
        2**63,
        -1,
        object(),
        Raises(),
        Raises,
        {},
        {1: 2},
    ),
    *([], [1], [[1], [2, 3]], [[2, 1], [3, 3]], [[1.5], [2]], [["a"], [1]], [[-1], [1]], [[1], [-1]], [[], [1]]),
    *([[2**63], [1]], [[1], [2**63]], [[2**64 - 1, 0], [1, 1]], [[10**5000], [1]], [[True], [True]]),
    *([np.array([2**63], "u8"), np.array([1], "u8")], [np.array([1], "u8"), np.array([2**64 - 1], "u8")]),
    *(np.array(5), np.zeros((2, 2, 2), int), [np.array([[1]]), np.array([[1]])], np.float64(3), repeat(1)),
)


@pytest.mark.parametrize("answer", ODD, ids=range(len(ODD)))
def test_what_comes_through_makes_sense(answer):
    reports: list[BaseException] = []
    schedule = Guarded(Says(answer), reports.append).schedule(POST)
    assert [column.dtype for column in schedule] == [np.int64, np.int64]
    assert len(schedule.ms) == len(schedule.gwei)
    assert not len(schedule.ms) or (min(schedule.ms.min(), schedule.gwei.min(), *np.diff(schedule.ms), 0) >= 0)
    alarms = Guarded(Says(answer), reports.append).alarms(POST)
    assert all(type(ms) is int and 0 <= ms < 2**63 for ms in alarms)
    price = Guarded(Says(answer), reports.append).respond(5, 10, 0, False)
    assert price is None or (type(price) is int and 0 <= price < 2**63)
    assert len(reports) >= 1


def test_a_whole_number_of_numpy_is_a_bid():
    assert Guarded(Says(np.uint8(3)), pytest.fail).respond(5, 10, 0, False) == 3


def test_more_alarms_than_ten_thousand_are_a_fault():
    reports: list[BaseException] = []
    assert Guarded(Says(repeat(1)), reports.append).alarms(POST) == ()
    assert str(reports[-1]) == "more than 10,000 alarms in one auction"


class Leaves:
    """Ends the process wherever it is asked."""

    responds = True

    def leave(self, *_):
        raise SystemExit(0)

    schedule = alarms = respond = learn = leave


def test_who_wants_to_end_the_process_is_reported_and_not_asked_again():
    reports: list[BaseException] = []
    guarded = Guarded(Leaves(), reports.append)
    assert guarded.schedule(POST) is NO_BIDS
    assert guarded.alarms(POST) == ()
    assert guarded.respond(5, 10, 0, False) is None
    assert len(reports) == 1
    guarded.learn(RESULT, False, 0)
    assert len(reports) == 2


def test_ctrl_c_goes_through():
    class Slow(Leaves):
        def respond(self, *_):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Guarded(Slow(), pytest.fail).respond(5, 10, 0, False)


def test_what_a_builder_is_shown_cannot_be_changed():
    values = POST.values.sealed()
    for column in values:
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 7
    for column in values:
        with pytest.raises(ValueError, match="cannot set WRITEABLE"):
            column.setflags(write=True)
        assert column.base is None or not isinstance(column.base, np.ndarray)
    assert POST.values.ms.flags.writeable
