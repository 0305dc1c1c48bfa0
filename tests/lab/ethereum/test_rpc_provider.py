"""web3.py in process: reading a run, and taking part in one."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from eth_account.messages import encode_typed_data
from web3 import Web3
from web3.exceptions import ContractLogicError, Web3RPCError
from web3.logs import DISCARD

from chain.account import PROTOCOL
from experiments import InputError, TestbedProvider, run

ETH = 10**18


def test_a_finished_run_reads_as_its_tables_say(edge, tmp_path):
    config = {"blocks": 30, "seed": 5, "agents": [{"strategy": "truthful", "role": "buyer", "count": 3}]}
    result = run(config, out=tmp_path / "run")
    provider = TestbedProvider(result)
    web3 = Web3(provider)
    tickets = web3.eth.contract(edge.tickets.address, abi=provider.ticket_abi)
    accounts = {each.name: each.address for each in provider.session.engine.state.accounts}
    live = result.tickets[result.tickets.end == "live"]
    assert web3.eth.block_number == 30
    assert tickets.functions.totalSupply().call() == len(live) > 0
    for row in live.itertuples():
        owner = tickets.functions.ownerOf(row.ticket).call()
        assert bytes.fromhex(owner[2:]) == accounts[row.owner]
    assert len(tickets.events.Transfer().get_logs(from_block=0)) == len(result.transfers)
    sold = tickets.events.Sold().get_logs(from_block=0)
    trades = result.trades[result.trades.market.isin(["primary", "secondary"])]
    assert [log["args"]["priceGwei"] for log in sold] == list(trades.price_gwei)
    ended = tickets.events.Burned().get_logs(from_block=0)
    assert [log["args"]["end"] for log in ended] == list(result.tickets[result.tickets.end != "live"].end)
    drawn = {log["args"]["block"]: log["args"]["tokenId"] for log in tickets.events.Drawn().get_logs(from_block=0)}
    known = result.blocks.dropna(subset=["ticket"])
    assert {block: drawn[block] for block in known.slot} == dict(zip(known.slot, known.ticket, strict=True))
    with pytest.raises(Web3RPCError, match="run is over"):
        web3.eth.send_raw_transaction(signed_elsewhere(provider, tickets))


def signed_elsewhere(provider, tickets):
    key = provider.session.engine.state.accounts[PROTOCOL + 1].key
    from eth_account import Account

    account = Account.from_key(key.secret)
    call = tickets.functions.setApprovalForAll(account.address, True)
    given = {"from": account.address, "nonce": 0, "gas": 1, "gasPrice": 0, "chainId": 1337}
    return account.sign_transaction(call.build_transaction(given)).raw_transaction


def test_a_bid_buys_a_ticket_that_can_be_given_away(edge):
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    assert edge.tickets.functions.ownerOf(serial).call() == anna.address
    uri = edge.tickets.functions.tokenURI(serial).call()
    assert json.loads(unquote(uri.partition(",")[2]))["serial"] == str(serial)
    receipt = edge.done(edge.tickets.functions.transferFrom(anna.address, ben.address, serial), anna)
    assert receipt.status == 1
    assert receipt.blockNumber == edge.web3.eth.block_number
    (moved,) = edge.tickets.events.Transfer().process_receipt(receipt, errors=DISCARD)
    assert moved["args"] == {"sender": anna.address, "receiver": ben.address, "tokenId": serial}
    assert edge.tickets.functions.ownerOf(serial).call() == ben.address
    assert edge.tickets.functions.balanceOf(anna.address).call() == 0


def test_the_price_that_is_paid_is_gone(edge):
    anna, _ = edge.provider.accounts
    serial = edge.buy(anna)
    state = edge.provider.session.engine.state
    title, outlay = state.titles.get(serial), 200 * ETH - edge.web3.eth.get_balance(anna.address)
    assert outlay == title.price_gwei * 10**9 > 0


def test_refusals_have_their_reasons(edge):
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    with pytest.raises(ContractLogicError, match="bad_amount"):
        edge.market.functions.list(serial, 10**9 + 1).call({"from": anna.address})
    with pytest.raises(ContractLogicError, match="not_owner"):
        edge.tickets.functions.transferFrom(ben.address, anna.address, serial).estimate_gas({"from": ben.address})
    with pytest.raises(ContractLogicError, match="unknown_ticket"):
        edge.tickets.functions.ownerOf(2**255).call()
    receipt = edge.done(edge.tickets.functions.transferFrom(anna.address, ben.address, serial), ben)
    assert (receipt.status, receipt.logs) == (0, [])
    assert receipt.revertReason.startswith("not_approved")
    assert edge.tickets.functions.ownerOf(serial).call() == anna.address


def test_trying_changes_nothing(edge):
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    before = edge.provider.session.engine.state.titles.get(serial).nonce
    edge.tickets.functions.transferFrom(anna.address, ben.address, serial).call({"from": anna.address})
    edge.market.functions.list(serial, 9 * ETH).call({"from": anna.address})
    title = edge.provider.session.engine.state.titles.get(serial)
    assert (title.nonce, title.listing) == (before, None)
    assert edge.market.functions.ordersOf(anna.address).call() == []


def test_an_auction_between_two_accounts(edge):
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    receipt = edge.done(edge.market.functions.openAuction(serial, 0, ETH, 2), anna)
    (opened,) = edge.market.events.AuctionOpened().process_receipt(receipt, errors=DISCARD)
    auction = opened["args"]["auction"]
    assert auction in edge.market.functions.openAuctions().call()
    assert edge.market.functions.auctionOf(auction).call()[:3] == [anna.address, serial, ETH]
    with pytest.raises(ContractLogicError, match="bid_too_low"):
        edge.market.functions.bid(auction, ETH - 10**9).call({"from": ben.address})
    before = edge.web3.eth.get_balance(anna.address)
    assert edge.done(edge.market.functions.bid(auction, 150 * ETH), ben).status == 1
    edge.mine()
    assert edge.tickets.functions.ownerOf(serial).call() == ben.address
    assert edge.web3.eth.get_balance(anna.address) - before == 150 * ETH


def test_where_holders_sell_in_turn_a_bid_from_outside_comes_before_the_turns(edge_with):
    edge = edge_with("market.resale_order=in_turn")
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    receipt = edge.done(edge.market.functions.openAuction(serial, 0, ETH, 1), anna)
    (opened,) = edge.market.events.AuctionOpened().process_receipt(receipt, errors=DISCARD)
    assert edge.done(edge.market.functions.bid(opened["args"]["auction"], 150 * ETH), ben).status == 1
    assert edge.tickets.functions.ownerOf(serial).call() == ben.address


def test_an_order_is_listed_and_cancelled(edge):
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    receipt = edge.done(edge.market.functions.list(serial, 190 * ETH), anna)
    (listed,) = edge.market.events.OrderListed().process_receipt(receipt, errors=DISCARD)
    order = listed["args"]["order"]
    assert edge.market.functions.ordersOf(anna.address).call() == [order]
    refused = edge.done(edge.market.functions.cancel(order), ben)
    assert refused.revertReason.startswith("not_owner")
    assert edge.done(edge.market.functions.cancel(order), anna).status == 1
    assert edge.market.functions.ordersOf(anna.address).call() == []


def test_a_permit_lets_another_transfer(edge):
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    nonce = edge.tickets.functions.nonces(serial).call()
    word = [("spender", "address"), ("tokenId", "uint256"), ("nonce", "uint256"), ("deadline", "uint256")]
    typed = {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Permit": [{"name": name, "type": kind} for name, kind in word],
        },
        "primaryType": "Permit",
        "domain": {
            "name": "et-testbed",
            "version": "1",
            "chainId": edge.web3.eth.chain_id,
            "verifyingContract": edge.tickets.address,
        },
        "message": {"spender": ben.address, "tokenId": serial, "nonce": nonce, "deadline": 10**9},
    }
    signature = anna.sign_message(encode_typed_data(full_message=typed)).signature
    permit = edge.tickets.functions.permit(ben.address, serial, 10**9, signature)
    edge.send(permit, ben)
    receipt = edge.done(edge.tickets.functions.transferFrom(anna.address, ben.address, serial), ben)
    assert receipt.status == 1
    assert edge.tickets.functions.ownerOf(serial).call() == ben.address


def test_nonces_are_kept(edge):
    anna, ben = edge.provider.accounts
    approve = edge.tickets.functions.setApprovalForAll(ben.address, True)
    edge.send(approve, anna)
    edge.send(approve, anna, gasPrice=0)  # legacy
    assert edge.web3.eth.get_transaction_count(anna.address) == 0
    assert edge.web3.eth.get_transaction_count(anna.address, "pending") == 2
    for nonce, said in ((1, "underpriced"), (3, "nonce too high: next nonce 2, tx nonce 3")):
        with pytest.raises(Web3RPCError, match=said):
            edge.send(approve, anna, nonce=nonce)
    with pytest.raises(Web3RPCError, match="chain id"):
        edge.send(approve, anna, chainId=1)
    edge.mine()
    with pytest.raises(Web3RPCError, match="nonce too low: next nonce 2, tx nonce 1"):
        edge.send(approve, anna, nonce=1)
    assert edge.web3.eth.get_transaction_count(anna.address) == 2
    assert edge.tickets.functions.isApprovedForAll(anna.address, ben.address).call()
    block = edge.web3.eth.get_block("latest", True)
    signed = [sent["type"] for sent in block["transactions"] if sent["from"] == anna.address]
    assert signed == [2, 0]


def test_what_is_waiting_is_seen(edge):
    anna, ben = edge.provider.accounts
    sent = edge.send(edge.tickets.functions.setApprovalForAll(ben.address, True), anna)
    assert edge.web3.eth.get_transaction(sent)["blockNumber"] is None
    edge.mine()
    assert edge.web3.eth.get_transaction(sent)["from"] == anna.address


def test_a_run_without_tickets_is_refused():
    with pytest.raises(InputError, match="no tickets"):
        TestbedProvider({"market": {"structure": "pbs"}})
