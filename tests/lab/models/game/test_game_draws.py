"""What chance gives a ticket does not depend on when it is minted or sold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chain.money import GWEI_PER_ETH
from experiments.lab.models.game.engine import Game
from experiments.lab.models.game.maturity_stage import MaturityStage
from experiments.lab.models.game.path_rewards import TicketRewards
from experiments.lab.models.game.play import play
from experiments.lab.models.game.reward_paths import path_law
from experiments.lab.models.game.seller import block_seller
from experiments.lab.models.game.take import Take
from experiments.lab.models.game.ticket_draws import CHUNK, ByTicket
from experiments.lab.models.model.spec import Model

AR1 = {"process": "ar1", "mean": 1.0, "phi": 0.9, "sigma": 0.1}
UNIFORM = {"process": "uniform", "low": 0.2, "high": 1.0}
LOGNORMAL = {"process": "lognormal", "mean": 0.5, "sigma": 0.5}
REWARDS: list[dict[str, Any]] = [AR1, UNIFORM, LOGNORMAL]


def sold(model: Model, block: int, lead: int = 0, tickets: int = 100, seed: int = 5) -> Take:
    """Tickets sold at one block of their lives."""
    return play(MaturityStage(Game(model, seed, "off"), lead), block_seller(model, block), tickets)


@pytest.mark.parametrize("reward", REWARDS)
def test_the_chain_pays_what_each_path_ends_at_whatever_the_lead(make_model: Any, reward: dict[str, Any]) -> None:
    law = path_law(make_model(reward=reward))
    paths = law.draw(np.random.default_rng(3), 60, 9)
    for lead in (0, 1, 5, 8):
        rewards = TicketRewards(law, 8, lead, np.random.default_rng(3))
        paid = [rewards.advance() for _ in range(60 - 8)]
        assert paid == paths[lead : lead + len(paid), -1].tolist()


@pytest.mark.parametrize("lead", [0, 3, 8])
def test_each_live_ticket_shows_its_own_path(make_model: Any, lead: int) -> None:
    law = path_law(make_model(reward=AR1))
    paths = law.draw(np.random.default_rng(3), 60, 9)
    rewards = TicketRewards(law, 8, lead, np.random.default_rng(3))
    for block in range(40):
        rewards.advance()
        outlook = rewards.outlook()
        for later in range(8 - lead + 1):
            assert outlook.seen_gwei(block + later) == paths[block + later + lead, 8 - later]


def test_paths_drawn_in_parts_are_the_paths_drawn_at_once(make_model: Any) -> None:
    law = path_law(make_model(reward=AR1))
    whole = law.draw(np.random.default_rng(3), 50, 9)
    rng = np.random.default_rng(3)
    parts = [law.draw(rng, rows, 9) for rows in (7, 1, 42)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert (whole[:, 0] == whole[0, 0]).all()


@pytest.mark.parametrize("information", ["at_start", "gradual"])
@pytest.mark.parametrize("reward", REWARDS)
def test_blocks_are_worth_the_same_whenever_the_ticket_is_minted_or_sold(
    make_model: Any, reward: dict[str, Any], information: str
) -> None:
    model = make_model(reward=reward, cost_information=information)
    first, *others = (sold(model, block, lead) for block, lead in ((0, 0), (4, 0), (8, 8), (5, 3)))
    assert np.ptp(first.best) > 0.1
    for other in others:
        np.testing.assert_array_equal(other.best, first.best)


@pytest.mark.parametrize(
    "keys", [{}, {"entry_cost": 0.05}, {"arrival_rate": 0.6, "buyers": None}, {"seller_cost": 0.2}]
)
@pytest.mark.parametrize("information", ["at_start", "gradual", "at_maturity"])
def test_a_spot_auction_brings_the_same_whenever_its_ticket_is_minted(
    make_model: Any, keys: dict[str, Any], information: str
) -> None:
    model = make_model(reward=AR1, cost_information=information, **keys)
    whole = sold(model, 8)
    assert whole.brought.std() > 0.01
    for lead in (1, 8):
        late = sold(model, 8, lead)
        np.testing.assert_allclose(late.brought, whole.brought, atol=1e-12)
        np.testing.assert_array_equal(late.entrants, whole.entrants)
        np.testing.assert_array_equal(late.made, whole.made)


def test_mixing_is_the_same_whenever_the_ticket_is_minted(make_model: Any) -> None:
    model = make_model(entry_cost=0.12, entry="uninformed")
    whole, late = sold(model, 8), sold(model, 8, lead=8)
    assert 0 < whole.entrants.mean() < 3
    np.testing.assert_array_equal(late.entrants, whole.entrants)


def test_more_tickets_begin_with_the_same_ones(make_model: Any) -> None:
    model = make_model(reward=AR1, cost_information="gradual")
    few, many = sold(model, 4, tickets=50), sold(model, 4, tickets=120)
    np.testing.assert_array_equal(many.brought[:50], few.brought)


def test_another_seed_gives_other_tickets(make_model: Any) -> None:
    model = make_model(reward=AR1)
    one, other, again = sold(model, 4), sold(model, 4, seed=6), sold(model, 4)
    assert (one.best != other.best).mean() > 0.99
    np.testing.assert_array_equal(one.brought, again.brought)


def test_what_a_ticket_brings_by_hand(make_model: Any) -> None:
    """Two buyers of a known reward: the higher cost sets the price, discounted from the block to the mint."""
    model = make_model(buyers=2)
    played = sold(model, 3)
    lower = 1 - played.best
    assert (played.made == played.best).all()
    higher = 1 - played.brought * 1.01**8
    assert (higher >= lower - 1e-8).all()
    assert higher.mean() == pytest.approx(0.1 + 0.4 * 2 / 3, abs=4 * 0.4 / np.sqrt(18 * 100))


def test_tickets_are_independent(make_model: Any) -> None:
    model = make_model(reward=AR1, cost_information="gradual")
    brought = sold(model, 4, tickets=1000).brought
    for lag in (1, 2, 5):
        assert abs(np.corrcoef(brought[lag:], brought[:-lag])[0, 1]) <= 4 / np.sqrt(1000)


def test_draws_come_in_the_order_of_tickets() -> None:
    rng, again = np.random.default_rng(1), np.random.default_rng(1)
    values = ByTicket(lambda: rng.random(CHUNK).tolist(), kept=10)
    expected = again.random(2 * CHUNK)
    assert values[CHUNK + 3] == expected[CHUNK + 3]
    assert values[CHUNK - 10] == expected[CHUNK - 10]
    with pytest.raises(ValueError, match="is forgotten"):
        values[CHUNK - 11]


def test_costs_are_in_whole_gwei(make_model: Any) -> None:
    played = sold(make_model(), 8)
    np.testing.assert_array_equal(played.best * GWEI_PER_ETH, np.rint(played.best * GWEI_PER_ETH))
