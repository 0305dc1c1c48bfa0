"""An agent whose strategies decide in a process of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from chain.clock import Phase
from experiments.lab.assembly.isolation.birth import Birth
from experiments.lab.assembly.isolation.cell import CannotBeSaved, CannotStart, Cell, Limits
from experiments.lab.assembly.isolation.record import Losses, Turn
from market.agent_wallet import Wallet
from market.errors import StrategyLost, StrategyRaised
from market.intents import Intent
from market.view import View
from strategies.agent import Agent, Asked
from strategies.base import Strategy


class IsolatedAgent(Agent):
    """Asks the process, and holds where that does not answer: the turn is lost, and the strategies begin anew, as
    before block 0. After `limits.strikes` losses it has lost its place and holds from then on.

    The run has no object of the strategies: it knows their kinds (`stand_ins`), and keeps what they remember
    without reading it.
    """

    def __init__(
        self,
        latency_ms: int,
        wallet: Wallet,
        kinds: Mapping[str, type[Strategy]],
        asked: Asked,
        birth: Birth,
        limits: Limits,
        losses: Losses,
    ) -> None:
        """`kinds` stand for the strategies by role. `losses` are the turns that a run before this one lost, where
        this is its replay: they are lost again without being asked for, so that the replay is the same on any
        machine."""
        made = {kind: kind() for kind in kinds.values()}
        super().__init__(birth.account, latency_ms, wallet, {role: made[kinds[role]] for role in kinds}, asked)
        players = list(made.values())
        self._speakers = {phase: players.index(strategy) for phase, strategy in self._chosen.items()}
        self.strategies, self._chosen = {}, {}
        self.proposes_as_usual = False  # its process is asked, and a turn may be lost
        self.birth = birth
        self._memory: bytes | None = None
        self._limits = limits
        self._losses = losses
        self._cell: Cell | None = None
        self._due: StrategyLost | None = None  # a loss between two turns, which is the next one's
        self.lost = 0

    def begin(self) -> None:
        """Start the process. Raises `CannotStart`."""
        self._open()

    def decide(self, phase: Phase, view: View) -> Sequence[Intent]:
        """What the process answers. Raises `StrategyLost`, or `StrategyRaised` with what the strategy raised."""
        if self.lost >= self._limits.strikes:
            return ()
        try:
            self._check_record(Turn(view.slot, phase.name.lower(), self.account))
            return cast(list[Intent], self._open().decide(self._speakers[phase], phase, view))
        except CannotStart as error:
            self.lost = self._limits.strikes
            raise StrategyRaised(f"it cannot be started, and has lost its place: {error}") from None
        except StrategyLost as loss:
            self._forget()
            raise type(loss)(f"{loss}{self._sentence()}") from None

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
            self._cell = Cell(self.birth, self._memory, self._limits)
        return self._cell

    def _check_record(self, turn: Turn) -> None:
        """Raises what the run before this one recorded for the turn, or what is due from between two turns."""
        loss, self._due = self._due, None
        if self._losses is not None:
            loss = self._losses.get(turn)
        if loss is not None:
            raise loss

    def _forget(self) -> None:
        self.close()
        self._memory = None
        self.lost += 1

    def _sentence(self) -> str:
        return "" if self.lost < self._limits.strikes else f"; after {self.lost} losses it has lost its place"

    def _save(self) -> bytes | None:
        """What the strategies remember, asked of their process. Raises `CannotBeSaved`."""
        if self._cell is None:
            return self._memory
        try:
            return self._cell.remember()
        except StrategyLost as loss:
            self._cell, self._due = None, loss
            raise CannotBeSaved(f"as it was to be saved: {loss}") from None

    def __getstate__(self) -> dict[str, Any]:
        """Raises `CannotBeSaved`."""
        return self.__dict__ | {"_memory": self._save(), "_cell": None}
