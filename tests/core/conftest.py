"""A small chain with its markets, driven by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from chain.account import derive_accounts
from chain.beacon import Beacon
from chain.eip712 import Domain
from chain.ledger import Ledger, pot_names
from chain.protocol import process_genesis, process_slot
from chain.randomness import Streams
from chain.records import Records
from chain.rules import draw_rule
from chain.signatures import Ecdsa, Unsigned
from chain.state import Rules, State
from chain.titles import Titles
from market.exchange import Exchange
from market.gate import Gate
from market.house import House
from market.resale import RESALE
from market.trades import Trades
from market.wallet import Wallet


def build_world(
    draw: str = "maturity",
    supply: int = 5,
    maturity: int | None = 4,
    lookahead: int = 0,
    refund: float = 0.0,
    unclaimed: str = "earliest_expiry",
    agents: int = 3,
    resale: str = "both",
    signed: bool = True,
) -> SimpleNamespace:
    """State, gate, exchange, house and wallets, at slot 0, genesis tickets handed out in turns."""
    names = [f"agent-{number}" for number in range(1, agents + 1)]
    streams = Streams(5)
    accounts = derive_accounts(streams, names)
    labels = [account.name for account in accounts]
    records = Records(Path("unused"), {"account": labels, "pot": pot_names(labels)})
    domain = Domain(1337)
    state = State(
        rules=Rules(supply, maturity, lookahead, draw_rule(draw, unclaimed), refund),
        beacon=Beacon(streams.secret("beacon")),
        signatures=Ecdsa(domain) if signed else Unsigned(domain),
        accounts=accounts,
        ledger=Ledger(len(accounts), records),
        titles=Titles(len(accounts), records),
    )
    gate, trades = Gate(state), Trades(state, records)
    exchange = Exchange(state, gate, RESALE[resale], trades, records)
    house = House(state, gate, RESALE[resale], trades, records)
    wallets = {account.number: Wallet(account, state) for account in accounts}
    for account in range(1, agents + 1):
        state.ledger.endow(account, 10_000)
    for index, title in enumerate(process_genesis(state)):
        state.titles.transfer(title, 1 + index % agents, "primary")
    process_slot(state)
    return SimpleNamespace(
        state=state, gate=gate, exchange=exchange, house=house, wallets=wallets, trades=trades, agents=agents
    )


@pytest.fixture(scope="session")
def make_world():
    """Builds worlds."""
    return build_world
