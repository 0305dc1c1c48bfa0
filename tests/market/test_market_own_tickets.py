"""The tickets of one holder, as it sees them: right after every change, and cheap to make anew."""

from __future__ import annotations

import pickle
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from chain.account import PROTOCOL
from chain.portfolio import BATCH
from chain.records import Records
from chain.ticket import NEVER, Ticket
from chain.titles import Titles
from market.view import OwnTickets, TicketView
from market.viewer import own_tickets, ticket_view

HOLDERS = (1, 2)
MOVES = ("mint", "sell", "draw", "list", "assign", "burn")


def titles_of(tickets: int, holder: int = 1) -> Titles:
    """So many tickets of one holder; the last block of ticket s is 10 + s."""
    titles = Titles(3, Records(Path("nowhere"), {}))
    for serial in range(tickets):
        titles.transfer(titles.mint(Ticket(serial, -1, 0, 10 + serial, b"", 1)), holder, "primary")
    return titles


def change(titles: Titles, move: str, pick: int) -> None:
    """One change of one ticket."""
    serials = list(titles.live)
    if move == "mint" or not serials:
        titles.mint(Ticket(titles.minted, 0, 0, (NEVER, 5, 60)[pick % 3], b"", 1))
        return
    title = titles.live[serials[pick % len(serials)]]
    match move:
        case "sell":
            titles.transfer(title, 1 + pick % 2, "trade")
        case "draw":
            titles.draw(title, pick % 40)
        case "list":
            titles.list(title, None if title.listing is not None else pick)
        case "assign":
            titles.assign(title, 2)
        case "burn":
            titles.burn(title, "expired")


def plain(titles: Titles, holder: int) -> tuple[TicketView, ...]:
    """The tickets of a holder, looked at one by one and remembered nowhere."""
    found = []
    for title in titles.holdings[holder].values():
        title.picture = None
        found.append(ticket_view(title))
    return tuple(found)


@given(st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 500), st.booleans()), max_size=60))
def test_after_every_change_a_holder_sees_its_tickets_as_they_are(moves):
    titles = titles_of(BATCH + 5)
    kept: list[tuple[OwnTickets, tuple[TicketView, ...]]] = []
    for move, pick, looks in moves:
        change(titles, move, pick)
        if looks:
            for holder in HOLDERS:
                seen = own_tickets(titles.holdings[holder])
                kept.append((seen, tuple(seen)))
                assert (len(seen), seen) == (len(plain(titles, holder)), plain(titles, holder))
    assert all(tuple(seen) == before for seen, before in kept)
    live = [serial for holding in titles.holdings for batch in holding.batches.values() for serial in batch.titles]
    assert sorted(live) == sorted(titles.live)


@given(st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 500)), max_size=40), st.integers(-1, 120))
def test_what_is_due_is_what_is_drawn_or_ends_by_then(moves, block):
    titles = titles_of(BATCH + 5)
    for move, pick in moves:
        change(titles, move, pick)
    for holder in HOLDERS:
        tickets = plain(titles, holder)
        due = [ticket for ticket in tickets if ticket.drawn_for is not None or ticket.last_block <= block]
        assert own_tickets(titles.holdings[holder]).due(block) == due == OwnTickets.of(tickets).due(block)


def test_a_change_touches_one_batch_and_nothing_is_copied_where_nothing_changed():
    titles = titles_of(3 * BATCH)
    before = own_tickets(titles.holdings[1])
    assert own_tickets(titles.holdings[1]) is before
    titles.draw(titles.live[BATCH], 3)
    after = own_tickets(titles.holdings[1])
    same = [old is new for old, new in zip(before.batches, after.batches, strict=True)]
    assert same == [True, False, True]
    titles.burn(titles.live[2 * BATCH], "expired")
    assert own_tickets(titles.holdings[1]).batches[0] is before.batches[0]


def test_batches_that_are_empty_go():
    titles = titles_of(3 * BATCH)
    for serial in range(BATCH, 2 * BATCH):
        titles.transfer(titles.live[serial], PROTOCOL, "transfer")
    assert list(titles.holdings[1].batches) == [0, 2]
    assert [ticket.serial for ticket in own_tickets(titles.holdings[PROTOCOL])] == list(range(BATCH, 2 * BATCH))


def test_to_its_reader_it_is_a_tuple():
    titles = titles_of(BATCH + 2)
    seen, tickets = own_tickets(titles.holdings[1]), plain(titles, 1)
    assert seen == tickets
    assert tickets == seen
    assert seen != tickets[1:]
    assert (seen[0], seen[-1], seen[3:5]) == (tickets[0], tickets[-1], tickets[3:5])
    assert (hash(seen), repr(seen), list(reversed(seen))) == (hash(tickets), repr(tickets), [*reversed(tickets)])
    assert tickets[-1] in seen
    assert seen.index(tickets[-1]) == BATCH + 1
    assert pickle.loads(pickle.dumps(seen)) == seen
    assert not own_tickets(titles.holdings[2])
