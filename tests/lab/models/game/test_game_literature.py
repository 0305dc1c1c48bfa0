"""Results of the literature through the market: four standard errors at most from what was proved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments import run
from experiments.lab.metrics.control import chance_by_proposer
from experiments.lab.study.agreement import z_score
from strategies.theory.lottery_ticket import mean_reverting_value, run_chance, run_chance_rebuying
from strategies.theory.ticket_contest import tullock_contest
from tests.lab.models.game.literature_players import PAIR

PLAYERS = "tests.lab.models.game.literature_players"


def z_of(sample: Any, theory: float) -> float:
    values = np.asarray(sample, dtype=float)
    return z_score(float(values.mean()), float(values.std(ddof=1) / values.size**0.5), theory)


def players(name: str, *parameters: dict[str, Any]) -> list[dict[str, Any]]:
    role = ["seller", "buyer"] if name == "WeakOrStrong" else "seller"
    common = {"strategy": f"{PLAYERS}:{name}", "role": role, "can_build": True, "endowment_eth": 1e6}
    return [{**common, "parameters": each} for each in parameters]


def test_hafalir_and_krishna_resale_after_a_first_price_sale() -> None:
    config = {
        "blocks": 2500,
        "chain": {"draw": "maturity", "maturity": 1, "supply": 2},
        "reward": {"process": "constant", "value": 2.0},
        "cost": {"low": 0.0, "high": 2.0},
        "market": {"structure": "et", "primary": "first_price", "pbs": "off"},
        "agents": players("WeakOrStrong", {"top": 1.0}, {"top": 2.0}),
    }
    result = run(config, signatures="off")
    blocks, trades = result.blocks, result.trades
    primary = trades[(trades["market"] == "primary") & (trades["slot"] < 2499)]
    assert abs(z_of(primary["price_gwei"] / 1e9, PAIR.revenue)) <= 4
    resold = blocks["slot"].isin(trades.loc[trades["market"] == "secondary", "slot"])
    assert abs(z_of(resold, PAIR.resale_chance)) <= 4
    weak = blocks["proposer"].str.endswith("-1")
    worth = (2 - blocks["cost_gwei"] / 1e9) * np.where(weak, 0.5, 1.0)
    assert abs(z_of(worth, PAIR.welfare)) <= 4
    assert PAIR.revenue > PAIR.second_price_revenue + 0.05


@pytest.mark.parametrize(("values", "spend"), [([4.0, 2.0], 4 / 3), ([30.0, 20.0, 10.0], 12.0)])
def test_a_tullock_contest_for_tickets(values: list[float], spend: float) -> None:
    """Every bid is burned; shares of the tickets are 1 − B/v, and who is worth less than B stays out."""
    config = {
        "blocks": 2500,
        "chain": {"draw": "maturity", "maturity": 1, "supply": 2},
        "reward": {"process": "constant", "value": 1.0},
        "market": {"structure": "et", "primary": "tullock", "pbs": "off", "resale": "never"},
        "agents": players("Contestant", *({"values": values, "place": place} for place in range(len(values)))),
    }
    result = run(config, signatures="off")
    spent = result.blocks["primary_gwei"].to_numpy(float) / 1e9
    assert spent == pytest.approx(np.full(len(spent), spend), abs=1e-8)
    for number, share in enumerate(tullock_contest(values).shares, start=1):
        won = result.blocks["proposer"].str.endswith(f"-{number}").to_numpy(float)
        assert abs(z_of(won, share)) <= 4
        assert won.any() == (share > 0)


def test_blocks_in_a_row_of_one_who_rebuys() -> None:
    """A share p of the tickets, kept up by rebuying: m blocks in a row with chance p^m."""
    config = {
        "blocks": 4000,
        "chain": {"draw": "lottery", "maturity": "none", "supply": 20},
        "reward": {"process": "constant", "value": 1.0},
        "market": {"structure": "et", "pbs": "off", "resale": "never"},
        "agents": players("Collector", {"most": 16, "price": 2}, {"most": 4, "price": 1}),
    }
    blocks = run(config, signatures="off").blocks
    name = next(name for name in blocks["proposer"].unique() if name.endswith("-1"))
    parts = [chance_by_proposer(part, 5)[name] for part in np.array_split(blocks["proposer"].to_numpy(object), 40)]
    assert abs(z_of(parts, run_chance_rebuying(0.8, 5))) <= 4


def test_blocks_in_a_row_of_one_who_does_not_rebuy() -> None:
    """Of N = 6 tickets p N = 5 are his, each block burns one: (pN)!/((pN − m)! N^m). He refills in between."""
    config = {
        "blocks": 3200,
        "chain": {"draw": "lottery", "maturity": "none", "supply": 6},
        "reward": {"process": "constant", "value": 1.0},
        "market": {"structure": "et", "pbs": "off", "resale": "never"},
        "agents": players("Collector", {"most": 5, "price": 2, "rest": 2, "cycle": 16}, {"most": 6, "price": 1}),
    }
    result = run(config, signatures="off")
    his = result.blocks["proposer"].str.endswith("-1").to_numpy(int)
    bought = result.trades.loc[result.trades["buyer"].str.endswith("-1"), "slot"].to_numpy(int)
    starts = [start for start in range(16, 3200, 16) if (bought < start).sum() - his[:start].sum() == 5]
    assert len(starts) > 150
    rows = [his[start : start + 3].all() for start in starts]
    assert abs(z_of(rows, run_chance(5, 6, 3))) <= 4


def test_rewards_that_revert_to_their_mean() -> None:
    """Burian and Crapis: the value of a ticket whose block is drawn while R_{t+1} − μ = φ(R_t − μ) + ε."""
    mean, start, supply, rate, phi, paths = 1.0, 2.0, 8, 0.02, 0.9, 4000
    rng = np.random.default_rng(5)
    wait = rng.geometric(1 / supply, paths)
    noise = rng.standard_normal((paths, int(wait.max()))) * 0.1
    level = np.full(paths, start - mean)
    paid = np.zeros(paths)
    for block in range(int(wait.max())):
        level = phi * level + noise[:, block]
        paid[wait == block + 1] = (mean + level[wait == block + 1]) / (1 + rate) ** (block + 1)
    assert abs(z_of(paid, float(mean_reverting_value(start, mean, phi, supply, rate)))) <= 4


def test_mean_reverting_rewards_of_tickets_that_a_lottery_draws(tmp_path: Any) -> None:
    """R_{t+1} − μ = φ (R_t − μ) + ε is replayed; tickets earn what the reward at their mint foretells."""
    mean, persistence, supply, rate, blocks = 1.0, 0.9, 8, 0.01, 3000
    rng, rewards = np.random.default_rng(5), [mean]
    for _ in range(blocks - 1):
        rewards.append(mean + persistence * (rewards[-1] - mean) + 0.08 * rng.standard_normal())
    assert min(rewards) > 0
    file = tmp_path / "recording.csv"
    file.write_text("payment_eth\n" + "\n".join(f"{reward:.9f}" for reward in rewards))
    keeper = {"strategy": "keep", "role": "seller", "can_build": True, "endowment_eth": 1e6}
    config = {
        "blocks": blocks,
        "chain": {"draw": "lottery", "supply": supply, "maturity": "none"},
        "reward": {"process": "replay", "file": str(file)},
        "cost": {"low": 0.0, "high": 0.0},
        "market": {"structure": "et", "pbs": "off", "resale": "never"},
        "agents": [keeper],
    }
    tickets = run(config, signatures="off").tickets
    tickets = tickets[tickets["mint_block"].between(0, blocks - 40 * supply)]
    assert tickets["end"].eq("proposed").all()
    minted, drawn = (tickets[name].to_numpy(int) for name in ("mint_block", "drawn_for"))
    path = np.array(rewards)
    earned = path[drawn] * (1 + rate) ** -(drawn - minted).astype(float)
    surprise = earned - mean_reverting_value(path[minted], mean, persistence, supply, rate)
    usable = surprise.size // 100 * 100
    batches = surprise[:usable].reshape(-1, 100).mean(axis=1)
    tilted = (surprise * (path[minted] - mean))[:usable].reshape(-1, 100).mean(axis=1)
    assert abs(z_of(batches, 0.0)) <= 4
    assert abs(z_of(tilted, 0.0)) <= 4
    blind = (earned - earned.mean()) * (path[minted] - mean)
    assert z_of(blind[:usable].reshape(-1, 100).mean(axis=1), 0.0) > 4
