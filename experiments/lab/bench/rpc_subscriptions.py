"""What the Ethereum edge costs: requests beside the smallest one, and subscriptions beside nobody's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack

import aiohttp

from experiments.lab.bench.measure import Job, Line, beside, each
from experiments.lab.bench.rpc_requests import served
from experiments.lab.ethereum.provider import TestbedProvider

BLOCKS = 1_000
REQUESTS = 1_000
SOCKETS, SUBSCRIPTIONS = 50, 10
PACED = 60  # slots that are played at the pace `fast`
MOST = 1.5  # times the slots without a subscription


def bench_edge() -> Iterator[Line]:
    """Requests in CPU time beside `eth_blockNumber`; slots by the clock, with and without who listens."""
    provider = TestbedProvider({"blocks": BLOCKS, "seed": 3})
    provider.make_request("evm_mine", [{"blocks": BLOCKS}])  # type: ignore[arg-type]
    serial = next(iter(provider.session.engine.state.titles.live))
    call = {"to": provider.ticket_address, "data": f"0x6352211e{serial:064x}"}
    asked: list[object] = [{"fromBlock": "0x1", "address": provider.ticket_address}]
    logs = provider.make_request("eth_getLogs", asked)["result"]  # type: ignore[arg-type]
    owners = requests(provider, "eth_call", [call, "latest"], REQUESTS)
    all_logs = requests(provider, "eth_getLogs", asked, 1)
    for name, job, count in (("ownerOf", owners, REQUESTS), (f"a log of {BLOCKS:,} blocks", all_logs, len(logs))):
        smallest = requests(provider, "eth_blockNumber", [], count)
        yield beside(f"{name}: eth_blockNumber", job, smallest, None, each(count))
    alone, listened = (asyncio.run(paced(sockets)) for sockets in (0, SOCKETS))
    told = f"{1e3 * listened / PACED:.1f} ms a slot"
    what = f"{SOCKETS * SUBSCRIPTIONS} subscriptions on {SOCKETS} sockets, none lost: none"
    yield Line(what, told, listened / alone, MOST)


def requests(provider: TestbedProvider, method: str, params: list[object], count: int) -> Job:
    """So many of a request."""
    return lambda: [provider.make_request(method, params) for _ in range(count)]  # type: ignore[arg-type]


async def paced(sockets: int) -> float:
    """Seconds of `PACED` slots at the pace `fast`, while so many sockets hear of every head. Raises
    `AssertionError` where one misses a head."""
    with served("fast") as port:
        async with AsyncExitStack() as stack:
            without_limit = aiohttp.TCPConnector(limit=0)
            client = await stack.enter_async_context(aiohttp.ClientSession(connector=without_limit))
            url = f"http://127.0.0.1:{port}"
            lines = [await stack.enter_async_context(client.ws_connect(url)) for _ in range(sockets)]
            hearing = [asyncio.create_task(heads_of(line)) for line in lines]
            first = await block_number(client, url)
            began = time.perf_counter()
            while (last := await block_number(client, url)) < first + PACED:
                await asyncio.sleep(0.02)
            spent = (time.perf_counter() - began) * PACED / (last - first)
            for listener in hearing:
                listener.cancel()
            for fault in await asyncio.gather(*hearing, return_exceptions=True):
                if isinstance(fault, AssertionError):
                    raise fault
    return spent


async def block_number(client: aiohttp.ClientSession, url: str) -> int:
    """The number of the last block."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}
    async with client.post(url, json=body) as answer:
        return int((await answer.json())["result"], 16)


async def heads_of(line: aiohttp.ClientWebSocketResponse) -> None:
    """Hear of heads, and see that none is missing."""
    for _ in range(SUBSCRIPTIONS):
        await line.send_json({"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]})
    last: dict[str, int] = {}
    async for message in line:
        told = message.json()
        if "params" in told:
            id, number = told["params"]["subscription"], int(told["params"]["result"]["number"], 16)
            assert last.get(id, number - 1) == number - 1, f"{id} heard of {number} after {last[id]}"
            last[id] = number
