"""What the Ethereum edge costs: requests in process and over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection

from web3 import Web3

from experiments.lab.bench.measure import in_turns, line
from experiments.lab.ethereum.provider import TestbedProvider
from experiments.lab.played.runs import run

REQUESTS = 1_000
BLOCKS = 400
RUN = {"seed": 3, "market": {"structure": "et"}}
BODY = b'{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}'


def bench_ethereum() -> None:
    """web3.py in process: CPU times. A plain client over HTTP: requests a second."""
    provider = TestbedProvider({"blocks": 100, "seed": 3})
    for _ in range(100):
        provider.session.mine()
    web3 = Web3(provider)
    tickets = web3.eth.contract(Web3.to_checksum_address(provider.ticket_address), abi=provider.ticket_abi)
    serial = next(iter(provider.session.engine.state.titles.live))
    times = range(REQUESTS)
    number, owner, logs = in_turns(
        lambda: [web3.eth.block_number for _ in times],
        lambda: [tickets.functions.ownerOf(serial).call() for _ in range(100)],
        lambda: web3.eth.get_logs({"fromBlock": 0}),
    )
    count = len(web3.eth.get_logs({"fromBlock": 0}))
    line("eth_blockNumber by web3.py in process, CPU µs", f"{1e6 * number / REQUESTS:.0f}", "100 or less")
    line("ownerOf by web3.py in process, CPU ms", f"{10 * owner:.1f}", "5 or less")
    line("get_logs of 1,000 logs by web3.py, CPU s", f"{1000 * logs / count:.2f}", "0.5 or less")
    bare, watched = in_turns(alone, attached)
    line("a run with a provider that nobody asks, CPU", f"{watched / bare:.2f} of one without", "1, not slower")
    with served() as port, closing(HTTPConnection("127.0.0.1", port)) as client:
        best = min(seconds_of(client) for _ in range(3))
    line("eth_blockNumber over HTTP, one after the other, a second", f"{REQUESTS / best:,.0f}", "1,000 or more")


def alone() -> None:
    """A run of `BLOCKS` blocks with signatures."""
    run(RUN, blocks=BLOCKS)


def attached() -> None:
    """The same run behind a provider."""
    provider = TestbedProvider(RUN, overrides=[f"blocks={BLOCKS}"])
    for _ in range(BLOCKS):
        provider.session.mine()
    provider.finish()


def seconds_of(client: HTTPConnection) -> float:
    """The time that `REQUESTS` requests take, by the clock on the wall: two processes have a part in it."""
    start = time.perf_counter()
    for _ in range(REQUESTS):
        client.request("POST", "/", BODY)
        client.getresponse().read()
    return time.perf_counter() - start


@contextmanager
def served() -> Iterator[int]:
    """The port of a server in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "experiments.lab.cli", "serve", "--pace", "manual", "--port", str(port)]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        while "http" not in server.stdout.readline():
            pass
        try:
            yield port
        finally:
            server.send_signal(signal.SIGINT)
