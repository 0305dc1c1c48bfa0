"""When a ticket may be sold on."""

from __future__ import annotations

import re

import pytest

from market.errors import AuctionClosed, ResaleClosed
from market.resale_times import RESALE, Resale, check_left

TABLE = {"never": (False, False), "ex_ante": (True, False), "ex_post": (False, True), "both": (True, True)}


def refusal(check, title):
    """What is said, or None."""
    try:
        check(title)
    except ResaleClosed as refused:
        return str(refused)
    return None


@pytest.fixture
def titles(market):
    """Ticket 0 is drawn, ticket 3 is not."""
    return market.titles


def test_the_names_stand_for_before_and_after_the_draw():
    assert {name: (resale.ex_ante, resale.ex_post) for name, resale in RESALE.items()} == TABLE
    assert not any(resale.building for resale in RESALE.values())


@pytest.mark.parametrize(("name", "allowed"), TABLE.items())
def test_a_ticket_is_sold_before_or_after_its_draw(titles, name, allowed):
    resale, (before, after) = RESALE[name], allowed
    assert (resale.allows(False), resale.allows(True)) == allowed
    undrawn = "ticket 3: no resale before the draw in this market"
    drawn = "ticket 0: no resale after the draw in this market"
    assert refusal(resale.check, titles.live[3]) == (None if before else undrawn)
    assert refusal(resale.check, titles.live[0]) == (None if after else drawn)


def test_a_ticket_whose_building_is_sold_is_sold_no_more(titles):
    titles.assign(titles.live[0], 2)
    with pytest.raises(ResaleClosed, match="ticket 0: the building of its block is sold"):
        RESALE["both"].check(titles.live[0])


def test_building_is_sold_from_the_draw_on_and_once(titles):
    resale = Resale(False, False, building=True)
    resale.check_building(titles.live[0])
    closed = "no sale of the building right now in this market"
    assert refusal(resale.check_building, titles.live[3]) == f"ticket 3: {closed}"
    assert refusal(RESALE["both"].check_building, titles.live[0]) == f"ticket 0: {closed}"
    titles.assign(titles.live[0], 2)
    assert re.search("is sold$", refusal(resale.check_building, titles.live[0]) or "")


def test_a_sale_of_what_is_left_of_a_round_does_not_end_before_its_next_block(titles):
    running = titles.live[0]
    check_left(running, 0)
    titles.advance(running)
    assert (running.drawn_for, running.used) == (1, 1)
    check_left(running, 1)
    with pytest.raises(AuctionClosed, match=r"ticket 0 has used block 0 .* ends in slot 1 or later, not in 0"):
        check_left(running, 0)
    check_left(titles.live[3], 0)
