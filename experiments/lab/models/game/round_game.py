"""Playing a round: who bids draws lots as the theory has it; sales and resales are cleared on drawn values.

Rounds are drawn and cleared in memory, not on the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from experiments.lab.models.game.round_draws import BlockDraws, DrawnValues, resold_by_buyer, resold_by_hub
from experiments.lab.models.model.round_solve import make_contest, make_prior, own_sums
from experiments.lab.models.model.round_spec import RoundModel
from strategies.theory.informed_rounds import least_sum
from strategies.theory.laws import Array
from strategies.theory.round_entry import Tenderers, entry
from strategies.theory.signalled_value import SignalledValue

Generator = np.random.Generator
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RoundsPlayed:
    """Rounds, one number each: price, what was made and could be, the surplus of the mean buyer and hub, and who
    bid; `top` is the highest bid, where it is a figure."""

    price: Array
    made: Array
    best: Array
    buyers: Array
    hubs: Array
    entrants: Array
    void: Array
    top: Array | None = None


def play(model: RoundModel, rounds: int, rng: Generator) -> RoundsPlayed:
    """So many rounds."""
    parts = list(PLAY[model.regime](model, rounds, rng))
    columns = {
        key: np.concatenate([getattr(part, key) for part in parts])
        for key in RoundsPlayed.__dataclass_fields__
        if getattr(parts[0], key) is not None
    }
    return RoundsPlayed(**columns)


def just_in_time(model: RoundModel, rounds: int, rng: Generator) -> Iterator[RoundsPlayed]:
    """Each block is sold by the protocol."""
    for drawn in BlockDraws(model).batches(rounds, rng):
        paid, made = (part.sum(axis=1) for part in resold_by_hub(drawn.values, np.zeros(drawn.rewards.shape[:2])))
        everyone = np.full(paid.size, float(model.buyers))
        nothing = np.zeros(paid.size)
        yield RoundsPlayed(paid, made, made, (made - paid) / model.buyers, nothing, everyone, nothing)


def ahead_informed(model: RoundModel, rounds: int, rng: Generator) -> Iterator[RoundsPlayed]:
    """Buyers know their sums, and do not resell."""
    least = model.reserve + model.primary_entry_cost
    if model.primary_entry_cost > 0 and not model.shares_rewards():
        least = least_sum(own_sums(model), model.buyers, model.reserve, model.primary_entry_cost)
    for drawn in BlockDraws(model).batches(rounds, rng):
        sums = np.sort(drawn.values.sum(axis=1), axis=1)
        bids = np.where(sums >= least, sums, -np.inf)
        second = bids[:, -2] if model.buyers > 1 else np.full(bids.shape[0], -np.inf)
        sold = bids[:, -1] > -np.inf
        entrants = (bids > -np.inf).sum(axis=1).astype(float)
        price = np.where(sold, np.maximum(second, model.reserve), 0.0)
        made = np.where(sold, sums[:, -1], 0.0)
        kept = (made - price - model.primary_entry_cost * entrants) / model.buyers
        best = drawn.values.max(axis=2).sum(axis=1)
        yield RoundsPlayed(price, made, best, kept, np.zeros(price.size), entrants, (~sold).astype(float))


def common_value(model: RoundModel, rounds: int, rng: Generator) -> Iterator[RoundsPlayed]:
    """Buyers have signals of one value."""
    assert model.signal_sigma is not None
    sale = SignalledValue(make_prior(model), model.signal_sigma, model.buyers)
    schedule = sale.paid_as_bid if model.format == "first_price" else sale.tied
    if model.value_sd is not None:
        value = np.exp(model.value_sd * rng.standard_normal(rounds) - model.value_sd**2 / 2)
    else:
        one = model.model_copy(update={"buyers": 1})
        value = np.concatenate([part.values.sum(axis=(1, 2)) for part in BlockDraws(one).batches(rounds, rng)])
    noise = model.signal_sigma * rng.standard_normal((rounds, model.buyers))
    bids = np.sort(sale.bid(np.log(value)[:, None] + noise, schedule), axis=1)
    top = bids[:, -1]
    price = top if model.format == "first_price" else bids[:, -2]
    nothing = np.zeros(rounds)
    everyone = np.full(rounds, float(model.buyers))
    yield RoundsPlayed(price, value, value, (value - price) / model.buyers, nothing, everyone, nothing, top)


@dataclass(frozen=True)
class Tender:
    """Who bids in the rounds of a batch, the price, and the winner: a buyer from 0, −1 a hub, −2 nobody."""

    winner: Counts
    price: Array
    buyers: Counts
    hubs: Counts


def contested(model: RoundModel, rounds: int, rng: Generator) -> Iterator[RoundsPlayed]:
    """Bidders who know no more than the law; the winner sells blocks on, but in the regime `ahead`."""
    contest = make_contest(model)
    found = entry(contest)
    source = BlockDraws(model)
    for drawn in source.batches(rounds, rng):
        count = drawn.values.shape[0]
        buyers = rng.random((count, model.buyers)) < found.buyer
        hubs = (rng.random((count, max(model.count_hubs, 1))) < found.hub).sum(axis=1)
        yield settled(model, source, drawn, tender(contest, buyers, hubs, rng))


def tender(contest: Tenderers, buyers: Flags, hubs: Counts, rng: Generator) -> Tender:
    """A second-price sale: buyers bid holding less losing, hubs what resale brings; lots settle ties."""
    count = buyers.sum(axis=1)
    own = np.full(buyers.shape, max(contest.against_buyer, contest.reserve))
    lots = np.where(buyers, rng.random(buyers.shape), -1.0)
    bids = np.sort(
        np.column_stack(
            [
                np.where(buyers, own, -np.inf),
                np.where(hubs > 0, contest.worth.hub, -np.inf),
                np.where(hubs > 1, contest.worth.hub, -np.inf),
                np.full(hubs.shape, -np.inf),
            ]
        ),
        axis=1,
    )
    winner = np.where(count > 0, lots.argmax(axis=1), np.where(hubs > 0, -1, -2))
    price = np.where(bids[:, -1] > -np.inf, np.maximum(bids[:, -2], contest.reserve), 0.0)
    return Tender(winner, price, count, hubs)


def settled(model: RoundModel, source: BlockDraws, drawn: DrawnValues, sale: Tender) -> RoundsPlayed:
    """What comes of the rounds once their blocks are worth what they are worth."""
    size = sale.winner.size
    kept, hub, made = np.zeros(size), np.zeros(size), np.zeros(size)
    best = drawn.values.max(axis=2).sum(axis=1)
    for held, resell in (
        (sale.winner >= 0, by_buyer),
        (sale.winner == -1, by_hub),
        (sale.winner == -2, by_nobody),
    ):
        rows = np.flatnonzero(held)
        if rows.size:
            part = DrawnValues(drawn.values[rows], drawn.rewards[rows])
            kept[rows], hub[rows], made[rows] = resell(model, source, part, sale.winner[rows])
    kept -= np.where(sale.winner >= 0, sale.price, 0.0) + model.primary_entry_cost * sale.buyers
    hub -= np.where(sale.winner == -1, sale.price, 0.0) + model.hub_entry_cost * sale.hubs
    return RoundsPlayed(
        price=sale.price,
        made=made,
        best=best,
        buyers=kept / model.buyers,
        hubs=hub / max(model.count_hubs, 1),
        entrants=sale.buyers.astype(float),
        void=(sale.winner == -2).astype(float),
    )


Resold = tuple[Array, Array, Array]
"""What all buyers have of a round, what a hub takes, what is made: before the primary price."""


def by_buyer(model: RoundModel, source: BlockDraws, drawn: DrawnValues, winner: Counts) -> Resold:
    """A buyer holds the round: what its blocks are worth to it, and what others gain who buy from it."""
    place = winner[:, None, None]
    own = np.take_along_axis(drawn.values, place, axis=2)
    nothing = np.zeros(winner.size)
    if model.regime == "ahead":
        used = own[..., 0].sum(axis=1)
        return used, nothing, used
    seats = np.arange(model.buyers - 1)
    rest = seats + (seats >= winner[:, None])
    others = np.take_along_axis(
        drawn.values, np.broadcast_to(rest[:, None], (*own.shape[:2], rest.shape[1])), axis=2
    )
    price = own[..., 0]
    if model.resale_reserve == "best":
        price = source.best_reserve(own, drawn.rewards)[..., 0]
    _, made = resold_by_buyer(own[..., 0], others, price)
    return made.sum(axis=1), nothing, made.sum(axis=1)


def by_hub(model: RoundModel, source: BlockDraws, drawn: DrawnValues, winner: Counts) -> Resold:  # noqa: ARG001
    """A hub holds it."""
    price = np.zeros(drawn.rewards.shape)
    if model.resale_reserve == "best":
        price = source.best_reserve(price, drawn.rewards)
    paid, made = (part.sum(axis=1) for part in resold_by_hub(drawn.values, price[..., 0]))
    return made - paid, paid, made


def by_nobody(model: RoundModel, source: BlockDraws, drawn: DrawnValues, winner: Counts) -> Resold:  # noqa: ARG001
    """It stays unsold: lost, or sold just in time by an endowed validator."""
    nothing = np.zeros(winner.size)
    if model.left_unsold == "empty":
        return nothing, nothing, nothing
    paid, made = (part.sum(axis=1) for part in resold_by_hub(drawn.values, np.zeros(drawn.rewards.shape[:2])))
    return made - paid, nothing, made


PLAY: dict[str, Callable[[RoundModel, int, Generator], Iterator[RoundsPlayed]]] = {
    "just_in_time": just_in_time,
    "ahead": contested,
    "ahead_informed": ahead_informed,
    "resale": contested,
    "hub": contested,
    "common_value": common_value,
}
"""How each regime is played."""
