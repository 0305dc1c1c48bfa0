"""A developer's chain: time, snapshots, and the names that its helpers use."""

from __future__ import annotations

import pytest
from web3.exceptions import ContractLogicError, Web3RPCError

from experiments import TestbedProvider, load
from experiments.lab.assembly.block_times import BlockTimes
from experiments.lab.ethereum import kept_states
from experiments.lab.ethereum.snapshots import MOST_SNAPSHOTS, Snapshot, Snapshots
from experiments.lab.played.replayed_run import replay
from experiments.lab.played.runs import resume
from experiments.lab.verify import verify_run

ETH = 10**18
CONFIG = {"blocks": 40, "seed": 3, "agents": [{"strategy": "truthful", "role": "buyer", "count": 2}]}


def told(edge):
    """What a client can see of the chain."""
    eth = edge.web3.eth
    anna, ben = edge.provider.accounts
    return (
        eth.get_block("latest", True),
        eth.get_logs({"fromBlock": 0}),
        eth.get_balance(anna.address),
        eth.get_transaction_count(anna.address, "pending"),
        edge.tickets.functions.totalSupply().call(),
        edge.market.functions.ordersOf(ben.address).call(),
    )


def test_times_rise_strictly_however_short_slots_are(edge_with):
    edge = edge_with("chain.slot_seconds=0.25", "chain.genesis_time=1700000000")
    for _ in range(9):
        edge.mine()
    times = [edge.web3.eth.get_block(number)["timestamp"] for number in range(10)]
    assert times == list(range(1_700_000_000, 1_700_000_010))


@pytest.mark.parametrize(
    ("seconds", "times"),
    [(12, [12, 24, 36]), (0.5, [1, 2, 3]), (2.5, [2, 5, 7]), (1.0, [1, 2, 3])],
)
def test_times_are_those_of_slots_where_these_are_long_enough(seconds, times):
    clock = BlockTimes(0, seconds)
    for number, time in enumerate(times, 1):
        clock.advance(number)
        assert clock.last == time


def test_the_next_block_may_be_given_its_time(edge, call):
    edge.mine()
    assert "is not after the last block" in call("evm_setNextBlockTimestamp", 12)["error"]["message"]
    for beyond in (2**40 + 1, 2**256, 10**400):
        assert "after the last time" in call("evm_setNextBlockTimestamp", beyond)["error"]["message"]
    assert call("evm_setNextBlockTimestamp", 1_000)["result"] == "0x0"
    edge.mine()
    edge.mine()
    assert [edge.web3.eth.get_block(number)["timestamp"] for number in range(4)] == [0, 12, 1000, 1012]
    assert call("anvil_setNextBlockTimestamp", hex(2_000))["result"] == "0x0"
    edge.mine()
    assert edge.web3.eth.get_block("latest")["timestamp"] == 2_000


def test_a_run_is_put_back_as_it_was(edge, call):
    anna, ben = edge.provider.accounts
    serial = edge.buy(anna)
    edge.send(edge.tickets.functions.transferFrom(anna.address, ben.address, serial), anna)
    before = told(edge)
    polled = edge.web3.eth.filter({})
    id = call("evm_snapshot")["result"]
    for _ in range(5):
        edge.send(edge.market.functions.bidInSale(0, ETH), ben)
        edge.mine()
    assert told(edge) != before
    assert call("evm_revert", id)["result"] is True
    assert told(edge) == before
    assert call("evm_revert", id)["result"] is False
    edge.mine()
    assert edge.tickets.functions.ownerOf(serial).call() == ben.address
    assert polled.get_new_entries() == edge.web3.eth.get_logs({"fromBlock": "latest"})


def test_what_is_played_after_a_revert_is_what_would_have_been(edge_with):
    one, other = edge_with(), edge_with()
    for edge in (one, other):
        edge.buy(edge.provider.accounts[0])
    id = one.provider.make_request("evm_snapshot", [])["result"]
    for _ in range(4):
        one.buy(one.provider.accounts[1])
    one.provider.make_request("evm_revert", [id])
    for edge in (one, other):
        edge.buy(edge.provider.accounts[0])
        edge.provider.make_request("evm_mine", [{"blocks": 7}])
    assert told(one) == told(other)
    assert one.provider.finish().summary["digest"] == other.provider.finish().summary["digest"]


