"""The draw rule `randea`: the tickets of a window are dealt to its blocks at random, one slot at a time."""

from __future__ import annotations

import re
from collections import Counter
from itertools import permutations

import pytest

from chain.beacon import Beacon
from chain.rules.randea import candidates, randea_rule
from experiments import run
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import read_config
from experiments.lab.verify import verify_run

SELLER = {"strategy": "at_once", "role": "seller"}
BUYERS = {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2}


def dealt(make_chain, window: int, maturity: int, blocks: int, seed: int = 0) -> list[int]:
    """The serials that proposed blocks 0, 1, 2, …; account 1 buys what is minted."""
    chain = make_chain(rule=randea_rule(window), supply=maturity + 1, maturity=maturity, signed=False)
    chain.state.beacon = Beacon(seed.to_bytes(32, "big"))
    chain.genesis()
    serials = []
    for _ in range(blocks):
        chain.open()
        serials.append(chain.state.draws[chain.state.slot].ticket)
        chain.propose()
        for serial in chain.close()[1]:
            chain.sell(serial, 1)
    return serials


def test_each_window_is_a_permutation_of_its_own_tickets(make_chain):
    """With T = 5 the ticket of serial k would mature at block k, so window w has the serials 4w … 4w + 3."""
    serials = dealt(make_chain, window=4, maturity=5, blocks=40)
    for first in range(0, 40, 4):
        assert sorted(serials[first : first + 4]) == list(range(first, first + 4))
    assert serials != sorted(serials)


def test_all_permutations_of_a_window_are_equally_likely(make_chain):
    """Of 1,200 windows of three tickets about 200 have each order; |z| ≤ 4 at √(1200 · 1/6 · 5/6) = 12.9."""
    serials = dealt(make_chain, window=3, maturity=2, blocks=3600)
    orders = Counter(tuple(s % 3 for s in serials[first : first + 3]) for first in range(0, 3600, 3))
    assert set(orders) == set(permutations(range(3)))
    assert all(abs(count - 200) <= 4 * 12.91 for count in orders.values())


def test_a_block_is_not_drawn_before_its_slot_and_any_ticket_left_may_get_it(make_chain):
    chain = make_chain(rule=randea_rule(3), supply=4, maturity=3).genesis()
    assert chain.state.draws == {}
    assert candidates(chain.state, 0) == [0, 1, 2]
    chain.open()
    assert set(chain.state.draws) == {0}
    left = {0, 1, 2} - {chain.state.draws[0].ticket}
    assert set(candidates(chain.state, 1)) == set(candidates(chain.state, 2)) == left
    assert {title.series for title in chain.state.titles.live.values() if title.ticket.serial in left} == {
        (False, 2)
    }


def test_a_window_of_one_block_is_the_rule_maturity():
    """Unsigned runs, so that the rules' identities do not show."""
    results = [
        run({"agents": [SELLER, BUYERS]}, blocks=30, overrides=["chain.maturity=4", *more], signatures="off")
        for more in ([], ["chain.draw=randea", "chain.window=1"])
    ]
    one, other = results
    assert all(getattr(one, table).equals(getattr(other, table)) for table in one.tables())


def test_the_auditor_deals_again(tmp_path):
    overrides = ["chain.draw=randea", "chain.maturity=7", "chain.window=4"]
    result = run({"agents": [SELLER, BUYERS]}, blocks=40, overrides=overrides, out=tmp_path / "run")
    assert verify_run(tmp_path / "run").is_sound
    assert set(result.tickets.last_block - result.tickets.first_block) == {3}


@pytest.mark.parametrize(
    ("chain", "says"),
    [
        ({"lookahead": 1}, "drawn at its own slot"),
        ({"window": 34}, "window is 34; it must not exceed maturity + 1 = 33"),
        ({"supply": 16}, "takes supply = maturity + 1 = 33"),
        ({"maturity": "none"}, "needs a number of blocks"),
    ],
)
def test_what_makes_no_sense_is_refused(chain, says):
    with pytest.raises(InputError, match=re.escape(says)):
        read_config({"chain": {"draw": "randea", **chain}})


def test_tickets_of_several_windows_are_not_one_good():
    with pytest.raises(InputError, match="each is for a window of its own"):
        read_config({"chain": {"draw": "randea"}, "market": {"primary": "uniform_price"}})
