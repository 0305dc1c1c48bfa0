"""Lines of figures: ratios to a yardstick, kept as JSON, and what became slower than the noise."""

from __future__ import annotations

import pytest

from experiments.lab.bench.baseline import no_longer_there, read_lines, slower, write_lines
from experiments.lab.bench.measure import Line, beside
from experiments.lab.config.errors import InputError

STEADY = Line("a block: a loop", "4 µs", 2.0, 3.0, 0.01)
NOISY = Line("a bid: an auction", "9 µs", 8.0, None, 0.2)


def test_figures_are_kept_and_read_again(tmp_path):
    place = tmp_path / "bench.json"
    write_lines(place, [STEADY, NOISY])
    assert read_lines(place) == {line.what: line for line in (STEADY, NOISY)}


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": {"ratio": 1}}', '{"a": {"speed": 1}}'])
def test_what_is_no_file_of_figures_is_refused(tmp_path, text):
    place = tmp_path / "bench.json"
    place.write_text(text)
    with pytest.raises(InputError, match="no figures of `make bench`"):
        read_lines(place)


def test_slower_is_what_rose_by_more_than_its_noise():
    before = {line.what: line for line in (STEADY, NOISY)}
    assert not list(slower(before, [STEADY._replace(ratio=2.09), NOISY._replace(ratio=12.0)]))
    (told,) = slower(before, [STEADY._replace(ratio=2.2), NOISY._replace(ratio=12.0)])
    assert told == "slower: a block: a loop: 2 → 2.2 (+10%)"
    assert not list(slower(before, [STEADY._replace(what="new", ratio=9.0), STEADY._replace(ratio=1.0)]))


def test_what_is_not_measured_any_more_is_named():
    assert no_longer_there({line.what: line for line in (STEADY, NOISY)}, [STEADY]) == [NOISY.what]


def test_a_line_says_where_it_is_above_its_bar():
    assert "above" not in STEADY.text
    assert STEADY._replace(ratio=3.1).text.endswith("above its bar")
    assert "above" not in NOISY.text


def test_a_ratio_is_of_what_is_left_without_the_loop_of_both(monkeypatch):
    now = iter([0.0, 7.0, 0.0, 3.0, 0.0, 1.0] * 2)
    monkeypatch.setattr("experiments.lab.bench.measure.rounds.__kwdefaults__", {"count": 7, "clock": now.__next__})
    line = beside("a: b", *[lambda: None] * 2, 4.0, "{:.0f} s".format, loop=lambda: None, count=2)
    assert line == Line("a: b", "6 s", 3.0, 4.0, 0.0)
