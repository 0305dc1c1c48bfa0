"""Who bids alone pays the reserve: said as a run begins, and at its end."""

from __future__ import annotations

import pytest

from experiments import run
from experiments.lab.assembly.thin_bidding import is_thin
from experiments.lab.runs.lone_bidders import lone_lines, lone_sales

BUYERS = {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2}
THIN = "who bids when the others are full pays the reserve"


def config(count, capacity, **market):
    sellers = {"strategy": "at_maturity", "role": "seller", "count": count, "parameters": {"capacity": capacity}}
    chain = {"supply": 9, "maturity": 8}
    return {"blocks": 12, "chain": chain, "market": {"structure": "et", **market}, "agents": [sellers, BUYERS]}


@pytest.mark.parametrize(
    ("rooms", "thin"),
    [
        ([17, 17], True),  # the protocol got .027 a ticket where .116 was fair
        ([20, 20], True),
        ([33, 33], False),
        ([11, 11, 11], True),
        ([17, 17, 17], False),  # less than twice the supply, and two have room at any time
        ([8, 8, 8, 8, 8], False),  # the last ticket at most
        ([100, 8], True),
        ([20], True),
        ([1_000_000], False),
        ([float("inf"), 3], False),
        ([], False),
    ],
)
def test_whether_a_bidder_may_be_alone(rooms, thin):
    assert is_thin(rooms, 33) is thin


def test_a_run_warns_as_it_begins_and_counts_at_its_end():
    with pytest.warns(
        UserWarning, match=f"have room for 10, without the largest for 5, of a supply of 9: {THIN}, 0 ETH"
    ):
        result = run(config(2, 5), signatures="off")
    lone, sold = lone_sales(result.path / "tables")
    assert 0 < lone < sold
    assert result.summary["capture_expected"] < 0.6
    assert f"{lone} of the {sold} tickets that the protocol sold had one bidder" in " ".join(str(result).split())


QUIET = [
    config(2, 9),
    config(2, 5, primary="first_price"),
    config(2, 5, structure="pbs"),
    {"blocks": 1},  # the default
]


@pytest.mark.parametrize("quiet", QUIET)
def test_nothing_is_said_where_two_have_room_or_the_bid_is_paid(quiet, recwarn):
    result = run(quiet, signatures="off")
    assert THIN not in " ".join(str(each.message) for each in recwarn)
    assert list(lone_lines({"et": result.path})) == []


def test_the_command_says_it(et_testbed, tmp_path):
    (tmp_path / "thin.toml").write_text(
        "blocks = 6\n[chain]\nsupply = 9\nmaturity = 8\n[market]\nstructure = 'et'\n"
        "[[agents]]\nstrategy = 'at_maturity'\nrole = 'seller'\ncount = 2\nparameters = { capacity = 5 }\n"
        "[[agents]]\nstrategy = 'truthful'\nrole = ['buyer', 'builder']\ncount = 2\n"
    )
    done = et_testbed("run", "thin.toml", "--signatures", "off", cwd=tmp_path)
    assert done.returncode == 0
    assert THIN in done.stderr
    assert "had one bidder, who paid the reserve" in " ".join(done.stdout.split())
