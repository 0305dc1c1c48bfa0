"""An import of a name that is elsewhere, or is nearly called so, says where it is."""

from __future__ import annotations

from importlib.util import find_spec

import et_testbed
import pytest

import strategies
from chain.misplaced_names import modules, way_to_module, whereabouts
from chain.wording import told
from strategies.finding import load_object


@pytest.mark.parametrize(
    ("module", "name", "says"),
    [
        ("et_testbed", "Buyer", "; it is in strategies: from strategies import Buyer"),
        ("et_testbed", "State", "; it is in chain: from chain import State"),
        ("et_testbed", "Answr", "; did you mean from et_testbed import Answer?"),
        ("et_testbed", "answer", "; did you mean from et_testbed import Answer?"),
        ("experiments", "Award", "; it is in market: from market import Award"),
        ("strategies", "run", "; it is in et_testbed: from et_testbed import run"),
        ("strategies", "Purse", "; it is in strategies.purse: from strategies.purse import Purse"),
        ("strategies", "own_values", "; did you mean from strategies.valuation import own_value?"),
        ("strategies", "Auctionbid", "; did you mean from strategies import AuctionBid?"),
        ("strategies.base", "Byer", "; did you mean from strategies.base import Buyer?"),
        ("market", "Truthful", "; it is in strategies.builders.truthful and strategies.buyers.truthful: from "),
        ("et_testbed", "strategies", "; strategies is a package of its own: import strategies"),
        ("math", "sqr", "; did you mean from math import sqrt?"),
        ("math", "wibble", ""),
    ],
)
def test_where_it_is_or_what_comes_near(module, name, says):
    assert whereabouts(module, name).startswith(says)
    assert bool(whereabouts(module, name)) == bool(says)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("et_testbed.strategies", "; strategies is a package of its own: from strategies import …"),
        ("et_testbed.strategies.purse", "; strategies is a package of its own: from strategies.purse import …"),
        ("et_testbed.run", "; et_testbed has names and no modules: from et_testbed import …"),
        ("strategies.purses", "; did you mean strategies.purse or "),
        ("purse", "; it is strategies.purse"),
        ("numpyy", ""),
    ],
)
def test_a_module_that_is_not_there_is_told_what_is(name, says):
    assert way_to_module(name).startswith(says)
    assert bool(way_to_module(name)) == bool(says)


@pytest.mark.parametrize("package", ["et_testbed", "market", "chain", "experiments"])
def test_python_says_so_itself(package):
    with pytest.raises(ImportError, match=r"it is in strategies: from strategies import Buyer$"):
        exec(f"from {package} import Buyer")
    with pytest.raises(AttributeError):
        exec(f"import {package}; {package}.Buyer")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "from et_testbed.strategies import Buyer",
            "strategies is a package of its own: from strategies import …",
        ),
        ("import et_testbed.market.primary", "market is a package of its own: from market import …"),
        ("from et_testbed.run import run", "et_testbed has names and no modules: from et_testbed import …"),
        ("from strategies.truthfull import Truthful", r"did you mean strategies\.\w+\.truthful.*"),
        ("import et_testbed; et_testbed.strategies", "strategies is a package of its own: import strategies"),
    ],
)
def test_python_says_so_of_a_module(line, says):
    with pytest.raises((ImportError, AttributeError), match=f"^[^;]*; {says}$"):
        exec(line)


def test_other_modules_are_left_to_python():
    assert find_spec("et_testbed.__main__") is None
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'numpy\.wibble'$"):
        exec("import numpy.wibble")


def test_who_asks_for_an_attribute_is_answered_as_ever():
    assert not hasattr(et_testbed, "Buyer")
    assert getattr(strategies, "Auctionbid", None) is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("from et_testbed import Buyer", "'et_testbed'; it is in strategies: from strategies import Buyer"),
        ("from strategies.base import Buyr", "'strategies.base'; did you mean from strategies.base import Buyer?"),
        ("import et_testbed.chain", "'et_testbed.chain'; chain is a package of its own: from chain import …"),
    ],
)
def test_a_file_of_ones_own_is_told_in_one_line_without_a_temporary_path(tmp_path, line, says):
    (tmp_path / "mine.py").write_text(line)
    with pytest.raises(ValueError, match=r"mine\.py cannot be loaded: mine\.py:1 ") as refused:
        load_object("mine.py:Mine", tmp_path)
    assert str(refused.value).endswith(says)


def test_other_faults_are_told_as_ever():
    assert told(ImportError("wibble")) == "ImportError: wibble"
    assert "strategies.purse" in modules()


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("AuctionBid", "; it is in strategies: from strategies import AuctionBid"),
        ("Award", "; it is in market: from market import Award"),
        ("nonsense", ""),
    ],
)
def test_a_name_that_nobody_imported_is_told_with_where_it_is(name, way):
    with pytest.raises(NameError) as error:
        eval(name, {})
    assert told(error.value) == f"NameError: name '{name}' is not defined{way}"
