"""When tickets for any one block of a window are sold, and when whoever bought them exercises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strategies.theory.buyer_types import Types
from strategies.theory.cell_shares import Halves, halves, overlap
from strategies.theory.laws import Array
from strategies.theory.public_state import PublicState
from strategies.theory.stopping import EQUAL, Stopping
from strategies.theory.ticket_sale import SaleTable, SaleTerms
from strategies.theory.window import BlockRight, mean_over, right_types, rights, unaware_waiting
from strategies.theory.winner import CostCells, Winner, Zone, cost_cells, winner

NOTHING = 1e-10
LITTLE = 1e-5
FOLLOWED = 64
"""Where more sale blocks than that are followed, those with less than `LITTLE` left are counted with the next."""


class Fates(NamedTuple):
    """Chances at blocks 0 … T, each of shape (T + 1,).

    `tried`: that the holder offers the ticket at a block; `sold`: that it finds a buyer there; `exercised`: that
    this buyer takes that block; `waited`: that it does so that many blocks after the sale.
    """

    tried: Array
    sold: Array
    exercised: Array
    waited: Array


def nothing(maturity: int) -> Fates:
    """Before anything has happened."""
    return Fates(*(np.zeros(maturity + 1) for _ in Fates._fields))


class Offers(NamedTuple):
    """When the holder tries a sale: the chance that an unsold ticket comes to each block and state, shape
    (T + 1, S), and the part of each state's surroundings in which it is offered."""

    arriving: Array
    where: Sequence[Halves]


class Exercise(NamedTuple):
    """What holders do at one block: the gain of taking it over waiting for costs in cells, shape (S, N); for one
    who does not know its cost, (S,), and the share of such that learn theirs before this block."""

    gain: Array
    unaware_gain: Array
    learns: float
    zone: Zone | None


def offers_of(stopping: Stopping) -> Offers:
    """Those of the best policy."""
    return Offers(stopping.arriving, [halves(gain) for gain in stopping.gains])


def offers_at(state: PublicState, block: int, maturity: int) -> Offers:
    """All at one block that is fixed at the start."""
    arriving = np.zeros((maturity + 1, state.rewards.shape[1]))
    arriving[block] = state.weights(block)
    everywhere = halves(np.full(state.rewards.shape[1], np.inf))
    return Offers(arriving, [everywhere] * (maturity + 1))


def window_fates(terms: SaleTerms, state: PublicState, sales: SaleTable, offers: Offers) -> Fates:
    """What becomes of tickets that are offered so, sold on the terms of `sales`, and exercised best."""
    cells = cost_cells(terms.cost, terms.crowd(slice(terms.maturity, terms.maturity + 1)).most)
    plans = [*exercises(terms, state, cells)][::-1]
    fates = nothing(terms.maturity)
    held = nothing_held(cells, state)
    for block, plan in enumerate(plans):
        held = held.learned(plan.learns, cells)
        held = held.exercised(plan, block, fates)
        where = offers.where[block]
        law = offers.arriving[block]
        fates.tried[block] = law @ where.share
        if fates.tried[block] > 0:
            buyer = winner(terms, block, row_of(sales, block), cells, plan.zone)
            held = held.joined(first_block(law, where, buyer, plan, block, fates))
        if block < terms.maturity:
            held = held.gathered().spread(state, block)
    return fates


