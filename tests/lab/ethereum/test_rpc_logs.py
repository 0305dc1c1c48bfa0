"""Logs that are asked for and polled: which blocks they are of, and in which order."""

from __future__ import annotations

import pytest
from web3.exceptions import Web3RPCError

from chain.rpc import filters
from chain.rpc.history import History
from chain.rpc.log_query import Query


def played(edge, blocks):
    for _ in range(blocks):
        edge.mine()
    return edge.web3.eth.block_number


def test_all_logs_of_a_filter_are_those_up_to_now(edge):
    played(edge, 3)
    every = edge.web3.eth.filter({"fromBlock": 0, "toBlock": "latest"})
    last = edge.web3.eth.filter({})
    for head in (3, 8):
        played(edge, head - edge.web3.eth.block_number)
        assert every.get_all_entries() == edge.web3.eth.get_logs({"fromBlock": 0}) != []
        assert last.get_all_entries() == edge.web3.eth.get_logs({"fromBlock": head}) != []


def test_a_polled_filter_ends_at_its_last_block(edge):
    ending = edge.web3.eth.filter({"fromBlock": 2, "toBlock": 4})
    found = []
    for _ in range(7):
        edge.mine()
        found += ending.get_new_entries()
    assert found == edge.web3.eth.get_logs({"fromBlock": 2, "toBlock": 4}) != []
    assert ending.get_all_entries() == found


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"fromBlock": "0x2", "toBlock": "0x1"}, "the range of blocks is reversed: from 2 to 1"),
        ({"toBlock": "0x1"}, "the range of blocks is reversed: from 3 to 1"),
        ({"fromBlock": "latest", "toBlock": "earliest"}, "the range of blocks is reversed: from 3 to 0"),
        ({"fromBlock": "0x4"}, "the range of blocks 4 … 3 extends beyond the head, 3"),
        ({"fromBlock": "0x0", "toBlock": "0x9"}, "the range of blocks 0 … 9 extends beyond the head, 3"),
        ({"blockHash": "0x" + "00" * 32, "toBlock": "0x1"}, "blockHash stands beside fromBlock or toBlock: give"),
        ({"blockHash": "0x" + "00" * 31}, "blockHash must be 32 bytes in hex"),
        ({"fromBlock": "new"}, "fromBlock must be a number (0x and digits without leading zeros), earliest, "),
        ({"toBlock": "0x" + "12" * 32}, "toBlock must be a number"),
    ],
)
def test_a_range_that_is_none_is_refused(edge, call, asked, said):
    played(edge, 3)
    error = call("eth_getLogs", asked)["error"]
    assert error["code"] == -32602
    assert error["message"].startswith(said)


def test_a_filter_may_wait_for_a_block(edge):
    waiting = edge.web3.eth.filter({"fromBlock": 2, "toBlock": 3})
    assert (waiting.get_new_entries(), waiting.get_all_entries()) == ([], [])
    played(edge, 4)
    assert {log["blockNumber"] for log in waiting.get_new_entries()} == {2, 3}
    for asked in ({"fromBlock": 3, "toBlock": 2}, {"toBlock": 3}):
        with pytest.raises(Web3RPCError, match="reversed"):
            edge.web3.eth.filter(asked)


def test_filters_are_bounded_by_what_they_ask_for(call, monkeypatch):
    monkeypatch.setattr(filters, "MOST_WORDS", 5)
    word = "0x" + "12" * 31
    heads, *logs = (
        call("eth_newBlockFilter")["result"],
        *(
            call("eth_newFilter", {"topics": [[f"{word}{number}{digit}" for digit in "12"]]})["result"]
            for number in range(4)
        ),
    )
    kept = [each for each in (heads, *logs) if "result" in call("eth_getFilterChanges", each)]
    assert kept == logs[2:]


def test_the_filter_goes_that_nobody_asks_for(call, monkeypatch):
    monkeypatch.setattr(filters, "MOST_FILTERS", 3)
    first, second, third = (call("eth_newBlockFilter")["result"] for _ in range(3))
    call("eth_getFilterChanges", first)
    call("eth_newBlockFilter")
    kept = [each for each in (first, second, third) if call("eth_getFilterChanges", each).get("result") == []]
    assert kept == [first, third]


def test_more_logs_than_one_answer_holds_come_in_several(edge, monkeypatch):
    monkeypatch.setattr(filters, "MOST_LOGS", 12)
    polled = edge.web3.eth.filter({})
    played(edge, 5)
    answers = []
    while answers[-1:] != [[]]:
        answers.append(polled.get_new_entries())
    assert len(answers) > 3
    assert [log for answer in answers for log in answer] == edge.web3.eth.get_logs({"fromBlock": 1})


def test_waiting_transactions_are_polled(edge):
    anna, ben = edge.provider.accounts
    polled = edge.web3.eth.filter("pending")
    whole = edge.provider.make_request("eth_newPendingTransactionFilter", [True])["result"]
    sent = edge.send(edge.tickets.functions.setApprovalForAll(ben.address, True), anna)
    edge.mine()
    assert polled.get_new_entries() == [sent]
    (told,) = edge.provider.make_request("eth_getFilterChanges", [whole])["result"]
    assert told["hash"] == sent.to_0x_hex()
    assert polled.get_new_entries() == []


def test_logs_and_transactions_run_in_one_order(edge):
    anna, ben = edge.provider.accounts
    edge.buy(anna)
    for _ in range(5):
        for account in (anna, ben, anna):
            edge.send(edge.market.functions.bidInSale(0, 10**16), account)
            edge.send(edge.tickets.functions.setApprovalForAll(account.address, True), account)
        edge.mine()
        edge.mine()
    head = edge.web3.eth.block_number
    seen = 0
    for number in range(head + 1):
        block = edge.web3.eth.get_block(number, True)
        logs = edge.web3.eth.get_logs({"fromBlock": number, "toBlock": number})
        assert [log["logIndex"] for log in logs] == list(range(len(logs)))
        places = [log["transactionIndex"] for log in logs]
        assert places == sorted(places)
        receipts = edge.web3.eth.get_block_receipts(number)
        assert [log for receipt in receipts for log in receipt["logs"]] == logs
        assert [receipt["transactionHash"] for receipt in receipts] == [
            each["hash"] for each in block["transactions"]
        ]
        assert receipts[-1]["cumulativeGasUsed"] == block["gasUsed"]
        assert all(log["blockTimestamp"] == hex(block["timestamp"]) for log in logs)
        seen += len(block["transactions"]) > 2
    assert seen


def test_transactions_of_nobody_have_hashes_of_their_own():
    history = History(7)
    for _ in range(3):
        history.add(1, bytes(32), (), ())
    hashes = [hash for block in history.blocks for hash in block.hashes]
    assert len(set(hashes)) == len(hashes) == 3


def test_a_query_covers_its_blocks():
    history = History(7)
    for _ in range(6):
        history.add(1, bytes(32), (), ())
    found = [block.number for block in history.blocks if Query(2, 4, None, ()).covers(block)]
    assert found == [2, 3, 4] == list(Query(2, 4, None, ()).span(history))
    assert list(Query(None, None, None, ()).span(history)) == [5]
