"""Subscriptions and connections: nothing is lost to who reads, and nobody takes what others need."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
from functools import partial
from itertools import pairwise
from select import select

import aiohttp
import pytest
import requests
from aiohttp import web
from eth_utils.address import to_checksum_address

from chain.rpc import dispatch
from chain.rpc.dispatch import Dispatcher
from experiments.lab.ethereum import door, outbox
from experiments.lab.ethereum.outbox import Outbox

CHAIN_ID = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}


class Client:
    """A WebSocket that sorts what it hears."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self._line = line
        self.told: dict[str, list[dict[str, object]]] = {}

    async def ask(self, method: str, *params: object) -> object:
        await self._line.send_json({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        while True:
            heard = await self._line.receive_json(timeout=60)
            if "params" not in heard:
                return heard.get("result", heard.get("error"))
            self.told.setdefault(heard["params"]["subscription"], []).append(heard["params"]["result"])


async def hear(url: str, blocks: int) -> None:
    """Mine blocks at once, and find all of them and of their logs told, in order."""
    async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as line:
        client = Client(line)
        heads, logs = await client.ask("eth_subscribe", "newHeads"), await client.ask("eth_subscribe", "logs", {})
        assert await client.ask("evm_mine", {"blocks": blocks}) == "0x0"
        numbers = [int(str(head["number"]), 16) for head in client.told[str(heads)]]
        assert numbers == list(range(1, blocks + 1))
        assert all(one["hash"] == next_one["parentHash"] for one, next_one in pairwise(client.told[str(heads)]))
        asked = {"fromBlock": "0x1", "toBlock": hex(blocks)}
        assert client.told[str(logs)] == await client.ask("eth_getLogs", asked) != []


def test_who_reads_loses_nothing(served_with, monkeypatch):
    monkeypatch.setattr(outbox, "CROWDED", 20_000)  # so that the slots have to wait for the reader
    with served_with(150) as url:
        asyncio.run(hear(url, 150))


def test_logs_are_told_of_the_blocks_that_were_asked_for(served_with):
    async def listen() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as line:
            client = Client(line)
            ending = await client.ask("eth_subscribe", "logs", {"fromBlock": "0x2", "toBlock": "0x4"})
            await client.ask("evm_mine", {"blocks": 6})
            assert {log["blockNumber"] for log in client.told[str(ending)]} == {"0x2", "0x3", "0x4"}
            refused = await client.ask("eth_subscribe", "logs", {"toBlock": "0x6"})
            assert refused == {
                "code": -32602,
                "message": "blocks end at 6, and the last one is 6: no log is to come",
            }

    with served_with(6) as url:
        asyncio.run(listen())


@pytest.mark.slow
def test_a_thousand_blocks_are_told_whole(served_with):
    with served_with(1_000) as url:
        asyncio.run(hear(url, 1_000))


def test_others_are_answered_while_blocks_are_played(served_with):
    async def ask() -> None:
        async with aiohttp.ClientSession() as client:

            async def post(method: str, *params: object) -> object:
                async with client.post(url, json=CHAIN_ID | {"method": method, "params": params}) as answer:
                    return (await answer.json())["result"]

            mining = asyncio.create_task(post("evm_mine", {"blocks": 200}))
            seen = {int(str(await post("eth_blockNumber")), 16) for _ in range(40)}
            assert await mining == "0x0"
            assert len(seen - {0, 200}) > 2

    with served_with(200) as url:
        asyncio.run(ask())


def test_two_who_mine_at_once_get_no_more_slots_than_there_are(served_with):
    async def ask() -> None:
        async with aiohttp.ClientSession() as client:

            async def mine() -> dict[str, object]:
                body = CHAIN_ID | {"method": "evm_mine", "params": [{"blocks": 20}]}
                async with client.post(url, json=body) as answer:
                    found: dict[str, object] = await answer.json()
                    return found

            answers = await asyncio.gather(mine(), mine())
            assert sorted("error" in answer for answer in answers) == [False, True]

    with served_with(30) as url:
        asyncio.run(ask())


@pytest.mark.parametrize(
    ("alone", "together"), [(50_000, door.MOST_UNREAD), pytest.param(10**9, 50_000, marks=pytest.mark.slow)]
)
def test_who_does_not_read_is_let_go_of(served_with, monkeypatch, alone, together):
    monkeypatch.setattr(outbox, "MOST_WAITING", alone)
    monkeypatch.setattr(outbox, "CROWDED", 2 * alone)  # nobody waits for it
    monkeypatch.setattr(door, "MOST_UNREAD", together)

    async def ask() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as line:
            client = Client(line)
            for _ in range(60):
                await client.ask("eth_subscribe", "logs", {})
            stop_reading(line)
            body = CHAIN_ID | {"method": "evm_mine", "params": [{"blocks": 300}]}
            async with session.post(url, json=body) as done:
                assert (await done.json())["result"] == "0x0"
            go_on_reading(line)
            assert await last_kind(line) in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)

    with served_with(300) as url:
        asyncio.run(ask())


class Line:
    """A connection whose client reads nothing."""

    def __init__(self, written=0):
        self.written = written
        self.is_aborted = False

    def get_write_buffer_size(self):
        return self.written

    def is_closing(self):
        return self.is_aborted

    def abort(self):
        self.is_aborted = True


def test_what_waits_is_bounded_over_all_and_those_go_for_whom_most_does(monkeypatch):
    monkeypatch.setattr(door, "MOST_UNREAD", 100)
    first, second, third = lines = [Line(10), Line(20), Line()]

    async def wait() -> None:
        counter = door.Door()
        for line in lines:
            counter.opened(line)
            counter.heard(line)
        counter.waits(first, 60)
        counter.waits(second, 10)
        assert not any(line.is_aborted for line in lines)
        counter.waits(third, 5)
        assert [line.is_aborted for line in lines] == [True, False, False]
        counter.waits(first, 500)  # it is gone, and not counted any more
        counter.waits(second, 70)
        assert [line.is_aborted for line in lines] == [True, False, False]
        counter.waits(second, 80)
        counter.waits(third, 100)
        assert [line.is_aborted for line in lines] == [True, True, False]

    asyncio.run(wait())


def test_nothing_is_left_of_an_answer_that_was_read(served):
    _, url = served
    with requests.Session() as session:  # whose connection stays
        long = CHAIN_ID | {"id": "x" * 54_321}
        for _ in range(2):
            assert len(session.post(url, json=long, timeout=10).content) > 54_321
        session.post(url, json=long, timeout=10)
        kinds = [*kinds_of(web.StreamResponse), *kinds_of(web.Request)]
        kept = [vars(each) for each in gc.get_objects() if any(type(each) is kind for kind in kinds)]
        texts = [value for each in kept for value in each.values() if isinstance(value, bytes)]
    assert kept
    assert max(map(len, texts), default=0) < 54_321


def kinds_of(kind):
    """It and what is made of it: `isinstance` would ask every object for its class, also those of other tests."""
    return [kind, *(one for below in kind.__subclasses__() for one in kinds_of(below))]


def stop_reading(line):
    line._response.connection.protocol.pause_reading()


def go_on_reading(line):
    line._response.connection.protocol.resume_reading()


async def last_kind(line):
    """How the line ends."""
    while True:
        heard = await line.receive(timeout=30)
        if heard.type is not aiohttp.WSMsgType.TEXT:
            return heard.type


def test_an_outbox_counts_bytes():
    async def fill() -> None:
        told = []
        box = Outbox(told.append)
        box.put(b"x" * outbox.MOST_WAITING)
        assert not box.is_full
        assert not box.has_room
        box.put(b"y")
        assert box.is_full
        assert len(await box.take()) == outbox.MOST_WAITING
        assert not box.is_full
        assert box.has_room
        box.put(b"z")
        assert await box.take() == b"yz"
        box.put(b"z" * outbox.MOST_WAITING)
        box.close()
        box.put(b"z" * outbox.MOST_WAITING)
        assert box.has_room
        most = outbox.MOST_WAITING
        assert told == [most, most + 1, 1, 2, 0, most, 0]

    asyncio.run(fill())


def test_messages_of_every_length_come_whole(served):
    _, url = served

    async def ask() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as line:
            for size in (80, 81, 82, 65_490, 65_491, 65_492, 65_493, 65_494, 65_495, 10**6):
                await line.send_json(CHAIN_ID | {"id": "x" * size})
                assert (await line.receive_json(timeout=10))["id"] == "x" * size

    asyncio.run(ask())


def test_who_says_nothing_is_shown_out(served_with, monkeypatch):
    monkeypatch.setattr(door, "PATIENCE", 0.2)
    with served_with(5) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as silent:
            silent.settimeout(10)
            with pytest.raises(ConnectionResetError):
                silent.recv(1) or reset()


def reset():
    """An end of the line, of whichever kind."""
    raise ConnectionResetError


POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"


@pytest.mark.parametrize("said", [b"", POST[:-1], POST, b"no HTTP\r\n\r\n"])
def test_a_crowd_that_asks_nothing_more_shuts_nobody_out(served_with, said, capfd):
    with served_with(5) as url:
        crowd = [connected(url, said) for _ in range(400)]
        try:
            assert requests.post(url, json=CHAIN_ID, timeout=10).json()["result"] == "0x539"
        finally:
            for each in crowd:
                each.close()
    assert "Traceback" not in capfd.readouterr().err


def connected(url, said):
    """A socket that says this."""
    host, port = url.removeprefix("http://").split(":")
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    line.settimeout(10)
    line.connect((host, int(port)))
    line.sendall(said)
    return line


def test_who_does_not_read_an_answer_is_let_go_of(served_with, monkeypatch):
    with served_with(60) as url:
        requests.post(url, json=CHAIN_ID | {"method": "evm_mine", "params": [{"blocks": 60}]}, timeout=60)
        batch = json.dumps([CHAIN_ID | {"method": "eth_getLogs", "params": [{"fromBlock": "0x0"}]}] * 10).encode()
        length = len(requests.post(url, data=batch, timeout=60).content)
        monkeypatch.setattr(door, "MOST_UNREAD", 100_000)
        with connected(url, POST.replace(b"2\r", b"%d\r" % len(batch)).replace(b"{}", batch)) as line:
            assert select([line], [], [], 60)[0]  # the answer has begun to come
            requests.post(url, json=CHAIN_ID, timeout=60)
            assert len(b"".join(iter(partial(line.recv, 2**20), b""))) < length


def test_the_answers_of_a_batch_are_bounded(monkeypatch):
    monkeypatch.setattr(dispatch, "MOST_ANSWER_BYTES", 1_000)
    echo = Dispatcher({"echo": lambda value: value})
    asked = [{"jsonrpc": "2.0", "id": id, "method": "echo", "params": ["x" * 600]} for id in range(5)]
    asked.insert(3, {"jsonrpc": "2.0", "method": "echo", "params": [1]})
    answers = json.loads(echo.answer_bytes(json.dumps([*asked, 7])) or b"")
    assert [answer["id"] for answer in answers] == [0, 1, 2, 3, 4, None]
    assert [answer.get("error", {}).get("code") for answer in answers] == [None, None, *[-32003] * 3, -32600]


def test_waiting_transactions_are_told(served):
    provider, url = served
    anna = provider.accounts[0]
    fields = {
        "to": to_checksum_address(provider.ticket_address),
        "nonce": 0,
        "gas": 100_000,
        "gasPrice": 0,
        "chainId": 1337,
        "value": 0,
    }

    async def listen() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as line:
            client = Client(line)
            pending = await client.ask("eth_subscribe", "newPendingTransactions")
            whole = await client.ask("eth_subscribe", "newPendingTransactions", True)
            signed = anna.sign_transaction({**fields, "data": "0x"})
            sent = await client.ask("eth_sendRawTransaction", signed.raw_transaction.to_0x_hex())
            assert await client.ask("eth_chainId") == "0x539"
            assert client.told[str(pending)] == [sent]
            assert client.told[str(whole)] == [await client.ask("eth_getTransactionByHash", sent)]

    asyncio.run(listen())


def test_a_long_answer_comes_whole(served_with, monkeypatch):
    monkeypatch.setattr(outbox, "MOST_WAITING", 10_000)

    async def ask() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as line:
            client = Client(line)
            await client.ask("evm_mine", {"blocks": 9})
            logs = await client.ask("eth_getLogs", {"fromBlock": "0x1"})
            assert len(json.dumps(logs)) > 10_000

    with served_with(9) as url:
        asyncio.run(ask())
