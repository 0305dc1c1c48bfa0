"""What a participant can do from outside, beside auctions: the book, claims, safe transfers; and gas."""

from __future__ import annotations

import pytest
import rlp
from web3.exceptions import ContractLogicError, Web3RPCError
from web3.logs import DISCARD

from chain.ledger import BURNED
from chain.rpc.as_json import GAS_LIMIT
from experiments import InputError, TestbedProvider, run

ETH = 10**18
GWEI = 10**9
GAS = 100_000
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def test_what_one_lists_another_buys(edge):
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    assert edge.done(edge.market.functions.list(serial, 150 * ETH), anna).status == 1
    assert edge.market.functions.bookOf(serial).call() == [0, 150 * ETH]
    before = edge.web3.eth.get_balance(anna.address)
    receipt = edge.done(edge.market.functions.buy(serial, 190 * ETH), ben)
    (told,) = edge.market.events.OrderFilled().process_receipt(receipt, errors=DISCARD)
    assert (told["args"]["tokenId"], told["args"]["price"]) == (serial, 150 * ETH)
    (sold,) = edge.tickets.events.Sold().process_receipt(receipt, errors=DISCARD)
    assert sold["args"]["priceGwei"] == 150 * GWEI
    assert edge.tickets.functions.ownerOf(serial).call() == ben.address
    assert edge.web3.eth.get_balance(anna.address) - before == 150 * ETH
    assert edge.market.functions.bookOf(serial).call() == [0, 0]


def test_a_bid_that_finds_nothing_rests_and_is_cancelled(edge):
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    receipt = edge.done(edge.market.functions.buy(serial, ETH), ben)
    (told,) = edge.market.events.OrderBid().process_receipt(receipt, errors=DISCARD)
    assert edge.market.functions.bookOf(serial).call() == [ETH, 0]
    assert edge.market.functions.escrowOf(ben.address).call() == ETH
    assert edge.done(edge.market.functions.cancel(told["args"]["order"]), ben).status == 1
    assert edge.market.functions.escrowOf(ben.address).call() == 0
    with pytest.raises(ContractLogicError, match="insufficient_funds"):
        edge.market.functions.buy(serial, 201 * ETH).call({"from": ben.address})


def test_a_block_is_claimed_for_a_ticket(edge_with):
    edge = edge_with("chain.draw=claim", "chain.supply=6", "chain.maturity=5")
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    block = edge.provider.session.engine.state.slot + 2
    with pytest.raises(ContractLogicError, match="not_owner"):
        edge.market.functions.claim(serial, block).call({"from": ben.address})
    receipt = edge.done(edge.market.functions.claim(serial, block), anna)
    (claimed,) = edge.market.events.BlockClaimed().process_receipt(receipt, errors=DISCARD)
    assert claimed["args"] == {"tokenId": serial, "blockNumber": block, "owner": anna.address}
    edge.mine()
    drawn = {
        log["args"]["block"]: log["args"]["tokenId"] for log in edge.tickets.events.Drawn().get_logs(from_block=0)
    }
    assert drawn[block] == serial
    with pytest.raises(ContractLogicError, match="ticket_burned"):
        edge.tickets.functions.ownerOf(serial).call()


def test_a_safe_transfer_is_a_transfer(edge):
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    assert edge.tickets.functions.supportsInterface("0x80ac58cd").call()
    plain = edge.tickets.get_function_by_signature("safeTransferFrom(address,address,uint256)")
    with_data = edge.tickets.get_function_by_signature("safeTransferFrom(address,address,uint256,bytes)")
    assert edge.done(plain(anna.address, ben.address, serial), anna).status == 1
    assert edge.done(with_data(ben.address, anna.address, serial, b"thanks"), ben).status == 1
    assert edge.tickets.functions.ownerOf(serial).call() == anna.address


