"""The clock: ties, late actions, and slots that leave nothing behind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.clock import Clock, Phase

phases = st.sampled_from(Phase)
times = st.integers(-5, 25)


@given(st.lists(st.tuples(times, phases)), st.integers(0, 20))
def test_ties_are_settled_by_phase_then_by_the_order_of_scheduling(actions, slot_ms):
    clock, seen = Clock(slot_ms), []
    for number, (ms, phase) in enumerate(actions):
        clock.at(ms, phase, lambda number=number: seen.append((number, clock.ms)))
    clock.run_slot()
    due = [(min(max(ms, 0), slot_ms), phase, number) for number, (ms, phase) in enumerate(actions)]
    assert seen == [(number, ms) for ms, _, number in sorted(due)]


@given(st.lists(st.tuples(times, phases, times, phases), max_size=8))
def test_an_action_that_schedules_another_cannot_reach_into_the_past(actions):
    """The second of each pair, scheduled by the first, runs at its own time, or at once if that is past."""
    clock, seen = Clock(20), []

    def first(number, later, phase):
        seen.append(("first", number, clock.ms))
        clock.at(later, phase, lambda: seen.append(("second", number, clock.ms)))

    for number, (ms, phase, later, later_phase) in enumerate(actions):
        clock.at(ms, phase, lambda a=(number, later, later_phase): first(*a))
    clock.run_slot()
    assert len(seen) == 2 * len(actions)
    assert [ms for _, _, ms in seen] == sorted(ms for _, _, ms in seen)
    for number, (ms, _, later, _) in enumerate(actions):
        at = min(max(ms, 0), 20)
        assert seen.index(("first", number, at)) < seen.index(("second", number, min(max(later, at), 20)))


def test_a_late_action_is_part_of_its_own_slot():
    clock, seen = Clock(12_000), []
    clock.at(12_001, Phase.CLOSE, lambda: seen.append(("late", clock.ms)))
    clock.at(11_990, Phase.BID, lambda: clock.at(12_500, Phase.BID, lambda: seen.append(("later", clock.ms))))
    clock.run_slot()
    assert seen == [("later", 12_000), ("late", 12_000)]
    clock.run_slot()
    assert len(seen) == 2


@pytest.mark.parametrize("first", [-1, 0, 1000])
def test_every_slot_starts_at_0_whatever_the_first_is(first):
    clock, seen = Clock(7, first), []
    for _ in range(3):
        assert clock.ms == 0
        for ms in (0, 3, 7):
            clock.at(ms, Phase.BID, lambda: seen.append(clock.ms))
        clock.run_slot()
    assert seen == [0, 3, 7] * 3


def test_slots_of_0_ms_and_empty_slots_end():
    clock, seen = Clock(0), []
    clock.run_slot()
    clock.at(5, Phase.DRAW, lambda: seen.append(clock.ms))
    clock.run_slot()
    assert seen == [0]


def test_the_phases_come_in_the_order_of_a_slot():
    session = (Phase.DRAW, Phase.OFFER, Phase.BID, Phase.CLEAR, Phase.CLAIM)
    block = (Phase.SELL_BLOCK, Phase.BUILD, Phase.PROPOSE, Phase.PRIMARY, Phase.CLOSE)
    assert sorted(Phase) == [*session, *block]
