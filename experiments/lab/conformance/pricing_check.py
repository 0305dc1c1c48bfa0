"""A check of a pricing rule before it goes into a run: random histories, and what the market needs of every sale.

- an award or None for each lot, or payments, each of a bid, for whole Gwei and at most what was bid;
- tickets and money are conserved, and nobody's money stays behind a sale that is over;
- a history that is played again goes the same way, and so does one in which after 20 slots a copy of the rule,
  as a checkpoint has it, takes its place; what the rule remembers lies in itself;
- it changes nothing that it is shown, and nothing is raised.

A function of the lots alone is asked twice in sales by themselves, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from chain.errors import Refused
from chain.interruption import is_interruption
from chain.wording import shown, told
from experiments.lab.assembly.outside_memory import OutsideMemory
from experiments.lab.assembly.own_pricing_rule import is_without_view, make_own_rule
from experiments.lab.conformance.asked_words import chance_warnings
from experiments.lab.conformance.pricing_history import (
    PRICES,
    PricingFault,
    PricingHistory,
    SlotOfSales,
    hint_of_empty,
)
from market.auctions.clearing import many
from market.auctions.terms import Award, Lot, Offer, Terms
from market.making import making_remedy
from market.price_remedy import too_little
from market.primary import Pricing, PricingRule, SaleView
from market.primary.by_lot import check_awards

__all__ = ["PricingFault", "PricingReport", "check_pricing"]

SALES = 500
HISTORIES = 20
SLOTS = 60
COPIED_AFTER = 20
UNWANTED_SLOTS = 3
MOST_LOTS = 6
BIDDERS = 5
MEMORY = "a class derived from market.PricingRule keeps it in self, and takes chance from view.chance"


class PricingReport(NamedTuple):
    """What was checked: histories and their blocks, sales by themselves; their lots, how many had a bid, how many
    were sold, and how many of these for less than the reserve; sales in which one draw of chance was taken for
    two, and histories in which all were one; the highest price that it named where the config has no reserve,
    Gwei, 0 where it named none."""

    histories: int
    blocks: int
    sales: int
    lots: int
    wanted: int
    sold: int
    below: int
    repeated: int
    fixed: int
    dearest: int

    def __str__(self) -> str:
        alone = f" and {self.sales} random sales" if self.sales else ""
        by_others = ", some by bids on another lot" if self.sold > self.wanted else ""
        return (
            f"sound over {self.histories} random histories, {self.blocks:,} blocks{alone}, {self.lots:,} lots, "
            f"{self.wanted:,} of them with bids; {self.sold:,} sold{by_others}"
        )

    @property
    def warnings(self) -> list[str]:
        """What a rule may do and is hardly meant."""
        found = []
        if not self.sold:
            found.append("no lot was ever sold: None is no sale; is an Award(bidder, price) never returned?")
        if self.below:
            found.append(f"{self.below:,} lots were sold for less than their reserve, lot.terms.reserve")
        found += too_little("no price that it quotes or states", self.dearest)
        return [*found, *chance_warnings(self.repeated, self.fixed)]


class Counts(NamedTuple):
    """Lots, those with bids, those sold, and those sold for less than their reserve; sales in which one draw of
    chance was taken for two, and histories in which all were one; the highest price that was named."""

    lots: int = 0
    wanted: int = 0
    sold: int = 0
    below: int = 0
    repeated: int = 0
    fixed: int = 0
    dearest: int = 0

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        sums = Counts(*(one + two for one, two in zip(self, other, strict=True)))
        return sums._replace(dearest=max(self.dearest, other.dearest))


class OfLots(PricingRule):
    """The rule that a function of the lots alone is."""

    def __init__(self, pricing: Pricing) -> None:
        self._pricing = pricing

    def clear(self, lots: Sequence[Lot], view: SaleView) -> Iterable[Award | None]:  # noqa: ARG002
        return self._pricing(lots)

    @property
    def source(self) -> object:
        return self._pricing


def check_pricing(
    pricing: Pricing | type[PricingRule] | Callable[..., Any],
    sales: int = SALES,
    seed: int = 0,
    *,
    histories: int = HISTORIES,
    slots: int = SLOTS,
    parameters: Mapping[str, Any] | None = None,
    step: Callable[[str], object] = lambda what: None,  # noqa: ARG005
) -> PricingReport:
    """Play `histories` of `slots` blocks each under `pricing`, a class or a function, with these `parameters`;
    under a function of the lots alone hold `sales` random sales too. `step` is told what begins.

    Raises `PricingFault` at the first broken promise, `InputError` for parameters that it does not take.
    """
    if not isinstance(pricing, type) and is_without_view(pricing):
        counts = check_sales(pricing, sales, seed, step)
        played = check_histories(lambda: OfLots(pricing), histories, slots, seed, step)
        return PricingReport(histories, histories * slots, sales, *counts.plus(played))

    def fresh() -> PricingRule:
        step("the constructor")
        return make_own_rule(pricing, getattr(pricing, "__qualname__", "the rule"), parameters or {}, "parameters")

    played = check_histories(fresh, histories, slots, seed, step)
    return PricingReport(histories, histories * slots, 0, *played)


def check_histories(
    fresh: Callable[[], PricingRule], histories: int, slots: int, seed: int, step: Callable[[str], object]
) -> Counts:
    """Play each history three times, each with a `fresh` rule. Raises `PricingFault`."""
    outside = OutsideMemory(fresh().source)
    counts = Counts()
    for number in range(seed, seed + histories):
        history = PricingHistory(fresh(), number, step)
        played = history.play(slots)
        again = PricingHistory(fresh(), number, step).play(slots)
        check_outside(outside, f"history {number}")
        take = "take chance from view.chance alone"
        compare(played, again, number, f"when the history was played again; {take}, and keep memory in self")
        copied = PricingHistory(fresh(), number, step).play(slots, copied_after=COPIED_AFTER)
        check_outside(outside, f"history {number}")
        after = f"when a copy went on after {COPIED_AFTER} slots, as a checkpoint has it"
        compare(played, copied, number, f"{after}; keep what it remembers in plain attributes of self")
        counts = counts.plus(counted(played, history))
    PricingHistory(fresh(), seed, step).play_unwanted(UNWANTED_SLOTS)
    return counts


def check_outside(outside: OutsideMemory, where: str) -> None:
    """Raises `PricingFault` where it remembers something elsewhere than in itself."""
    name = outside.changed()
    if name is not None:
        raise PricingFault(f"{where}: the rule keeps {name}, and no checkpoint holds that; {MEMORY}")


def compare(played: Sequence[SlotOfSales], again: Sequence[SlotOfSales], number: int, when: str) -> None:
    """Raises `PricingFault` at the first slot that went otherwise."""
    for slot, (first, second) in enumerate(zip(played, again, strict=True), -1):
        for name, one, other in zip(SlotOfSales._fields, first, second, strict=True):
            if one != other:
                what = f"the rule's {name} were {shown(one)}, and {shown(other)} {when}"
                raise PricingFault(f"history {number}, slot {slot}: {what}")


def counted(played: Sequence[SlotOfSales], history: PricingHistory) -> Counts:
    """What was sold in a history."""
    lots = sum(len(slot.lots) for slot in played)
    sold = sum(len(slot.sales) for slot in played)
    below = sum(sum(sale.price_gwei < least(slot) for sale in slot.sales) for slot in played)
    words = history.words
    return Counts(lots, history.wanted, sold, below, words.repeated, int(words.is_fixed), dearest(played, history))


def dearest(played: Sequence[SlotOfSales], history: PricingHistory) -> int:
    """The highest price that the rule quoted or stated for a lot, Gwei, if the config names no reserve; else 0."""
    if history.reserve:
        return 0
    quoted = [slot.price.now_gwei for slot in played if slot.price is not None]
    stated = [max(terms.reserve, terms.start) for slot in played for terms in slot.lots]
    return max([0, *quoted, *stated])


def least(slot: SlotOfSales) -> int:
    """The lowest reserve of a slot's lots, Gwei."""
    return min((terms.reserve for terms in slot.lots), default=0)


