"""What docs/ethereum.md shows runs as it stands."""

from __future__ import annotations

import re

import pytest

from chain.rpc.dispatch import MOST_ANSWER_BYTES
from chain.rpc.methods.all_methods import METHODS
from chain.rpc.methods.time_methods import ALIASES
from chain.rpc.tickets import FUNCTIONS as TICKET_FUNCTIONS
from experiments.lab.ethereum import door, kept_states, long_requests
from experiments.lab.ethereum.door import MOST_CONNECTIONS
from experiments.lab.ethereum.outbox import MOST_WAITING
from experiments.lab.ethereum.subscriber import MOST_SUBSCRIPTIONS
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


@pytest.mark.parametrize("name", sorted({*METHODS, *ALIASES, *TICKET_FUNCTIONS, *MARKET_FUNCTIONS}))
def test_every_method_and_function_is_named(name):
    assert re.search(rf"`{name}[`(]", TEXT)


def test_limits_are_as_they_are_said_to_be():
    words = " ".join(TEXT.split())
    for said in (
        f"at most {MOST_CONNECTIONS} connections at a time that ask",
        f"and {MOST_SUBSCRIPTIONS} subscriptions of a socket",
        f"says nothing is shown out after {door.PATIENCE:.0f} s, who has asked before after {door.IDLE:.0f} s",
        f"more than {door.MOST_UNREAD // 10**6} MB wait in all connections",
        f"wait for it, up to {long_requests.PATIENCE:.0f} s each",
        f"for which more than {MOST_WAITING // 10**6} MB wait",
        f"the last {kept_states.MOST_STATES} blocks, or as many as fit into {kept_states.MOST_BYTES // 10**6} MB",
        f"the answers of a batch {MOST_ANSWER_BYTES // 10**6} MB",
    ):
        assert said in words
