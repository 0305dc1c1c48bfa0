"""Who has private signals of rewards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chain.randomness import Streams
from chain.rewards import RewardPath, RewardProcess
from chain.rewards.reward_signals import RewardSignals, ahead_of, signals_of
from chain.rewards.round_signals import RoundSignals
from chain.state import Rules
from experiments.lab.assembly.seats import Seat
from experiments.lab.config.errors import InputError
from market.own_outlooks import BlockOutlooks, EachOutlooks, Noise, OwnOutlooks, RoundOutlooks


def own_outlooks(seats: Sequence[Seat], process: RewardProcess, streams: Streams, rules: Rules) -> EachOutlooks:
    """The outlooks of those who have signals. Raises `InputError` for rewards of which there are none."""
    with_signals = [seat for seat in seats if seat.group.signal_sigma is not None]
    about = about_rewards(process)
    by_round = [seat for seat in with_signals if rules.round > 1 and seat.group.signal_per == "round"]
    by_block = [seat for seat in with_signals if seat not in by_round]
    parts: list[OwnOutlooks] = []
    if by_block:
        parts.append(BlockOutlooks(about, ahead(process, streams), rules.horizon, noises_of(by_block, streams)))
    if by_round:
        rounds, noises = RoundSignals(process, rules.round), noises_of(by_round, streams)
        parts.append(RoundOutlooks(rounds, ahead(process, streams), rules.horizon // rules.round, noises))
    return EachOutlooks(parts)


def ahead(process: RewardProcess, streams: Streams) -> RewardPath:
    """The run's rewards, to be read before they are public."""
    return RewardPath(ahead_of(process), streams.generator("reward"))


def noises_of(seats: Sequence[Seat], streams: Streams) -> dict[int, Noise]:
    """Each one's, from a stream of its own."""
    return {
        seat.number: Noise(seat.group.signal_sigma or 0.0, streams.generator("signal", seat.number))
        for seat in seats
    }


def about_rewards(process: RewardProcess) -> RewardSignals[Any]:
    """What signals are about. Raises `InputError`."""
    about = signals_of(process)
    if about is None:
        raise InputError(
            "agents.signal_sigma: what a signal tells is not known of rewards of one's own and of replayed ones; "
            "leave it out, or choose another reward.process: lognormal, ar1, mevboost, uniform, exponential"
        )
    return about
