"""A small run that goes on, behind web3.py."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

import pytest
from aiohttp import web
from web3 import HTTPProvider, Web3

from chain.eip712 import TICKETS_ADDRESS
from chain.evm.bytecode import read_abi as read_ticket_abi
from experiments import TestbedProvider
from experiments.lab.ethereum.door import open_at, runner_of
from experiments.lab.ethereum.origins import Origins
from experiments.lab.ethereum.server import Server
from market.contract.code import MARKET_ADDRESS
from market.contract.code import read_abi as read_market_abi

CONFIG: dict[str, Any] = {
    "blocks": 60,
    "seed": 3,
    "agents": [{"strategy": "truthful", "role": "buyer", "count": 3}],
}
ETH = 10**18
ORIGINS = Origins(["chrome-extension://wallet"])


class Edge(NamedTuple):
    """A run, and what a client has of it."""

    provider: TestbedProvider
    web3: Web3
    tickets: Any
    market: Any

    def send(self, function: Any, account: Any, **fields: Any) -> Any:
        """Sign and send; the gas is given, so that nothing is tried before."""
        nonce = self.web3.eth.get_transaction_count(account.address, "pending")
        given = {"from": account.address, "nonce": nonce, "gas": 100_000, **fields}
        signed = account.sign_transaction(function.build_transaction(given))
        return self.web3.eth.send_raw_transaction(signed.raw_transaction)

    def mine(self) -> None:
        """Play a slot."""
        self.web3.provider.make_request("evm_mine", [])  # type: ignore[arg-type]

    def done(self, function: Any, account: Any, **fields: Any) -> Any:
        """The receipt of a transaction, a slot later."""
        sent = self.send(function, account, **fields)
        self.mine()
        return self.web3.eth.get_transaction_receipt(sent)

    def buy(self, account: Any) -> int:
        """A ticket from the next sale."""
        before = self.web3.eth.block_number
        assert self.done(self.market.functions.bidInSale(0, 50 * ETH), account).status == 1
        wanted = {"receiver": account.address}
        logs = self.tickets.events.Transfer().get_logs(from_block=before, argument_filters=wanted)
        return int(logs[-1]["args"]["tokenId"])


@pytest.fixture
def edge_with() -> Callable[..., Edge]:
    """A run with overrides, and what a client has of it."""

    def make(*overrides: str) -> Edge:
        provider = TestbedProvider(CONFIG, accounts=2, endowment_eth=200.0, overrides=overrides)
        return attach(provider, Web3(provider))

    return make


@pytest.fixture
def edge_of() -> Callable[[TestbedProvider], Edge]:
    """What a client has of a provider's run."""
    return lambda provider: attach(provider, Web3(provider))


@pytest.fixture
def edge(edge_with: Callable[..., Edge]) -> Edge:
    return edge_with()


@pytest.fixture
def call(edge: Edge) -> Callable[..., Any]:
    """A bare request: the whole answer comes back."""
    return lambda method, *params: edge.provider.make_request(method, list(params))  # type: ignore[arg-type]


def attach(provider: TestbedProvider, web3: Web3) -> Edge:
    """The two contracts of a run, for a client of it."""
    made = (
        web3.eth.contract(Web3.to_checksum_address(address), abi=abi)
        for address, abi in (
            (provider.ticket_address, provider.ticket_abi),
            (provider.market_address, provider.market_abi),
        )
    )
    return Edge(provider, web3, *made)


@contextmanager
def serving(provider: TestbedProvider) -> Iterator[str]:
    """The address at which a run is served, by a thread of its own."""
    loop, ready, port = asyncio.new_event_loop(), threading.Event(), []

    async def start() -> web.AppRunner:
        server = Server(provider.session, provider.dispatcher, origins=ORIGINS)
        runner = runner_of(server.app())
        await runner.setup()
        listener = socket.create_server(("127.0.0.1", 0))
        await open_at(runner, server.door, listener)
        port.append(listener.getsockname()[1])
        return runner

    def serve() -> None:
        runner = loop.run_until_complete(start())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(30)
    try:
        yield f"http://127.0.0.1:{port[0]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[TestbedProvider, str]]:
    """A run and the address at which it is served."""
    provider = TestbedProvider(CONFIG, accounts=2, endowment_eth=200.0)
    with serving(provider) as url:
        yield provider, url


@pytest.fixture
def served_with() -> Callable[..., AbstractContextManager[str]]:
    """The address of a run of so many blocks."""
    return lambda blocks: serving(TestbedProvider(CONFIG, accounts=1, overrides=[f"blocks={blocks}"]))


@pytest.fixture
def token() -> str:
    """What a page needs to change the chain."""
    return ORIGINS.token


class Remote(NamedTuple):
    """What `attach` asks of a provider, of a run elsewhere."""

    ticket_address: str
    ticket_abi: Any
    market_address: str
    market_abi: Any


@pytest.fixture
def edge_at() -> Callable[[str], Edge]:
    """What a client has of the run that is served at an address."""

    def make(url: str) -> Edge:
        codes = "0x" + TICKETS_ADDRESS.hex(), read_ticket_abi(), "0x" + MARKET_ADDRESS.hex(), read_market_abi()
        return attach(Remote(*codes), Web3(HTTPProvider(url)))  # type: ignore[arg-type]

    return make


@pytest.fixture
def remote(served: tuple[TestbedProvider, str]) -> Edge:
    provider, url = served
    return attach(provider, Web3(HTTPProvider(url)))
