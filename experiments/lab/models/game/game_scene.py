"""A model as it is played: spot auctions, sales at a block, sales by the best policy, and what theory says."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

from experiments.lab.models.game.engine import Game
from experiments.lab.models.game.forecast import Forecast, MaturityForecast
from experiments.lab.models.game.lottery_forecast import LotteryForecast
from experiments.lab.models.game.lottery_stage import LotteryStage
from experiments.lab.models.game.maturity_stage import MaturityStage
from experiments.lab.models.game.play import play
from experiments.lab.models.game.seller import block_seller, policy, policy_seller
from experiments.lab.models.game.standard_errors import batched_error, standard_error
from experiments.lab.models.game.take import Take
from experiments.lab.models.game.ticket_statistics import of_batches, of_tickets
from experiments.lab.models.game.window_forecast import WindowForecast
from experiments.lab.models.game.window_stage import WindowStage
from experiments.lab.statistics import Statistics
from strategies.theory.laws import Array


class GameScene(ABC):
    """Plays the same `tickets` tickets of a game in different ways."""

    def __init__(self, game: Game, tickets: int) -> None:
        self.game = game
        self.tickets = tickets

    @cached_property
    @abstractmethod
    def forecast(self) -> Forecast:
        """What theory says."""

    @cached_property
    @abstractmethod
    def spot(self) -> Take:
        """Spot auctions."""

    @abstractmethod
    def at_block(self, block: int) -> Take:
        """Sales at one block of each ticket's life."""

    @abstractmethod
    def by_policy(self) -> Take:
        """Sales by the best policy."""

    def error(self, values: Array) -> float:
        """The standard error of the mean of a value for each ticket."""
        return standard_error(values)

    def statistics(self, values: Array) -> Statistics:
        """Mean and median of a value for each ticket, with their intervals."""
        return of_tickets(values)


class MaturityScene(GameScene):
    """Tickets for the block of their maturity; a sale there is a spot auction."""

    @cached_property
    def forecast(self) -> Forecast:
        return MaturityForecast(self.game.model)

    @cached_property
    def spot(self) -> Take:
        last = self.game.maturity
        return play(MaturityStage(self.game, lead=last), block_seller(self.game.model, last), self.tickets)

    def at_block(self, block: int) -> Take:
        if block == self.game.maturity:
            return self.spot
        return play(MaturityStage(self.game), block_seller(self.game.model, block), self.tickets)

    def by_policy(self) -> Take:
        seller = policy_seller(self.game.model, self.forecast.solution)
        return play(MaturityStage(self.game), seller, self.tickets)


class WindowScene(GameScene):
    """Tickets for any one block of a window; the spot auction is the one of a block that the seller times best."""

    @cached_property
    def forecast(self) -> WindowForecast:
        return WindowForecast(self.game.model)

    @cached_property
    def spot(self) -> Take:
        stage = WindowStage(self.game, spot=True)
        return play(stage, stage.seller(**self.forecast.spot_policy), self.tickets)

    def at_block(self, block: int) -> Take:
        stage = WindowStage(self.game, spot=False)
        return play(stage, stage.seller(block=block), self.tickets)

    def by_policy(self) -> Take:
        stage = WindowStage(self.game, spot=False)
        return play(stage, stage.seller(**policy(self.forecast.solution)), self.tickets)


class LotteryScene(GameScene):
    """Tickets that a lottery draws; the spot auction is the sale at the draw."""

    @cached_property
    def forecast(self) -> LotteryForecast:
        return LotteryForecast(self.game.model)

    @cached_property
    def spot(self) -> Take:
        return self._sold(sale_region=[])

    def at_block(self, block: int) -> Take:
        return self._sold(block=block)

    def by_policy(self) -> Take:
        solution = self.forecast.solution
        if solution.sale_region is None and solution.optimal_block is None:
            return self.spot
        return self._sold(**policy(solution))

    def error(self, values: Array) -> float:
        return batched_error(values, self.game.model.supply or 0)

    def statistics(self, values: Array) -> Statistics:
        return of_batches(values, self.game.model.supply or 0)

    def _sold(self, **when: Any) -> Take:
        stage = LotteryStage(self.game)
        return play(stage, stage.seller(**when), self.tickets)


SCENES: dict[str, type[GameScene]] = {"at_maturity": MaturityScene, "window": WindowScene, "lottery": LotteryScene}
"""By the model's `exercise`."""
