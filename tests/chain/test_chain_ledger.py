"""Money: double entry, nobody below zero, nothing but whole Gwei."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import BadAmount, InsufficientFunds
from chain.ledger import (
    BURNED,
    ENDOWMENTS,
    MAX_GWEI,
    REFUNDS,
    REWARDS,
    SPENT,
    Ledger,
    check_amount,
    escrow_pot,
    free_pot,
    pot_names,
)
from chain.records import Records

ACCOUNTS = 3
KINDS = (
    "endow",
    "lock",
    "release",
    "settle",
    "burn",
    "reward",
    "spend",
    "refund",
    "forfeit",
    "transfer",
    "burn_gas",
)
accounts = st.integers(0, ACCOUNTS - 1)
amounts = st.one_of(st.integers(0, 50), st.sampled_from([MAX_GWEI, MAX_GWEI - 1, MAX_GWEI + 1, -1, 1.0, True]))
moves = st.lists(st.tuples(st.sampled_from(KINDS), accounts, accounts, amounts), max_size=30)


def flow(kind: str, a: int, b: int) -> tuple[int, int]:
    """From which pot to which a movement goes."""
    return {
        "endow": (ENDOWMENTS, free_pot(a)),
        "lock": (free_pot(a), escrow_pot(a)),
        "release": (escrow_pot(a), free_pot(a)),
        "settle": (escrow_pot(a), free_pot(b)),
        "burn": (escrow_pot(a), BURNED),
        "reward": (REWARDS, free_pot(a)),
        "spend": (free_pot(a), SPENT),
        "refund": (REFUNDS, free_pot(a)),
        "forfeit": (escrow_pot(a), BURNED),
        "transfer": (free_pot(a), free_pot(b)),
        "burn_gas": (free_pot(a), BURNED),
    }[kind]


def new_ledger() -> Ledger:
    return Ledger(ACCOUNTS, Records(Path("nowhere"), {}))


def move(ledger: Ledger, kind: str, a: int, b: int, gwei: int) -> None:
    own = {"settle": ("trade", a, b, gwei), "spend": ("cost", a, gwei), "transfer": (a, b, gwei)}
    arguments = own.get(kind, (a, gwei))
    getattr(ledger, kind)(*arguments)


@given(moves)
def test_every_movement_is_what_a_naive_ledger_makes_of_it(moves):
    ledger, naive = new_ledger(), Counter()
    for kind, a, b, gwei in moves:
        payer, payee = flow(kind, a, b)
        try:
            move(ledger, kind, a, b, gwei)
        except InsufficientFunds:
            assert payer > REFUNDS
            assert naive[payer] < gwei
        except BadAmount:
            assert type(gwei) is not int or not 0 <= gwei <= MAX_GWEI or naive[payee] + gwei > MAX_GWEI
        else:
            naive[payer] -= gwei
            naive[payee] += gwei
        for account in range(ACCOUNTS):
            assert ledger.money(account) == (ledger.free(account), ledger.escrowed(account))
            assert ledger.free(account) == naive[free_pot(account)] >= 0
            assert ledger.escrowed(account) == naive[escrow_pot(account)] >= 0
        flows = [ledger.total(pot) for pot in (ENDOWMENTS, REWARDS, REFUNDS, BURNED, SPENT)]
        assert flows == [abs(naive[pot]) for pot in (ENDOWMENTS, REWARDS, REFUNDS, BURNED, SPENT)]
        held = sum(ledger.free(account) + ledger.escrowed(account) for account in range(ACCOUNTS))
        assert held + flows[3] + flows[4] == sum(flows[:3])
        assert ledger.is_balanced()


@given(moves)
def test_replaying_the_payments_gives_every_balance(moves):
    ledger, replayed = new_ledger(), Counter()
    for number, (kind, a, b, gwei) in enumerate(moves):
        ledger.slot = number
        try:
            move(ledger, kind, a, b, gwei)
        except (InsufficientFunds, BadAmount):
            continue
    rows = ledger._rows._rows
    assert [row[0] for row in rows] == list(range(len(rows)))
    for _, _, _, payer, payee, gwei, _ in rows:
        replayed[payer] -= gwei
        replayed[payee] += gwei
    assert [ledger.free(account) for account in range(ACCOUNTS)] == [
        replayed[free_pot(account)] for account in range(ACCOUNTS)
    ]
    assert ledger.total(BURNED) == replayed[BURNED]


def test_a_movement_says_why_and_for_which_ticket():
    ledger = new_ledger()
    reasons = {"settle": "trade", "burn": "primary", "spend": "cost", "forfeit": "missed", "burn_gas": "gas"}
    ledger.endow(0, 100)
    ledger.lock(0, 50)
    for kind in KINDS[1:-2]:
        arguments = {"settle": ("trade", 0, 1), "spend": ("cost", 0)}.get(kind, (0,))
        getattr(ledger, kind)(*arguments, 1, 7)
    ledger.burn_gas(0, 1)
    ledger.transfer(0, 1, 1)
    told = [(reason, ticket) for _, _, reason, _, _, _, ticket in ledger._rows._rows[1:]]
    assert told == [
        ("lock", None),
        *((reasons.get(kind, kind), 7) for kind in KINDS[1:-2]),
        ("gas", None),
        ("transfer", None),
    ]
    assert ledger._rows._rows[0][1:3] == (-1, "endow")


@pytest.mark.parametrize("gwei", [-1, 2**63, 1.0, float("nan"), True, "5", None])
def test_an_amount_is_a_whole_number_of_gwei(gwei):
    with pytest.raises(BadAmount, match=rf"^tip is {re.escape(repr(gwei))}; it must be a whole number"):
        check_amount(gwei, "tip")
    ledger = new_ledger()
    with pytest.raises(BadAmount, match=r"endow is .*; it must be a whole number of Gwei in 0 … 2\^63 − 1"):
        ledger.endow(1, gwei)
    assert ledger.free(1) == 0


def test_none_and_as_much_as_a_table_holds_are_amounts():
    for gwei in (0, MAX_GWEI):
        check_amount(gwei, "tip")


def test_a_pot_holds_no_more_than_a_table_can():
    ledger = new_ledger()
    ledger.endow(1, MAX_GWEI)
    with pytest.raises(BadAmount, match="more than the account can hold"):
        ledger.reward(1, 1)
    assert ledger.free(1) == MAX_GWEI


def test_pots_are_named_by_their_number():
    names = pot_names(["protocol", "anna"])
    assert names[free_pot(1)] == "anna"
    assert names[escrow_pot(1)] == "anna/escrow"
    world = {"endowments": ENDOWMENTS, "rewards": REWARDS, "refunds": REFUNDS, "burned": BURNED, "spent": SPENT}
    assert {names[pot]: pot for pot in world.values()} == world
