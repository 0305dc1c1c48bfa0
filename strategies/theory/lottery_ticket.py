"""Tickets that a lottery draws: value, variance, expiry, runs of slots. ETH, at the end of the slot of mint.

u = N − L is the number of tickets in the urn: `supply` N live ones less those drawn for the `lookahead` L blocks
to come. The next draw is one block ahead.
"""

from __future__ import annotations

from math import inf, prod

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array


def urn(supply: int, lookahead: int) -> int:
    """u = N − L. ValueError unless 0 ≤ L < N."""
    if not 0 <= lookahead < supply:
        raise ValueError(f"lookahead must lie between 0 and the supply {supply} less 1, not {lookahead}")
    return supply - lookahead


def discounted_draw(tickets: int, discount_rate: float, draws: float = inf) -> float:
    """E[δ^τ 1{τ ≤ T}], τ the draw that takes the ticket, `draws` T of them at most.

    Source: Burian and Crapis (2024), Economic analysis of execution tickets; MODEL section 6. ValueError for a
    rate at which endless waiting is worth any amount, and for fewer than one draw.
    """
    if draws < 1:
        raise ValueError(f"a ticket takes part in at least one draw, not {draws}")
    delta = 1 / (1 + discount_rate)
    ratio = (1 - 1 / tickets) * delta
    if draws == inf and ratio >= 1:
        raise ValueError(f"discount rate {discount_rate} gives a ticket without expiry no finite value")
    share = float(draws) if ratio == 1 else (1 - ratio**draws) / (1 - ratio)
    return delta / tickets * share


def ticket_value(
    surplus: float, supply: int, discount_rate: float, lookahead: int = 0, draws: float = inf
) -> float:
    """V = ν δ^L Σ_{k=1}^T (1/u)(1 − 1/u)^(k−1) δ^k, for T = ∞ ν δ^L/(1 + u d); `surplus` is ν = E[(R − θ)^+].

    Source: MODEL section 6 (P6), after Burian and Crapis (2024). With E[(R − θ_(2))^+] the price at mint.
    """
    wait = discounted_draw(urn(supply, lookahead), discount_rate, draws)
    return surplus * (1 + discount_rate) ** -lookahead * wait


def drawn_ticket_value(
    surplus: float,
    supply: int,
    seller_rate: float,
    buyer_rate: float,
    lookahead: int = 0,
    draws: float = inf,
) -> float:
    """What the seller expects at mint from selling when drawn: δ_S up to the draw, δ_B^L after it.

    `surplus` is E[(R − θ_(2))^+]. Source: MODEL section 6, ex post.
    """
    wait = discounted_draw(urn(supply, lookahead), seller_rate, draws)
    return surplus * (1 + buyer_rate) ** -lookahead * wait


def undrawn_chance(tickets: int, draws: int) -> float:
    """(1 − 1/u)^T: the ticket expires undrawn. Source: Burian and Crapis (2024)."""
    return float((1 - 1 / tickets) ** draws)


def value_variance(mean_reward: float, reward_variance: float, tickets: int, discount_rate: float) -> float:
    """Var V = (Var R + μ²)/(u d² + 2 u d + 1) − μ²/(u d + 1)², no look-ahead, no expiry, ETH².

    Source: Burian and Crapis (2024), Economic analysis of execution tickets.
    """
    second_moment = (reward_variance + mean_reward**2) / (tickets * discount_rate * (discount_rate + 2) + 1)
    return second_moment - (mean_reward / (tickets * discount_rate + 1)) ** 2


def issued_value(mean_reward: float, tickets: int, discount_rate: float) -> float:
    """All N live tickets together, N μ/(N d + 1). Source: Burian and Crapis (2024)."""
    return tickets * ticket_value(mean_reward, tickets, discount_rate)


def unissued_value(mean_reward: float, tickets: int, discount_rate: float) -> float:
    """All tickets still to be minted, one a block from the next block on: μ/(d (N d + 1)).

    Source: Burian and Crapis (2024). ValueError unless d > 0.
    """
    if discount_rate <= 0:
        raise ValueError(f"endless issuance has a value only at a positive discount rate, not {discount_rate}")
    return ticket_value(mean_reward, tickets, discount_rate) / discount_rate


def run_chance(held: int, supply: int, slots: int) -> float:
    """(pN)!/((pN − m)! N^m): m slots in a row with `held` = p N tickets and none bought in between.

    Source: Burian and Crapis (2024), multi-block MEV. 0 for more slots than tickets. ValueError unless 0 ≤ pN ≤ N.
    """
    if not 0 <= held <= supply:
        raise ValueError(f"tickets held must lie between 0 and the supply {supply}, not {held}")
    return prod(max(held - used, 0) / supply for used in range(slots))


def run_chance_rebuying(share: float, slots: int) -> float:
    """p^m: m slots in a row for one who always holds a share p. Source: Burian and Crapis (2024)."""
    return share**slots


def protocol_share(supply: int, buyer_rate: float) -> float:
    """1/(1 + N d_b): the part of MEV that tickets bring to a protocol that does not discount.

    Source: Burian, Crapis and Saleh (2024), MEV capture.
    """
    return 1 / (1 + supply * buyer_rate)


def mean_reverting_value(
    reward: npt.ArrayLike, mean_reward: float, persistence: float, tickets: int, discount_rate: float
) -> Array:
    """μ/(N d + 1) + (R_t − μ)(φ δ/N)/(1 − φ δ (1 − 1/N)), where R_{t+1} − μ = φ (R_t − μ) + ε.

    Shape of `reward`. Source: Burian and Crapis (2024) with E[R_{t+k}] = μ + φ^k (R_t − μ). ValueError
    unless |φ| < 1.
    """
    if abs(persistence) >= 1:
        raise ValueError(f"persistence must lie between -1 and 1, not {persistence}")
    fading = persistence / (1 + discount_rate)
    excess = np.asarray(reward, dtype=np.float64) - mean_reward
    return ticket_value(mean_reward, tickets, discount_rate) + excess * fading / tickets / (
        1 - fading * (1 - 1 / tickets)
    )
