"""Learns what share of its value to bid at first price, by policy gradient, and measures what it lacks.

    python experiments/examples/learn_to_bid.py

The policy is a normal law around one share. What it is judged by is the profit less what a bidder of that value
makes on average, so that luck with the value is not taken for skill (REINFORCE with a baseline, Williams 1992).
Against rivals in equilibrium the best share is (n − 1)/n, and the mean profit 1/(n (n + 1)) ETH a block.
"""

from __future__ import annotations

import numpy as np

from experiments import rl

RIVALS = 2
BATCH = 250  # blocks
SPREAD = 0.1
STEP = 0.5


def learn(batches: int = 60, seed: int = 1, start: float = 0.3) -> float:
    """The share that is learned in so many batches: the mean over the second half of them (Polyak 1990)."""
    rng, env = np.random.default_rng(seed), rl.SingleEnv(rl.first_price(RIVALS, blocks=BATCH))
    share, baseline, found = start, Baseline(), []
    for batch in range(batches):
        tried = rng.normal(share, SPREAD, BATCH)
        values, profits = play(env, tried, seed=1000 * seed + batch)
        slope = np.mean((profits - baseline.of(values)) * (tried - share)) / SPREAD**2
        baseline.add(values, profits)
        share += STEP * float(slope)
        found.append(share)
    env.close()
    return float(np.mean(found[batches // 2 :]))


class Baseline:
    """The mean profit of a bidder with value v among n, proportional to v^n."""

    def __init__(self) -> None:
        self._up, self._down = 0.0, 1e-9

    def of(self, values: np.ndarray) -> np.ndarray:
        return self._up / self._down * values ** (RIVALS + 1)

    def add(self, values: np.ndarray, profits: np.ndarray) -> None:
        """Take these into account, by least squares."""
        terms = values ** (RIVALS + 1)
        self._up, self._down = self._up + float(profits @ terms), self._down + float(terms @ terms)


def play(env: rl.SingleEnv, shares: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Values and profits of the blocks for which it bids these shares, one a slot.

    A block is sold in the slot before it: what it costs is in that slot's reward, what it earns in the next one's.
    """
    seen, _ = env.reset(seed=seed)
    values, earned, gains = [], [], []
    for share in np.clip(shares, 0, 1):
        values.append(float(seen[2] - seen[1]))
        seen, gain, *_ = env.step(np.array([share], np.float32))
        earned.append(values[-1] * seen[5])  # the ticket that it holds now, if it won
        gains.append(gain)
    before = np.array([0.0, *earned[:-1]])
    return np.array(values), np.array(gains) - before + np.array(earned)


def compare(share: float, blocks: int = 16_000, seed: int = 99) -> tuple[float, float]:
    """The profit at `share` over that in equilibrium on the same draws that were never learned from, and the
    standard error of that ratio."""
    env = rl.SingleEnv(rl.first_price(RIVALS, blocks=blocks))
    best = RIVALS / (RIVALS + 1)
    (_, own), (_, other) = (play(env, np.full(blocks, each), seed) for each in (share, best))
    env.close()
    ratio = own.sum() / other.sum()
    return float(ratio), float(np.std(own - ratio * other) / np.sqrt(blocks) / other.mean())


if __name__ == "__main__":
    learned = learn()
    ratio, error = compare(learned)
    print(f"share {learned:z.3f}, in equilibrium {RIVALS / (RIVALS + 1):z.3f}")
    print(f"profit {100 * ratio:z.2f} +/- {196 * error:z.2f} % of that in equilibrium")
