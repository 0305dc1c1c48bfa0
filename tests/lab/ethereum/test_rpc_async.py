"""web3.py without waiting: over HTTP, and over a WebSocket with subscriptions."""

from __future__ import annotations

import asyncio

from web3 import AsyncHTTPProvider, AsyncWeb3, WebSocketProvider

BLOCKS = 20
QUEUE = 10_000  # of its own: web3.py keeps 500 otherwise, and forgets the rest


def test_web3_asks_without_waiting(served):
    provider, url = served

    async def ask() -> None:
        web3 = AsyncWeb3(AsyncHTTPProvider(url))
        tickets = web3.eth.contract(web3.to_checksum_address(provider.ticket_address), abi=provider.ticket_abi)
        numbers = await asyncio.gather(*(web3.eth.block_number for _ in range(5)))
        assert len(set(numbers)) == 1
        assert await tickets.functions.totalSupply().call() > 0
        await web3.provider.disconnect()

    asyncio.run(ask())


def test_web3_hears_of_every_head_and_log(served_with):
    async def listen() -> None:
        async with AsyncWeb3(
            WebSocketProvider(url.replace("http", "ws"), subscription_response_queue_size=QUEUE)
        ) as web3:
            heads = await web3.eth.subscribe("newHeads")
            logs = await web3.eth.subscribe("logs", {})
            await web3.provider.make_request("evm_mine", [{"blocks": BLOCKS}])
            every = await web3.eth.get_logs({"fromBlock": 1, "toBlock": BLOCKS})
            told = {heads: [], logs: []}
            async for message in web3.socket.process_subscriptions():
                told[message["subscription"]].append(message["result"])
                if (len(told[heads]), len(told[logs])) == (BLOCKS, len(every)):
                    break
            assert [head["number"] for head in told[heads]] == list(range(1, BLOCKS + 1))
            assert told[logs] == every != []

    with served_with(BLOCKS) as url:
        asyncio.run(listen())
