"""When messages may arrive: a phase's beginning and the sender's latency. Milliseconds into a slot."""

from __future__ import annotations

from collections.abc import Iterator

from chain.clock import Phase
from experiments.lab.verify.fault import misfit
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import Row
from experiments.lab.verify.turn_audit import TurnAudit

TRADING, CLAIMING, PROPOSING = "trading", "claiming", "proposing"
ASKED: dict[str, tuple[Phase, ...]] = {
    TRADING: (Phase.OFFER, Phase.BID),
    CLAIMING: (Phase.OFFER, Phase.BID, Phase.CLAIM),
    PROPOSING: (Phase.SELL_BLOCK,),
    "secondary": (Phase.OFFER, Phase.BID, Phase.BUILD, Phase.PRIMARY),
    "building": (Phase.OFFER, Phase.BID, Phase.BUILD, Phase.PRIMARY),
    "block": (Phase.BUILD, Phase.PRIMARY, Phase.OFFER, Phase.BID),
    "primary": (Phase.PRIMARY, Phase.BUILD, Phase.OFFER, Phase.BID),
}
"""The phases in which a message comes in, by what it is for, or for a bid by its market; the likeliest first."""


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
        self._times: dict[tuple[str, str], dict[int, Phase]] = {}  # of `phase`, as long as no start changes
        self._turns = None
        self._bid_starts = frozenset([self.phases.bid])
        if premises.config.market.sells_in_turn:
            self._turns = TurnAudit(premises.config, premises.names[1:])
            self._bid_starts |= frozenset(self._turns.bid_starts())

    def genesis_begins(self) -> None:
        """Before block 0 there is nothing but the primary sale."""
        self._start(Phase.PRIMARY, 0)

    def genesis_ends(self) -> None:
        """From block 0 on what is minted is sold after the proposal."""
        self._start(Phase.PRIMARY, self.phases.propose)

    def block_is_for_sale(self, ms: int) -> None:
        """Builders are asked once a block is for sale."""
        self._start(Phase.BUILD, max(ms, self.phases.build))

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

    def phase(self, row: Row, column: str, name: str, what: str) -> Phase:
        """The first phase in which a message of `name` that is for `what` arrives at the time in `column`.

        Raises `Fault` where there is none.
        """
        times = self._times.get((name, what))
        if times is None:
            times = self._times[name, what] = self._times_of(name, what)
        phase = times.get(getattr(row, column))
        if phase is None:
            expected = " or ".join(map(str, sorted(times)))
            raise misfit(row, column, expected, f"a phase's beginning and the latency of {name}")
        return phase

    def _times_of(self, name: str, what: str) -> dict[int, Phase]:
        """When messages of `name` that are for `what` arrive, and in which phase."""
        times: dict[int, Phase] = {}
        for phase in reversed(ASKED[what]):
            times.update(dict.fromkeys(self.arrivals(name, phase), phase))
        return times

    def _start(self, phase: Phase, ms: int) -> None:
        """A phase begins at another time than in the slot before."""
        if self._starts[phase] != ms:
            self._starts[phase] = ms
            self._times.clear()
