"""The draw rule `epoch`: a whole epoch at once, among the tickets that were held before the last sale."""

from __future__ import annotations

from collections import Counter

import pytest
from scipy.stats import chisquare

from chain.beacon import Beacon
from chain.protocol import process_first_draws, process_genesis
from chain.rules import EPOCH, draw_rule
from experiments import run
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import read_config
from experiments.lab.verify import verify_run


def opened(make_chain, supply: int, seed: int = 0, maturity: int | None = None, lookahead: int = 0):
    """A chain at slot 0, all tickets of account 1."""
    chain = make_chain(
        rule=draw_rule("epoch"), supply=supply, maturity=maturity, lookahead=lookahead, signed=False
    )
    chain.state.beacon = Beacon(seed.to_bytes(32, "big"))
    chain.genesis().open()
    return chain


def drawn(chain, first: int = 0) -> list[int | None]:
    return [chain.state.draws[block].ticket for block in range(first, first + EPOCH)]


def test_an_epoch_is_filled_at_its_first_slot_without_replacement(make_chain):
    chain = opened(make_chain, supply=40)
    assert len(set(drawn(chain))) == EPOCH
    assert sorted(chain.state.draws) == list(range(EPOCH))


def test_a_stock_that_is_too_small_leaves_the_last_slots_empty(make_chain):
    serials = drawn(opened(make_chain, supply=5))
    assert sorted(serials[:5]) == [0, 1, 2, 3, 4]
    assert serials[5:] == [None] * (EPOCH - 5)


def test_what_is_sold_right_before_an_epoch_is_not_in_its_draw(make_chain):
    """40 tickets; those minted in slots 0 … 30 replace those drawn, that of slot 31 is sold too late."""
    chain = opened(make_chain, supply=40)
    for _ in range(EPOCH):
        chain.propose()
        (serial,) = chain.close()[1]
        chain.sell(serial, 1)
        chain.open()
    assert serial == 71
    assert len(chain.state.urn) == 8
    assert serial in chain.state.urn
    assert 71 not in drawn(chain, EPOCH)


def test_what_changes_hands_right_before_an_epoch_was_sold_in_time(make_chain):
    chain = make_chain(rule=draw_rule("epoch", epoch=4), supply=9, maturity=None, signed=False)
    chain.genesis()
    for _ in range(4):
        chain.slot()
    for title in list(chain.state.titles.live.values()):
        chain.state.titles.transfer(title, 2, "trade")
    assert {title.sold_slot for title in chain.state.titles.live.values()} == {-1, 0, 1, 2, 3}
    chain.open()
    assert [title.owner for title in chain.state.titles.live.values() if title.drawn_for] == [2] * 4


def test_an_epoch_may_have_another_length(make_chain):
    chain = make_chain(rule=draw_rule("epoch", epoch=4), supply=9, maturity=None, signed=False)
    chain.genesis().open()
    assert sorted(chain.state.draws) == [0, 1, 2, 3]
    chain.propose()
    chain.close()
    for _ in range(4):
        chain.slot()
    assert sorted(chain.state.draws)[-4:] == [4, 5, 6, 7]


def test_an_epoch_of_one_slot_draws_block_by_block_among_held_tickets(make_chain):
    """Of five tickets one is sold, the last: it is drawn, and the protocol's never are."""
    chain = make_chain(rule=draw_rule("epoch", epoch=1), supply=5, maturity=None, signed=False)
    process_genesis(chain.state)
    chain.sell(4, owner=1)
    process_first_draws(chain.state)
    chain.slot()
    first = chain.state.draws[0].ticket
    chain.open()
    assert (first, chain.state.draws[1].ticket) == (4, None)


def test_rules_of_other_epochs_are_other_rules():
    assert draw_rule("epoch").name == draw_rule("epoch", epoch=EPOCH).name == "epoch"
    assert draw_rule("epoch", epoch=8).name == "epoch:8"


def test_every_ticket_is_equally_likely_for_every_block(make_chain):
    """Two blocks, 400 beacons, false alarm in a hundred thousand."""
    chains = [drawn(opened(make_chain, supply=8, seed=seed)) for seed in range(400)]
    for block in (0, 7):
        assert chisquare(list(Counter(serials[block] for serials in chains).values())).pvalue > 1e-5


def test_a_ticket_expires_once_its_last_epoch_is_drawn(make_chain):
    chain = opened(make_chain, supply=40, maturity=EPOCH)
    chain.propose()
    expired, minted = chain.close()
    assert (len(expired), len(minted)) == (40 - EPOCH, 40 - EPOCH + 1)
    tickets = [chain.state.titles.live[serial].ticket for serial in minted]
    assert {(ticket.first_block, ticket.last_block) for ticket in tickets} == {(EPOCH, 2 * EPOCH - 1)}


def test_with_lookahead_an_epoch_is_drawn_so_many_slots_ahead(make_chain):
    chain = opened(make_chain, supply=80, lookahead=5)
    assert sorted(chain.state.draws) == list(range(EPOCH))
    chain.propose()
    chain.close()
    for _ in range(EPOCH - 6):
        chain.slot()
    assert chain.state.slot == EPOCH - 6
    assert sorted(chain.state.draws)[-1] == EPOCH - 1
    chain.slot()
    assert sorted(chain.state.draws)[-1] == 2 * EPOCH - 1


def test_a_run_is_sound(tmp_path):
    chain = {"draw": "epoch", "supply": 70, "maturity": 64, "lookahead": 3}
    run({"chain": chain}, blocks=100, out=tmp_path / "run")
    assert verify_run(tmp_path / "run").is_sound


def test_maturity_is_whole_epochs():
    with pytest.raises(InputError, match="whole epochs of 32 blocks"):
        read_config({"chain": {"draw": "epoch", "maturity": 40}})
    with pytest.raises(InputError, match="whole epochs of 6 blocks"):
        read_config({"chain": {"draw": "epoch", "epoch": 6, "maturity": 40}})
    assert read_config({"chain": {"draw": "epoch", "epoch": 8, "maturity": 40}}).chain.epoch == 8
