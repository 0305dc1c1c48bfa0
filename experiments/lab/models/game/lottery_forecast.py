"""What the theory says of tickets that a lottery draws."""

from __future__ import annotations

from experiments.lab.models.game.forecast import Expected, Forecast, Turnout
from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import make_terms, public_state
from strategies.theory.lottery_sale import Lottery, endless_sales
from strategies.theory.lottery_ticket import urn


class LotteryForecast(Forecast):
    """Values alone: theory gives neither entrants nor efficiency of a ticket that may or may not be drawn."""

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self._model = model

    def at_block(self, block: int) -> Expected:
        if self._model.maturity != "none":
            return super().at_block(block)
        mean = None
        if block == 0:
            mean = self.at_mint()
        return Expected(mean, None, None)

    def by_policy(self) -> Expected:
        return Expected(self.solution.value, None, None)

    def at_mint(self) -> float:
        """What a ticket that never expires brings at its mint, ETH."""
        model = self._model
        draw = Lottery(urn(model.supply or 0, model.lookahead), model.lookahead)
        facts = make_terms(model.model_copy(update={"maturity": 1}))
        return endless_sales(facts, public_state(model, 1 + draw.lookahead), draw)[0]

    def turnout_at(self, block: int) -> Turnout:  # noqa: ARG002
        return None, None

    def turnout_of_policy(self) -> Turnout:
        return None, None
