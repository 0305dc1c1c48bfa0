"""The rewards of a run that is there already, drawn again from its seed: what they were expected to be."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from chain.randomness import Streams
from chain.rewards import RewardPath
from experiments.lab.assembly.rewards import make_process
from experiments.lab.config.config import Config
from experiments.lab.config.loading import make_config
from experiments.lab.metrics.expected_rewards import ExpectedRewards, Sale
from experiments.lab.runs.folder import MANIFEST, read_manifest

NO_MANIFEST = "no manifest lies beside the tables, so that the law of the rewards is not known"
NO_LAW = "the rewards are payments of a file: they have no law"


class KnownRewards:
    """Of the run whose tables lie in a folder. `missing` says why nothing is known of it; None where it is."""

    def __init__(self, tables: Path) -> None:
        self._config = config_beside(tables)
        self.missing = why_none(self._config)

    def path(self, stream: str = "reward") -> RewardPath | None:
        """The rewards, none revealed yet; None where they have no law. Another stream gives others of that law."""
        if self._config is None or self.missing:
            return None
        return RewardPath(make_process(self._config, Path()), Streams(self._config.seed).generator(stream))

    def expected(self, sales: Iterable[Sale], handed_out: int) -> ExpectedRewards | None:
        """What the rewards were expected to be (see there); None where that is not known."""
        path = self.path()
        if self._config is None or path is None:
            return None
        return ExpectedRewards(path, sales, handed_out, self._config.market.just_in_time)


def config_beside(tables: Path) -> Config | None:
    """The config of the run; None where only its tables are there. Raises `InputError` for one that is no good."""
    place = tables.parent / MANIFEST
    if not place.is_file():
        return None
    return make_config(read_manifest(tables.parent)["config"], str(place))


def why_none(config: Config | None) -> str | None:
    """Why it is not known what rewards were expected to be."""
    if config is None:
        return NO_MANIFEST
    return NO_LAW if config.reward.process == "replay" else None
