"""The reserves of the protocol's sales, by a rule; engine and auditor each ask one of their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chain.ledger import check_amount
from chain.rewards import Outlook
from chain.state import Rules, State
from chain.ticket import Title
from market.auctions import Clearing, Lot, Terms
from market.primary import Chance, Rule
from market.reserves.reserve_rule import ReserveRule
from market.reserves.reserve_view import PastLot, ReserveView

MOST_LOTS = 256
"""So many past lots are shown."""


class Dates(NamedTuple):
    """The first and last block of a lot's ticket, or those of the next block or round to be drawn; and how many of
    them it proposes."""

    first: int
    last: int
    proposes: int = 1


def next_drawn(rules: Rules, slot: int) -> Dates:
    """The next block, or round, that is drawn after the sale of `slot`: what a ticket without a date is put up
    for."""
    span = rules.drawn_together
    block = -(-(slot + 1 + rules.ahead) // span) * span if slot >= 0 else 0
    return Dates(block, rules.last_of_round(block), rules.round)


def dates_of(state: State, titles: Sequence[Title]) -> list[Dates]:
    """Those of the tickets that are put up now."""
    if not state.rules.draw.facts.is_dated:
        return [next_drawn(state.rules, state.slot)] * len(titles)
    round = state.rules.round
    return [Dates(title.ticket.first_block, title.ticket.last_block, round) for title in titles]


class Reserves:
    """Asks `rule` for each lot of a sale. `floor`: the config's reserve, Gwei."""

    def __init__(self, rule: ReserveRule, floor: int, chance: Chance) -> None:
        self.rule = rule
        self.floor = floor
        self._chance = chance
        self._past: deque[PastLot] = deque(maxlen=MOST_LOTS)

    def offer(
        self, pricing: Rule, held: int, tickets: Sequence[Dates], slot: int, outlook: Outlook
    ) -> list[Terms]:
        """The terms of a slot's lots: those of the pricing rule, at the reserves of this one. Its posted price is
        the lowest of them. Raises `BadAmount` for what is no amount of Gwei."""
        asked = self._ask(held, tickets[: pricing.cap], slot, outlook)
        pricing.reserve = min(asked, default=self.floor)
        lots = pricing.offer(held, len(tickets))
        return [lifted(terms, gwei) for terms, gwei in zip(lots, asked, strict=False)]

    def close(self, slot: int, lots: Iterable[tuple[Lot, Clearing]]) -> None:
        """The sale is over: its lots, and how each ended."""
        done = [past(slot, lot, end) for lot, end in lots if lot.offers]
        self._past += done
        self.rule.close(slot, done)

    def _ask(self, held: int, tickets: Sequence[Dates], slot: int, outlook: Outlook) -> list[int]:
        """The reserve of each lot, asked for once where they are for the same blocks."""
        lots = tuple(self._past)
        found: dict[Dates, int] = {}
        for dates in tickets:
            if dates not in found:
                view = ReserveView(
                    slot, dates.first, dates.last, held, self.floor, outlook, lots, self._chance, dates.proposes
                )
                gwei = self.rule.reserve(view)
                check_amount(gwei, "the reserve of the reserve rule")
                found[dates] = max(gwei, self.floor)
        return [found[dates] for dates in tickets]


def lifted(terms: Terms, reserve: int) -> Terms:
    """The same terms at this reserve; a clock starts there at least."""
    return terms._replace(reserve=reserve, start=max(terms.start, reserve) if terms.start else 0)


def past(slot: int, lot: Lot, end: Clearing) -> PastLot:
    """What is remembered of a lot."""
    bids = tuple(offer.price for offer in lot.offers)
    return PastLot(slot, lot.ticket, lot.terms.reserve, bids, None if end.sale is None else end.sale.price)