def check_sales(pricing: Pricing, sales: int, seed: int, step: Callable[[str], object]) -> Counts:
    """Hold sales by themselves, each twice. Raises `PricingFault`."""
    rng = np.random.default_rng(seed)
    outside = OutsideMemory(pricing)
    counts = Counts()
    for number in range(sales):
        sale = random_sale(rng)
        step("the pricing")
        awards = answer(pricing, sale, number, outside)
        won = [(lot, award) for lot, award in zip(sale, awards, strict=True) if award is not None]
        below = sum(award.price < lot.terms.reserve for lot, award in won)
        counts = counts.plus(Counts(len(sale), sum(bool(lot.offers) for lot in sale), len(won), below))
    return counts


def answer(pricing: Pricing, sale: Sequence[Lot], number: int, outside: OutsideMemory) -> list[Award | None]:
    """The awards of one sale. Raises `PricingFault`."""
    before = [Lot(*lot)._replace(offers=tuple(lot.offers)) for lot in sale]
    first, second = (asked(pricing, sale, number) for _ in range(2))
    if before != [lot._replace(offers=tuple(lot.offers)) for lot in sale]:
        raise PricingFault(f"sale {number}: the rule changed the lots; it may only read them")
    check_outside(outside, f"sale {number}")
    if first != second:
        raise PricingFault(
            f"sale {number}: the rule answered {shown(first)}, and {shown(second)} when it was asked again; "
            f"a function of the lots has no chance and no memory: {MEMORY}"
        )
    return first


