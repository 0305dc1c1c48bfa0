"""A sale format of the user's own: in a run, carried along, gone on with, verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import experiments
from experiments import InputError, run
from experiments.lab.conformance.format_check import FormatFault, check_format
from experiments.lab.played.runs import resume
from experiments.lab.runs import checkpoint
from experiments.lab.verify import verify_run
from market.auctions import FORMATS, Lot, Payment
from market.messages import LISTING, Listing

EXAMPLE = Path(experiments.__path__[0]) / "examples" / "loser_pays_half.toml"


@pytest.fixture
def sold(tmp_path):
    """A run of the example."""
    return run(EXAMPLE, blocks=20, signatures="off", out=tmp_path / "run")


def test_it_is_carried_along_and_found_sound(sold):
    assert (sold.path / "files" / "loser_pays_half.py").is_file()
    assert set(sold.auctions["format"]) == {"second_price", "own"}
    report = verify_run(sold.path)
    assert report.is_sound, report
    assert "a sale format is the user's own" in str(report)


def test_losers_pay_the_seller_a_half(sold):
    bids, auctions, payments = (sold.bids, sold.auctions, sold.payments)
    own = auctions[auctions["format"] == "own"]
    lost = bids[bids["auction"].isin(own["auction"]) & (bids["outcome"] == "lost")]
    won = bids[bids["auction"].isin(own["auction"]) & (bids["outcome"] == "won")]
    paid = payments.loc[payments["reason"] == "trade", "amount_gwei"].sum()
    assert len(lost) > 20
    assert paid == won["price_gwei"].sum() + (lost["price_gwei"] // 2).sum()


def test_a_run_that_was_cut_goes_on_with_it(sold, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "WORTH", 1)
    out = tmp_path / "cut"
    cut = run(
        EXAMPLE,
        blocks=20,
        signatures="off",
        out=out,
        checkpoint_seconds=0,
        progress=lambda _, done, __: done < 9,
    )
    assert not cut.finished
    assert digest(resume(out).path) == digest(sold.path)


def digest(folder: Path) -> str:
    return json.loads((folder / "manifest.json").read_text())["digest"]


def test_its_number_is_255():
    listing = Listing(0, "ticket", "own", 1, 0, None, 0, 0, 1, 5, 0)
    place = [name for name, _ in LISTING.members].index("format")
    assert listing.values([b""])[place] == 255


@pytest.mark.parametrize(
    ("name", "says"), [("first.py:clear", "there is no file first.py"), ("all_pay", "own rule")]
)
def test_one_that_is_not_there_is_refused(name, says):
    with pytest.raises(InputError, match=says):
        run(EXAMPLE, overrides=[f"market.own_format={name}"])


@pytest.mark.parametrize("name", FORMATS)
def test_the_formats_of_the_testbed_are_sound(name):
    report = check_format(FORMATS[name].clear, sales=100)
    assert not report.warnings
    assert (report.losers > 0) == (name == "all_pay")


def dear(lot: Lot) -> list[Payment]:
    return [Payment(0, offer.bidder, offer.price + 1, 0) for offer in lot.offers[:1]]


def both(lot: Lot) -> list[Payment]:
    return [Payment(0, offer.bidder, 0, 0) for offer in lot.offers]


def stranger(lot: Lot) -> list[Payment]:  # noqa: ARG001
    return [Payment(0, 99, 0, 0)]


def forgets(lot: Lot) -> None:  # noqa: ARG001
    return None


def blind(lot: Lot) -> list[Payment]:
    return [Payment(0, *max(lot.offers, key=lambda offer: offer.price), 0)]


@pytest.mark.parametrize(
    ("format", "says"),
    [
        (dear, "is covered by no bid"),
        (both, "wins a lot that is not there, or sold"),
        (stranger, "is covered by no bid"),
        (forgets, "is a return missing"),
        (blind, "a lot may have no offers"),
        (lambda lot: [lot.offers[0].bidder] if lot.offers else [], "which is no Payment"),
    ],
)
def test_what_is_not_sound_is_found(format, says):
    with pytest.raises(FormatFault, match=says):
        check_format(format, sales=100)


@pytest.mark.parametrize("clear", [3, "mine.py:clear", int])
def test_what_is_no_function_is_no_format(clear):
    with pytest.raises(FormatFault, match=r"is no sale format; give the function itself, def clear\(lot\)"):
        check_format(clear)
