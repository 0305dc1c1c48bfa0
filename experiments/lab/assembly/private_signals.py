"""Who has private signals of rewards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chain.randomness import Streams
from chain.rewards import RewardPath, RewardProcess
from chain.rewards.reward_signals import RewardSignals, ahead_of, signals_of
from experiments.lab.assembly.seats import Seat
from experiments.lab.config.errors import InputError
from market.own_outlooks import Noise, OwnOutlooks


def own_outlooks(
    seats: Sequence[Seat], process: RewardProcess, streams: Streams, horizon: int
) -> OwnOutlooks | None:
    """The outlooks of those who have signals; None where nobody has. Raises `InputError` for rewards of which
    there are none."""
    sds = {seat.number: sd for seat in seats if (sd := seat.group.signal_sigma) is not None}
    if not sds:
        return None
    about = about_rewards(process)
    noises = {number: Noise(sd, streams.generator("signal", number)) for number, sd in sds.items()}
    ahead = RewardPath(ahead_of(process), streams.generator("reward"))
    return OwnOutlooks(about, ahead, horizon, noises)


def about_rewards(process: RewardProcess) -> RewardSignals[Any]:
    """What signals are about. Raises `InputError`."""
    about = signals_of(process)
    if about is None:
        raise InputError(
            "agents.signal_sigma: what a signal tells is not known of rewards of one's own and of replayed ones; "
            "leave it out, or choose another reward.process: lognormal, ar1, mevboost, uniform, exponential"
        )
    return about
