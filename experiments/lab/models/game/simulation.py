"""Simulating a model: the same tickets sold at each of some blocks, or by the best policy, and just in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from experiments.lab.config.errors import InputError
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.models.game.engine import Counted, Game
from experiments.lab.models.game.forecast import Expected
from experiments.lab.models.game.game_scene import SCENES, GameScene
from experiments.lab.models.game.outcome import GameOutcome, Theory
from experiments.lab.models.game.reward_paths import path_law
from experiments.lab.models.game.take import Take
from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.round_spec import RoundModel
from experiments.lab.models.model.sale_and_exercise import SaleAndExercise, errors_of, sale_and_exercise
from experiments.lab.models.model.spec import Model
from experiments.lab.terminal.notebook_bar import count_bar
from strategies.theory.window_fates import Fates

if TYPE_CHECKING:
    from experiments.lab.models.game.round_outcome import RoundComparison

MOST = {"buyers": 1_000, "arrival_rate": 1_000, "supply": 10_000}
"""What is played with agents and tickets of its own: more takes gigabytes."""

MOST_TICKETS = 10_000_000


@overload
def simulate(
    model: Model,
    tickets: int = 20_000,
    sale_blocks: Sequence[int] | None = None,
    seed: int = 7,
    signatures: str = "ecdsa",
    progress: Counted | None = None,
) -> GameOutcome: ...


@overload
def simulate(
    model: RoundModel,
    tickets: int = 20_000,
    sale_blocks: Sequence[int] | None = None,
    seed: int = 7,
    signatures: str = "ecdsa",
    progress: Counted | None = None,
) -> RoundComparison: ...


@overload
def simulate(
    model: Path | str | Mapping[str, Any],
    tickets: int = 20_000,
    sale_blocks: Sequence[int] | None = None,
    seed: int = 7,
    signatures: str = "ecdsa",
    progress: Counted | None = None,
) -> Any: ...


@tells_arguments
def simulate(
    model: Model | RoundModel | Path | str | Mapping[str, Any],
    tickets: int = 20_000,
    sale_blocks: Sequence[int] | None = None,
    seed: int = 7,
    signatures: str = "ecdsa",
    progress: Counted | None = None,
) -> GameOutcome | RoundComparison:
    """Play the game of a model, as `read_model` takes it, with `tickets` tickets for each sale block, and once
    more for the spot auction.

    `sale_blocks` are blocks of a ticket's life, None for the solver's policy; `signatures` `ecdsa` or `off`.
    Of a round so many are drawn, in memory; it has no sale blocks and no signatures. A notebook shows how far each
    way to sell is, unless `progress` is given. Raises `InputError`.
    """
    model = read_model(model)
    if isinstance(model, RoundModel):
        return play_round(model, tickets, sale_blocks, seed)
    refuse(model, tickets, sale_blocks)
    scene = SCENES[model.exercise](Game(model, seed, signatures, progress or count_bar("tickets")), tickets)
    if sale_blocks is None:
        takes, expected = [scene.by_policy()], [scene.forecast.by_policy()]
    else:
        takes = [scene.at_block(block) for block in sale_blocks]
        expected = [scene.forecast.at_block(block) for block in sale_blocks]
    return outcome(sale_blocks, takes, scene, theory(expected, scene.forecast.spot))


def play_round(model: RoundModel, rounds: int, sale_blocks: Sequence[int] | None, seed: int) -> RoundComparison:
    """`rounds` of them. Raises `InputError`."""
    from experiments.lab.models.game.round_outcome import simulate_round

    refuse_count(rounds)
    if sale_blocks is not None:
        raise InputError("--sale-blocks: a round is sold before its first block; leave them out")
    return simulate_round(model, rounds, seed)


def refuse_count(tickets: int) -> None:
    """`InputError` for too few or too many."""
    if tickets < 2:
        raise InputError(f"--tickets is {tickets}; a standard error needs at least 2")
    if tickets > MOST_TICKETS:
        raise InputError(f"--tickets is {tickets}; at most {MOST_TICKETS} are played")


def refuse(model: Model, tickets: int, sale_blocks: Sequence[int] | None) -> None:
    """`InputError` for what cannot be simulated."""
    refuse_count(tickets)
    for key, most in MOST.items():
        if (getattr(model, key) or 0) > most:
            raise InputError(
                f"model.{key}: is {getattr(model, key)}; at most {most} are played, though solved for more"
            )
    path_law(model)
    for block in sale_blocks or ():
        if block < 0 or (model.maturity != "none" and block > model.maturity):
            raise InputError(f"--sale-blocks: {block} is not one of the ticket's blocks, 0 … {model.maturity}")
    if sale_blocks is not None and not sale_blocks:
        raise InputError("--sale-blocks: the list is empty; leave it out for the best policy")


def theory(expected: Sequence[Expected], spot: float) -> Theory:
    """The solver's values for each way to sell."""
    return Theory(
        mean=[one.mean for one in expected],
        entrants=[one.entrants for one in expected],
        efficiency=[one.efficiency for one in expected],
        spot_mean=spot,
        gap_mean=[gap_to(spot, one) for one in expected],
        sale_and_exercise=described([one.fates for one in expected]),
    )


def gap_to(spot: float, expected: Expected) -> float | None:
    """What a way to sell brings more than the spot auction; None where theory does not give it."""
    if expected.mean is None:
        return None
    return expected.mean - spot


def described(fates: Sequence[Fates | None]) -> list[SaleAndExercise] | None:
    """When tickets were sold and exercised, for each way to sell; None but for windows."""
    known = [sale_and_exercise(one) for one in fates if one is not None]
    return known or None


def outcome(
    sale_blocks: Sequence[int] | None, takes: Sequence[Take], scene: GameScene, expected: Theory
) -> GameOutcome:
    """Means and standard errors."""
    spot = scene.spot
    error = scene.error
    gaps = [one.brought - spot.brought for one in takes]
    lives = described([one.fates for one in takes])
    return GameOutcome(
        sale_blocks=None if sale_blocks is None else list(sale_blocks),
        tickets=spot.brought.size,
        price=[scene.statistics(one.brought) for one in takes],
        spot=scene.statistics(spot.brought),
        gap=[scene.statistics(gap) for gap in gaps],
        mean=[float(one.brought.mean()) for one in takes],
        se=[error(one.brought) for one in takes],
        entrants=[float(one.entrants.mean()) for one in takes],
        efficiency=[one.efficiency for one in takes],
        spot_mean=float(spot.brought.mean()),
        spot_se=error(spot.brought),
        gap_mean=[float(gap.mean()) for gap in gaps],
        gap_se=[error(gap) for gap in gaps],
        sale_and_exercise=lives,
        sale_and_exercise_se=None if lives is None else [errors_of(one, spot.brought.size) for one in lives],
        theory=expected,
    )