class Held(NamedTuple):
    """Tickets that were sold and not yet exercised, by the block of their sale `since`, shape (C,): chances by
    cell and state, (C, N, S), and of buyers that do not know their costs, (C, S)."""

    since: npt.NDArray[np.int64]
    aware: Array
    unaware: Array

    def learned(self, share: float, cells: CostCells) -> Held:
        """After a share of those who did not know their costs have learned them."""
        if share == 0:
            return self
        found = share * self.unaware[:, None, :] * cells.chances[:, None]
        return Held(self.since, self.aware + found, self.unaware * (1 - share))

    def exercised(self, plan: Exercise, block: int, fates: Fates) -> Held:
        """Those who wait, after the others have taken the block, which is noted in `fates`."""
        aware = self.aware * halves(plan.gain).share.T
        unaware = self.unaware * halves(plan.unaware_gain).share
        taken = aware.sum(axis=(1, 2)) + unaware.sum(axis=1)
        for since, chance in zip(self.since.tolist(), taken.tolist(), strict=True):
            note(fates, block, block - since, chance)
        return Held(self.since, self.aware - aware, self.unaware - unaware)

    def joined(self, others: Held) -> Held:
        """These and others."""
        return Held(*(np.concatenate(parts) for parts in zip(self, others, strict=True)))

    def gathered(self) -> Held:
        """The same where sale blocks of which little is left are counted with the next: fewer to follow."""
        many = self.aware.sum(axis=(1, 2)) + self.unaware.sum(axis=1) >= LITTLE
        if self.since.size <= FOLLOWED or many[:-1].all():
            return self
        starts = np.flatnonzero(np.concatenate(([True], many[:-1])))
        ends = np.append(starts[1:], many.size) - 1
        aware, unaware = (np.add.reduceat(part, starts, axis=0) for part in (self.aware, self.unaware))
        return Held(self.since[ends], aware, unaware)

    def spread(self, state: PublicState, block: int) -> Held:
        """At the next block, without cells of which next to nothing is left."""
        left = self.aware.sum(axis=2) > NOTHING
        aware = np.zeros_like(self.aware)
        aware[left] = state.spread(block, self.aware[left])
        return Held(self.since, aware, state.spread(block, self.unaware))


def nothing_held(cells: CostCells, state: PublicState) -> Held:
    """Before the first sale."""
    states = state.rewards.shape[1]
    return Held(np.zeros(0, np.int64), np.zeros((0, cells.costs.size, states)), np.zeros((0, states)))


def first_block(law: Array, where: Halves, buyer: Winner, plan: Exercise, block: int, fates: Fates) -> Held:
    """The tickets sold at a block that are not exercised there; both are noted in `fates`."""
    wide = where.in_columns
    aware = law[:, None] * buyer.aware
    unaware = law * buyer.unaware
    fates.sold[block] = (aware * wide.share).sum() + (unaware * where.share).sum()
    taken = overlap(wide, halves(plan.gain))
    taken_unaware = overlap(where, halves(plan.unaware_gain))
    note(fates, block, 0, float((aware * taken).sum() + (unaware * taken_unaware).sum()))
    rest = aware * (wide.share - taken)
    return Held(np.array([block]), rest.T[None], (unaware * (where.share - taken_unaware))[None])


def note(fates: Fates, block: int, waited: int, chance: float) -> None:
    """That tickets are exercised at a block, so many blocks after their sale."""
    fates.exercised[block] += chance
    fates.waited[waited] += chance


def exercises(terms: SaleTerms, state: PublicState, cells: CostCells) -> Iterator[Exercise]:
    """What holders do at blocks T, T − 1, … 0."""
    table = rights(state, terms.cost, terms.buyer_rate, terms.informed)
    later: BlockRight | None = None
    for age, right in enumerate(table):
        block = terms.maturity - age
        gain = right.reward - cells.costs - right.waiting(cells.costs) + EQUAL
        yield Exercise(
            gain,
            unaware_gain(terms, state, block, right, later),
            learners(terms, block),
            zone_of(terms, block, right),
        )
        later = right


def unaware_gain(
    terms: SaleTerms, state: PublicState, block: int, right: BlockRight, later: BlockRight | None
) -> Array:
    """Of a block for one who does not know its cost, over waiting; infinite where all do, shape (S,)."""
    if right.unaware is None or later is None:
        return np.full(right.reward.shape[0], np.inf)
    waiting = unaware_waiting(state, terms.cost, terms.buyer_rate, terms.informed, block + 1, later)
    return mean_over(terms.cost, right.spot) - waiting + EQUAL


def learners(terms: SaleTerms, block: int) -> float:
    """The share of those who did not know their costs a block ago that do now."""
    if block == 0 or terms.informed[block - 1] >= 1:
        return 0.0
    before = terms.informed[block - 1]
    return float((terms.informed[block] - before) / (1 - before))


def zone_of(terms: SaleTerms, block: int, right: BlockRight) -> Zone | None:
    """Where those who do not know their costs rank; None where all do."""
    if terms.informed[block] >= 1:
        return None
    types: Types = right_types(terms, right)
    above, level = types.beside_mean
    states = right.reward.shape[0]
    return Zone(*(np.broadcast_to(np.reshape(part, (-1, 1)), (states, 1)) for part in (above, level)))


def row_of(table: SaleTable, block: int) -> SaleTable:
    """The table's row of one block."""
    return SaleTable(**{name: values[block : block + 1] for name, values in vars(table).items()})
