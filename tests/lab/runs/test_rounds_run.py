"""Runs with tickets of a round: audited, told by the table of rounds, refused where they do not fit."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from experiments import InputError, run
from experiments.lab.config.loading import read_config
from experiments.lab.runs.fortune import read_fortunes
from experiments.lab.verify import audit_run
from experiments.lab.verify.trace import trace_ticket
from market.slot.rounds import ROUNDS
from tests.lab.verify.test_verify_columns import Forger

PASSING_ON = f"{Path(__file__).with_name('passing_on.py')}:PassingOn"
SELLERS = [
    {"strategy": "at_maturity", "role": "seller", "count": 2, "missed_proposal": 0.1},
    {"strategy": "lessor", "role": "seller"},
]
BUYERS = [
    {"strategy": "random_trader", "role": "buyer", "count": 3, "missed_proposal": 0.2},
    {"strategy": "truthful", "role": "buyer", "count": 2},
]
LOTTERY = {"draw": "lottery", "supply": 5, "maturity": 4, "refund": 0.5, "return_haircut": 0.1}
PATH = {"rule": "path", "path": [[0, 0.0], [20, 5.0], [40, 0.0]]}
CASES = {
    "maturity": ({"round": 5, "maturity": 2, "lookahead": 1, "missed_fee_eth": 0.1}, {"building": "from_draw"}),
    "lottery": ({"round": 3, **LOTTERY}, {}),
    "void": ({"round": 4, "maturity": 1}, {"reserve": {"rule": "trailing", "share": 1.2, "void": True}}),
    "endowed": ({"round": 4, "maturity": 0}, {"reserve": PATH, "unsold": "endowed"}),
    "pbs": ({"round": 4, "maturity": 0}, {"structure": "pbs"}),
}
ENDS = {
    "maturity": {"proposed"},
    "lottery": {"proposed"},
    "void": {"proposed", "void"},
    "endowed": {"proposed", "unsold"},
    "pbs": {"no_ticket"},
}


def played(name, out, signatures="off"):
    chain, market = CASES[name]
    config = {
        "blocks": 63,
        "chain": {"collateral_eth": 1.0, **chain},
        "market": market,
        "agents": [*SELLERS, *BUYERS],
    }
    return run(config, signatures=signatures, out=out)


@pytest.mark.parametrize("name", CASES)
def test_a_run_of_rounds_is_sound_and_its_table_says_what_others_say(name, tmp_path):
    result = played(name, tmp_path / "run", "ecdsa" if name == "maturity" else "off")
    report = audit_run(result.path)
    assert report.is_sound, report.fault
    size = CASES[name][0]["round"]
    rounds = result.rounds
    assert len(rounds) == 63 // size == report.parts[0].counts["rounds added up"]
    blocks = result.blocks[result.blocks.slot < len(rounds) * size]
    by_round = blocks.groupby(blocks.slot // size)
    assert (rounds.reward_gwei.to_numpy() == by_round.reward_gwei.sum().to_numpy()).all()
    assert (rounds.proposed == by_round.status.agg(lambda ends: (ends == "proposed").sum()).to_numpy()).all()
    assert (by_round.ticket.nunique() <= 1).all()
    assert set(rounds.status) == ENDS[name]


@pytest.fixture(scope="module")
def traded(tmp_path_factory):
    """A run whose tickets are sold on within their rounds."""
    traders = [{"strategy": PASSING_ON, "role": ["buyer", "seller"], "count": 4, "missed_proposal": 0.1}]
    config = {
        "blocks": 60,
        "chain": {"round": 5, "maturity": 2, "collateral_eth": 1.0},
        "agents": traders,
        "reward": {"process": "lognormal", "mean": 0.05, "sigma": 0.9},
    }
    result = run(config, signatures="off", out=tmp_path_factory.mktemp("traded") / "run")
    assert audit_run(result.path).is_sound
    return result


def test_tickets_change_hands_within_a_round_and_what_is_left_goes_with_them(traded):
    sold = traded.trades[(traded.trades.market == "secondary") & (traded.trades.timing == "ex_post")]
    within = sold[sold.slot % 5 > 0]
    assert len(within)
    assert (within.block == within.slot).all()  # the book is that of the ticket's next block
    blocks = traded.blocks.set_index("slot")
    last = within.groupby("slot").tail(1)
    assert (blocks.proposer[last.slot].to_numpy() == last.buyer.to_numpy()).all()
    assert traded.rounds.resales.sum() == len(sold)


CHEAP = ("ticket", "price_gwei", "resales")
COLUMNS = [
    pytest.param(column.name, marks=[] if column.name in CHEAP else pytest.mark.slow) for column in ROUNDS.columns
]


@pytest.mark.parametrize("column", COLUMNS)
def test_another_figure_in_the_table_of_rounds_is_noticed(column, traded, tmp_path):
    forger = Forger(traded.path, tmp_path / "forged")
    for change in forger.changes("rounds", column, random.Random(column)):
        report = audit_run(forger.path)
        assert report.fault is not None, change
        assert report.fault.table == "rounds", change


@pytest.mark.parametrize("draw", ["claim", "epoch", "randea"])
def test_what_gives_out_single_blocks_is_refused(draw):
    with pytest.raises(InputError, match=f"round is 4, but under draw = '{draw}' "):
        read_config({"chain": {"draw": draw, "round": 4}})


def test_the_fee_for_a_missed_block_is_there_for_all_blocks():
    with pytest.raises(InputError, match="for each of the 4 blocks of a round"):
        read_config({"chain": {"round": 4, "collateral_eth": 1.0, "missed_fee_eth": 0.3}})
    assert read_config({"chain": {"round": 4, "collateral_eth": 1.0}}).chain.missed_fee_gwei == 250_000_000


def test_a_round_of_one_block_is_no_round(tmp_path):
    found = []
    for name, chain in {"left out": {}, "one": {"round": 1}}.items():
        out = tmp_path / name
        run({"blocks": 10, "chain": {"maturity": 2, **chain}}, signatures="off", out=out)
        found.append(json.loads((out / "manifest.json").read_text())["tables"])
    assert found[0] == found[1]
    assert "rounds" not in found[0]


def test_what_was_expected_of_a_round_is_what_its_blocks_were_expected_to_bring(traded):
    fortune = read_fortunes({"et": traded.path})["et"]
    mean = float(fortune.expected[0])
    assert fortune.expected == pytest.approx(mean)  # rewards are independent, and all are sold ahead
    assert traded.summary["capture_expected"] == pytest.approx(fortune.paid.sum() / (60 * mean))
    assert fortune.paid.reshape(12, 5).std(axis=1) == pytest.approx(0)
    assert sum(fortune.luck.values()) == pytest.approx(fortune.surprise)


def test_the_trace_of_a_ticket_tells_its_round(traded):
    told = str(trace_ticket(traded.path, 3))
    assert "draws it for blocks 15 to 19" in told
    assert told.count("proposes block") + told.count("misses block") == 5
