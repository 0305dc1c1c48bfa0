"""ETH that is sent, transactions that replace others, and what was so some blocks ago."""

from __future__ import annotations

import pytest
from web3.exceptions import Web3RPCError

from chain.rpc.as_json import GAS_LIMIT
from chain.rpc.transactions import GAS_USED, TRANSFER_GAS
from experiments.lab.ethereum import kept_states
from experiments.lab.ethereum.kept_states import KeptStates
from experiments.lab.ethereum.rehearsal import Frozen
from experiments.lab.ethereum.session import MOST_WAITING

ETH = 10**18
GWEI = 10**9


def give(edge, giver, taker, wei, **fields):
    """Send ETH. The hash, and the signed transaction."""
    nonce = edge.web3.eth.get_transaction_count(giver.address, "pending")
    plain = {"to": taker, "value": wei, "nonce": nonce, "gas": TRANSFER_GAS, "gasPrice": 0, "chainId": 1337}
    signed = giver.sign_transaction(plain | fields)
    return edge.web3.eth.send_raw_transaction(signed.raw_transaction), signed


def test_eth_is_sent_and_balances_follow(edge_with):
    edge = edge_with("chain.gas_price_gwei=1")
    anna, ben = edge.provider.accounts
    sent, _ = give(edge, anna, ben.address, 3 * ETH, gasPrice=GWEI)
    edge.mine()
    receipt = edge.web3.eth.get_transaction_receipt(sent)
    assert (receipt.status, receipt.gasUsed, receipt.logs) == (1, TRANSFER_GAS, [])
    assert edge.web3.eth.get_balance(anna.address) == 197 * ETH - TRANSFER_GAS * GWEI
    assert edge.web3.eth.get_balance(ben.address) == 203 * ETH
    assert edge.web3.eth.get_transaction(sent)["value"] == 3 * ETH
    assert edge.web3.eth.get_block("latest")["gasUsed"] == TRANSFER_GAS
    payments = edge.provider.finish().payments
    (row,) = payments[payments["reason"] == "transfer"].to_dict("records")
    assert row["amount_gwei"] == 3 * ETH // GWEI


def test_money_that_is_not_there_is_not_sent(edge):
    anna, ben = edge.provider.accounts
    with pytest.raises(Web3RPCError, match=r"insufficient funds for gas \* price \+ value"):
        give(edge, anna, ben.address, 201 * ETH)
    edge.send(edge.market.functions.bidInSale(0, 150 * ETH), anna)  # which nobody knows before it is carried out
    sent, _ = give(edge, anna, ben.address, 150 * ETH)
    edge.mine()
    assert edge.web3.eth.get_transaction_receipt(sent).revertReason.startswith("insufficient_funds: transfer")
    assert edge.web3.eth.get_balance(ben.address) == 200 * ETH


def test_what_waits_is_paid_for_before_more_is_sent(edge_with):
    """As in geth: not of one transaction alone, and without what a replacement takes the place of."""
    edge = edge_with("chain.gas_price_gwei=1")
    anna, ben = edge.provider.accounts
    gas = TRANSFER_GAS * GWEI
    give(edge, anna, ben.address, 150 * ETH, gasPrice=GWEI)
    words = rf"value: {50 * ETH + gas} wei, beside {150 * ETH + gas} of what waits, {200 * ETH} are free"
    with pytest.raises(Web3RPCError, match=words):
        give(edge, anna, ben.address, 50 * ETH, gasPrice=GWEI)
    give(edge, anna, ben.address, 50 * ETH - 2 * gas, gasPrice=GWEI)
    with pytest.raises(Web3RPCError, match="insufficient funds"):
        give(edge, anna, ben.address, 150 * ETH + GWEI, gasPrice=2 * GWEI, nonce=0)
    give(edge, anna, ben.address, 149 * ETH, gasPrice=2 * GWEI, nonce=0)
    edge.mine()
    assert edge.web3.eth.get_balance(ben.address) == 399 * ETH - 2 * gas


@pytest.mark.parametrize("wei", [1, GWEI + 1, 10**18 - 1])
def test_a_value_that_is_no_whole_gwei_is_told(edge, call, wei):
    anna, ben = edge.provider.accounts
    with pytest.raises(Web3RPCError, match=rf"'code': -32602.*value is {wei} wei: money is whole Gwei here"):
        give(edge, anna, ben.address, wei)
    asked = {"from": anna.address, "to": ben.address, "value": hex(wei)}
    for method in ("eth_call", "eth_estimateGas"):
        assert call(method, asked)["error"]["code"] == -32602


def test_calls_have_values_too(edge, call):
    anna, ben = edge.provider.accounts
    asked = {"from": anna.address, "to": ben.address, "value": hex(ETH)}
    assert call("eth_call", asked)["result"] == "0x"
    assert call("eth_estimateGas", asked)["result"] == hex(TRANSFER_GAS)
    assert "insufficient funds" in call("eth_call", asked | {"value": hex(300 * ETH)})["error"]["message"]
    approve = edge.tickets.functions.setApprovalForAll(ben.address, True)._encode_transaction_data()
    asked |= {"to": edge.tickets.address, "data": approve}
    assert call("eth_call", asked)["error"]["message"].startswith("execution reverted: not_payable")
    sent, _ = give(edge, anna, edge.tickets.address, ETH, data=approve, gas=100_000)
    edge.mine()
    assert edge.web3.eth.get_transaction_receipt(sent).revertReason.startswith("not_payable")
    assert edge.web3.eth.get_balance(anna.address) == 200 * ETH


