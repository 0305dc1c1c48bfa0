"""What the docs say that calls cost."""

from __future__ import annotations

from experiments.lab.conformance.gas import SIZES, Meter, table
from tests.places import ROOT


def test_the_docs_have_what_the_calls_cost_now(monkeypatch):
    """The first of their columns; the others take longer."""
    monkeypatch.setattr("experiments.lab.conformance.gas.SIZES", SIZES[:1])
    shown = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8").splitlines()
    first = [" | ".join(line.split(" | ")[:2]).removesuffix(" |") for line in shown if line.startswith("| `")]
    measured = [line.removesuffix(" |") for line in table().splitlines()[2:]]
    assert set(measured) <= set(first)


def test_a_call_pays_as_a_transaction_of_its_own():
    """A payment reads three words and writes two of them, all cold: 3 × 2,100 + 2 × 2,900 beside its 21,000."""
    paid = dict(Meter(SIZES[0]).costs())["pay"]
    assert 33_100 < paid < 36_000
