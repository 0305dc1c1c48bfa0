"""What a reserve rule sees of a lot: nothing in it can be changed."""

from __future__ import annotations

from typing import NamedTuple

from chain.near_names import tells_near
from chain.rewards import Outlook
from market.primary import Chance


@tells_near()
class PastLot(NamedTuple):
    """A lot of a past sale that had bids: when, of which ticket, at which reserve, the bids in order of arrival,
    and what its winner paid (None: it stayed unsold). Gwei."""

    slot: int
    ticket: int
    reserve_gwei: int
    bids_gwei: tuple[int, ...]
    price_gwei: int | None


@tells_near()
class ReserveView(NamedTuple):
    """One lot before its sale. `slot` is −1 before block 0.

    `first_block` and `last_block` are those of its ticket where it has them from the mint on; else of the next
    block, or round, to be drawn. `proposes`: how many of them are its own, 1 or all of a round. `reserve_gwei` is
    the config's, below which no reserve is; `outlook` is what everyone knows of rewards; `lots` are the last 256
    that had bids, the latest at the end.

    `chance(n, key)` is a whole number below `n`, drawn once for a `key` (≥ 0) from the run's seed: the only source
    of chance.
    """

    slot: int
    first_block: int
    last_block: int
    held: int
    reserve_gwei: int
    outlook: Outlook
    lots: tuple[PastLot, ...]
    chance: Chance
    proposes: int = 1

    @property
    def expected_gwei(self) -> float:
        """What everyone expects of the reward of its block, or of all those of its round; the mean, where it is
        for one of several."""
        first = max(self.first_block, self.outlook.block, 0)
        blocks = range(first, max(self.last_block, first) + 1)
        return sum(map(self.outlook.expected_reward, blocks)) * self.proposes / len(blocks)
