"""Runs with the ticket contract on an EVM alongside."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from chain.ledger import Ledger
from experiments.lab.cli.app import app
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import read_config
from experiments.lab.conformance.twin.disagreement import Disagreement
from experiments.lab.conformance.twin.twin import Twin
from experiments.lab.played.runs import resume, run
from market.exchange import Exchange
from tests.places import ROOT

WILD = {"strategy": f"{ROOT}/tests/lab/verify/wild.py:Wild", "count": 3, "missed_proposal": 0.2}
BUILDERS = {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2}
SELLER = {"strategy": "undercut", "role": "seller"}
MAKER = {"strategy": "market_maker", "role": "buyer", "can_build": False}
AGENTS = [WILD, BUILDERS, SELLER, MAKER]
MARKET = {"settlement", "award", "payment for a block", "rebate", "cost", "entry", "primary_entry"}
ALWAYS = {"deposit", "mint", "first draws", "draw", "sale", "proposal", "empty block"} | MARKET


def config(chain: dict[str, object], market: dict[str, object] | None = None, blocks: int = 15) -> Config:
    cost = {"entry": 0.001, "primary_entry": 0.0001}
    return read_config(
        {"blocks": blocks, "chain": chain, "market": market or {}, "cost": cost, "agents": AGENTS}, []
    )


LOTTERY = {"draw": "lottery", "supply": 12, "maturity": 6, "lookahead": 2, "refund": 0.37}
ROUNDS = {"draw": "maturity", "supply": 4, "maturity": 3, "round": 3, "collateral_eth": 0.3}
STAKES = {"return_haircut": 0.25, "collateral_eth": 0.05, "missed_fee_eth": 0.02, "owner_cap": 4}


@pytest.mark.parametrize(
    ("chain", "market", "also"),
    [
        ({"draw": "maturity", "supply": 8, "maturity": 7}, {"building": "from_draw"}, set()),
        (ROUNDS, {"resale_order": "in_turn", "building": "from_draw"}, set()),
        (LOTTERY | STAKES, {}, {"expiry", "return"}),
        ({"draw": "randea", "supply": 8, "maturity": 7, "window": 4}, {"primary": "first_price"}, set()),
        (
            ROUNDS,
            {"reserve": {"void": True}, "primary_reserve": 0.2},
            {"burning of an unsold ticket"},
        ),
        (LOTTERY | {"supply_rule": "elastic", "round": 2, "maturity": 2}, {"primary": "eip1559"}, {"expiry"}),
        (LOTTERY, {"primary": "uniform_price", "genesis": {"handed_out": 0.5, "price_eth": 0.01}}, {"hand out"}),
    ],
    ids=["maturity", "rounds", "lottery", "randea", "void", "elastic", "handed out"],
)
def test_a_run_and_its_contract_agree(chain, market, also):
    made = config(chain, market)
    twin = Twin(made)
    result = run(made, drive=twin.drive)
    assert result.finished
    done = twin.done["et"]
    assert done.keys() >= ALWAYS | also
    assert done["draw"] == made.blocks
    assert done["sale"] == (result.trades.market == "primary").sum()
    assert done["settlement"] + done["award"] == (result.trades.market == "secondary").sum()


def test_the_twin_changes_nothing_in_the_run():
    made = config({"draw": "maturity", "supply": 8, "maturity": 7}, blocks=15)
    assert run(made, drive=Twin(made).drive).summary["digest"] == run(made).summary["digest"]


def test_a_refund_that_is_too_high_stops_the_run(monkeypatch):
    refund = Ledger.refund
    monkeypatch.setattr(
        Ledger, "refund", lambda self, account, gwei, ticket=None: refund(self, account, gwei + 1, ticket)
    )
    made = config(LOTTERY)
    with pytest.raises(
        Disagreement, match=r"the end of a slot\(\d+\): refunded Gwei: \d+ in the protocol, \d+ in the"
    ):
        run(made, drive=Twin(made).drive)


def test_an_order_whose_signature_nobody_checked_stops_the_run(monkeypatch):
    place = Exchange.place

    def forge(self, order, ms):
        return place(self, order._replace(signature=b"\x01" * 64 + b"\x1b"), ms)

    monkeypatch.setattr(Exchange, "place", forge)
    monkeypatch.setattr("market.gate.Gate.check", lambda *_: None)
    made = config({"draw": "maturity", "supply": 8, "maturity": 7})
    with pytest.raises(Disagreement, match=r"settlement.*refused by the contract: bad_signature"):
        run(made, drive=Twin(made).drive)


@pytest.mark.parametrize(
    ("chain", "market", "signatures", "reason"),
    [
        ({"draw": "claim"}, {}, "ecdsa", "chain.draw is 'claim'"),
        ({"draw": "lottery"}, {}, "off", "signatures are 'off'"),
        ({"draw": "lottery"}, {"structure": "pbs"}, "ecdsa", "has no tickets"),
        ({"draw": "lottery"}, {"primary": "tullock"}, "ecdsa", "all pay"),
        ({"draw": "lottery"}, {"primary": "all_pay"}, "ecdsa", "all pay"),
        ({"draw": "lottery", "supply": 70_000}, {}, "ecdsa", "holds 65536 tickets"),
        ({"draw": "lottery", "return_haircut": 0.2}, {"primary": "amm"}, "ecdsa", "leave return_haircut out"),
    ],
)
def test_what_the_contract_does_not_have_is_refused(chain, market, signatures, reason):
    with pytest.raises(InputError, match=reason):
        Twin(config(chain, market), signatures)


@pytest.mark.parametrize("format", ["third_price", "all_pay"])
def test_a_holder_who_sells_in_a_format_that_the_contract_has_no_room_for_is_refused(format):
    made = config({"draw": "lottery"})
    seller = {"strategy": "at_once", "role": "seller", "parameters": {"format": format}}
    made = read_config({**made.model_dump(mode="json"), "agents": [seller, BUILDERS]})
    with pytest.raises(InputError, match=f'sells by "{format}"'):
        run(made.model_dump(mode="json"), blocks=5, drive=Twin(made).drive)


def test_without_an_evm_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr("experiments.lab.conformance.twin.twin.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'et-testbed\[evm\]'"):
        Twin(config({"draw": "lottery"}))


def test_the_command_says_how_many_operations_agreed(tmp_path):
    arguments = ["run", "--blocks", "5", "--set", "market.structure=['pbs','et']", "--out", str(tmp_path / "run")]
    result = CliRunner().invoke(app, [*arguments, "--twin", "--quiet"])
    assert result.exit_code == 0, result.output
    (line,) = [line for line in result.output.splitlines() if line.startswith("twin")]
    assert line.startswith("twin: et: ")
    assert line.endswith(" operations on the EVM, all as in the run")


def test_a_run_with_a_twin_that_was_cut_off_begins_again(tmp_path):
    made = config({"draw": "maturity", "supply": 8, "maturity": 7}, blocks=6)
    half = run(
        made,
        out=tmp_path / "run",
        drive=Twin(made).drive,
        checkpoint_seconds=0,
        progress=lambda _, done, __: done < 3,
    )
    assert not half.finished
    told: list[str] = []
    assert resume(tmp_path / "run", tell=told.append).summary["digest"] == run(made).summary["digest"]
    assert "running again from block 0" in told[0]