def asked(pricing: Pricing, sale: Sequence[Lot], number: int) -> list[Award | None]:
    """What the rule answers. Raises `PricingFault` for what it raises, and for what the market would not take."""
    try:
        awards = many(pricing(sale))
    except Refused as refusal:
        raise PricingFault(f"sale {number}: {refusal}") from refusal
    except BaseException as error:  # a rule of the user's own may raise anything
        if is_interruption(error):
            raise
        raise PricingFault(f"sale {number}: the rule raised {told(error)}{hint(error)}") from error
    try:
        check_awards(sale, awards)
    except Refused as refusal:
        raise PricingFault(f"sale {number}: {refusal}") from refusal
    return awards


def hint(error: BaseException) -> str:
    """What helps where nothing was returned."""
    if type(error) is TypeError and "'NoneType' object is not iterable" in str(error):
        return "; return a list with an Award or None for each lot: is a return missing?"
    return making_remedy(error) or hint_of_empty(error)


def random_sale(rng: np.random.Generator) -> list[Lot]:
    """One to six lots of one reserve, each with bids of up to five accounts, ties among them, or with none."""
    scale = int(rng.choice(PRICES))
    reserve = int(rng.choice([0, 0, 1, scale]))
    terms = Terms(reserve, start=reserve + 2 * scale, tick=max(scale // 10, 1))
    first = int(rng.integers(0, 1000))
    count = int(rng.integers(1, MOST_LOTS + 1))
    return [random_lot(rng, first + number, terms, scale) for number in range(count)]


def random_lot(rng: np.random.Generator, ticket: int, terms: Terms, scale: int) -> Lot:
    """A lot with its bids, none of them below the reserve."""
    bidders = rng.permutation(BIDDERS)[: rng.integers(0, BIDDERS + 1)] + 1
    prices = terms.reserve + rng.integers(0, 2 * scale + 1, len(bidders))
    if rng.random() < 0.2:
        prices[:] = terms.reserve
    offers = [Offer(bidder, price) for bidder, price in zip(bidders.tolist(), prices.tolist(), strict=True)]
    return Lot(ticket, terms, offers, tuple(range(len(offers))))
