"""What was refused: only the place and time of it can be checked, since it left no other trace."""

from __future__ import annotations

from chain.clock import Phase
from chain.errors import Refused
from experiments.lab.verify.fault import misfit
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import ViolationRow
from experiments.lab.verify.timetable import Timetable
from market.errors import StrategyLost, StrategyRaised

PHASES = {phase.name.lower(): phase for phase in Phase}


def codes(kind: type[Refused] = Refused) -> set[str]:
    """The names of all refusals."""
    return {kind.code}.union(*(codes(sub) for sub in kind.__subclasses__()))


class ViolationAudit:
    """Checks rows of `violations`: the names exist, and the time is one at which that agent is heard."""

    def __init__(self, premises: Premises, timetable: Timetable) -> None:
        self._premises = premises
        self._timetable = timetable
        self._codes = codes()
        self._undecided = codes(StrategyRaised) | codes(StrategyLost)
        self.count = 0

    def check(self, row: ViolationRow) -> None:
        """Raises `Fault` for a row that cannot be true."""
        self._premises.number(row, "agent")
        if row.code not in self._codes:
            raise misfit(row, "code", "the name of a refusal")
        phase = PHASES.get(row.phase)
        if phase is None or phase not in self._timetable.asked:
            raise misfit(row, "phase", "a phase in which participants are asked")
        times = self._timetable.starts if row.code in self._undecided else self._timetable.arrivals
        allowed = times(row.agent, phase)
        if row.ms not in allowed:
            raise misfit(
                row, "ms", " or ".join(map(str, sorted(allowed))), f"in the phase {row.phase} of {row.agent}"
            )
        self.count += 1
