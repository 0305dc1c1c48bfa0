"""What docs/ethereum.md shows runs as it stands."""

from __future__ import annotations

import re

import pytest

from chain.rpc.methods.all_methods import METHODS
from chain.rpc.tickets import FUNCTIONS as TICKET_FUNCTIONS
from experiments.lab.ethereum.server import MOST_CONNECTIONS, MOST_SUBSCRIPTIONS
from market.contract.code import FUNCTIONS as MARKET_FUNCTIONS
from tests.places import DOCS

TEXT = (DOCS / "ethereum.md").read_text()


def test_the_example_bids_and_sees_its_receipt(tmp_path, monkeypatch, capsys):
    (tmp_path / "config.toml").write_text(
        'blocks = 9\n[[agents]]\nstrategy = "truthful"\nrole = "buyer"\ncount = 2\n'
    )
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    exec(compile(example, "docs/ethereum.md", "exec"), {})
    status, tickets = map(int, capsys.readouterr().out.split())
    assert (status, tickets) in {(1, 0), (1, 1)}


@pytest.mark.parametrize("name", sorted({*METHODS, *TICKET_FUNCTIONS, *MARKET_FUNCTIONS}))
def test_every_method_and_function_is_named(name):
    assert re.search(rf"`{name}[`(]", TEXT)


def test_limits_are_as_they_are_said_to_be():
    assert (
        f"at most {MOST_CONNECTIONS} connections at a time and {MOST_SUBSCRIPTIONS} subscriptions of a socket"
        in TEXT
    )
