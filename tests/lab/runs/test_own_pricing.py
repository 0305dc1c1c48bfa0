"""A pricing rule of the user's own with a view: in a run, gone on with, part of the rules id, verified."""

from __future__ import annotations

import json
import sys
from hashlib import sha256

import pyarrow.parquet as pq
import pytest

from chain.interruption import OWN_CODE
from experiments import InputError, resume, run, sweep
from experiments.lab.runs import checkpoint
from experiments.lab.verify import audit_run
from strategies.own_files import family_of
from tests.lab.verify.test_verify_columns import Forger

RULES = '''
from market import Award, Payment, PricingRule, Terms, in_turns

SEEN = []
LAST = [0]


class Watches(PricingRule):
    """Sells in turns at what the last ticket went for, and a little more."""

    def __init__(self, step: int = 1):
        self.step = step
        self.price = 0

    def quote(self, view):
        return max(self.price, view.reserve_gwei)

    def clear(self, lots, view):
        return in_turns(lots)

    def close(self, view):
        self.price = self.price + self.step if view.last_gwei is None else view.last_gwei + self.step * view.held


class AllPay(PricingRule):
    """The highest bid wins, and everyone pays a half; one lot is put up, at twice the reserve."""

    def terms(self, view):
        return [Terms(2 * view.reserve_gwei)][: view.unsold]

    def clear(self, lots, view):
        for place, lot in enumerate(lots):
            ranked = sorted(lot.offers, key=lambda offer: -offer.price)
            for rank, offer in enumerate(ranked):
                yield Payment(place, offer.bidder, offer.price // 2, None if rank else place)


def forgets(lots):
    paid = LAST[0]
    LAST[0] += 1
    return [Award(lot.offers[0].bidder, min(paid, lot.offers[0].price)) if lot.offers else None for lot in lots]


def sees(lots, view, share: float = 0.5):
    SEEN.append(view)
    return in_turns(lots)


def by_share(lots, view, share: float = 0.5):
    return in_turns(lots) if view.chance(1000, lots[0].ticket) < 1000 * share else []


class Plain:
    pass


class Named(AllPay):
    name = ""
'''
CONFIG = {
    "blocks": 30,
    "chain": {"draw": "lottery", "supply": 8, "maturity": 16},
    "market": {"primary_reserve": 1e-6},
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(RULES)
    return tmp_path


def played(name, out, **more):
    market = {**CONFIG["market"], "primary": f"mine.py:{name}", **more.pop("market", {})}
    return run({**CONFIG, "market": market}, signatures="off", out=out, **more)


def slow(name):
    return pytest.param(name, marks=pytest.mark.slow)


def digest(folder):
    return json.loads((folder / "manifest.json").read_text())["digest"]


def test_it_sees_slot_stock_prices_and_past_sales(place):
    result = played("sees", place / "run")
    package = family_of(place / "mine.py", "sees").digest[:8]
    views = sys.modules[f"{OWN_CODE}{package}.mine"].SEEN
    assert [view.slot for view in views] == sorted({view.slot for view in views})
    sales = result.trades[result.trades.market == "primary"]
    last = views[-1]
    before = sales[sales.slot < last.slot]
    assert [sale.ticket for sale in last.sales] == list(before.ticket)
    assert [sale.price_gwei for sale in last.sales] == list(before.price_gwei)
    assert last.last_gwei == before.price_gwei.iloc[-1]
    assert last.held + last.unsold <= 8
    assert (last.supply, last.reserve_gwei, last.cap) == (8, 1000, None)


def test_the_price_that_it_posts_is_seen_and_asked(place):
    result = played("Watches", place / "run", market={"primary_parameters": {"step": 7}})
    quotes = result.signals.quote_gwei
    lots = result.auctions[result.auctions.market == "primary"]
    assert set(lots.reserve_gwei[lots.opened_slot > 0]) <= set(quotes)
    assert quotes.nunique() > 5


@pytest.mark.parametrize("name", ["Watches", slow("AllPay"), slow("by_share")])
def test_it_is_carried_along_goes_on_and_is_verified(place, monkeypatch, name):
    monkeypatch.setattr(checkpoint, "WORTH", 1)
    whole = played(name, place / "whole")
    cut = played(name, place / "cut", checkpoint_seconds=0, progress=lambda _, done, __: done < 13)
    assert not cut.finished
    said: list[str] = []
    assert digest(resume(place / "cut", tell=said.append).path) == digest(whole.path)
    assert any("going on from block 13" in line for line in said)
    assert (whole.path / "files" / "mine.py").is_file()
    report = audit_run(whole.path)
    assert report.is_sound, report
    assert "its lots and its price, who wins and who pays are believed" in str(report)


def test_memory_in_a_global_is_not_lost_without_a_word(place, monkeypatch):
    monkeypatch.setattr(checkpoint, "WORTH", 1)
    whole = played("forgets", place / "whole")
    played("forgets", place / "cut", checkpoint_seconds=0, progress=lambda _, done, __: done < 13)
    said: list[str] = []
    assert digest(resume(place / "cut", tell=said.append).path) == digest(whole.path)
    assert any("running again from block 0: the rule mine.py:forgets keeps LAST" in line for line in said)


def test_losers_may_pay(place):
    result = played("AllPay", place / "run")
    burned = result.payments[result.payments.reason == "primary"]
    sold = result.trades[result.trades.market == "primary"]
    assert len(burned) > len(sold) > 5
    assert set(result.auctions[result.auctions.market == "primary"].reserve_gwei) == {2000}


def price_of_a_sold_lot(rows):
    row = next(row for row in rows if row["market"] == "primary" and row["winner"])
    row["price_gwei"] += 10**12


def a_bid_that_lost_has_won(rows):
    next(row for row in rows if row["outcome"] == "lost")["outcome"] = "won"


def more_is_burned(rows):
    next(row for row in rows if row["reason"] == "primary")["amount_gwei"] += 1


def more_comes_back(rows):
    next(row for row in rows if row["reason"] == "release")["amount_gwei"] += 1


FORGED = {
    "auctions": price_of_a_sold_lot,
    "bids": a_bid_that_lost_has_won,
    "payments": more_is_burned,
    "payments ": more_comes_back,
}


@pytest.mark.parametrize(("table", "forge"), FORGED.items(), ids=[forge.__name__ for forge in FORGED.values()])
def test_what_it_cannot_have_done_is_found(place, table, forge):
    forger = Forger(played("Watches", place / "run").path, place / "forged")
    assert audit_run(forger.path).is_sound
    name = table.strip()
    stored = pq.read_table(forger.source / "tables" / f"{name}.parquet")
    rows = stored.to_pylist()
    before = stored.to_pylist()
    forge(rows)
    (column,) = {key for old, new in zip(before, rows, strict=True) for key in old if old[key] != new[key]}
    forger.write(name, column, stored, [row[column] for row in rows])
    assert not audit_run(forger.path).is_sound


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        (["market.primary_parameters.stp=3"], r"market\.primary_parameters\.stp: no such parameter; did you mean"),
        (
            ["market.primary_parameters.step=x"],
            r"market\.primary_parameters\.step: input should be a valid integer",
        ),
        (["market.primary=mine.py:forgets", "market.primary_parameters.a=1"], "mine.py:forgets takes none"),
        (["market.primary=mine.py:Plain"], "mine.py:Plain is no pricing rule: derive it from market.PricingRule"),
        (["market.primary=mine.py:Named"], "is called ''; a name has 1 to 64 letters"),
        (["market.primary=mine.py:SEEN"], r"mine.py:SEEN is no pricing rule: write"),
        (
            ["market.primary=mine.py:forgets", "chain.supply_rule=elastic"],
            "mine.py:forgets quotes no price to mint",
        ),
        (
            ["market.primary=mine.py:AllPay", "chain.supply_rule=elastic"],
            "mine.py:AllPay quotes no price to mint at",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(place, overrides, says):
    with pytest.raises(InputError, match=says):
        played("Watches", place / "run", overrides=overrides)


def test_an_elastic_supply_is_sold_at_the_price_that_it_posts(place):
    result = played("Watches", place / "run", overrides=["chain.supply_rule=elastic"])
    assert result.tickets.ticket.nunique() > 8
    assert audit_run(result.path).is_sound


def test_its_file_is_part_of_the_rules_id(place):
    first = json.loads((played("AllPay", place / "one", blocks=2).path / "manifest.json").read_text())
    (place / "mine.py").write_text(RULES + "\n# another\n")
    second = json.loads((played("AllPay", place / "two", blocks=2).path / "manifest.json").read_text())
    assert first["rules_id"] != second["rules_id"]
    own = json.loads(second["rules"])["own"]["market.primary"]
    assert own == {
        "name": "mine.py:AllPay",
        "files": {"mine.py": sha256((place / "mine.py").read_bytes()).hexdigest()},
    }


def test_so_is_the_source_of_a_module(place, monkeypatch):
    monkeypatch.syspath_prepend(place)
    (place / "installed_rules.py").write_text(RULES)
    config = {**CONFIG, "blocks": 2, "market": {"primary": "installed_rules:AllPay"}}
    result = run(config, signatures="off", out=place / "run")
    rules = json.loads((result.path / "manifest.json").read_text())["rules"]
    files = {"installed_rules.py": sha256(RULES.encode()).hexdigest()}
    assert json.loads(rules)["own"]["market.primary"] == {"name": "installed_rules:AllPay", "files": files}
    assert audit_run(result.path).is_sound


def test_it_is_swept_beside_a_rule_of_the_testbed_and_over_its_parameters(place):
    grid = {"market.primary": ["second_price", "mine.py:Watches"], "market.primary_parameters.step": [1, 5]}
    with pytest.warns(
        UserWarning, match="primary_parameters: left out where market.primary is second_price, which"
    ):
        found = sweep({**CONFIG, "blocks": 4}, grid, [1], out=place / "out", keep_tables=False)
    table = found.table("protocol_revenue")
    means = table.set_index(["market.primary", "market.primary_parameters.step"])["mean"]
    assert means["second_price", 1] == means["second_price", 5]
    assert means["mine.py:Watches", 1] != means["mine.py:Watches", 5]
