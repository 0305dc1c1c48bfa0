"""Pages in a browser: which may ask, and for what."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
import requests

from experiments.lab.ethereum.origins import Origins

PAGE = "http://localhost:3000"
ASKED = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
MINE = ASKED | {"method": "evm_mine"}


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (PAGE, 200),
        ("https://127.0.0.1", 200),
        ("http://[::1]:8080", 200),
        ("chrome-extension://wallet", 200),
        ("chrome-extension://other", 403),
        ("http://elsewhere.example", 403),
        ("http://localhost.elsewhere.example", 403),
        ("http://elsewhere.example/localhost", 403),
        ("file://localhost", 403),
        ("null", 403),
        ("", 403),
        ("http://[", 403),
        ("http://localhost:99999999", 403),
        ("http://localhost:port", 403),
        ("http://localhost/path", 403),
        ("http://elsewhere.example@localhost", 403),
        ("http://localhost:1 http://elsewhere.example", 403),
        ("//localhost", 403),
        ("http://[::1", 403),
        ("\u00e9", 403),
    ],
)
def test_pages_of_this_machine_may_ask(served, origin, status):
    _, url = served
    headers = {"Origin": origin.encode()}
    for answer in (
        requests.post(url, json=ASKED, headers=headers, timeout=10),
        requests.options(url, headers=headers | {"Access-Control-Request-Method": "POST"}, timeout=10),
    ):
        assert answer.status_code == (status if status == 403 or answer.request.method == "POST" else 204)
        assert answer.headers.get("Access-Control-Allow-Origin") == (origin if status == 200 else None)


def test_a_preflight_says_what_may_be_asked(served):
    _, url = served
    asked = {"Origin": PAGE, "Access-Control-Request-Headers": "content-type,authorization"}
    answer = requests.options(url, headers=asked | {"Access-Control-Request-Private-Network": "true"}, timeout=10)
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert {"content-type", "authorization"} <= set(answer.headers["Access-Control-Allow-Headers"].split(", "))
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert answer.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Private-Network" not in requests.options(url, headers=asked, timeout=10).headers


def test_a_page_needs_the_token_to_change_the_chain(served, token):
    provider, url = served
    head = provider.session.history.last
    for given, result in (
        ({}, None),
        ({"Authorization": "Bearer 00"}, None),
        ({"Authorization": "Bearer \u00e9".encode()}, None),
        ({"Authorization": b"Bearer \xff"}, None),
        ({"Authorization": f"Basic {token}"}, None),
        ({"Authorization": f"bearer {token}"}, "0x0"),
    ):
        answer = requests.post(url, json=MINE, headers={"Origin": PAGE} | given, timeout=10).json()
        assert answer.get("result") == result
        if result is None:
            assert answer["error"]["code"] == -32004
            assert answer["error"]["message"].startswith("evm_mine: a page needs the token")
    assert provider.session.history.last == head + 1
    assert requests.post(url, json=MINE, timeout=10).json()["result"] == "0x0"


def test_a_page_gives_the_token_of_a_websocket_in_its_address(served, token):
    _, url = served

    async def mine(address: str) -> dict[str, object]:
        async with (
            aiohttp.ClientSession() as client,
            client.ws_connect(address, headers={"Origin": PAGE}) as line,
        ):
            await line.send_json(MINE)
            answer: dict[str, object] = await line.receive_json(timeout=10)
            return answer

    assert "error" in asyncio.run(mine(url))
    assert asyncio.run(mine(f"{url}?token={token}"))["result"] == "0x0"


def test_each_server_has_a_token_of_its_own():
    one, other = Origins(), Origins()
    assert one.token != other.token
    assert one.is_guarded(PAGE, f"Bearer {other.token}", None)
    assert not one.is_guarded(PAGE, None, one.token)
    assert not one.is_guarded(None, None, None)
