"""Rewards from a file: what was paid, block after block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import numpy as np
from annotated_types import Len
from numpy.typing import NDArray

from chain.home import expanded
from chain.last_answer import last_answer
from chain.money import eth_to_gwei
from chain.rewards.outlook import Outlook
from chain.rewards.parameter import require_amount
from chain.rewards.process import CHUNK, RewardProcess, RewardRun
from chain.rewards.ranked_rewards import RankedRewards

if TYPE_CHECKING:
    from chain.rewards.payments import Payments

WINDOW = 1024
"""Revealed rewards by which the public judges those to come."""

Text = Annotated[str, Len(max_length=4096)]
Name = Annotated[str, Len(1, 4096)]
Unit = Literal["eth", "gwei", "wei"]
Missing = Literal["zero", "skip", "error"]
MISSING_MEANS = "what a missing payment means: a reward of 0, a block left out, an error"


class EndOfRewards(ValueError):
    """A run asked for more blocks than the replayed file has."""


class PaymentReplay(RewardProcess):
    """The payments of `file`, Parquet, CSV or a relay's JSON, one a block, in the order of its blocks.

    The payments are in `column`, else in `payment_gwei` or a like name, or in `value` (wei) as in
    mevboost-data; the end of the name tells the unit, unless `unit` (`eth`, `gwei`, `wei`) does. Wei are
    floored to whole Gwei.

    Where there is a column of block numbers, or else of slots, rows are sorted by it and one a block is kept
    (mevboost-data has one for each relay that reported the block): one with a payment, and the largest where
    they differ; `put_in_order` says more. Blocks left out between others count as missing payments. A missing
    payment is a reward of 0 (`missing="zero"`), a block left out (`"skip"`), or refused (`"error"`).

    What the public expects is what the last 1,024 rewards show; before block 0, `prior` ETH, whose default is
    the mean of the payments that `payment_law` is fitted to.

    Raises `ValueError`, in one line that names the file, where it cannot be read as payments.
    """

    def __init__(
        self,
        file: Annotated[Name, "payments: a file of Parquet, CSV or a relay's JSON; docs/runs.md"],
        column: Annotated[Text | None, "payment column; left out: found by its name"] = None,
        unit: Annotated[Unit | None, "its unit; left out: by its name"] = None,
        missing: Annotated[Missing, MISSING_MEANS] = "zero",
        prior: float = 0.122561,
    ) -> None:
        from chain.rewards.payments import read_payments  # slow to import, and of no use to other laws

        require_amount("prior", prior)
        if missing not in get_args(Missing):
            raise ValueError(f"{file}: missing is {missing!r}; choose one of {', '.join(get_args(Missing))}")
        self.file = expanded(file)
        payments = read_payments(self.file, column, unit)
        absent = payments.absent
        if missing == "error" and absent.any():
            raise ValueError(f"{self.file}: {_absence(payments, absent)}; set missing to zero or skip")
        gwei, slots = payments.gwei, payments.slots
        if missing == "skip":
            gwei, slots = gwei[~absent], taken(slots, ~absent)
        self._gwei = np.maximum(gwei, 0)
        self.slots = slots
        """The slot of each block, `MISSING` where the file does not say; None where it names no slots."""
        self._prior_gwei = eth_to_gwei(prior)
        self.rows = payments.rows
        """Rows of the file."""
        self.first_block = payments.first_block
        """The number of the first block in the file, or of its slot; None where the file numbers none."""
        self.missing_blocks = int(absent.sum())
        """Blocks without a payment."""
        self.sha256 = payments.sha256
        """Of the file's bytes, in hex."""

    def __len__(self) -> int:
        return len(self._gwei)

    def start(self, rng: np.random.Generator) -> RewardRun:  # noqa: ARG002
        """A run from the first block; nothing is drawn."""
        return ReplayDraws(self.file, self._gwei, self._prior_gwei)


def taken(slots: NDArray[np.int64] | None, where: NDArray[np.bool_]) -> NDArray[np.int64] | None:
    """The slots of some blocks, where the file names slots."""
    if slots is None:
        return None
    return slots[where]


def _absence(payments: Payments, absent: NDArray[np.bool_]) -> str:
    at = int(absent.argmax())
    first = 1
    if payments.first_block is not None:
        first = payments.first_block
    return f"{int(absent.sum())} payments are missing, the first at {payments.unit} {first + at}"


class ReplayDraws(RewardRun):
    """One run through the file."""

    def __init__(self, file: Path, gwei: NDArray[np.int64], prior_gwei: int) -> None:
        self._file = file
        self._gwei = gwei
        self._prior_gwei = prior_gwei
        self._next = 0

    def next_chunk(self) -> list[int]:
        """The next rewards in Gwei. Raises `EndOfRewards` where there are none left."""
        chunk: list[int] = self._gwei[self._next : self._next + CHUNK].tolist()
        if not chunk:
            size = len(self._gwei)
            raise EndOfRewards(f"{self._file} ends after {size} rewards; set blocks to at most {size}")
        self._next += len(chunk)
        return chunk

    def outlook(self, block: int, reward_gwei: int | None) -> Outlook:
        """What is public after `block`: a copy of the last rewards."""
        seen = self._gwei[max(block + 1 - WINDOW, 0) : block + 1]
        return ReplayOutlook(block, reward_gwei, seen.tobytes(), self._prior_gwei)


@dataclass(frozen=True, slots=True)
class ReplayOutlook(Outlook):
    """Rewards to come have the law of those in the window; before block 0 they are the prior's.

    `window` has the last rewards as int64 Gwei, in bytes: a copy, and one that cannot change.
    """

    window: bytes = field(hash=False)  # thousands of bytes, which tell it from few others
    prior_gwei: int

    def _mean(self, block: int) -> float:  # noqa: ARG002
        return ranked(self).mean

    def _surplus(self, block: int, cost_gwei: float) -> float:  # noqa: ARG002
        return ranked(self).surplus(cost_gwei)

    def _surpluses(self, block: int, costs_gwei: Sequence[float]) -> list[float]:  # noqa: ARG002
        left: list[float] = ranked(self).surpluses(np.array(costs_gwei)).tolist()
        return left


@last_answer
def ranked(outlook: ReplayOutlook) -> RankedRewards:
    """What was seen, which every participant asks for in the same slot; before block 0, the prior."""
    if outlook.window:
        return RankedRewards(np.frombuffer(outlook.window, np.int64))
    return RankedRewards(np.array([outlook.prior_gwei]))
