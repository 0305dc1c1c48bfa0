"""Blocks, transactions and fees, as clients look for them."""

from __future__ import annotations

import pytest
from web3.exceptions import Web3RPCError

from chain.rpc.as_json import GAS_LIMIT
from chain.rpc.transactions import GAS_USED

ACCESS = [{"address": "0x" + "11" * 20, "storageKeys": ["0x" + "00" * 31 + "07", "0x" + "ff" * 32]}]


def test_a_block_is_named_by_number_hash_tag_and_object(edge, call):
    edge.mine()
    head = edge.web3.eth.get_block(1)
    anna = edge.provider.accounts[0].address
    hash = head["hash"].to_0x_hex()
    named = ["0x1", "latest", hash, {"blockNumber": "0x1"}, {"blockHash": hash}]
    named.append({"blockHash": hash, "requireCanonical": True})
    for block in named:
        for method, params in (
            ("eth_getBalance", [anna]),
            ("eth_getTransactionCount", [anna]),
            ("eth_getCode", [anna]),
            ("eth_getStorageAt", [anna, "0x0"]),
            ("eth_call", [{"to": edge.tickets.address, "data": "0x18160ddd"}]),
            ("eth_estimateGas", [{"to": edge.tickets.address, "data": "0x18160ddd"}]),
            ("eth_getBlockReceipts", []),
        ):
            assert call(method, *params, block)["result"] == call(method, *params, "0x1")["result"], method


@pytest.mark.parametrize(
    ("block", "code", "said"),
    [
        ("0x9", -32000, "block 9 is not there yet: the last one is 0"),
        ("0x" + "12" * 32, -32000, 'no block has the hash "0x1212'),
        ({"blockHash": "0x" + "12" * 32}, -32000, "no block has the hash"),
        ({"blockNumber": "0x0", "blockHash": "0x" + "12" * 32}, -32602, 'a block is {"blockNumber": …} or'),
        ({"blockNumber": "0x0", "requireCanonical": True}, -32602, 'a block is {"blockNumber": …} or'),
        ({"blockHash": "0x" + "12" * 32, "requireCanonical": 1}, -32602, "requireCanonical is true or false"),
        ({}, -32602, 'a block is {"blockNumber": …} or'),
        (0, -32602, "block (or its hash) must be a number (0x and digits without leading zeros), earliest, fi"),
        ({"blockNumber": "0x" + "12" * 32}, -32602, "blockNumber must be a number"),
        ("0x" + "12" * 31, -32602, "block (or its hash) must be a number"),
    ],
)
def test_a_block_that_is_none_is_told(edge, call, block, code, said):
    error = call("eth_getBalance", edge.provider.accounts[0].address, block)["error"]
    assert error["code"] == code
    assert error["message"].startswith(said)


def test_what_may_be_left_out_may_be_null(edge, call):
    anna = edge.provider.accounts[0].address
    supply = {"to": edge.tickets.address, "data": "0x18160ddd"}
    for method, params in (
        ("eth_getBalance", [anna]),
        ("eth_call", [supply]),
        ("eth_getBlockByNumber", ["0x0"]),
        ("hardhat_mine", ["0x1"]),
    ):
        assert call(method, *params, None) == call(method, *params)
        assert "result" in call(method, *params)


def test_a_hash_is_no_number(call):
    hash = call("eth_getBlockByNumber", "0x0")["result"]["hash"]
    for method in ("eth_getBlockByNumber", "eth_getBlockTransactionCountByNumber"):
        assert call(method, hash)["error"]["code"] == -32602


