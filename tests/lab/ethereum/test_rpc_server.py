"""The server: HTTP, WebSocket, limits, and the command."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys

import aiohttp
import pytest
import requests
from web3.exceptions import ContractLogicError

from experiments import load
from experiments.lab.assembly.keys import create_wallet
from experiments.lab.ethereum.door import MOST_CONNECTIONS
from experiments.lab.ethereum.server import MOST_BYTES
from tests.places import ROOT

ETH = 10**18


def read_until(lines, beginning):
    """The lines up to the first one that begins so."""
    told = []
    for line in lines:
        told.append(line)
        if line.startswith(beginning):
            break
    return told


def test_web3_over_http_bids_transfers_and_sees_a_revert(remote):
    anna, ben = remote.provider.accounts
    serial = remote.buy(anna)
    assert remote.tickets.functions.ownerOf(serial).call() == anna.address
    moved = remote.done(remote.tickets.functions.transferFrom(anna.address, ben.address, serial), anna)
    assert (moved.status, len(moved.logs)) == (1, 1)
    with pytest.raises(ContractLogicError, match="bad_amount"):
        remote.market.functions.bidInSale(0, 1).build_transaction({"from": anna.address})
    assert remote.web3.eth.get_balance(anna.address) < 200 * ETH


def test_bodies_that_are_no_requests(served):
    _, url = served
    for body, status, code in (
        (b"{", 200, -32700),
        (b"[" * 100_000, 200, -32600),
        (b"{}", 200, -32600),
        (b" " * (MOST_BYTES + 1), 413, -32000),
    ):
        got = requests.post(url, data=body, timeout=10)
        assert (got.status_code, got.json()["error"]["code"]) == (status, code)
    assert requests.get(url, timeout=10).status_code == 405
    silent = requests.post(url, json={"jsonrpc": "2.0", "method": "eth_chainId"}, timeout=10)
    assert (silent.status_code, silent.content) == (204, b"")


def test_bodies_that_cannot_be_read_and_pages_of_other_sites(served):
    _, url = served
    body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'
    garbled = requests.post(url, data=b"xx", headers={"Content-Encoding": "gzip"}, timeout=10)
    assert (garbled.status_code, garbled.json()["error"]["code"]) == (400, -32700)
    there = requests.post(url, data=body, headers={"Origin": "http://elsewhere.example"}, timeout=10)
    assert (there.status_code, there.json()) == (403, {"error": "pages of other sites may not ask"})
    here = requests.post(url, data=body, headers={"Origin": "http://localhost:3000"}, timeout=10)
    assert here.json()["result"] == "0x539"


def test_subscriptions_tell_blocks_and_logs(served):
    _, url = served

    async def listen() -> None:
        async with aiohttp.ClientSession() as client, client.ws_connect(url) as socket:

            async def ask(method: str, *params: object) -> object:
                await socket.send_json({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
                return await socket.receive_json(timeout=10)

            heads, logs = [(await ask("eth_subscribe", kind))["result"] for kind in ("newHeads", "logs")]
            assert (await ask("eth_subscribe", "all"))["error"]["code"] == -32602
            await socket.send_json({"jsonrpc": "2.0", "id": 9, "method": "evm_mine"})
            seen = [await socket.receive_json(timeout=10) for _ in range(3)]
            told = [each["params"] for each in seen if "params" in each]
            assert {each["subscription"] for each in told} == {heads, logs}
            number = next(each["result"]["number"] for each in told if each["subscription"] == heads)
            assert all(each["result"]["blockNumber"] == number for each in told if each["subscription"] == logs)
            while (await ask("eth_unsubscribe", heads)).get("result") is not True:
                pass

    asyncio.run(listen())


def test_the_command_serves_and_ends_cleanly(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('blocks = 9\n[[agents]]\nstrategy = "truthful"\nrole = "buyer"\n')
    command = [
        sys.executable,
        "-m",
        "experiments.lab.cli",
        "serve",
        str(config),
        "--pace",
        "fast",
        "--port",
        "0",
    ]
    command += ["--out", str(tmp_path / "live")]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        told = read_until(process.stdout, "http")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert [line.split()[0] for line in told] == [
        "tickets",
        "market",
        "account",
        "account",
        "account",
        "token",
        told[-1].split()[0],
    ]
    assert "Traceback" not in errors
    assert json.dumps(process.returncode) in ("0", "130")
    assert errors.splitlines()[-1].startswith(f"{tmp_path / 'live'}: ")
    assert len(load(tmp_path / "live").blocks) == int(errors.split()[-2])


def test_no_more_connections_than_there_may_be(served):
    """Those beyond are told, and closed; when one leaves, another may come."""
    _, url = served
    asked = {"json": {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"}}

    async def fill(client: aiohttp.ClientSession, sockets: list[aiohttp.ClientWebSocketResponse]) -> None:
        while True:
            sockets.append(await client.ws_connect(url))

    async def connect() -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
            sockets: list[aiohttp.ClientWebSocketResponse] = []
            with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
                await fill(client, sockets)
            assert 200 < len(sockets) <= MOST_CONNECTIONS  # other tests have left connections open
            async with client.post(url, **asked) as refused:
                assert refused.status == 503
                assert (await refused.json())["error"] == f"more than {MOST_CONNECTIONS} connections"
            await sockets[0].close()
            async with client.post(url, **asked) as answered:
                assert (await answered.json())["result"] == "0x539"
            for each in sockets:
                await each.close()

    asyncio.run(connect())


def test_the_bot_in_python_bids_with_a_key_file(tmp_path):
    env = os.environ | {"PYTHONUNBUFFERED": "1", "ETH_ACCOUNT_KDF": "pbkdf2", "PYTHONPATH": str(ROOT)}
    env |= {"ET_TESTBED_WALLETS": str(tmp_path), "ET_TESTBED_PASSWORD": "open sesame"}
    anna = create_wallet("anna", bytes.fromhex("17" * 32), "open sesame", tmp_path)
    command = [
        sys.executable,
        "-m",
        "experiments.lab.cli",
        "serve",
        "--pace",
        "fast",
        "--port",
        "0",
        "--key",
        "anna",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as server:
        assert server.stdout is not None
        told = read_until(server.stdout, "http")
        assert f"account {anna.address}\n" in told
        assert "17" * 32 not in "".join(told)
        market, url = told[1].split()[1], told[-1].split()[0]
        bot = [sys.executable, "experiments/examples/bots/bidder.py", url, market, "0.5", "--key", "anna"]
        with subprocess.Popen(bot, stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT) as process:
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(3)]
            process.terminate()
        server.send_signal(signal.SIGINT)
    blocks = [re.fullmatch(r"block (\d+): bid\n", line) for line in said]
    assert all(blocks), said
    assert len({found[1] for found in blocks if found}) == 3
