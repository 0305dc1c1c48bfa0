"""What blocks are worth and what they cost: R and θ, drawn again from the seed."""

from __future__ import annotations

from contextlib import suppress

from chain.rewards import EndOfRewards, Outlook, RewardPath
from experiments.lab.assembly.cost_paths import make_cost_law
from experiments.lab.assembly.endowments import make_path
from experiments.lab.assembly.rewards import make_process
from experiments.lab.config.errors import InputError
from experiments.lab.config.reward import is_own
from experiments.lab.verify.fault import agree, misfit
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import BlockRow
from market.costs import Path

OWN_REWARDS = "the law of rewards is the user's own: rewards, and what was expected of them, are believed"
OWN_COSTS = "the law of costs is the user's own: costs are believed, each at most the reward"


class Values:
    """Rewards and costs block by block. `rewards` or `costs` is None where they cannot be drawn again."""

    def __init__(self, premises: Premises) -> None:
        self.notices: list[str] = []
        self._rewards = self._make_rewards(premises)
        self._volatility = premises.config.cost.index(premises.streams)
        self._costs = self._make_costs(premises)
        self._early: int | None = None  # of the next block, where a sale just in time has revealed it
        self._is_early = premises.config.market.just_in_time
        self.rewards = 0
        self.costs = 0

    def check(self, row: BlockRow) -> None:
        """Raises `Fault` unless reward, cost and what follows from them are those of the block."""
        if self._rewards is not None:
            early, self._early = self._early, None
            reward = self._rewards.advance() if early is None else early
            agree(row, "by the reward process and the seed", reward_gwei=reward)
            self.rewards += 1
        self._check_costs(row)
        agree(row, net_gwei=0 if row.builder is None else self.gross(row) - (row.cost_gwei or 0))
        if row.reward_gwei < 0 or row.best_gwei < row.net_gwei:
            raise misfit(row, "best_gwei", f"at least {row.net_gwei}")

    @property
    def draws_rewards(self) -> bool:
        """Whether rewards are drawn again."""
        return self._rewards is not None

    def outlook(self) -> Outlook | None:
        """What everyone knows of rewards when the protocol's tickets are put up; None where it is not known
        here."""
        if self._rewards is None:
            return None
        if self._is_early and self._early is None:
            with suppress(EndOfRewards):
                self._early = self._rewards.advance()
        return self._rewards.outlook()

    def volatility(self, slot: int) -> float | None:
        """The volatility index of the slot, in runs that have one."""
        return None if self._volatility is None else self._volatility.at(slot)

    def gross(self, row: BlockRow) -> int:
        """What the builder makes of the block, Gwei; what the row says, where captures cannot be drawn again."""
        path = None if self._costs is None or row.builder is None else self._costs.get(row.builder)
        if path is not None:
            return path.gross(row.slot, row.reward_gwei)
        return row.reward_gwei if self._volatility is None else row.net_gwei

    def covers(self, row: BlockRow, builder: str | None) -> bool:
        """Whether the reward is known to cover the builder's cost."""
        path = None if self._costs is None or builder is None else self._costs.get(builder)
        slot = row.slot
        return path is not None and path.cost(slot) <= path.gross(slot, row.reward_gwei)

    def gross_of(self, slot: int, reward: int, builder: str) -> int | None:
        """What a builder would make of a block, Gwei; None where it is not known."""
        path = None if self._costs is None else self._costs.get(builder)
        return None if path is None else path.gross(slot, reward)

    def cost(self, slot: int, builder: str) -> int | None:
        """A builder's cost θ of a block, Gwei; None where it is not known."""
        path = None if self._costs is None else self._costs.get(builder)
        return None if path is None else path.cost(slot)

    def _check_costs(self, row: BlockRow) -> None:
        if row.builder is None:
            agree(row, cost_gwei=None)
        elif row.cost_gwei is None or not 0 <= row.cost_gwei <= row.reward_gwei:
            raise misfit(row, "cost_gwei", f"from 0 to the reward, {row.reward_gwei}")
        if self._costs is None:
            return
        slot, reward = row.slot, row.reward_gwei
        costs = {name: path.cost(slot) for name, path in self._costs.items()}
        nets = (path.gross(slot, reward) - costs[name] for name, path in self._costs.items())
        self.costs += 1
        agree(row, "by the costs of all builders", best_gwei=max(0, *nets))
        if row.builder is not None:
            agree(row, f"θ of {row.builder} by the seed", cost_gwei=costs.get(row.builder))

    def _make_rewards(self, premises: Premises) -> RewardPath | None:
        if is_own(premises.config.reward):
            self.notices.append(OWN_REWARDS)
            return None
        try:
            process = make_process(premises.config, premises.folder)
        except InputError as error:
            self.notices.append(f"rewards are not recomputed: {error}")
            return None
        return RewardPath(process, premises.streams.generator("reward"))

    def _make_costs(self, premises: Premises) -> dict[str, Path] | None:
        if premises.config.cost.is_own:
            self.notices.append(OWN_COSTS)
            return None
        unknown = [player.name for player in premises.players if player.can_build is None]
        if unknown:
            self.notices.append(f"costs are not recomputed: who may build is not known ({unknown[0]})")
            return None
        config, streams = premises.config, premises.streams
        flow = config.market.flow(streams)
        law = make_cost_law(config.cost, premises.folder)
        return {
            player.name: make_path(config, player.group, player.number, streams, self._volatility, flow, law)
            for player in premises.players
            if player.can_build
        }
