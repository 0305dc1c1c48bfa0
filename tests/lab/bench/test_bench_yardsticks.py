"""Yardsticks do the work that they are said to do."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from experiments.lab.bench import bare_rows, yardsticks
from experiments.lab.bench.books import bare_hands, outcomes_of, play_bare, play_ours
from experiments.lab.bench.stream import play, stream
from experiments.lab.bench.whole_runs import played

CONFIG = {"blocks": 4, "market": {"structure": "et"}}


@pytest.fixture(scope="module")
def result():
    return played(CONFIG, "ecdsa")


def test_the_winner_of_an_auction_on_a_heap_pays_the_second_price():
    assert yardsticks.heap_auction([3, 9, 5]) == (1, 5)
    assert yardsticks.heap_auction([3]) == (0, 0)


@pytest.mark.parametrize("terms", [[], ["chain.round=2", "chain.maturity=2"]], ids=["blocks", "rounds"])
def test_the_loop_writes_all_rows_of_a_run(terms, monkeypatch, tmp_path):
    write = bare_rows.write_rows
    monkeypatch.setattr(bare_rows, "write_rows", lambda order, _: write(order, tmp_path))
    bare_rows.bare_rows(CONFIG, overrides=terms)()
    result = played(CONFIG, "off", overrides=terms)
    stored = list(yardsticks.table_files(result))
    assert len(stored) > 4
    for path in stored:
        rows = [row for row in pq.read_table(path).to_pylist() if row.get("reason") != "endow"]
        assert pq.read_table(tmp_path / path.name).to_pylist() == rows


def test_messages_are_those_that_the_tables_hold(result):
    counts = [yardsticks.signatures_in(path) for path in yardsticks.table_files(result)]
    assert yardsticks.messages_of(result) == sum(counts) > 0


def test_the_books_fill_the_same_orders_and_the_bare_loop_has_their_outcomes():
    operations = stream()[:2_000]
    outcomes = outcomes_of(operations)
    fills = play(operations, lambda id, _: outcomes[id], lambda _: None)
    assert fills == play_bare(operations) == play(operations, *bare_hands())
    assert abs(play_ours(operations) - fills) <= fills // 100
