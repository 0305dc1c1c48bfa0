"""A check of a reserve rule of the user's own before it goes into a run: random sales, one after the other.

- a whole number of Gwei, 0 or more, for every lot, and nothing is raised;
- sales that are held again go the same way, and so do those in which after the half a copy of the rule, as a
  checkpoint has it, takes its place; what the rule remembers lies in itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from chain.errors import Refused
from chain.randomness import Streams
from chain.rewards import AR1, RewardPath
from experiments.lab.assembly.outside_memory import OutsideMemory
from experiments.lab.assembly.primary_reserve import OwnReserve, own_reserve
from experiments.lab.conformance.asked_words import AskedChance, AskedWords, chance_warnings
from experiments.lab.conformance.checkpointed import checkpointed
from market.auctions import FORMATS, Clearing, Lot, Offer, Terms, clearings
from market.price_remedy import too_little
from market.primary import BeaconChance, InFormat
from market.reserves import Dates, ReserveRule, Reserves

SLOTS = 60
COPIED_AFTER = SLOTS // 2
SCALES = (1, 10**6, 10**8, 10**10)
"""Of the order of so many Gwei are the bids of a history."""


class ReserveFault(Exception):
    """A reserve rule does not keep what the market needs."""


class ReserveReport(NamedTuple):
    """What was checked: histories, their lots, how many were sold, and the lowest and highest reserve, Gwei; sales
    in which one draw of chance was taken for two, and histories in which all were one; the highest reserve where
    the config has none."""

    histories: int
    lots: int
    sold: int
    lowest_gwei: int
    highest_gwei: int
    repeated: int = 0
    fixed: int = 0
    dearest_gwei: int = 0

    def __str__(self) -> str:
        return (
            f"sound over {self.histories} random histories, {self.lots:,} lots, {self.sold:,} of them sold; "
            f"reserves from {self.lowest_gwei:,} to {self.highest_gwei:,} Gwei"
        )

    @property
    def warnings(self) -> list[str]:
        """What a rule may do and is hardly meant."""
        unsold = [] if self.sold else ["no lot was ever sold: every reserve was above every bid; is it in Gwei?"]
        little = too_little("no reserve of the rule's own", self.dearest_gwei)
        return [*unsold, *little, *chance_warnings(self.repeated, self.fixed)]


class ReserveHistory:
    """Sales of a few tickets each, with bids and rewards drawn from `seed`, at the reserves of a rule."""

    def __init__(self, rule: ReserveRule, seed: int, step: Callable[[str], object]) -> None:
        streams = Streams(seed)
        self._seed = seed
        self._step = step
        self._dice = streams.generator("history")
        self._scale = int(self._dice.choice(SCALES))
        self._rewards = RewardPath(AR1(), streams.generator("reward"))
        self._pricing = InFormat(FORMATS["second_price"])
        self.floor = floor = int(self._dice.choice([0, 0, self._scale]))
        self._own = rule
        self.words = AskedWords()
        chance = AskedChance(BeaconChance(streams.secret("own_reserve")), self.words)
        self._reserves = Reserves(OwnReserve("", rule), floor, chance)
        self.sold = 0

    def play(self, copied_after: int | None = None) -> list[int]:
        """The reserves of all lots. Raises `ReserveFault`."""
        found: list[int] = []
        for slot in range(-1, SLOTS):
            if slot == copied_after:
                self._copy()
            try:
                found += self._sell(slot)
            except Refused as refusal:
                text = str(refusal).replace("the rule ''", "the rule")
                raise ReserveFault(f"history {self._seed}, slot {slot}: {text}") from refusal
            self.words.end_answer()
            self._rewards.advance()
        return found

    def _sell(self, slot: int) -> list[int]:
        """One sale: the reserves of its lots."""
        tickets = [Dates(slot + 1 + ahead, slot + 1 + ahead) for ahead in range(self._roll(0, 3))]
        self._step("the reserve")
        terms = self._reserves.offer(self._pricing, self._roll(0, 9), tickets, slot, self._rewards.outlook())
        lots = [self._lot(number, one) for number, one in enumerate(terms)]
        ends: list[Clearing] = clearings(lots, self._pricing.clear(lots))
        self.sold += sum(end.sale is not None for end in ends)
        self._step("close")
        self._reserves.close(slot, zip(lots, ends, strict=True))
        return [one.reserve for one in terms]

    def _lot(self, number: int, terms: Terms) -> Lot:
        """A lot with up to three bids, none of them below its reserve."""
        bids = [self._roll(0, 4 * self._scale) for _ in range(self._roll(0, 3))]
        offers = [Offer(bidder, bid) for bidder, bid in enumerate(bids, 1) if bid >= terms.reserve]
        return Lot(number, terms, offers)

    def _copy(self) -> None:
        """What a checkpoint would make of the rule."""
        if not isinstance(self._own.source, type):
            return  # a function has nothing of its own
        self._reserves.rule = OwnReserve("", checkpointed(self._own, ReserveFault))

    def _roll(self, low: int, high: int) -> int:
        return int(self._dice.integers(low, high + 1))


def check_reserve(
    reserve: type[ReserveRule] | Callable[..., int],
    histories: int = 20,
    seed: int = 0,
    *,
    parameters: Mapping[str, Any] | None = None,
    step: Callable[[str], object] = lambda what: None,  # noqa: ARG005
) -> ReserveReport:
    """Hold the sales of `histories` at the reserves of a class or function with these `parameters`. `step` is told
    what begins. Raises `ReserveFault`, and `InputError` for parameters that it does not take."""

    def fresh() -> ReserveRule:
        step("the constructor")
        return own_reserve(reserve, getattr(reserve, "__qualname__", "the rule"), parameters or {}, "reserve")

    outside = OutsideMemory(fresh().source)
    reserves: list[int] = []
    sold = repeated = fixed = dearest = 0
    for number in range(seed, seed + histories):
        history = ReserveHistory(fresh(), number, step)
        found = history.play()
        check_outside(outside, number)
        take = "take chance from view.chance alone, and keep memory in self"
        compare(found, ReserveHistory(fresh(), number, step).play(), number, f"when it was held again; {take}")
        copied = ReserveHistory(fresh(), number, step).play(COPIED_AFTER)
        compare(found, copied, number, "when a copy went on in the middle, as a checkpoint has it")
        reserves += found
        sold += history.sold
        repeated += history.words.repeated
        fixed += history.words.is_fixed
        dearest = max([dearest, *(found if history.floor == 0 else [])])
    return ReserveReport(histories, len(reserves), sold, min(reserves), max(reserves), repeated, fixed, dearest)


def compare(found: Sequence[int], again: Sequence[int], number: int, when: str) -> None:
    """Raises `ReserveFault` where two histories are not the same."""
    for lot, (one, other) in enumerate(zip(found, again, strict=True)):
        if one != other:
            raise ReserveFault(f"history {number}, lot {lot}: the reserve was {one}, and {other} {when}")


def check_outside(outside: OutsideMemory, number: int) -> None:
    """Raises `ReserveFault` where the rule has kept something outside of itself."""
    if name := outside.changed():
        raise ReserveFault(
            f"history {number}: the rule keeps {name}, and no checkpoint holds that; a class derived from "
            "market.ReserveRule keeps it in self"
        )
