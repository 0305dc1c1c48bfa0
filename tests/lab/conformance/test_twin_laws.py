"""What the protocol in Python and the contract keep, each by itself, whatever is done to them."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from experiments.lab.conformance.twin import twin_laws
from experiments.lab.conformance.twin.both_sides import ContractCall
from experiments.lab.conformance.twin.consent import Consent
from experiments.lab.conformance.twin.pair import Pair
from experiments.lab.conformance.twin.player import Player
from experiments.lab.conformance.twin.random_rules import random_rules
from experiments.lab.conformance.twin.side_picture import of_contract, of_protocol
from experiments.lab.conformance.twin.twin_laws import NOTHING, LawBroken, Laws, Step
from market.resale_times import RESALE
from tests.lab.conformance.test_contract_findings import MONEY, Scene

seeds = st.integers(0, 2**32)


class AnyHistory(RuleBasedStateMachine):
    """Steps of the slot and tries of an adversary in any order. `Laws` watches both sides after each operation,
    and the pair compares them."""

    @initialize(seed=seeds)
    def genesis(self, seed):
        rng = Random(seed)
        self.pair = Pair(random_rules(rng), RESALE[rng.choice(["both", "ex_ante", "ex_post"])], seed)
        self.laws = Laws(self.pair)
        self.player = Player(self.pair, rng)
        self.player.genesis()

    @rule(seed=seeds, place=st.integers(0, 1000))
    def attempt(self, seed, place):
        self.player.go_by(Random(seed))
        self.player.tries[place % len(self.player.tries)]()

    @rule()
    def open_slot(self):
        self.pair.open_slot()

    @rule(seed=seeds)
    def end_block(self, seed):
        self.player.go_by(Random(seed))
        self.player.end_block()

    @rule(seed=seeds)
    def end_slot(self, seed):
        self.player.go_by(Random(seed))
        self.player.end_slot()


@pytest.mark.parametrize(("examples", "steps"), [(4, 25), pytest.param(300, 60, marks=pytest.mark.slow)])
def test_the_laws_hold_on_both_sides_after_every_operation(examples, steps):
    profile = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyHistory, settings=profile)


@pytest.fixture(scope="module")
def step() -> Step:
    """Nothing happens, to a pair with a drawn ticket."""
    both = Scene().both
    now = of_contract(both.tickets, both.addresses)
    assert now == of_protocol(both.state)._replace(held=now.held)
    return Step(now, now, NOTHING, Consent(), False, both.addresses[0], both.state.rules, None)


def changed(step: Step, **changes: Any) -> Step:
    return step._replace(after=step.after._replace(**changes))


def of(picture: dict[Any, Any], key: Any, value: Any) -> dict[Any, Any]:
    return picture | {key: value}


def broken(step: Step) -> dict[str, list[Step]]:
    """Of each law some steps that break it."""
    now = step.after
    (drawn,) = now.drawn_for
    serial = next(serial for serial in now.owners if serial != drawn)
    owner = now.owners[serial]
    other = next(other for other in now.owners.values() if other != owner)
    fewer = {key: value for key, value in now.owners.items() if key != serial}
    settles, of_two = ContractCall("leaveEmpty", b"", ()), step.rules._replace(round=2)
    poorer = of(now.money, owner, MONEY - 1)
    return {
        "supply_is_conserved": [
            changed(step, minted=2),
            changed(step, owners=now.owners | {1: owner, 99: owner}),
            changed(step, owners=now.owners | {3: owner}, supply=4, urn=3, minted=4),
            changed(step, urn=3),
            changed(step, drawn_for={}),
            changed(step._replace(before=now._replace(owners=fewer))),
        ],
        "a_ticket_has_one_owner": [
            changed(step, owners=of(now.owners, serial, other)),
            changed(step, held=of(now.held, owner, 3)),
            changed(
                step, owners=of(now.owners, serial, b"\x0f" * 20), held=of(now.held, owner, now.held[owner] - 1)
            ),
        ],
        "what_is_refused_changes_nothing": [changed(step._replace(refused=True), burned=1)],
        "nobody_pays_more_than_it_signed": [
            changed(step, money=poorer),
            changed(step._replace(consent=Consent(gets=Counter({owner: 1})))),
        ],
        "nobody_loses_a_ticket_unasked": [
            changed(step, owners=of(now.owners, serial, other)),
            changed(step, owners=fewer),
        ],
        "a_ticket_proposes_block_by_block": [
            changed(step, drawn_for={drawn: 1}),
            changed(step, drawn_for={}),
            step._replace(call=settles),
            changed(step._replace(call=settles), drawn_for={drawn: 1}),
            changed(step._replace(call=settles, rules=of_two), drawn_for={}),
            changed(step._replace(call=settles, rules=of_two), drawn_for={drawn: 2}),
        ],
    }


@pytest.mark.parametrize("law", twin_laws.LAWS, ids=lambda law: law.__name__)
def test_each_law_holds_of_nothing_and_is_broken_by_what_it_forbids(law, step):
    law(step)
    for other in broken(step)[law.__name__]:
        with pytest.raises(LawBroken):
            law(other)


@pytest.fixture
def watched() -> tuple[Scene, Laws]:
    scene = Scene()
    laws = Laws(scene.both)
    scene.both.leave_empty()
    return scene, laws


def test_a_slot_that_is_settled_again_has_two_proposers(watched):
    scene, laws = watched
    laws.check()
    scene.both.accepted += 1
    with pytest.raises(LawBroken, match="slot 0 has two proposers"):
        laws.check()


def test_a_block_is_drawn_once(watched):
    scene, laws = watched
    scene.both.close_slot()
    laws._rounds[1] = 99
    with pytest.raises(LawBroken, match="round 1 is drawn twice"):
        scene.both.open_slot()


def test_the_contract_has_what_it_owes(watched):
    scene, laws = watched
    scene.both.tickets.give(scene.both.tickets.address)
    with pytest.raises(LawBroken, match=f"{2 * MONEY} Gwei are to be in the contract"):
        laws.check()
