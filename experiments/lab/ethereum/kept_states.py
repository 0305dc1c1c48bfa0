"""The states of the last blocks, so that they can be asked for."""

from __future__ import annotations

from collections import OrderedDict

from experiments.lab.ethereum.rehearsal import Frozen

MOST_STATES = 128
MOST_BYTES = 64_000_000


class KeptStates:
    """States by the numbers of their blocks: of the last `MOST_STATES`, or as many as `MOST_BYTES` hold."""

    def __init__(self) -> None:
        self._states: OrderedDict[int, Frozen] = OrderedDict()
        self._bytes = 0

    def keep(self, number: int, state: Frozen) -> None:
        """The state of one more block."""
        self._states[number] = state
        self._bytes += len(state.data)
        while len(self._states) > MOST_STATES or (self._bytes > MOST_BYTES and len(self._states) > 1):
            self._drop(next(iter(self._states)))

    def get(self, number: int) -> Frozen | None:
        """The state of a block, if it is kept."""
        return self._states.get(number)

    def cut(self, last: int) -> None:
        """Forget the blocks after this one."""
        for number in [number for number in self._states if number > last]:
            self._drop(number)

    def _drop(self, number: int) -> None:
        self._bytes -= len(self._states.pop(number).data)
