"""Solving a model whose rewards only paths can show, by least squares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from chain.rewards import PaymentReplay
from experiments.lab.config.errors import InputError
from experiments.lab.models.model.model_laws import make_process
from experiments.lab.models.model.sale_and_exercise import sale_and_exercise
from experiments.lab.models.model.solution import Solution, best_blocks
from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import make_terms
from experiments.lab.models.model.ticket_paths import recorded, simulated
from strategies.theory.laws import Array
from strategies.theory.least_squares import StoppingRule, earned_waiting, fit, fit_waiting, mean_and_error, stopped
from strategies.theory.path_fates import path_fates
from strategies.theory.path_sale import (
    Beliefs,
    Sample,
    all_bid,
    maturity_beliefs,
    maturity_payoffs,
    spot_payoffs,
    window_beliefs,
    window_payoffs,
)
from strategies.theory.ticket_sale import SaleTerms

FIT_SEED = 1
TEST_SEED = 2
SAME = 1e-9
"""Blocks are as good as the best one where they bring less by at most this share."""


def solve_on_paths(model: Model) -> Solution:
    """A policy fitted to one set of paths, what it earns on another, with its standard error."""
    refuse_unsolved(model)
    terms = make_terms(model)
    seen, fresh, clusters = path_sets(model, terms.maturity)
    beliefs = beliefs_of(model, terms, seen)
    rule = fit(payoffs_of(model, terms, seen, beliefs), seen.features)
    payoffs = payoffs_of(model, terms, fresh, beliefs)
    blocks, earned = play(rule, payoffs, fresh)
    value, error = mean_and_error(earned, clusters)
    plans, spot = payoffs.mean(axis=0), spot_of(model, terms, seen, fresh, payoffs)
    fates = None
    if model.exercise == "window":
        assert beliefs is not None
        fates = sale_and_exercise(path_fates(terms, fresh, beliefs, blocks))
    return Solution(
        blocks=list(range(terms.maturity + 1)),
        sale_value=plans.tolist(),
        **best_blocks(plans, SAME * float(plans.max())),
        value=value,
        spot_value=spot,
        equivalence_gap=value - spot,
        sale_block_distribution=(np.bincount(blocks, minlength=terms.maturity + 1) / blocks.size).tolist(),
        standard_error=error,
        sale_and_exercise=fates,
    )


def refuse_unsolved(model: Model) -> None:
    """`InputError` for what least squares does not cover."""
    process = f'reward.process = "{model.reward.process}"'
    if model.exercise == "lottery":
        law = "lognormal" if model.maturity == "none" else "ar1"  # without an end rewards have no memory
        raise InputError(
            f'model.exercise: "lottery" is not solved with {process}; use one with a law, e.g. "{law}"'
        )
    if model.exercise == "window" and model.cost_information != "at_start":
        raise InputError(f'model.cost_information: a window with {process} is solved for "at_start" only')
    if model.exercise == "window" and model.seller_cost is not None:
        raise InputError(f"model.seller_cost: a window with {process} is solved without it")


def path_sets(model: Model, maturity: int) -> tuple[Sample, Sample, npt.NDArray[np.int64]]:
    """Tickets to fit a policy to, others to try it on, and what of these is independent."""
    process = make_process(model)
    if isinstance(process, PaymentReplay):
        seen, fresh, clusters = recorded(process, maturity)
    else:
        fresh, clusters = simulated(process, maturity, TEST_SEED)
        seen = simulated(process, maturity, FIT_SEED)[0]
    return seen.sample, fresh.sample, clusters


def beliefs_of(model: Model, terms: SaleTerms, sample: Sample) -> Beliefs | None:
    """What buyers expect, None where it does not matter."""
    if model.exercise == "window":
        return window_beliefs(terms, sample)
    if all_bid(terms):
        return None
    return maturity_beliefs(terms, sample)


def payoffs_of(model: Model, terms: SaleTerms, sample: Sample, beliefs: Beliefs | None) -> Array:
    """What a sale at each block brings on each path, present value, shape (n, T + 1)."""
    if model.exercise == "window":
        assert beliefs is not None
        return window_payoffs(terms, sample, beliefs)
    return maturity_payoffs(terms, sample, beliefs)


def spot_of(model: Model, terms: SaleTerms, seen: Sample, fresh: Sample, payoffs: Array) -> float:
    """The spot value: the sale at maturity, or in a window the best of the auctions of single blocks."""
    if model.exercise != "window":
        return float(payoffs[:, -1].mean())
    waiting = fit_waiting(spot_payoffs(terms, seen), seen.features)
    return float(earned_waiting(waiting, spot_payoffs(terms, fresh), fresh.features).mean())


def play(rule: StoppingRule, payoffs: Array, sample: Sample) -> tuple[npt.NDArray[np.int64], Array]:
    """The block at which a rule sells each ticket, and what that brings, each (n,)."""
    blocks = stopped(rule, sample.last, sample.features)
    return blocks, payoffs[np.arange(blocks.size), blocks]