def test_snapshots_are_entries_of_the_journal(edge_of, tmp_path):
    provider = TestbedProvider(CONFIG, accounts=2, endowment_eth=200.0, out=tmp_path / "live")
    edge = edge_of(provider)
    anna, ben = provider.accounts
    edge.buy(anna)
    ids = [provider.make_request("evm_snapshot", [])["result"] for _ in range(2)]
    edge.buy(ben)
    provider.make_request("evm_revert", [ids[1]])
    provider.make_request("evm_setNextBlockTimestamp", [5_000])
    edge.buy(anna)
    edge.buy(ben)
    provider.make_request("evm_revert", [ids[0]])
    edge.send(edge.market.functions.bidInSale(0, ETH), ben, gasPrice=10)
    edge.send(edge.market.functions.bidInSale(0, 2 * ETH), ben, gasPrice=20, nonce=0)
    provider.make_request("evm_setNextBlockTimestamp", [6_000])
    edge.mine()
    ended = provider.finish()
    assert ended.summary["blocks"] == 2
    assert all(outcome.is_same for outcome in replay(ended.path).values())
    assert verify_run(ended.path).is_sound
    assert resume(ended.path, tell=lambda _: None).summary == ended.summary
    again = edge_of(TestbedProvider(load(ended.path)))
    assert again.web3.eth.get_block("latest") == edge.web3.eth.get_block("latest")


def test_the_oldest_snapshot_goes_where_there_are_too_many():
    kept = Snapshots()
    ids = [kept.keep(Snapshot(b"", number)) for number in range(MOST_SNAPSHOTS + 1)]
    assert kept.take(ids[0]) is None
    assert kept.take(ids[1]) == Snapshot(b"", 1)
    assert kept.take(ids[2]) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [("et-testbed", "et-testbed/"), ("anvil", "anvil/v"), ("hardhat", "HardhatNetwork/2.29")],
)
def test_it_calls_itself_as_it_is_told(name, said):
    provider = TestbedProvider(CONFIG, client=name)
    assert provider.make_request("web3_clientVersion", [])["result"].startswith(said)


def test_names_of_other_chains_mean_the_same(edge, call):
    assert call("hardhat_mine", "0x3", "0x1")["result"] is True
    assert call("anvil_mine", "0x2")["result"] is None
    assert edge.web3.eth.block_number == 5
    assert call("anvil_getAutomine")["result"] is call("hardhat_getAutomine")["result"] is False
    id = call("anvil_snapshot")["result"]
    assert call("anvil_increaseTime", 12)["result"] == 12
    assert call("anvil_revert", id)["result"] is True
    assert edge.web3.eth.block_number == 5


def test_a_run_that_has_ended_is_not_put_back(edge):
    id = edge.provider.make_request("evm_snapshot", [])["result"]
    edge.provider.finish()
    for method, params in (("evm_revert", [id]), ("evm_snapshot", []), ("evm_setNextBlockTimestamp", [10**6])):
        with pytest.raises(Web3RPCError, match="the run"):
            edge.web3.manager.request_blocking(method, params)


def test_filters_tell_what_comes_in_the_stead_of_what_was_put_back(call):
    before = call("evm_snapshot")["result"]
    logs, heads = (call(f"eth_new{kind}Filter", *asked)["result"] for kind, asked in (("", [{}]), ("Block", [])))
    call("evm_mine", {"blocks": 5})
    assert len(call("eth_getFilterChanges", heads)["result"]) == 5
    assert call("eth_getFilterChanges", logs)["result"]
    call("evm_revert", before)
    call("evm_mine", {"blocks": 7})
    assert len(call("eth_getFilterChanges", heads)["result"]) == 7
    assert call("eth_getFilterChanges", logs) == call("eth_getLogs", {"fromBlock": "0x1", "toBlock": "latest"})


def test_the_state_that_a_run_was_put_back_to_is_kept(edge, call, monkeypatch):
    monkeypatch.setattr(kept_states, "MOST_STATES", 3)
    who = edge.provider.accounts[0].address
    before = call("evm_snapshot")["result"]
    call("evm_mine", {"blocks": 4})
    call("evm_revert", before)
    edge.mine()
    assert call("eth_getBalance", who, "0x0")["result"] == hex(200 * ETH)


def test_a_call_at_a_block_has_its_time(edge):
    ticket, ben = edge.buy(edge.provider.accounts[0]), edge.provider.accounts[1]
    then = edge.web3.eth.get_block("latest")
    permit = edge.tickets.functions.permit(ben.address, ticket, then["timestamp"], bytes(65))
    edge.mine()
    for block, said in ((then["number"], "bad_signature"), ("latest", "permit_expired")):
        with pytest.raises(ContractLogicError, match=said):
            permit.call(block_identifier=block)
