"""When messages may arrive: a phase's beginning and the sender's latency. Milliseconds into a slot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chain.clock import Phase
from experiments.lab.verify.fault import misfit
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import Row
from experiments.lab.verify.turn_audit import TurnAudit

TRADING = (Phase.OFFER, Phase.BID)
CLAIMING = (*TRADING, Phase.CLAIM)
PROPOSING = (Phase.SELL_BLOCK,)
BIDDING = {
    "secondary": (*TRADING, Phase.BUILD, Phase.PRIMARY),
    "building": (*TRADING, Phase.BUILD, Phase.PRIMARY),
    "block": (Phase.BUILD, Phase.PRIMARY, *TRADING),
    "primary": (Phase.PRIMARY, Phase.BUILD, *TRADING),
}
"""The phases in which a bid can come in, by market, the likeliest first."""


class Timetable:
    """The phases of a run's slots."""

    def __init__(self, premises: Premises) -> None:
        chain = premises.config.chain
        self.end = chain.slot_ms
        self.phases = chain.times
        self._latency = {player.name: player.group.latency_ms for player in premises.players}
        self._starts = {
            Phase.OFFER: self.phases.offer,
            Phase.BID: self.phases.bid,
            Phase.CLAIM: self.phases.clear,
            Phase.SELL_BLOCK: self.phases.sell_block,
            Phase.BUILD: self.phases.build,
            Phase.PRIMARY: self.phases.propose,
        }
        self._turns = None
        self._bid_starts = frozenset([self.phases.bid])
        if premises.config.market.sells_in_turn:
            self._turns = TurnAudit(premises.config, premises.names[1:])
            self._bid_starts |= frozenset(self._turns.bid_starts())

    def genesis_begins(self) -> None:
        """Before block 0 there is nothing but the primary sale."""
        self._starts[Phase.PRIMARY] = 0

    def genesis_ends(self) -> None:
        """From block 0 on what is minted is sold after the proposal."""
        self._starts[Phase.PRIMARY] = self.phases.propose

    def block_is_for_sale(self, ms: int) -> None:
        """Builders are asked once a block is for sale."""
        self._starts[Phase.BUILD] = max(ms, self.phases.build)

    def turns(self) -> Iterator[tuple[int, str]]:
        """When sales close, and whose, where holders sell in turn."""
        return iter(()) if self._turns is None else self._turns.ends()

    @property
    def asked(self) -> frozenset[Phase]:
        """The phases in which participants are asked."""
        return frozenset(self._starts)

    def starts(self, name: str, phase: Phase) -> frozenset[int]:
        """When a participant is asked."""
        if phase is Phase.BID:
            return self._bid_starts
        if phase is Phase.OFFER and self._turns is not None:
            return frozenset([self._turns.start(name)])
        return frozenset([self._starts[phase]])

    def arrivals(self, name: str, phase: Phase) -> frozenset[int]:
        """When what a participant wants in a phase may arrive; not after the slot's end."""
        return frozenset(min(start + self._latency[name], self.end) for start in self.starts(name, phase))

    def latency(self, name: str) -> int:
        """From a participant's decision to the arrival of its message, ms."""
        return self._latency[name]

    def arrival_of_bids(self, name: str) -> int:
        """When a builder's bid for the present block comes in."""
        return min(self._starts[Phase.BUILD] + self._latency[name], self.end)

    def phase(self, row: Row, column: str, name: str, phases: Sequence[Phase]) -> Phase:
        """The first of `phases` in which a message of `name` arrives at the time in `column`.

        Raises `Fault` where there is none.
        """
        ms = getattr(row, column)
        for phase in phases:
            if ms in self.arrivals(name, phase):
                return phase
        times = sorted(frozenset[int]().union(*(self.arrivals(name, phase) for phase in phases)))
        raise misfit(row, column, " or ".join(map(str, times)), f"a phase's beginning and the latency of {name}")
