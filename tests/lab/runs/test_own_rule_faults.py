"""A rule of the user's own that raises, or answers what cannot be, ends a run in one line that names its own."""

from __future__ import annotations

import pytest

from chain import State
from chain.errors import RuleBroken
from chain.wording import told
from experiments import run
from experiments.lab.assembly.sale_formats import make_formats
from experiments.lab.config.market import MarketSection
from market.auctions import OWN, Lot, Offer, Payment, Terms, clearings
from market.primary import SaleView

RULES = """
def draw(state, block):
    return state.urn[0] if block < 3 else state.nothing

def other(state, block):
    return state.urn[0] if block < 3 else 99999

def price(lots):
    return lots.nothing

def clear(lot):
    raise LookupError("no price")

def leaves(state, block):
    raise SystemExit(3)

from market import AuctionFormat, PricingRule, Terms; from chain.errors import InsufficientFunds

def nothing(lots):
    pass

def later(lots):
    yield lots.nothing

class Quotes(PricingRule):
    def quote(self, view):
        return 0.5

    def clear(self, lots, view):
        return []

class Puts(Quotes):
    quote = PricingRule.quote

    def terms(self, view):
        return [Terms(0.25)]

def forgets(lot):
    pass

def yields(lot):
    yield lot.nothing

def wrong_terms(terms):
    raise LookupError("no terms")

stated = AuctionFormat(0, forgets, fault=wrong_terms)

def refused(state, block):
    raise InsufficientFunds("me")
"""
CONFIG = """blocks = 12
[chain]
supply = 6
maturity = 5
"""
CASES = {
    "a draw rule that raises": ("chain.draw=mine.py:draw", "raised mine.py:3 AttributeError"),
    "one that draws what is not there": ("chain.draw=mine.py:other", "drew 99999, which is not in the urn"),
    "one that would end the process": ("chain.draw=mine.py:leaves", "raised mine.py:15 SystemExit"),
    "a pricing rule that raises": ("market.primary=mine.py:price", "raised mine.py:9 AttributeError"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("rules")
    (place / "mine.py").write_text(RULES)
    (place / "c.toml").write_text(CONFIG)
    return place


def only_line(done):
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert "Traceback" not in done.stderr
    return line


@pytest.mark.parametrize(("override", "told"), CASES.values(), ids=CASES)
def test_it_ends_the_run_in_one_line(et_testbed, place, override, told):
    line = only_line(et_testbed("run", "c.toml", "--set", override, "--signatures", "off", "--quiet", cwd=place))
    assert told in line
    assert "mine.py" in line
    assert "--strict" not in line
    assert "et-testbed check" in line


def test_a_format_that_raises_does_too(et_testbed, place):
    own = ("--set", "market.own_format=mine.py:clear", "--set", "market.primary=own")
    line = only_line(et_testbed("run", "c.toml", *own, "--signatures", "off", "--quiet", cwd=place))
    assert "raised mine.py:12 LookupError: no price" in line


OWNED = "market.primary=own"
WRONG = {
    "a draw rule that is refused something": (["chain.draw=mine.py:refused"], "raised .*InsufficientFunds: me"),
    "a pricing rule that returns nothing": (["market.primary=mine.py:nothing"], "raised TypeError: 'None"),
    "one that raises later": (["market.primary=mine.py:later"], "raised mine.py:23 AttributeError"),
    "a price in parts of a Gwei": (
        ["market.primary=mine.py:Quotes"],
        r"is 0\.5; .*; prices are whole Gwei: eth_to_gwei\(0\.5\) where that is ETH",
    ),
    "terms in parts of a Gwei": (["market.primary=mine.py:Puts"], "terms is 0.25; it must be a whole number"),
    "a format that returns nothing": (
        ["market.own_format=mine.py:forgets", OWNED],
        "raised TypeError: 'NoneType'",
    ),
    "one that raises at its end": (
        ["market.own_format=mine.py:yields", OWNED],
        "mine.py:42 AttributeError",
    ),
}


@pytest.mark.parametrize(("overrides", "told"), WRONG.values(), ids=WRONG)
def test_what_no_sale_can_be_is_the_fault_of_the_rule(place, overrides, told):
    with pytest.raises(RuleBroken, match=told):
        run(place / "c.toml", overrides=[*overrides, "market.structure=et"], signatures="off")


def test_a_format_whose_check_of_the_terms_raises_does_so_by_name(place):
    own = make_formats(MarketSection(own_format="mine.py:stated"), place)[OWN]
    with pytest.raises(RuleBroken, match=r"'mine\.py:stated' raised mine\.py:45 LookupError: no terms"):
        own.fault(Terms())


@pytest.mark.parametrize("price", [2.5, True, -1, float("nan"), 2**63])
def test_a_payment_that_is_no_whole_gwei_too(price):
    with pytest.raises(RuleBroken, match="must be a whole number of Gwei"):
        clearings([Lot(1, Terms(), [Offer(1, 5)])], [Payment(0, 1, price, 0)])


@pytest.mark.parametrize(
    ("shown", "name", "says"),
    [
        (Lot(1, Terms(), ()), "reserve", "Lot has no 'reserve'; did you mean 'terms.reserve'?"),
        (Lot(1, Terms(), ()), "bids", "Lot has no 'bids'; there are numbers, offers, terms, ticket"),
        (SaleView(0, 1, 1, 2, 0, None, None, (), min), "tickets", "SaleView has no 'tickets'; there are cap, "),
        (object.__new__(State), "draw", "State has no 'draw'; did you mean 'draws' or 'rules.draw'?"),
    ],
)
def test_what_a_rule_is_shown_tells_what_there_is_of_nearly_that_name(shown, name, says):
    with pytest.raises(AttributeError) as fault:
        getattr(shown, name)
    assert told(fault.value).startswith(f"AttributeError: {says}")
