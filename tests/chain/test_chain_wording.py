"""A message says the same in every process, on one line, and can always be written down."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest

from chain.interruption import is_interruption
from chain.wording import MOST_LETTERS, shown, told
from tests.places import ROOT


class Bot:
    """Has the `repr` that Python gives, with an address in it."""


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


ODD = [Bot(), Bot, Bot().__init__, 10**5000, "x" * 10**6, "\ud800", "two\nlines", [[[]]], object(), {1: Bot()}]


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("says", [shown, lambda value: told(ValueError(value))])
def test_a_message_is_one_short_line_without_addresses(says, value):
    text = says(value)
    assert len(text) <= MOST_LETTERS + 10
    assert "\n" not in text
    assert " at 0x" not in text.replace("at 0x…", "")
    assert pa.array([text]).to_pylist() == [text]


def test_two_objects_of_a_class_are_told_alike():
    assert shown(Bot()) == shown(Bot())
    assert told(KeyError(Bot())) == told(KeyError(Bot()))


def test_no_depth_ends_the_process_where_someone_has_raised_the_limit_of_recursion():
    code = """
import sys
from chain.wording import shown, told
from market.intents import Cancel
inside = []
for _ in range(1_000_000):
    inside = [inside]
sys.setrecursionlimit(10**9)
print(len(shown(Cancel(inside))), len(shown({1: (inside,)})))
sys.stdout.flush()
import os; os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-300:]


def test_an_account_is_no_address_in_memory():
    assert shown("0x52908400098527886E0F7030069857D2E4169EE7") == "'0x52908400098527886E0F7030069857D2E4169EE7'"


def test_what_raised_is_told_by_its_type_and_its_first_line():
    assert told(ValueError("no good\nand more")) == "ValueError: no good"
    assert told(ValueError()) == "ValueError: "
    assert told(Mute()) == "Mute: <text that cannot be shown>"


def test_ordinary_values_are_shown_as_they_are():
    assert [shown(value) for value in (1, None, "a", (1, 2), 1.5)] == ["1", "None", "'a'", "(1, 2)", "1.5"]


class Word(str):
    def splitlines(self, keepends: bool = False) -> list[str]:
        raise SystemExit(keepends)


class Exits(Exception):
    @property
    def __traceback__(self) -> None:  # type: ignore[override]
        raise SystemExit(0)

    def __str__(self) -> str:
        raise SystemExit(0)


@pytest.mark.parametrize(
    "error", [Exits(), ValueError(Word("no good\nand more")), type("E" * 300, (Exception,), {})()]
)
def test_an_exception_with_methods_of_its_own_is_told_all_the_same(error):
    assert len(told(error)) <= MOST_LETTERS


def test_temporary_paths_are_left_out():
    place = Path(tempfile.gettempdir()) / "tmpabc123" / "file.npz"
    assert told(OSError(2, "No such file", str(place))) == (
        "FileNotFoundError: [Errno 2] No such file: '<temporary path>'"
    )


def raised_in(source: str, **names: object) -> BaseException:
    """What a file of the user's own raises, with these names set in it."""
    try:
        exec(compile(source, "own.py", "exec"), names)
    except BaseException as error:
        return error
    raise AssertionError("it raises nothing")


def test_the_place_is_that_in_the_user_s_own_file():
    error = raised_in("\n\n[].index(int('x'))", __called__="own.py")
    assert told(error) == "own.py:3 ValueError: invalid literal for int() with base 10: 'x'"
    assert told(raised_in("1 / 0")) == "ZeroDivisionError: division by zero"


def test_paths_into_the_folder_of_the_user_s_own_files_are_as_they_are_from_there():
    error = raised_in(
        "raise ValueError('/home/me/bots/data/x.npz')", __called__="own.py", __file__="/home/me/bots/own.py"
    )
    assert told(error) == "own.py:1 ValueError: data/x.npz"


def test_an_interruption_is_one_that_no_strategy_has_raised():
    assert is_interruption(KeyboardInterrupt())
    assert is_interruption(raised_in("raise KeyboardInterrupt"))
    assert is_interruption(raised_in("stop()", __called__="own.py", stop=pressed))
    assert not is_interruption(raised_in("raise KeyboardInterrupt", __called__="own.py"))
    assert not is_interruption(raised_in("class K(KeyboardInterrupt): pass\nraise K"))
    assert not is_interruption(SystemExit())


def pressed() -> None:
    raise KeyboardInterrupt
