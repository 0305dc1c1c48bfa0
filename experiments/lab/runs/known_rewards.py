"""The rewards of a run that is there already: what they were expected to be. Nothing of the run is executed.

They are drawn again from its seed; where their law is the user's own, the manifest has its mean and the tables
have the rewards.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chain.randomness import Streams
from chain.rewards import RewardPath, RewardProcess
from chain.rewards.independent import IndependentOutlook
from experiments.lab.assembly.rewards import make_process
from experiments.lab.config.config import Config
from experiments.lab.config.loading import make_config
from experiments.lab.config.reward import is_own
from experiments.lab.metrics.expected_rewards import ExpectedRewards, Sale
from experiments.lab.runs.folder import MANIFEST, read_manifest
from experiments.lab.runs.recorded_rewards import RecordedRewards

NO_MANIFEST = "no manifest lies beside the tables, so that the law of the rewards is not known"
NO_LAW = "the rewards are payments of a file: they have no law"
OWN_MEMORY = "the rewards have a memory of the user's own: what was expected of them is not recorded"


class KnownRewards:
    """Of the run whose tables lie in a folder. `missing` says why nothing is known of them; None where it is.

    `config` is None where it is not known; `mean` is that of a law of the user's own, Gwei.
    """

    def __init__(self, tables: Path, config: Config | None, mean: float | None) -> None:
        self._tables = tables
        self._config = config
        self._mean = mean
        self.missing = why_none(config, mean)

    @property
    def can_be_drawn(self) -> bool:
        """Whether others of their law can be drawn."""
        return self._config is not None and self.missing is None and not is_own(self._config.reward)

    def path(self, stream: str = "reward") -> RewardPath | None:
        """The rewards, none revealed yet; None where they have no law. Another stream gives others of that law,
        where they can be drawn."""
        if self._config is None or self.missing:
            return None
        return RewardPath(self._process(self._config), Streams(self._config.seed).generator(stream))

    def expected(self, sales: Iterable[Sale], handed_out: int) -> ExpectedRewards | None:
        """What the rewards were expected to be (see there); None where that is not known."""
        path = self.path()
        if self._config is None or path is None:
            return None
        return ExpectedRewards(path, sales, handed_out, self._config.market.just_in_time)

    def expected_always(self, blocks: int) -> float | None:
        """Σ of what the rewards of the first blocks were expected to be, Gwei, where that is the same whenever
        their tickets were sold: they are independent, and none is public before its block. None elsewhere."""
        path = self.path()
        if self._config is None or path is None or self._config.market.just_in_time:
            return None
        before = path.outlook()
        return before.expected_rewards(range(blocks)) if isinstance(before, IndependentOutlook) else None

    def _process(self, config: Config) -> RewardProcess:
        if self._mean is not None and is_own(config.reward):
            return RecordedRewards(self._tables, self._mean)
        return make_process(config, Path())


def read_rewards(tables: Path) -> KnownRewards:
    """Of the run whose tables lie in a folder, by the manifest beside them. Raises `InputError`."""
    about = manifest_beside(tables)
    if about is None:
        return KnownRewards(tables, None, None)
    return KnownRewards(tables, make_config(about["config"], str(tables.parent / MANIFEST)), stated_mean(about))


def manifest_beside(tables: Path) -> dict[str, Any] | None:
    """The manifest of the run; None where only its tables are there. Raises `InputError` where it is no good."""
    return read_manifest(tables.parent) if (tables.parent / MANIFEST).is_file() else None


def stated_mean(about: dict[str, Any]) -> float | None:
    """The mean of a law of rewards of the user's own, Gwei, as a manifest has it."""
    stated = about.get("stated_rewards")
    mean = stated.get("mean_gwei") if isinstance(stated, dict) else None
    return float(mean) if isinstance(mean, (int, float)) else None


def why_none(config: Config | None, mean: float | None) -> str | None:
    """Why it is not known what rewards were expected to be."""
    if config is None:
        return NO_MANIFEST
    if is_own(config.reward) and mean is None:
        return OWN_MEMORY
    return NO_LAW if config.reward.process == "replay" else None
