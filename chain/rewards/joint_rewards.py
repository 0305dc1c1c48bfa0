"""What is expected of the rewards of several blocks together, where one tells of another."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from chain.rewards.ar1 import AR1Outlook
from chain.rewards.autoregression import Floats
from chain.rewards.drawn_rewards import DRAWS, RoundDraws, even_draws, public_draws, root_of
from chain.rewards.informed import InformedByLog, InformedByNormal
from chain.rewards.mevboost import MevBoostOutlook, known_by
from chain.rewards.outlook import Outlook
from chain.rewards.reward_signals import Gain, autoregressive_gain, score_gain
from chain.rewards.round_signals import FINEST, InformedOfAlikes, InformedOfDrawn, InformedOfRounds, one_of


def joint_draws(outlook: Outlook, blocks: range) -> RoundDraws | None:
    """Even draws of the rewards of blocks to come, shape (draws, blocks), by an outlook: those within its signals,
    where it has any. None where the rewards are independent by what it knows, or the block is one."""
    if len(blocks) < 2 or blocks.start <= outlook.block:
        return None
    first = outlook.block + 1
    if isinstance(outlook, InformedOfAlikes):
        return alike_draws(outlook, blocks) if outlook.signal(blocks[-1]) is not None else None
    if isinstance(outlook, InformedOfDrawn) and outlook.signal(blocks[-1]) is not None:
        rewards, chances = outlook.draws()
        return RoundDraws(rewards[:, blocks.start - first : blocks.stop - first], chances)
    if isinstance(outlook, InformedByNormal) and blocks.stop - first <= len(outlook.signals):
        return normal_draws(outlook, blocks)
    public = outlook.public if isinstance(outlook, InformedOfRounds | InformedByNormal) else outlook
    if not isinstance(public, AR1Outlook | MevBoostOutlook):
        return None
    rewards = public_draws(public, blocks.stop - first)[:, blocks.start - first :]
    return RoundDraws(rewards, np.full(DRAWS, 1 / DRAWS))


@lru_cache(maxsize=16)
def alike_draws(outlook: InformedOfAlikes, blocks: range) -> RoundDraws:
    """Of blocks of one round: independent before its signal, by which they are weighed."""
    from scipy import special

    rest = outlook.rest_of(blocks.start)
    values, chances = one_of(outlook.reward)
    place = np.searchsorted(np.cumsum(chances), special.ndtr(even_draws(len(rest))))
    rewards = values[np.minimum(place, values.size - 1)]
    logs = np.log(np.maximum(outlook.past_of(blocks.start) + rewards.sum(axis=1), 1e-12))
    off = ((outlook.signal(blocks.start) or 0.0) - logs) / max(outlook.noise, FINEST)
    weight = np.exp((off**2).min() / 2 - off**2 / 2)
    return RoundDraws(rewards[:, : len(blocks)], weight / weight.sum())


@lru_cache(maxsize=16)
def normal_draws(outlook: InformedByNormal, blocks: range) -> RoundDraws | None:
    """Of blocks with a signal of each whose scores are normal given all of them; None where independent."""
    gain = gain_by(outlook)
    if gain is None:
        return None
    part = slice(blocks.start - outlook.block - 1, blocks.stop - outlook.block - 1)
    covariance: Floats = outlook.noise**2 * gain.matrix[part, part]
    scores = np.array(outlook.means[part]) + even_draws(len(blocks)) @ root_of(covariance).T
    return RoundDraws(outlook.rewards(scores), np.full(DRAWS, 1 / DRAWS))


def gain_by(outlook: InformedByNormal) -> Gain | None:
    """What signals tell of scores with a memory."""
    public, count = outlook.public, len(outlook.signals)
    if isinstance(public, AR1Outlook):
        return autoregressive_gain(public.law, public.block + 1 - public.since, count, outlook.noise)
    if isinstance(outlook, InformedByLog):
        return None
    assert isinstance(public, MevBoostOutlook)
    return score_gain(known_by(public), count, outlook.noise)
