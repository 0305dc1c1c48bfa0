"""Violations by kind: what is one kind, and how turns are counted."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.lab.runs.taking_part import Participation
from experiments.lab.runs.violation_kinds import MOST_KINDS, REST, violation_kinds
from market.violations import VIOLATIONS


@pytest.fixture
def kinds_of(tmp_path):
    def write(*rows):
        """Rows of slot, phase, agent, code and message."""
        whole = [(slot, 0, *row) for slot, *row in rows]
        names = [column.name for column in VIOLATIONS.columns]
        table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in whole], VIOLATIONS.arrow())
        pq.write_table(table, tmp_path / "violations.parquet")
        return violation_kinds(tmp_path)

    return write


def test_what_is_raised_in_one_line_is_one_kind_and_a_refusal_is_one_by_its_code(kinds_of):
    kinds = kinds_of(
        (0, "bid", "a", "strategy_raised", "my bots/x.py:3 KeyError: 1"),
        (1, "bid", "a", "strategy_raised", "my bots/x.py:3 KeyError: 2"),
        (1, "bid", "a", "strategy_raised", "my bots/x.py:4 KeyError: 1"),
        (1, "bid", "a", "strategy_raised", "my bots/x.py:3 ValueError: 1"),
        (2, "bid", "b", "strategy_raised", "ValueError: 7"),
        (3, "bid", "b", "strategy_raised", "ValueError: 8"),
        (3, "bid", "b", "bad_amount", "−5 is none"),
        (4, "bid", "a", "bad_amount", "−6 is none"),
    )
    assert [(kind.what, kind.rows) for kind in kinds] == [
        ("my bots/x.py:3 KeyError: 1", 2),
        ("my bots/x.py:4 KeyError: 1", 1),
        ("my bots/x.py:3 ValueError: 1", 1),
        ("ValueError: 7", 2),
        ("bad_amount: −5 is none", 2),
    ]
    assert list(kinds[-1].agents) == ["b", "a"]


def test_a_turn_is_counted_once(kinds_of):
    rows = [(slot, phase) for slot in (-1, -1, 3, 3, 3, 4) for phase in ("bid", "offer", "bid")]
    (kind,) = kinds_of(*((slot, phase, "a", "bad_amount", "x") for slot, phase in rows))
    own = kind.agents["a"]
    assert (own.rows, own.turns, own.first) == (18, 6, (-1, "bid"))


def test_there_are_only_so_many_kinds(kinds_of):
    rows = ((n, "bid", "a", "strategy_raised", f"x.py:{n} KeyError: 1") for n in range(2 * MOST_KINDS))
    kinds = kinds_of(*rows)
    assert len(kinds) == MOST_KINDS + 1
    assert kinds[-1].what == f"violations {REST}: they are in the table violations"
    assert kinds[-1].rows == MOST_KINDS


def test_what_would_move_the_cursor_is_not_shown(kinds_of):
    (kind,) = kinds_of((0, "bid", "a", "strategy_raised", "E: \x1b[2J\rx\u202ey"))
    assert kind.what == "E: �[2J�x�y"


@pytest.mark.parametrize(
    ("code", "done", "fails"), [("not_owner", 5, False), ("not_owner", 0, True), ("ticket_listed", 5, True)]
)
def test_what_only_came_too_late_now_and_then_is_nobodys_fault(kinds_of, code, done, fails):
    kinds = kinds_of((3, "bid", "mine-1", code, "x"), (4, "bid", "yours-2", "ticket_listed", "x"))
    turns = {"mine-1": {"asked": 9, "done": done}}
    assert Participation("et", {}, {"mine-1": "my.py:Mine"}, turns, kinds).is_failing is fails
