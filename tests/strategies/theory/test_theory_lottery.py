"""Lottery tickets: the numbers of Burian and Crapis, and direct sums."""

import numpy as np
import pytest

from strategies.theory import lottery_ticket as lottery

MEAN, RATE = 0.122561, 1e-3


def summed(surplus: float, tickets: int, rate: float, draws: int, lookahead: int = 0) -> float:
    draw = np.arange(1, draws + 1)
    chance = (1 - 1 / tickets) ** (draw - 1) / tickets
    return float(surplus * (chance * (1 + rate) ** -(draw + lookahead)).sum())


@pytest.mark.parametrize(("supply", "value"), [(100, 0.111419), (32, 0.118761)])
def test_ticket_value(supply: int, value: float) -> None:
    assert lottery.ticket_value(MEAN, supply, RATE) == pytest.approx(value, abs=5e-7)
    assert lottery.ticket_value(MEAN, supply, RATE) == pytest.approx(MEAN / (supply * RATE + 1), rel=1e-12)


def test_ticket_value_with_expiry() -> None:
    value = lottery.ticket_value(MEAN, 32, RATE, draws=32)
    closed = MEAN / (32 * RATE + 1) * (1 - ((1 - 1 / 32) / (1 + RATE)) ** 32)
    assert value == pytest.approx(0.0771162, abs=5e-8)
    assert value == pytest.approx(closed, rel=1e-12)
    assert lottery.undrawn_chance(32, 32) == pytest.approx(0.362, abs=5e-4)


@pytest.mark.parametrize(("supply", "lookahead", "draws"), [(32, 0, 32), (32, 8, 20), (5, 4, 3), (40, 2, 4000)])
def test_ticket_value_is_the_sum_over_draws(supply: int, lookahead: int, draws: int) -> None:
    direct = summed(0.6, supply - lookahead, 0.01, draws, lookahead)
    assert lottery.ticket_value(0.6, supply, 0.01, lookahead, draws) == pytest.approx(direct, rel=1e-12)
    if draws == 4000:
        assert lottery.ticket_value(0.6, supply, 0.01, lookahead) == pytest.approx(direct, rel=1e-12)


def test_lookahead_discounts_and_empties_the_urn() -> None:
    ahead = lottery.ticket_value(MEAN, 40, RATE, lookahead=8)
    assert ahead == pytest.approx(MEAN / (32 * RATE + 1) / (1 + RATE) ** 8, rel=1e-12)


def test_at_one_rate_a_sale_at_the_draw_brings_what_a_sale_at_mint_does() -> None:
    mint = lottery.ticket_value(0.6, 32, 0.01, 4, 50)
    assert lottery.drawn_ticket_value(0.6, 32, 0.01, 0.01, 4, 50) == pytest.approx(mint, rel=1e-14)
    assert lottery.drawn_ticket_value(0.6, 32, 0.02, 0.01, 4, 50) < mint
    assert lottery.drawn_ticket_value(0.6, 32, 0.005, 0.01, 4, 50) > mint


def test_without_discounting_a_ticket_is_worth_its_chance_to_be_drawn() -> None:
    assert lottery.ticket_value(1.0, 10, 0.0) == pytest.approx(1.0, rel=1e-12)
    drawn = 1 - lottery.undrawn_chance(10, 7)
    assert lottery.ticket_value(1.0, 10, 0.0, draws=7) == pytest.approx(drawn, rel=1e-12)


def test_the_variance_is_that_of_discounted_draws() -> None:
    draw = np.arange(1, 20_001)
    chance = 0.99 ** (draw - 1) / 100
    discount = 1.001**-draw
    second = (0.04 + MEAN**2) * (chance * discount**2).sum()
    variance = second - (MEAN * (chance * discount).sum()) ** 2
    assert lottery.value_variance(MEAN, 0.04, 100, RATE) == pytest.approx(variance, rel=1e-10)


def test_the_variance_agrees_with_simulation() -> None:
    rng = np.random.default_rng(11)
    worth = rng.exponential(0.2, 200_000) * 1.01 ** -rng.geometric(1 / 20, 200_000)
    squares = (worth - worth.mean()) ** 2
    error = squares.std() / np.sqrt(worth.size)
    assert abs(squares.mean() - lottery.value_variance(0.2, 0.04, 20, 0.01)) <= 4 * error


@pytest.mark.parametrize("supply", [1, 32, 1024])
def test_issued_and_unissued_tickets_are_worth_all_rewards(supply: int) -> None:
    total = lottery.issued_value(MEAN, supply, RATE) + lottery.unissued_value(MEAN, supply, RATE)
    assert total == pytest.approx(MEAN / RATE, rel=1e-12)
    mints = (1 + RATE) ** -np.arange(1, 40_001.0)
    direct = lottery.ticket_value(MEAN, supply, RATE) * mints.sum()
    assert lottery.unissued_value(MEAN, supply, RATE) == pytest.approx(direct, rel=1e-9)


def test_slots_in_a_row() -> None:
    assert lottery.run_chance(95, 100, 20) == pytest.approx(0.0416378, abs=5e-8)
    assert lottery.run_chance_rebuying(0.95, 20) == pytest.approx(0.358486, abs=5e-7)
    assert lottery.run_chance(3, 10, 4) == 0.0


def test_slots_in_a_row_by_simulation() -> None:
    rng = np.random.default_rng(5)
    held = 6 - np.arange(3)
    hits = (rng.integers(10, size=(100_000, 3)) < held).all(axis=1)
    chance = lottery.run_chance(6, 10, 3)
    assert abs(hits.mean() - chance) <= 4 * np.sqrt(chance * (1 - chance) / hits.size)


def test_the_protocols_share() -> None:
    assert lottery.protocol_share(1024, 1e-3) == pytest.approx(0.494071, abs=5e-7)
    assert lottery.protocol_share(1024, 1e-3) == pytest.approx(lottery.ticket_value(1, 1024, 1e-3), rel=1e-12)


def test_mean_reverting_rewards_by_direct_sum() -> None:
    draw, reward = np.arange(1, 30_001), np.array([0.05, MEAN, 0.4])
    weight = 0.99 ** (draw - 1) / 100 * 1.001**-draw
    direct = [(weight * (MEAN + 0.9**draw * (start - MEAN))).sum() for start in reward]
    np.testing.assert_allclose(lottery.mean_reverting_value(reward, MEAN, 0.9, 100, RATE), direct, rtol=1e-10)


def test_what_has_no_value_is_refused() -> None:
    with pytest.raises(ValueError, match="lookahead must lie between"):
        lottery.ticket_value(1.0, 8, 0.01, lookahead=8)
    with pytest.raises(ValueError, match="no finite value"):
        lottery.ticket_value(1.0, 8, -0.5)
    with pytest.raises(ValueError, match="at least one draw"):
        lottery.ticket_value(1.0, 8, 0.01, draws=0)
    with pytest.raises(ValueError, match="positive discount rate"):
        lottery.unissued_value(1.0, 8, 0.0)
    with pytest.raises(ValueError, match="tickets held"):
        lottery.run_chance(11, 10, 2)
    with pytest.raises(ValueError, match="persistence"):
        lottery.mean_reverting_value(1.0, 1.0, 1.0, 8, 0.01)
