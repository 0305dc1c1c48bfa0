"""An agent whose strategies decide in a process of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chain.clock import Phase
from experiments.lab.assembly.isolation.cell import Cell, Limits
from experiments.lab.assembly.isolation.record import Losses, Turn
from market.errors import StrategyLost, StrategyRaised
from market.intents import Intent
from market.view import View
from strategies.agent import METHODS, Agent


class IsolatedAgent(Agent):
    """Asks the process, and holds where that does not answer: the turn is lost, and the strategies begin anew, as
    before block 0. After `limits.strikes` losses it has lost its place and holds from then on.

    `losses` are the turns that a run before this one lost, where this is its replay: they are lost again without
    being asked for, so that the replay is the same on any machine.
    """

    def __init__(self, agent: Agent, birth: dict[str, Any], limits: Limits, losses: Losses) -> None:
        """`birth` is what the process is told before it is asked anything; the strategies of `agent` stay here,
        and are never asked."""
        super().__init__(agent.account, agent.latency_ms, agent.wallet, agent.strategies, agent.asked)
        players = list(dict.fromkeys(agent.strategies.values()))
        self._speakers = {phase: players.index(strategy) for phase, strategy in self._chosen.items()}
        self._birth = birth
        self._limits = limits
        self._losses = losses
        self._cell: Cell | None = None
        self.lost = 0

    def decide(self, phase: Phase, view: View) -> Sequence[Intent]:
        """What the process answers. Raises `StrategyLost`, or `StrategyRaised` with what the strategy raised."""
        if self.lost >= self._limits.strikes:
            return ()
        try:
            self._check_record(Turn(view.slot, phase.name.lower(), self.account))
            kind, value = self._open().ask("decide", self._speakers[phase], METHODS[phase], view)
        except StrategyLost as loss:
            self._forget()
            raise type(loss)(f"{loss}{self._sentence()}") from None
        if kind == "raised":
            raise StrategyRaised(str(value))
        answer: Sequence[Intent] = value if isinstance(value, list) else ()
        return answer

    @property
    def slot_bidder(self) -> None:
        """None: the open auction of a block asks its builders too often for that."""
        return

    def close(self) -> None:
        """End the process."""
        if self._cell is not None:
            self._cell.close()
            self._cell = None

    def _open(self) -> Cell:
        if self._cell is None:
            self._cell = Cell(self._birth, self._limits)
        return self._cell

    def _check_record(self, turn: Turn) -> None:
        """Raises what the run before this one recorded for the turn."""
        loss = None if self._losses is None else self._losses.get(turn)
        if loss is not None:
            raise loss

    def _forget(self) -> None:
        self.close()
        self._birth = self._birth | {"memory": None}
        self.lost += 1

    def _sentence(self) -> str:
        return "" if self.lost < self._limits.strikes else f"; after {self.lost} losses it has lost its place"

    def __getstate__(self) -> dict[str, Any]:
        """What the strategies remember is asked of their process. Raises what they raise as they are pickled."""
        state = self.__dict__ | {"_cell": None}
        if self._cell is not None:
            kind, memory = self._cell.ask("remember")
            if kind != "memory":
                raise TypeError(memory)
            state["_birth"] = self._birth | {"memory": memory}
        return state
