"""The terms on which the protocol's tickets must have been put up: by its pricing and its reserve rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chain.rewards import Outlook
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.now import Now
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.title_audit import TitleAudit
from experiments.lab.verify.value_audit import Values
from market.auctions import Clearing, Lot, Terms
from market.reserves import Dates, lifted, next_drawn

OWN_RESERVE = "the reserve rule is the user's own: reserves are believed, none below primary_reserve"
NO_FORECAST = "what was expected of rewards is not known here: reserves are believed, none below primary_reserve"


class NotKnown(Outlook):
    """The outlook of rewards that cannot be drawn again; rules that ask for it are believed."""

    def _mean(self, block: int) -> float:
        raise NotImplementedError

    def _surplus(self, block: int, cost_gwei: float) -> float:
        raise NotImplementedError


class ReserveAudit:
    """Asks the reserve rule again, where it is one of the testbed's."""

    def __init__(self, premises: Premises, now: Now, titles: TitleAudit, values: Values) -> None:
        self._premises = premises
        self._now = now
        self._titles = titles
        self._values = values
        self._needs_forecast = premises.config.market.reserve.rule == "forecast"

    def notices(self) -> list[str]:
        """What is believed."""
        if not self._premises.has_reserves or not self._is_believed:
            return []
        return [OWN_RESERVE if self._premises.reserves is None else NO_FORECAST]

    def due(self, serials: Sequence[int], published: Sequence[Terms]) -> list[Terms]:
        """The terms of the lots of these tickets. Raises `Fault` where what is believed is too low."""
        pricing, reserves, held = self._premises.pricing, self._premises.reserves, self._titles.held
        if not self._premises.has_reserves:
            return pricing.offer(held, len(serials))
        if reserves is None or self._is_believed:
            return self._believed(len(serials), published)
        outlook = self._values.outlook() or NotKnown(-1, None)
        return reserves.offer(pricing, held, list(map(self._dates, serials)), self._now.slot, outlook)

    def close(self, lots: Iterable[tuple[Lot, Clearing]]) -> None:
        """The sale is over."""
        if self._premises.reserves is not None:
            self._premises.reserves.close(self._now.slot, lots)

    @property
    def _is_believed(self) -> bool:
        """Whether it is the user's own, or goes by what is not known here: rewards, or the dates of tickets."""
        is_known = self._values.draws_rewards and not self._premises.is_own_draw
        return self._premises.reserves is None or (self._needs_forecast and not is_known)

    def _dates(self, serial: int) -> Dates:
        """Those of a ticket of the protocol."""
        if not self._premises.rules.draw.facts.is_dated:
            return next_drawn(self._premises.rules, self._now.slot)
        deed = self._titles.unsold[serial]
        return Dates(deed.row.first_block, deed.last_block, self._premises.rules.round)

    def _believed(self, count: int, published: Sequence[Terms]) -> list[Terms]:
        """At the reserves that the table has."""
        floor = self._premises.floor_gwei
        asked = [terms.reserve for terms in published[:count]]
        if any(gwei < floor for gwei in asked):
            raise Fault("auctions", None, "reserve_gwei", asked, f"at least {floor} Gwei")
        self._premises.pricing.reserve = min(asked, default=floor)
        lots = self._premises.pricing.offer(self._titles.held, count)
        asked += [floor] * (len(lots) - len(asked))
        return [lifted(terms, gwei) for terms, gwei in zip(lots, asked, strict=False)]