def test_what_is_not_there_is_null(call):
    nowhere = "0x" + "00" * 32
    for method, params in (
        ("eth_getBlockReceipts", ["0x99"]),
        ("eth_getBlockReceipts", [nowhere]),
        ("eth_getBlockTransactionCountByNumber", ["0x99"]),
        ("eth_getBlockTransactionCountByHash", [nowhere]),
        ("eth_getTransactionByBlockNumberAndIndex", ["0x99", "0x0"]),
        ("eth_getTransactionByBlockNumberAndIndex", ["0x0", "0x99"]),
        ("eth_getTransactionByBlockHashAndIndex", [nowhere, "0x0"]),
        ("eth_getUncleCountByBlockHash", [nowhere]),
    ):
        assert call(method, *params)["result"] is None, method


def test_transactions_are_found_in_their_block(edge):
    anna, ben = edge.provider.accounts
    edge.send(edge.tickets.functions.setApprovalForAll(ben.address, True), anna)
    edge.mine()
    eth = edge.web3.eth
    block = eth.get_block("latest", True)
    assert eth.get_block_transaction_count(1) == eth.get_block_transaction_count(block["hash"])
    assert eth.get_block_transaction_count(1) == len(block["transactions"]) > 1
    for index, each in enumerate(block["transactions"]):
        assert eth.get_transaction_by_block(1, index) == each == eth.get_transaction(each["hash"])
        assert eth.get_transaction_by_block(block["hash"], index) == each
        assert each["transactionIndex"] == index


def test_access_lists_are_kept(edge):
    anna, ben = edge.provider.accounts
    function = edge.tickets.functions.setApprovalForAll(ben.address, True)
    for fees in ({"gasPrice": 0, "type": 1}, {"maxFeePerGas": 5, "maxPriorityFeePerGas": 1}):
        sent = edge.send(function, anna, accessList=ACCESS, **fees)
        waiting = edge.web3.eth.get_transaction(sent)
        edge.mine()
        mined = edge.web3.eth.get_transaction(sent)
        assert edge.web3.eth.get_transaction_receipt(sent).status == 1
        for found in (waiting, mined):
            (entry,) = found["accessList"]
            assert entry["address"] == ACCESS[0]["address"]
            assert list(entry["storageKeys"]) == ACCESS[0]["storageKeys"]
            assert found["type"] == fees.get("type", 2)
            assert found["chainId"] == edge.web3.eth.chain_id


def test_contracts_have_no_storage(edge, call):
    assert "no storage" in call("eth_getStorageAt", edge.tickets.address, "0x0", "latest")["error"]["message"]
    assert call("eth_getStorageAt", "0x" + "12" * 20, "0x" + "00" * 33, "latest")["error"]["code"] == -32602


def test_the_fee_history_tells_how_full_blocks_were(edge):
    anna, ben = edge.provider.accounts
    for _ in range(3):
        edge.send(edge.tickets.functions.setApprovalForAll(ben.address, True), anna)
    edge.mine()
    edge.mine()
    fees = edge.web3.eth.fee_history(2, "latest", [10, 50, 50.5])
    assert fees["oldestBlock"] == 1
    assert fees["gasUsedRatio"] == [3 * GAS_USED / GAS_LIMIT, 0.0]
    assert fees["reward"] == [[0, 0, 0]] * 2
    assert len(fees["baseFeePerGas"]) == 3
    assert edge.web3.eth.fee_history(5000, "latest")["oldestBlock"] == 0
    assert dict(edge.web3.eth.fee_history(0, "latest")) == {"oldestBlock": 0, "gasUsedRatio": None}


@pytest.mark.parametrize("percentiles", [[50, 10], [-1], [101], ["50"], [True], [float("nan")], {}])
def test_percentiles_that_are_none_are_refused(call, percentiles):
    assert call("eth_feeHistory", "0x1", "latest", percentiles)["error"]["code"] == -32602


def test_input_and_data_are_one(edge):
    call = {"to": edge.tickets.address, "data": "0x18160ddd"}
    assert edge.web3.eth.call(call) == edge.web3.eth.call(call | {"input": "0x18160ddd"})
    with pytest.raises(Web3RPCError, match="input and data differ"):
        edge.web3.manager.request_blocking("eth_call", [call | {"input": "0x01"}, "latest"])
