"""A pricing rule of the user's own as the market asks it: on a view, and what it answers is looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chain.errors import RuleBroken
from chain.protocol import get_offered
from chain.wording import shown
from market.auctions.clearing import check_answered, check_payments
from market.auctions.terms import Award, Lot, Payment, Terms
from market.primary.by_lot import check_awards, sealed
from market.primary.chance import Chance
from market.primary.pricing_rule import PricingRule
from market.primary.rule import Price, Rule
from market.primary.sale_view import MOST_SALES, PastSale, SaleView

if TYPE_CHECKING:
    from chain.state import State
    from market.trades import Trades


class OwnPricing(Rule):
    """Asks `own` when a rule of the testbed would be asked, and where there are no tickets never. Raises
    `RuleBroken` for what no sale can be."""

    def __init__(
        self, own: PricingRule, called: str, chance: Chance, reserve: int = 0, cap: int | None = None
    ) -> None:
        super().__init__(reserve, cap)
        self.own = own
        self.called = called if own.name is None else own.name
        self._chance = chance
        self._sales: deque[PastSale] = deque(maxlen=MOST_SALES)
        self._price: Price | None = None

    def begin(self, state: State, trades: Trades) -> None:
        self._state = state
        self._trades = trades
        if state.rules.supply:
            self._move()

    @property
    def price(self) -> Price | None:
        return self._price

    def view(self) -> SaleView:
        """What the rule sees now."""
        state = self._state
        rules = state.rules
        return SaleView(
            slot=state.slot,
            held=state.titles.held,
            unsold=rules.supply if rules.elastic else len(get_offered(state)),
            supply=rules.supply,
            reserve_gwei=self.reserve,
            cap=self.cap,
            resale_gwei=self._trades.last_price,
            sales=tuple(self._sales),
            chance=self._chance,
        )

    def offer(self, held: int, unsold: int) -> list[Terms]:  # noqa: ARG002
        view = self.view()
        terms = list(self.own.terms(view))
        check_terms(terms, view)
        if self._quoted() != (self._price and self._price.now_gwei):
            self._move()
        return terms

    def clear(self, lots: Sequence[Lot]) -> list[Payment]:
        shown_lots = sealed(lots)
        payments = as_payments(shown_lots, list(self.own.clear(shown_lots, self.view())))
        check_payments(lots, payments)
        won = {one.wins: one for one in payments if one.wins is not None}
        slot = self._state.slot
        self._sales += [PastSale(slot, lots[lot].ticket, won[lot].bidder, won[lot].price) for lot in sorted(won)]
        return payments

    def close(self, held: int) -> None:  # noqa: ARG002
        if self._state.rules.supply:
            self.own.close(self.view())
            self._move()

    def _move(self) -> None:
        """Take the price that it quotes now."""
        quoted = self._quoted()
        before = quoted if self._price is None else self._price.now_gwei
        self._price = None if quoted is None or before is None else Price(quoted, before)

    def _quoted(self) -> int | None:
        quoted = self.own.quote(self.view())
        if quoted is not None:
            check_answered(quoted, "the price that the pricing rule quotes")
        return quoted


def check_terms(terms: Sequence[Any], view: SaleView) -> None:
    """Raises `RuleBroken` unless they are terms of lots that there are, at the config's reserve or above."""
    most = view.unsold if view.cap is None else min(view.unsold, view.cap)
    if len(terms) > most:
        raise RuleBroken(f"the pricing rule puts up {len(terms)} lots; it may sell {most} tickets in this slot")
    for one in terms:
        if not isinstance(one, Terms):
            raise RuleBroken(f"the pricing rule's terms are {shown(one)}, which are no Terms")
        for amount in one:
            check_answered(amount, "an amount in the pricing rule's terms")
        if one.reserve < view.reserve_gwei or one.tick < 1:
            least = f"a reserve of at least market.primary_reserve, {view.reserve_gwei} Gwei, and a tick of 1"
            raise RuleBroken(f"the pricing rule puts up a lot for {one}; it must have {least}")


def as_payments(lots: Sequence[Lot], answers: Sequence[Any]) -> list[Payment]:
    """What it answers, as payments. Raises `RuleBroken` for awards that are not one for each lot."""
    if all(isinstance(one, Payment) for one in answers):
        return list(answers)
    check_awards(lots, answers)
    return [
        Payment(index, award.bidder, award.price, index)
        for index, award in enumerate(answers)
        if isinstance(award, Award)
    ]
