"""JSON-RPC itself: requests, errors, filters, blocks."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.rpc.dispatch import MOST_REQUESTS, Dispatcher
from chain.rpc.methods.all_methods import METHODS
from experiments import TestbedProvider
from experiments.lab.ethereum.origins import GUARDED

ECHO = Dispatcher({"echo": lambda value: value})


def answer(body):
    return json.loads(ECHO.answer_bytes(body))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"\xff\xfe", -32700),
        (b"[NaN]", -32700),
        (b'{"jsonrpc":"2.0","method":"echo","params":[1],"id":1e400}', -32700),
        (b"[" * 100_000, -32600),
        (b'{"a":' * 100_000, -32600),
        (b"1" * 10_000, -32700),
        (b"[" * 40 + b"]" * 40, -32600),
        (b"[" * 33 + b'"' + b'\\"' * 100_000, -32600),
        (b"[" * 33 + b'"' + b"\\" * 99_999, -32600),
        (b"[]", -32600),
        (b"7", -32600),
        (b'{"method":"echo","id":1}', -32600),
        (b'{"jsonrpc":"2.0","method":7,"id":1}', -32600),
        (b'{"jsonrpc":"2.0","method":"echo","id":[]}', -32600),
        (b'{"jsonrpc":"2.0","method":"other","id":1}', -32601),
        (b'{"jsonrpc":"2.0","method":"echo","id":1}', -32602),
        (b'{"jsonrpc":"2.0","method":"echo","params":7,"id":1}', -32602),
        (b'{"jsonrpc":"2.0","method":"echo","params":{"value":1},"id":1}', -32602),
        (json.dumps([{"jsonrpc": "2.0", "method": "echo"}] * (MOST_REQUESTS + 1)), -32600),
    ],
)
def test_what_is_no_request_gets_its_error(body, code):
    got = answer(body)
    got = got[0] if isinstance(got, list) else got
    assert got["error"]["code"] == code


def test_params_that_are_null_are_none():
    nothing = Dispatcher({"nothing": lambda: "done"})
    asked = {"jsonrpc": "2.0", "id": 1, "method": "nothing"}
    assert nothing.answer(asked | {"params": None}) == nothing.answer(asked)


def test_batches_and_notifications():
    one, silent = {"jsonrpc": "2.0", "method": "echo", "params": [1], "id": "a"}, {"jsonrpc": "2.0", "method": "x"}
    assert answer(json.dumps([one, silent, 5])) == [
        {"jsonrpc": "2.0", "id": "a", "result": 1},
        {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "a request is an object, not 5"}},
    ]
    assert ECHO.answer_bytes(json.dumps(silent)) is None
    assert ECHO.answer_bytes(json.dumps([silent])) is None


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_getBalance", ["0x12"]),
        ("eth_getBalance", [5]),
        ("eth_getBlockByNumber", ["0x01", False]),
        ("eth_getBlockByNumber", ["newest", False]),
        ("eth_getBlockByNumber", ["0x0", "yes"]),
        ("eth_getBlockByNumber", ["0x" + "f" * 65, False]),
        ("eth_call", [{"to": "0x"}]),
        ("eth_call", [[]]),
        ("eth_getLogs", ["all"]),
        ("eth_getLogs", [{"topics": [[["0x"]]]}]),
        ("eth_getLogs", [{"topics": [None] * 5}]),
        ("eth_getLogs", [{"topics": {}}]),
        ("eth_getLogs", [{"fromBlock": False}]),
        ("eth_feeHistory", [-1, "latest"]),
        ("eth_sendRawTransaction", ["0x02ff"]),
        ("eth_sendRawTransaction", ["0x"]),
        ("eth_sendRawTransaction", [None]),
        ("evm_mine", [{"blocks": 0}]),
        ("evm_mine", [{"blocks": "0x1", "interval": 1}]),
        ("evm_mine", [1700000000]),
        ("evm_increaseTime", [-1]),
        ("evm_increaseTime", [10**30]),
    ],
)
def test_wrong_parameters_are_told(call, method, params):
    assert call(method, *params)["error"]["code"] == -32602


def test_blocks_are_linked_and_found(edge, call):
    for _ in range(3):
        edge.mine()
    last = edge.web3.eth.get_block("latest")
    assert last["number"] == 3
    assert last["parentHash"] == edge.web3.eth.get_block(2)["hash"]
    assert edge.web3.eth.get_block(last["hash"]) == last
    assert last["timestamp"] - edge.web3.eth.get_block(2)["timestamp"] == 12
    assert call("eth_getBlockByNumber", "0x99", False)["result"] is None
    assert call("eth_getBalance", edge.provider.accounts[0].address, "0x9")["error"]["code"] == -32000


def test_no_block_shows_a_word_that_is_still_to_be_drawn_by(edge):
    word = edge.provider.session.engine.state.beacon.word
    assert edge.web3.eth.get_block(0)["mixHash"] == bytes(32)
    edge.mine()
    assert edge.web3.eth.get_block(1)["mixHash"] == word(0)


def test_time_passes_by_slots(edge, call):
    assert call("evm_increaseTime", 25)["result"] == 25
    assert edge.web3.eth.block_number == 3
    assert call("evm_increaseTime", "0xc")["result"] == 12
    assert edge.web3.eth.block_number == 4
    assert call("evm_mine", {"blocks": 3})["result"] == "0x0"
    assert edge.web3.eth.block_number == 7
    for method, asked in (("evm_mine", {"blocks": 54}), ("evm_increaseTime", 54 * 12)):
        assert call(method, asked)["error"]["message"] == "the run has 53 slots left, not 54"
    assert edge.web3.eth.block_number == 7


def test_a_method_that_fails_is_told_as_the_servers_fault(capsys):
    faulty = Dispatcher({"divide": lambda: 1 / 0})
    got = json.loads(faulty.answer_bytes(b'{"jsonrpc":"2.0","method":"divide","id":1}') or b"")
    assert got["error"] == {"code": -32603, "message": "the testbed failed: ZeroDivisionError"}
    assert "Traceback" in capsys.readouterr().err


def test_filters_tell_what_is_new(edge):
    logs = edge.web3.eth.filter({"address": edge.tickets.address})
    blocks = edge.web3.eth.filter("latest")
    edge.mine()
    edge.mine()
    new = logs.get_new_entries()
    assert new == edge.web3.eth.get_logs({"fromBlock": 1, "address": edge.tickets.address}) != []
    assert blocks.get_new_entries() == [edge.web3.eth.get_block(n)["hash"] for n in (1, 2)]
    assert (logs.get_new_entries(), blocks.get_new_entries()) == ([], [])
    assert edge.web3.eth.uninstall_filter(logs.filter_id)
    assert not edge.web3.eth.uninstall_filter(logs.filter_id)


def test_topics_choose_logs(edge):
    edge.mine()
    every = edge.web3.eth.get_logs({"fromBlock": 0})
    first = every[0]["topics"]
    for topics in ([first[0]], [None, first[1]], [[first[0], every[-1]["topics"][0]]], [None] * 4):
        wanted = [
            log
            for log in every
            if len(log["topics"]) >= len(topics)
            and all(
                asked is None or topic in (asked if isinstance(asked, list) else [asked])
                for asked, topic in zip(topics, log["topics"], strict=False)
            )
        ]
        assert edge.web3.eth.get_logs({"fromBlock": 0, "topics": topics}) == wanted
    assert edge.web3.eth.get_logs({"fromBlock": 0, "address": edge.provider.accounts[0].address}) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["0x0", "latest", "0x"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["to", "data", "topics"]), inner),
    max_leaves=8,
)
PROVIDER = TestbedProvider({"blocks": 5, "agents": [{"strategy": "truthful", "role": "buyer"}]})
CODES = {-32700, -32600, -32601, -32602, -32000, 3}


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([name for name in METHODS if not name.startswith(GUARDED)]),
    st.lists(JSON, max_size=3),
)
def test_odd_parameters_have_answers(method, params):
    head = PROVIDER.session.history.head
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    got = json.loads(PROVIDER.dispatcher.answer_bytes(body) or b"")
    assert "result" in got or got["error"]["code"] in CODES
    assert PROVIDER.session.history.head is head


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40) | JSON.map(lambda made: json.dumps(made).encode()))
def test_odd_bodies_have_answers(body):
    got = PROVIDER.dispatcher.answer_bytes(body)
    assert got is None or b'"error"' in got


def test_who_looks_late_sees_what_those_who_looked_at_once_saw(edge_with):
    """Also of tickets that are burned by then: each log tells what was so when it happened."""
    at_once, late = edge_with("blocks=60"), edge_with("blocks=60")
    seen = []
    for _ in range(50):
        at_once.mine()
        late.provider.session.mine()
        seen += at_once.web3.eth.get_logs({"fromBlock": at_once.web3.eth.block_number})
    first = at_once.web3.eth.get_logs({"fromBlock": 0, "toBlock": 0})
    assert late.web3.eth.get_logs({"fromBlock": 0}) == [*first, *seen]
    assert late.web3.eth.get_block("latest") == at_once.web3.eth.get_block("latest")
