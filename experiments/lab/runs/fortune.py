"""What a run brought, beside what it was expected to bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import merge
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chain.column_values import whole
from chain.money import GWEI_PER_ETH
from chain.rewards import RewardPath
from experiments.lab.config.errors import InputError
from experiments.lab.runs.captures import is_ended, rows, rows_with
from experiments.lab.runs.folder import TABLES, read_manifest
from experiments.lab.runs.known_rewards import read_rewards
from experiments.lab.runs.reward_luck import NONE, Handover, RewardLuck, expected_at
from experiments.lab.runs.tallies import batches, readable, reader

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

EMPTY: Integers = np.zeros(0, np.int64)
CHOSEN = frozenset({"claim"})
"""Draw rules under which holders choose their blocks: to have chosen a good one is no luck."""
PAIR = np.dtype([("ticket", np.int64), ("value", np.int64)])


class Fortune(NamedTuple):
    """One structure of a run, arrays by block, ETH.

    `worth`: the reward. `expected`: what it was expected to be when the block's ticket was sold, or could last
    have been. `paid`: for the tickets that ended with the block, to the protocol, less refunds; where there are
    none, to the proposer just in time. `fair`: the same without luck. `luck`: by agent; None where holders choose
    their blocks. `proposed`: how many blocks had a proposer. `sold`: whether the block's ticket was ever sold;
    all count as sold where there are no tickets.
    """

    has_tickets: bool
    worth: Floats
    expected: Floats
    paid: Floats
    fair: Floats
    luck: Mapping[str, float] | None
    proposed: int
    sold: Truths

    def first(self, blocks: int) -> Fortune:
        """Of the first blocks alone; luck is that of all."""
        return self._replace(
            worth=self.worth[:blocks],
            expected=self.expected[:blocks],
            paid=self.paid[:blocks],
            fair=self.fair[:blocks],
            sold=self.sold[:blocks],
        )

    @property
    def surprise(self) -> float:
        """What the blocks that were sold were worth beyond what was expected of them, ETH."""
        return float((self.worth - self.expected)[self.sold].sum())

    @property
    def unsold(self) -> int:
        """How many blocks had no sold ticket."""
        return int((~self.sold).sum())


class Rewarded(NamedTuple):
    """The blocks of a structure, by block: rewards and prices just in time, Gwei; proposers, None without one.
    `block_of`: the block of each ticket that was drawn, or the first of its round, `NONE` for others, by serial;
    `size`: the blocks of a round."""

    rewards: Integers
    prices: Integers
    proposers: list[str | None]
    block_of: Integers
    size: int = 1

    def left_to(self, ticket: int, slot: int) -> range:
        """The blocks for which a ticket was drawn, as far as they are left in a slot; none, where it was not."""
        first = int(self.block_of[ticket]) if ticket < len(self.block_of) else NONE
        if first == NONE:
            return range(0)
        return range(max(first, slot), min(first + self.size, len(self.rewards)))

    @property
    def proposed(self) -> int:
        """How many have a proposer."""
        return sum(proposer is not None for proposer in self.proposers)


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
    path = read_rewards(tables).path()
    about = read_manifest(folder)
    blocks = read_blocks(tables, about)
    if path is None or not len(blocks.rewards):
        return None
    if about["structure"] == "pbs":
        if base is None or len(base) < len(blocks.rewards):
            base = before_all(path, len(blocks.rewards))
        return just_in_time(blocks, base)
    chain, market = about["config"]["chain"], about["config"]["market"]
    fortune = ahead(tables, blocks, RewardLuck(path, blocks.rewards, market.get("just_in_time", False)))
    return fortune._replace(luck=None) if chain["draw"] in CHOSEN else fortune


def read_blocks(tables: Path, about: Mapping[str, Any]) -> Rewarded:
    """What is needed of all blocks."""
    parts: list[tuple[Integers, Integers, Integers]] = []
    proposers: list[str | None] = []
    for batch in batches(tables, "blocks", "reward_gwei", "block_price_gwei", "ticket", "proposer"):
        rewards, prices, tickets, names = batch.columns
        parts.append((whole(rewards, 0), whole(prices, 0), whole(tickets, NONE)))
        proposers += [None if name is None else intern(name) for name in names.to_pylist()]
    if not parts:
        return Rewarded(EMPTY, EMPTY, [], EMPTY)
    rewards, prices, tickets = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Rewarded(rewards, prices, proposers, places(tickets), about["config"]["chain"].get("round", 1))


def places(tickets: Integers) -> Integers:
    """The first block of each ticket by serial, out of the ticket of each block."""
    found = np.full(tickets.max(initial=NONE) + 1, NONE)
    drawn = np.flatnonzero(tickets != NONE)[::-1]
    found[tickets[drawn]] = drawn  # the last one set stays
    return found


def before_all(path: RewardPath, blocks: int) -> Floats:
    """What is expected of blocks before block 0, ETH."""
    outlook = path.outlook()
    return np.array([outlook.expected_reward(block) for block in range(blocks)]) / GWEI_PER_ETH


def just_in_time(blocks: Rewarded, base: Floats) -> Fortune:
    """Where proposers are given their blocks: all luck is theirs."""
    worth, paid = blocks.rewards / GWEI_PER_ETH, blocks.prices / GWEI_PER_ETH
    surprise = worth - base[: len(worth)]
    luck: dict[str, float] = {}
    for proposer, own in zip(blocks.proposers, surprise, strict=True):
        if proposer is not None:
            luck[proposer] = luck.get(proposer, 0.0) + float(own)
    every = np.ones(len(worth), bool)
    return Fortune(False, worth, base[: len(worth)], paid, paid - surprise, luck, blocks.proposed, every)


def ahead(tables: Path, blocks: Rewarded, luck: RewardLuck) -> Fortune:
    """Where tickets are sold ahead: what is paid for them has no luck in it."""
    expected = np.fromiter(luck.by_block(moves(tables, blocks)), np.float64) / GWEI_PER_ETH
    paid = spread(paid_by_block(tables, len(blocks.rewards)), blocks.size)
    by_agent = {name: gwei / GWEI_PER_ETH for name, gwei in luck.by_agent.items()}
    sold = np.ones(len(expected), bool)
    sold[luck.unsold] = False
    return Fortune(True, blocks.rewards / GWEI_PER_ETH, expected, paid, paid, by_agent, blocks.proposed, sold)


def expected_at_resale(folder: Path) -> Floats | None:
    """What was expected of the block of each resale's ticket at the time, or of what was left of its round, ETH,
    in the order of trades.

    NaN where it is drawn for none. None where rewards have no law. Raises `InputError`.
    """
    tables = folder / TABLES
    path = read_rewards(tables).path()
    if path is None:
        return None
    blocks = read_blocks(tables, read_manifest(folder))
    sold = rows_with(reader(tables), "trades", "market", "secondary", "slot", "ticket")
    times = (
        (within(tables / "trades.parquet", slot, len(blocks.rewards)), blocks.left_to(ticket, slot))
        for slot, ticket in sold
    )
    return np.fromiter(expected_at(path, blocks.rewards, times), np.float64) / GWEI_PER_ETH


def moves(tables: Path, blocks: Rewarded) -> Iterator[Handover]:
    """How rights came from hand to hand: of tickets that were drawn, and of buildings that were sold ahead."""
    sold = rows_with(reader(tables), "trades", "market", "building", "slot", "block", "buyer")
    built = {block: Handover(slot, block, buyer) for slot, block, buyer in sold}
    changes = (
        Handover(slot, block, taker)
        for slot, ticket, taker in rows(reader(tables), "transfers", "slot", "ticket", "taker")
        if taker is not None
        for block in blocks.left_to(ticket, slot)
        if not (block in built and built[block].slot < slot)
    )
    return merge(changes, built.values(), key=itemgetter(0))


def spread(paid: Floats, size: int) -> Floats:
    """What was paid for tickets by the slot in which they ended, spread over the blocks of each round."""
    if size == 1:
        return paid
    whole = np.concatenate([paid, np.zeros(-len(paid) % size)]).reshape(-1, size)
    return np.repeat(whole.sum(axis=1) / size, size)[: len(paid)]


def paid_by_block(tables: Path, blocks: int) -> Floats:
    """Σ (price − refund) of the tickets that ended in each slot, ETH."""
    ended = np.fromiter(
        (
            (ticket, slot)
            for ticket, slot, end, owner in rows(reader(tables), "tickets", "ticket", "end_slot", "end", "owner")
            if is_ended(end, owner)
        ),
        PAIR,
    )
    within(tables / "tickets.parquet", ended["value"].max(initial=NONE), blocks)
    tickets = ended["ticket"].max(initial=NONE) + 1
    paid = paid_by_ticket(tables, "primary", tickets) - paid_by_ticket(tables, "refund", tickets)
    return np.bincount(ended["value"], paid[ended["ticket"]], blocks) / GWEI_PER_ETH


def within(table: Path, slot: int, blocks: int) -> int:
    """The slot of a row, which lies before the end of its run. Raises `InputError`."""
    if slot >= blocks:
        raise InputError(
            f"{table}: has a row of slot {slot}, and the run has {blocks} blocks; it was changed or damaged, "
            "run the config again"
        )
    return slot


def paid_by_ticket(tables: Path, reason: str, tickets: int) -> Floats:
    """Σ of the payments with this reason about each of the first `tickets`, Gwei."""
    about = rows_with(reader(tables), "payments", "reason", reason, "ticket", "amount_gwei")
    known = ((ticket, gwei) for ticket, gwei in about if ticket is not None and ticket < tickets)
    moved = np.fromiter(known, PAIR)
    found: Floats = np.zeros(tickets)
    np.add.at(found, moved["ticket"], moved["value"])
    return found
