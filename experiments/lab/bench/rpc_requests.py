"""What the Ethereum edge costs: requests in process and over HTTP."""

from __future__ import annotations

import json
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

from experiments.lab.bench.measure import Job, Line, beside, each, rounds
from experiments.lab.ethereum.provider import TestbedProvider
from experiments.lab.played.runs import run

REQUESTS = 1_000
BLOCKS = 400
RUN = {"seed": 3, "market": {"structure": "et"}}
BODY = b'{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}'


def bench_ethereum() -> Iterator[Line]:
    """web3.py in process: CPU times. A plain client over HTTP: requests a second."""
    provider = TestbedProvider({"blocks": 100, "seed": 3})
    for _ in range(100):
        provider.session.mine()
    web3 = Web3(provider)
    tickets = web3.eth.contract(Web3.to_checksum_address(provider.ticket_address), abi=provider.ticket_abi)
    serial = next(iter(provider.session.engine.state.titles.live))
    times = range(REQUESTS)
    count = len(web3.eth.get_logs({"fromBlock": 0}))
    asked: dict[str, tuple[Job, int]] = {
        "eth_blockNumber": (lambda: [web3.eth.block_number for _ in times], REQUESTS),
        "ownerOf": (lambda: [tickets.functions.ownerOf(serial).call() for _ in range(100)], 100),
        "a log of get_logs": (lambda: web3.eth.get_logs({"fromBlock": 0}), count),
    }
    for name, (job, number) in asked.items():
        yield beside(f"{name} by web3.py: a message to JSON and back", job, messages(number), None, each(number))
    yield beside("a run with a provider that nobody asks: without", attached, alone, 1.1, each(BLOCKS), count=3)
    with served() as port, closing(HTTPConnection("127.0.0.1", port)) as client:
        best = min(seconds_of(client) for _ in range(3))
    bare = min(rounds(messages(REQUESTS), clock=time.perf_counter)[0])
    yield Line("eth_blockNumber over HTTP: a message to JSON and back", f"{REQUESTS / best:,.0f} a s", best / bare)


def messages(count: int) -> Job:
    """So many requests to JSON and back."""
    return lambda: [json.loads(json.dumps(json.loads(BODY))) for _ in range(count)]


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
def served(pace: str = "manual") -> Iterator[int]:
    """The port of a server in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "experiments.lab.cli", "serve", "--pace", pace, "--port", str(port)]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        while "http" not in server.stdout.readline():
            pass
        try:
            yield port
        finally:
            server.send_signal(signal.SIGINT)
