"""A strategy that misbehaves is refused, is written down, and costs no one else anything."""

from __future__ import annotations

import pytest

from experiments import run

MISCHIEF = """
from strategies import *

class Mischief(Buyer):
    def __init__(self, kind: str = "hold"):
        self.kind = kind

    def bid(self, view):
        return getattr(self, self.kind)(view)

    def hold(self, view):
        return []

    def raises(self, view):
        raise ZeroDivisionError("oops")

    def exits(self, view):
        raise SystemExit(3)

    def no_list(self, view):
        return 7

    def no_intent(self, view):
        return ["buy!", None, 3.5]

    def wrong_phase(self, view):
        return [Build(), SellBlock(0)]

    def overbids(self, view):
        return [AuctionBid(a.id, view.free_gwei + 1) for a in view.auctions]

    def bids_nan(self, view):
        return [AuctionBid(a.id, float("nan")) for a in view.auctions] + [AuctionBid(0, float("inf"))]

    def bids_negative(self, view):
        return [AuctionBid(a.id, -5) for a in view.auctions] + [AuctionBid(0, -5)]

    def sells_what_it_has_not(self, view):
        return [Ask(ticket, 1) for ticket in range(view.slot, view.slot + 3)] + [OpenAuction(view.slot + 2)]

    def cancels_others(self, view):
        return [Cancel(order) for order in range(50)]

    def claims(self, view):
        return [Claim(0, view.slot + 1)]

    def unknown_auction(self, view):
        return [AuctionBid(10**9, 1), AuctionBid("x", 1), AuctionBid(None, 1)]

    def odd_fields(self, view):
        return [Ask(None, 1), Ask(1, 1, "whenever"), Bid("s", 1), Bid(None, 1), OpenAuction(1, "vickrey"),
                OpenAuction(1, tick_gwei=0), Ask(1, 2**70), Cancel(2**70), Claim(1, -1)]

    def never_ends(self, view):
        from itertools import repeat
        return repeat(Cancel(1))
"""

KINDS = {
    "raises": "strategy_raised",
    "exits": "strategy_raised",
    "no_list": "strategy_raised",
    "no_intent": "wrong_intent",
    "wrong_phase": "wrong_intent",
    "overbids": "insufficient_funds",
    "bids_nan": "bad_amount",
    "bids_negative": "bad_amount",
    "sells_what_it_has_not": "not_owner",
    "cancels_others": "unknown_order",
    "claims": "not_owner",
    "unknown_auction": "auction_closed",
    "odd_fields": "wrong_intent",
    "never_ends": "unknown_order",
}
OTHERS = ["blocks", "trades", "bids", "auctions", "transfers", "tickets"]


@pytest.fixture(scope="module")
def play(tmp_path_factory, population):
    folder = tmp_path_factory.mktemp("mischief")
    (folder / "mischief.py").write_text(MISCHIEF)

    def run_with(kind: str, blocks: int = 12, **options):
        agent = {"strategy": str(folder / "mischief.py") + ":Mischief", "parameters": {"kind": kind}}
        return run({"blocks": blocks, "agents": [*population, agent]}, **options)

    return run_with


@pytest.mark.parametrize("kind", KINDS)
def test_mischief_is_written_down_and_changes_nothing_for_others(play, kind):
    result, peaceful = play(kind, blocks=3 if kind == "never_ends" else 12), play("hold")
    assert KINDS[kind] in set(result.violations.code)
    assert set(result.violations.agent) == {"mischief-8"}
    assert result.violations.message.str.len().min() > 10
    for table in OTHERS if kind != "never_ends" else []:
        ours, theirs = getattr(result, table), getattr(peaceful, table)
        assert without_own_numbers(ours).equals(without_own_numbers(theirs)), table


def without_own_numbers(table):
    """Signatures hang on nonces and ids, which a refused message may have taken."""
    return table.drop(columns=[c for c in table.columns if c in ("signature", "nonce")])


def test_peace_has_no_violations(play):
    assert len(play("hold").violations) == 0


def test_strict_stops_with_the_strategys_own_traceback(et_testbed, tmp_path):
    (tmp_path / "mischief.py").write_text(MISCHIEF)
    (tmp_path / "config.toml").write_text(
        'blocks = 5\n[[agents]]\nstrategy = "mischief.py:Mischief"\n[agents.parameters]\nkind = "raises"\n'
    )
    done = et_testbed("run", str(tmp_path / "config.toml"), "--strict", "--out", str(tmp_path / "run"))
    assert done.returncode == 1
    assert "ZeroDivisionError: oops" in done.stderr
    assert 'raise ZeroDivisionError("oops")' in done.stderr
