"""Ownership: who holds what, what a change of hands ends, and what is counted beside it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.account import PROTOCOL
from chain.errors import NotOwner, TicketBurned, TicketListed, TicketMoved, UnknownTicket
from chain.records import Records
from chain.ticket import NEVER, Ticket
from chain.titles import TICKETS, TRANSFERS, Titles

ACCOUNTS = 4
TICKETS_MINTED = 6


def new_titles() -> Titles:
    """Six tickets of the protocol; accounts 1, 2, 3 have none."""
    titles = Titles(ACCOUNTS, Records(Path("nowhere"), {}))
    for serial in range(TICKETS_MINTED):
        titles.mint(Ticket(serial, -1, serial, serial, b"", 1))
    return titles


@pytest.fixture
def titles() -> Titles:
    return new_titles()


def last_row(titles: Titles, schema) -> dict[str, object]:
    """The last row of a table, by the names of its columns."""
    table = titles._tickets if schema is TICKETS else titles._transfers
    return dict(zip((column.name for column in schema.columns), table._rows[-1], strict=True))


def test_a_mint_is_written_down(titles):
    assert last_row(titles, TRANSFERS) == {
        "transfer": 5,
        "slot": -1,
        "ticket": 5,
        "reason": "mint",
        "giver": None,
        "taker": PROTOCOL,
        "nonce": 0,
    }


def test_what_is_written_of_a_ticket_of_a_round_without_end(titles):
    """The block that it was drawn for is the first of its round, however many of them are settled."""
    title = titles.mint(Ticket(6, 0, 3, NEVER, b"", 1)._replace(signature=b"signed"))
    titles.draw(title, 7)
    titles.assign(title, 2)
    for block in (8, 9):
        titles.advance(title)
        assert (title.drawn_for, title.builder) == (block, None)
    titles.burn(title, "proposed")
    told = last_row(titles, TICKETS)
    assert (told["drawn_for"], told["last_block"], told["signature"]) == (7, None, b"signed")
    titles.burn(titles.get(4), "expired")
    told = last_row(titles, TICKETS)
    assert (told["drawn_for"], told["last_block"], told["signature"]) == (None, 4, None)


moves = st.lists(st.tuples(st.integers(0, TICKETS_MINTED - 1), st.sampled_from([1, 2, 3, "burn"])), max_size=25)


@given(moves)
def test_holdings_and_their_squares_are_those_of_a_naive_list(moves):
    """The sum of squares leaves out what the protocol still has."""
    titles, owners = new_titles(), dict.fromkeys(range(TICKETS_MINTED), PROTOCOL)
    for serial, where in moves:
        if serial not in owners:
            continue
        if where == "burn":
            titles.burn(titles.get(serial), "proposed")
            del owners[serial]
        else:
            titles.transfer(titles.get(serial), where, "trade")
            owners[serial] = where
        held = Counter(owners.values())
        assert [len(titles.holdings[account]) for account in range(ACCOUNTS)] == [held[a] for a in range(ACCOUNTS)]
        assert titles.held == sum(held[account] for account in (1, 2, 3))
        assert titles.squares == sum(held[account] ** 2 for account in (1, 2, 3))
        assert titles.minted == len(titles.live) + titles.burned == TICKETS_MINTED


def test_a_change_of_hands_ends_the_listing_and_raises_the_nonce(titles):
    title = titles.get(2)
    titles.transfer(title, 1, "primary")
    titles.list(title, 9)
    titles.transfer(title, 3, "trade")
    assert (title.owner, title.listing, title.nonce) == (3, None, 2)
    row = {"transfer": 7, "slot": -1, "ticket": 2, "reason": "trade", "giver": 1, "taker": 3, "nonce": 2}
    assert last_row(titles, TRANSFERS) == row


def test_a_builder_gets_the_building_and_the_listing_ends(titles):
    title = titles.get(2)
    titles.transfer(title, 1, "primary")
    titles.list(title, 9)
    titles.assign(title, 3)
    assert (title.owner, title.builder, title.listing, title.nonce) == (1, 3, None, 1)


def test_the_slot_of_its_sale_is_that_in_which_the_protocol_sold_it(titles):
    title = titles.get(2)
    titles.slot = 5
    titles.transfer(title, 1, "primary")
    titles.slot = 8
    titles.transfer(title, 3, "trade")
    assert title.sold_slot == 5


def test_a_burned_ticket_goes_to_nobody_and_its_life_is_written_down(titles):
    title = titles.get(2)
    titles.transfer(title, 1, "primary")
    titles.draw(title, 4)
    titles.slot = 4
    titles.burn(title, "missed")
    row = {"transfer": 7, "slot": 4, "ticket": 2, "reason": "burn", "giver": 1, "taker": None, "nonce": 1}
    assert last_row(titles, TRANSFERS) == row
    life = last_row(titles, TICKETS)
    assert (life["owner"], life["transfers"], life["drawn_for"]) == (1, 1, 4)
    assert (life["end"], life["end_slot"]) == ("missed", 4)


def test_a_live_ticket_is_written_at_the_end_without_a_slot(titles):
    titles.close()
    life = last_row(titles, TICKETS)
    assert (life["ticket"], life["end"], life["end_slot"], life["drawn_for"]) == (5, "live", None, None)


def test_each_change_of_a_ticket_is_a_change_of_its_holders(titles):
    title = titles.get(2)
    paint(titles)
    titles.transfer(title, 1, "primary")
    assert [holding.picture for holding in titles.holdings] == [None, None, "old", "old"]
    for change in (lambda: titles.list(title, 9), lambda: titles.draw(title, 4), lambda: titles.assign(title, 3)):
        paint(titles)
        change()
        pictures = [titles.holdings[1].picture, titles.holdings[1].batches[title.batch].picture, title.picture]
        assert pictures == [None, None, None]
        assert titles.holdings[0].picture == "old"


def paint(titles: Titles) -> None:
    """As a viewer does."""
    for holding in titles.holdings:
        holding.picture = "old"
        for batch in holding.batches.values():
            batch.picture = "old"
    for title in titles.live.values():
        title.picture = "old"


@pytest.mark.parametrize(
    ("serial", "error", "says"),
    [
        (0, TicketBurned, "ticket 0 is burned"),
        (6, UnknownTicket, "there is no ticket 6; serials so far: 0 … 5"),
        (-1, UnknownTicket, "there is no ticket -1"),
        ("1", UnknownTicket, "there is no ticket '1'"),
    ],
)
def test_what_is_no_live_ticket_is_said_so(titles, serial, error, says):
    titles.burn(titles.get(0), "expired")
    with pytest.raises(error, match=says):
        titles.get(serial)


def test_a_ticket_is_ones_own_at_its_nonce_and_free_without_a_listing(titles):
    title = titles.get(2)
    titles.transfer(title, 1, "primary")
    assert titles.owned(2, 1, 1) is titles.free(2, 1, 1) is title
    with pytest.raises(TicketMoved, match="ticket 2 has moved: transfer nonce 1, not 0"):
        titles.owned(2, 1, 0)
    with pytest.raises(NotOwner, match="ticket 2 belongs to account 1, not to 3"):
        titles.owned(2, 3, 1)
    titles.list(title, 9)
    assert titles.owned(2, 1, 1) is title
    with pytest.raises(TicketListed, match="ticket 2 is in escrow for listing 9"):
        titles.free(2, 1, 1)
