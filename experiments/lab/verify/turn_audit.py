"""Whose turn it is to sell, where holders sell one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.lab.config.config import Config


class TurnAudit:
    """The turns of every slot. `names` are those of all participants, by account from 1 on. Times in ms."""

    def __init__(self, config: Config, names: Sequence[str]) -> None:
        step = max(group.latency_ms for group in config.agents) + 1
        first = config.chain.times.offer
        self._step = step
        self._starts = {name: first + 2 * step * place for place, name in enumerate(names)}

    def start(self, name: str) -> int:
        """When a holder is asked."""
        return self._starts[name]

    def end(self, name: str) -> int:
        """When its sales close."""
        return self._starts[name] + 2 * self._step - 1

    def bid_starts(self) -> Iterator[int]:
        """When everyone is asked to bid, in any of the turns."""
        return (start + self._step for start in self._starts.values())

    def ends(self) -> Iterator[tuple[int, str]]:
        """When the sales of each holder close, one after the other."""
        return ((self.end(name), name) for name in self._starts)
