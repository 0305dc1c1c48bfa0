"""What the game of a tournament says, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from experiments.lab.statistics import Statistics
from experiments.lab.statistics.statistics_text import told
from experiments.lab.tournament.better_response import BetterResponse, Move, Walk
from experiments.lab.tournament.lineup_words import mix, seated
from experiments.lab.tournament.population import replicator, survivors
from experiments.lab.tournament.price_of_anarchy import PriceOfAnarchy
from experiments.lab.tournament.resamples import Alternative, Equilibria, FoundEquilibrium, Shares

if TYPE_CHECKING:
    from experiments.lab.tournament.played_tournament import Tournament

FEW = 10  # seeds below which resamples say little


def sentences(played: Tournament) -> Iterator[str]:
    """All of them, a line each."""
    yield from equilibrium_lines(played.equilibria(), len(played.seeds))
    yield from overlap_lines(played)
    yield population_line(played)
    dynamics, price = played.better_response(), played.price_of_anarchy()
    if dynamics is None:
        yield "better response: not all lineups were played; the seating full plays them"
    else:
        yield from dynamics_lines(dynamics, played.labels)
    if price is not None:
        yield from price_lines(price)


def equilibrium_lines(equilibria: Equilibria, seeds: int) -> Iterator[str]:
    """Each symmetric equilibrium, and how often resamples of the seeds have it."""
    for one in equilibria.found:
        yield f"symmetric equilibrium: {mix(one.shares)}{how_sure(one)}"
    for other in equilibria.alternatives:
        share = percent(other.found_in)
        yield f"no equilibrium of the mean payoffs, but of {share} of the resamples: {among(other)}"
    if 1 < seeds < FEW:
        yield f"{seeds} seeds are few to resample: how sure an equilibrium is, is itself known roughly"


def among(other: Alternative) -> str:
    """`all truthful`, `a mix of truthful and shade:0.8`."""
    if len(other.among) == 1:
        return f"all {other.among[0]}"
    return f"a mix of {listed(other.among)}"


def how_sure(one: FoundEquilibrium) -> str:
    """`, in 83 % of the resamples of the seeds (truthful 20 to 60 %, …)`."""
    if one.found_in is None:
        return "; one seed does not tell how sure that is"
    told = f"; in {percent(one.found_in)} of the resamples of the seeds"
    if one.low is None or one.high is None or max(one.shares.values()) == 1:
        return told
    return f"{told} ({ranges(one.low, one.high)})"


def ranges(low: Shares, high: Shares) -> str:
    """Between which shares each plays in 95 % of the resamples."""
    ends = ((label, 100 * low[label], 100 * high[label]) for label in low if high[label] > 0)
    return ", ".join(f"{label} {least:z.0f} to {most:z.0f} %" for label, least, most in ends)


def overlap_lines(played: Tournament) -> Iterator[str]:
    """Where one cannot tell who does best, and where several do."""
    for overlap in played.overlaps():
        yield (
            f"where the others play {overlap.others}, {listed(overlap.entrants)} cannot be told apart with these "
            "seeds; more seeds would"
        )
    for tie in played.ties():
        yield f"where the others play {tie.others}, {listed(tie.entrants)} earn the same on every seed"


def population_line(played: Tournament) -> str:
    """Who is left under replicator dynamics."""
    alive = survivors(replicator(played.against().mean(axis=0)), played.labels)
    survive = "survive"
    if len(alive) == 1:
        survive = "survives"
    return f"population: {mix(alive)} {survive}"


def dynamics_lines(dynamics: BetterResponse, labels: Sequence[str]) -> Iterator[str]:
    """Where better response leads from each population of one kind, and where it can end."""
    for walk in dynamics.walks():
        yield f"better response from {walk_line(walk, labels)}"
    for stop in dynamics.stops():
        yield f"stop: {seated(labels, stop)}{temptation(dynamics.tempting(stop), labels)}"
    for cycle in dynamics.cycles():
        yield f"cycle: {' → '.join(seated(labels, profile) for profile in (*cycle, cycle[0]))}"


def walk_line(walk: Walk, labels: Sequence[str]) -> str:
    """`all truthful: truthful → shade:0.8 gains 3.1 [2.9, 3.3]; stops at 1 truthful, 1 shade:0.8`."""
    steps = "".join(f"{step_words(step, labels)}; " for step in walk.steps)
    end = f"stops at {seated(labels, walk.end)}"
    if walk.cycle:
        end = f"goes round from {seated(labels, walk.end)} on"
    return f"{seated(labels, walk.start)}: {steps}{end}"


def step_words(step: Move, labels: Sequence[str]) -> str:
    """Who turns to what, and what that gains."""
    return f"{labels[step.mover]} → {labels[step.to]} gains {interval_words(step.gain)}"


def temptation(move: Move | None, labels: Sequence[str]) -> str:
    """What gains at a stop, though not for sure."""
    if move is None:
        return ""
    return f" (within the noise: {step_words(move, labels)})"


def price_lines(price: PriceOfAnarchy) -> Iterator[str]:
    """How efficient each equilibrium is, and the worst and the best of them."""
    for point in price.equilibria:
        yield f"efficiency at {point.label}: {percent_words(point.efficiency)}"
    yield f"price of anarchy: {percent_words(price.worst.efficiency)}, at {price.worst.label}"
    if len(price.equilibria) > 1:
        yield f"price of stability: {percent_words(price.best.efficiency)}, at {price.best.label}"


def interval_words(statistics: Statistics) -> str:
    """`3.1 [2.9, 3.3]` of the mean, or `median 3 [2.8, 3.2] 97.85 %` where that has no interval."""
    return told(statistics)[0].removeprefix("mean ")


def percent_words(statistics: Statistics) -> str:
    """The same in percent: `98.7 % [98.5, 98.9]`."""
    middle, bracket, ends = told(statistics, scale=100)[0].removeprefix("mean ").partition(" [")
    return f"{middle} %{bracket}{ends}"


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return f"{', '.join(names[:-1])} and {names[-1]}"


def percent(share: float) -> str:
    """`83 %`."""
    return f"{100 * share:z.0f} %"