def test_strangers_are_sent_nothing(edge, call):
    anna, stranger = edge.provider.accounts[0], "0x" + "12" * 20
    with pytest.raises(Web3RPCError, match="takes no part in the run, and is no contract of it"):
        give(edge, anna, stranger, ETH)
    for method in ("eth_call", "eth_estimateGas"):
        asked = {"from": anna.address, "to": stranger, "value": hex(ETH)}
        assert "takes no part in the run" in call(method, asked)["error"]["message"]


def test_what_is_sent_twice_is_no_fault(edge):
    anna, ben = edge.provider.accounts
    sent, signed = give(edge, anna, ben.address, ETH)
    assert edge.web3.eth.send_raw_transaction(signed.raw_transaction) == sent
    assert edge.web3.eth.get_transaction_count(anna.address, "pending") == 1
    edge.mine()
    assert edge.web3.eth.send_raw_transaction(signed.raw_transaction) == sent
    edge.mine()
    assert edge.web3.eth.get_balance(ben.address) == 201 * ETH


def test_one_that_pays_more_takes_the_place_of_another(edge):
    anna, ben = edge.provider.accounts
    first, _ = give(edge, anna, ben.address, ETH, gasPrice=100)
    later, _ = give(edge, anna, ben.address, 5 * ETH, gasPrice=100)
    for price in (100, 99, 109):
        with pytest.raises(Web3RPCError, match="replacement transaction underpriced: fee and tip have to be 10 %"):
            give(edge, anna, ben.address, 2 * ETH, gasPrice=price, nonce=0)
    instead, _ = give(edge, anna, ben.address, 2 * ETH, gasPrice=110, nonce=0)
    edge.mine()
    assert edge.provider.make_request("eth_getTransactionByHash", [first.to_0x_hex()])["result"] is None
    assert (
        edge.web3.eth.get_transaction(instead)["transactionIndex"]
        < edge.web3.eth.get_transaction(later)["transactionIndex"]
    )
    assert edge.web3.eth.get_balance(ben.address) == 207 * ETH
    assert edge.web3.eth.get_transaction_count(anna.address) == 2


def test_the_last_states_can_be_asked_for(edge):
    anna, ben = edge.provider.accounts
    balances, owners, nonces = {}, {}, {}
    serial = edge.buy(anna)
    for turn in range(6):
        number = edge.web3.eth.block_number
        balances[number] = edge.web3.eth.get_balance(ben.address)
        owners[number] = edge.tickets.functions.ownerOf(serial).call()
        nonces[number] = edge.web3.eth.get_transaction_count(anna.address)
        give(edge, anna, ben.address, ETH)
        if turn == 2:
            edge.send(edge.tickets.functions.transferFrom(anna.address, ben.address, serial), anna)
        edge.mine()
    assert len(set(owners.values())) == 2
    assert len(set(balances.values())) == len(set(nonces.values())) == 6
    for number, owner in owners.items():
        assert edge.tickets.functions.ownerOf(serial).call(block_identifier=number) == owner
        assert edge.web3.eth.get_balance(ben.address, number) == balances[number]
        assert edge.web3.eth.get_transaction_count(anna.address, number) == nonces[number]
        hash = edge.web3.eth.get_block(number)["hash"]
        assert edge.web3.eth.get_balance(ben.address, hash) == balances[number]


def test_a_state_that_is_not_kept_is_told(edge, call, monkeypatch):
    monkeypatch.setattr(kept_states, "MOST_STATES", 3)
    anna = edge.provider.accounts[0].address
    for _ in range(5):
        edge.mine()
    assert "result" in call("eth_getBalance", anna, "0x3")
    assert "the state of block 2 is not kept" in call("eth_getBalance", anna, "0x2")["error"]["message"]


def test_states_are_bounded_by_bytes_as_well(monkeypatch):
    monkeypatch.setattr(kept_states, "MOST_BYTES", 100)
    states = KeptStates()
    for number in range(9):
        states.keep(number, Frozen(bytes(30), []))
    assert [number for number in range(9) if states.get(number)] == [6, 7, 8]
    states.cut(6)
    states.keep(7, Frozen(bytes(101), []))
    assert [number for number in range(9) if states.get(number)] == [7]


def test_a_transaction_shows_the_gas_price_that_was_signed(edge_with):
    edge = edge_with("chain.gas_price_gwei=1")
    anna, ben = edge.provider.accounts
    sent, _ = give(edge, anna, ben.address, ETH, gasPrice=7 * GWEI)
    assert edge.web3.eth.get_transaction(sent)["gasPrice"] == 7 * GWEI
    edge.mine()
    assert edge.web3.eth.get_transaction(sent)["gasPrice"] == 7 * GWEI
    assert edge.web3.eth.get_transaction_receipt(sent).effectiveGasPrice == GWEI


def test_all_that_may_wait_has_room_in_a_block():
    assert MOST_WAITING * GAS_USED <= GAS_LIMIT