def test_gas_is_burned_at_its_price_whether_or_not_the_transaction_is_refused(edge_with):
    edge = edge_with("chain.gas_price_gwei=50")
    anna, ben = edge.provider.accounts
    ledger = edge.provider.session.engine.state.ledger
    assert edge.web3.eth.gas_price == 50 * GWEI
    assert edge.web3.eth.get_block("latest")["baseFeePerGas"] == 50 * GWEI
    assert edge.web3.eth.fee_history(1, "latest")["baseFeePerGas"] == [50 * GWEI] * 2
    cost, burned = GAS * 50 * GWEI, ledger.total(BURNED)
    approve = edge.tickets.functions.setApprovalForAll(ben.address, True)
    done = edge.send(approve, anna)
    refused = edge.send(edge.market.functions.cancel(5), anna)
    edge.mine()
    receipts = [edge.web3.eth.get_transaction_receipt(sent) for sent in (done, refused)]
    assert [receipt.status for receipt in receipts] == [1, 0]
    assert [receipt.effectiveGasPrice * receipt.gasUsed for receipt in receipts] == [cost, cost]
    assert edge.web3.eth.get_balance(anna.address) == 200 * ETH - 2 * cost
    assert ledger.is_balanced()
    assert ledger.total(BURNED) - burned >= 2 * cost // GWEI
    with pytest.raises(Web3RPCError, match="less than block base fee: 1 wei; gas costs 50000000000"):
        edge.send(approve, anna, maxFeePerGas=1, maxPriorityFeePerGas=0)
    with pytest.raises(Web3RPCError, match="intrinsic gas too low: this transaction takes 100000, and has 21000"):
        edge.send(approve, anna, gas=21_000)


def test_what_ethereum_refuses_is_refused(edge):
    anna, ben = edge.provider.accounts
    approve = edge.tickets.functions.setApprovalForAll(ben.address, True)
    with pytest.raises(Web3RPCError, match="max priority fee per gas higher than max fee per gas: 5, 1"):
        edge.send(approve, anna, maxFeePerGas=1, maxPriorityFeePerGas=5)
    with pytest.raises(Web3RPCError, match=f"exceeds block gas limit: gas is {GAS_LIMIT + 1}"):
        edge.send(approve, anna, gas=GAS_LIMIT + 1)
    for_any_chain = anna.sign_transaction({"nonce": 0, "to": ben.address, "value": 0, "gas": GAS, "gasPrice": 0})
    with pytest.raises(Web3RPCError, match="only replay-protected"):
        edge.web3.eth.send_raw_transaction(for_any_chain.raw_transaction)
    given = {"from": anna.address, "nonce": 0, "gas": GAS, "maxFeePerGas": 0, "maxPriorityFeePerGas": 0}
    signed = anna.sign_transaction(approve.build_transaction(given))
    fields = rlp.decode(signed.raw_transaction[1:])
    fields[-1], fields[-3] = (ORDER - signed.s).to_bytes(32, "big"), b"" if signed.v else b"\1"
    with pytest.raises(Web3RPCError, match=r"upper half of the curve's order \(EIP-2\)"):
        edge.web3.eth.send_raw_transaction(b"\2" + rlp.encode(fields))
    assert edge.web3.eth.get_transaction_count(anna.address, "pending") == 0


def test_who_cannot_pay_for_gas_is_told(edge_with):
    edge = edge_with("chain.gas_price_gwei=1000000")  # 100 ETH a transaction
    anna, ben = edge.provider.accounts
    approve = edge.tickets.functions.setApprovalForAll(ben.address, True)
    bid = edge.send(edge.market.functions.bidInSale(0, 50 * ETH), anna)
    sent = edge.send(approve, anna)
    with pytest.raises(Web3RPCError, match=f"insufficient funds .* beside {200 * ETH} of what waits"):
        edge.send(approve, anna)
    edge.mine()
    receipts = [edge.web3.eth.get_transaction_receipt(each) for each in (bid, sent)]
    assert [receipt.status for receipt in receipts] == [1, 0]
    assert receipts[1].revertReason.startswith("insufficient_funds: gas")
    left = edge.web3.eth.get_balance(anna.address)
    with pytest.raises(
        Web3RPCError, match=rf"insufficient funds for gas \* price \+ value: {100 * ETH} wei, {left} are"
    ):
        edge.send(approve, anna)


def test_of_several_structures_the_first_with_tickets_is_read():
    compared = run({"blocks": 3, "market": {"structure": ["pbs", "et_expost", "et"]}}, signatures="off")
    assert TestbedProvider(compared).session.engine.structure == "et_expost"
    with pytest.raises(InputError, match="no accounts and no overrides"):
        TestbedProvider(compared, accounts=1)
