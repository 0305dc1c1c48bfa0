"""A run with rounds of several blocks is served: its logs are the contract's, and its sales are between rounds."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest
from eth_abi import decode

from chain.evm.abi import event
from experiments import TestbedProvider, run
from experiments.lab.config.loading import make_config
from experiments.lab.conformance.twin import mirror
from experiments.lab.conformance.twin.twin import Twin
from tests.lab.ethereum.conftest import ETH

SELLER = {"strategy": "at_once", "role": "seller", "missed_proposal": 0.4}
BUYERS = {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2, "missed_proposal": 0.4}


def rounds(blocks: int, **chain: Any) -> dict[str, Any]:
    chain = {"round": 3, "maturity": 6, **chain}
    return {"blocks": blocks, "seed": 3, "chain": chain, "agents": [SELLER, BUYERS]}


@pytest.mark.parametrize(
    "chain",
    [{}, pytest.param({"round": 5, "draw": "lottery", "supply": 4, "lookahead": 1}, marks=pytest.mark.slow)],
)
def test_what_is_logged_is_what_the_contract_logs(monkeypatch, chain):
    config = rounds(13, **chain)
    theirs = []
    compare = mirror.compare
    monkeypatch.setattr(mirror, "compare", lambda *told: theirs.append(told) or compare(*told))
    run(config, drive=Twin(make_config(config, "rounds")).drive)
    logs = [log for _, what, _, log in theirs if what == "log"]
    provider = TestbedProvider(config)
    provider.make_request("evm_mine", [{"blocks": 13}])
    asked = {"fromBlock": "0x0", "address": provider.ticket_address}
    ours = provider.make_request("eth_getLogs", [asked])["result"]
    assert [(log["topics"], log["data"]) for log in ours] == [
        ([f"0x{topic.hex()}" for topic in log.topics], f"0x{log.data.hex()}") for log in logs
    ]
    used = event("Used(uint256,uint256,string)", data=b"").topics[0]
    assert {decode(["string"], log.data)[0] for log in logs if log.topics[0] == used} >= {"proposed", "missed"}


def test_a_bid_waits_for_the_sale_between_two_rounds(edge_with):
    edge = edge_with("chain.round=3", "chain.maturity=1")
    anna, _ = edge.provider.accounts
    edge.mine()  # block 0 of a round of 3
    sent = edge.send(edge.market.functions.bidInSale(0, 50 * ETH), anna)
    edge.mine()
    assert edge.web3.eth.get_transaction(sent)["blockNumber"] is None
    edge.mine()
    assert edge.web3.eth.get_transaction_receipt(sent).status == 1
    (bought,) = edge.tickets.events.Transfer().get_logs(from_block=3, argument_filters={"receiver": anna.address})
    uri = edge.tickets.functions.tokenURI(bought["args"]["tokenId"]).call()
    assert json.loads(unquote(uri.partition(",")[2]))["description"] == "The right to propose a round of 3 blocks"
    for _ in range(12):
        edge.mine()
    used = edge.tickets.events.Used().get_logs(
        from_block=0, argument_filters={"tokenId": bought["args"]["tokenId"]}
    )
    assert [each["args"]["end"] for each in used] == ["proposed"] * len(used)
    first = used[0]["args"]["block"]
    assert [each["args"]["block"] for each in used] == [first, first + 1, first + 2]
    assert first % 3 == 0
