"""What a run brought, beside what it was expected to bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chain.money import GWEI_PER_ETH
from chain.rewards import RewardPath
from experiments.lab.runs.captures import is_ended, rows, rows_with
from experiments.lab.runs.folder import TABLES, read_manifest
from experiments.lab.runs.known_rewards import KnownRewards
from experiments.lab.runs.reward_luck import Handover, RewardLuck, expected_at
from experiments.lab.runs.tallies import readable

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CHOSEN = frozenset({"claim"})
"""Draw rules under which holders choose their blocks: to have chosen a good one is no luck."""
PAID = {"primary": 1, "refund": -1}


class Fortune(NamedTuple):
    """One structure of a run, arrays by block, ETH.

    `worth`: the reward. `expected`: what it was expected to be when the block's ticket was sold. `paid`: for the
    tickets that ended with the block, to the protocol, less refunds; where there are none, to the proposer just in
    time. `fair`: the same without luck. `luck`: by agent; None where holders choose their blocks.
    """

    has_tickets: bool
    worth: Floats
    expected: Floats
    paid: Floats
    fair: Floats
    luck: Mapping[str, float] | None

    def first(self, blocks: int) -> Fortune:
        """Of the first blocks alone; luck is that of all."""
        return self._replace(
            worth=self.worth[:blocks],
            expected=self.expected[:blocks],
            paid=self.paid[:blocks],
            fair=self.fair[:blocks],
        )

    @property
    def surprise(self) -> float:
        """What all blocks were worth beyond what was expected of them, ETH."""
        return float((self.worth - self.expected).sum())


class Rewarded(NamedTuple):
    """The blocks of a structure: rewards and prices just in time, Gwei; tickets, proposers. None: it has none."""

    rewards: list[int]
    tickets: list[int | None]
    proposers: list[str | None]
    prices: list[int | None]


def read_fortunes(folders: Mapping[str, Path]) -> dict[str, Fortune]:
    """By structure; none where rewards have no law, or no block was run. Raises `InputError`.

    Where there are no tickets nobody pays before a reward is known. Of such a block is expected what is under the
    first structure that has tickets; where none has, what was before block 0.
    """
    found: dict[str, Fortune] = {}
    for name in sorted(folders, key=lambda name: name == "pbs"):
        base = next((one.expected for one in found.values() if one.has_tickets), None)
        with readable(folders[name] / TABLES):
            fortune = read_fortune(folders[name], base)
        if fortune is not None:
            found[name] = fortune
    return {name: found[name] for name in folders if name in found}


def read_fortune(folder: Path, base: Floats | None) -> Fortune | None:
    """The fortune of one structure; `base`: what is expected where there are no tickets. Raises `InputError`."""
    tables = folder / TABLES
    path = KnownRewards(tables).path()
    blocks = read_blocks(tables)
    if path is None or not blocks.rewards:
        return None
    about = read_manifest(folder)
    if about["structure"] == "pbs":
        if base is None or len(base) < len(blocks.rewards):
            base = before_all(path, len(blocks.rewards))
        return just_in_time(blocks, base)
    chain, market = about["config"]["chain"], about["config"]["market"]
    fortune = ahead(tables, blocks, RewardLuck(path, blocks.rewards, market.get("just_in_time", False)))
    return fortune._replace(luck=None) if chain["draw"] in CHOSEN else fortune


def read_blocks(tables: Path) -> Rewarded:
    """What is needed of all blocks."""
    found = list(rows(tables, "blocks", "reward_gwei", "ticket", "proposer", "block_price_gwei"))
    return Rewarded(*([row[place] for row in found] for place in range(len(Rewarded._fields))))


def before_all(path: RewardPath, blocks: int) -> Floats:
    """What is expected of blocks before block 0, ETH."""
    outlook = path.outlook()
    return np.array([outlook.expected_reward(block) for block in range(blocks)]) / GWEI_PER_ETH


def just_in_time(blocks: Rewarded, base: Floats) -> Fortune:
    """Where proposers are given their blocks: all luck is theirs."""
    worth = in_eth(blocks.rewards)
    expected = base[: len(worth)]
    paid = in_eth([price or 0 for price in blocks.prices])
    luck: dict[str, float] = {}
    for proposer, surprise in zip(blocks.proposers, (worth - expected).tolist(), strict=True):
        if proposer is not None:
            luck[proposer] = luck.get(proposer, 0.0) + surprise
    return Fortune(False, worth, expected, paid, paid - (worth - expected), luck)


def ahead(tables: Path, blocks: Rewarded, luck: RewardLuck) -> Fortune:
    """Where tickets are sold ahead: what is paid for them has no luck in it."""
    expected = np.array(list(luck.by_block(moves(tables, blocks.tickets)))) / GWEI_PER_ETH
    paid = paid_by_block(tables, len(blocks.rewards))
    by_agent = {name: gwei / GWEI_PER_ETH for name, gwei in luck.by_agent.items()}
    return Fortune(True, in_eth(blocks.rewards), expected, paid, paid, by_agent)


def expected_at_resale(folder: Path) -> Floats | None:
    """What was expected of the block of each resale's ticket at the time, ETH, in the order of trades.

    NaN where it is drawn for none. None where rewards have no law. Raises `InputError`.
    """
    tables = folder / TABLES
    path = KnownRewards(tables).path()
    if path is None:
        return None
    blocks = read_blocks(tables)
    block_of = {ticket: block for block, ticket in enumerate(blocks.tickets) if ticket is not None}
    sold = list(rows_with(tables, "trades", "market", "secondary", "slot", "ticket"))
    known = [(slot, block_of[ticket]) for slot, ticket in sold if ticket in block_of]
    found = np.full(len(sold), np.nan)
    found[[ticket in block_of for _, ticket in sold]] = list(expected_at(path, blocks.rewards, known))
    return found / GWEI_PER_ETH


def moves(tables: Path, tickets: list[int | None]) -> Iterator[Handover]:
    """How rights came from hand to hand: of tickets that were drawn, and of buildings that were sold ahead."""
    block_of = {ticket: block for block, ticket in enumerate(tickets) if ticket is not None}
    built = {
        ticket: Handover(slot, block_of[ticket], buyer)
        for slot, ticket, buyer in rows_with(tables, "trades", "market", "building", "slot", "ticket", "buyer")
        if ticket in block_of
    }
    changes = (
        Handover(slot, block_of[ticket], taker)
        for slot, ticket, taker in rows(tables, "transfers", "slot", "ticket", "taker")
        if taker is not None and ticket in block_of and not (ticket in built and built[ticket].slot < slot)
    )
    return merge(changes, built.values(), key=itemgetter(0))


def paid_by_block(tables: Path, blocks: int) -> Floats:
    """Σ (price − refund) of the tickets that ended in each slot, ETH."""
    paid: dict[int, int] = {}
    for reason, ticket, gwei in rows(tables, "payments", "reason", "ticket", "amount_gwei"):
        if reason in PAID and ticket is not None:
            paid[ticket] = paid.get(ticket, 0) + PAID[reason] * gwei
    found = np.zeros(blocks)
    for ticket, slot, end, owner in rows(tables, "tickets", "ticket", "end_slot", "end", "owner"):
        if is_ended(end, owner):
            found[slot] += paid.get(ticket, 0)
    return found / GWEI_PER_ETH


def in_eth(gwei: list[int]) -> Floats:
    """Amounts in ETH."""
    return np.array(gwei, dtype=np.float64) / GWEI_PER_ETH
