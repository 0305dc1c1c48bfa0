"""`et-testbed simulate`: the keys of its JSON, its table, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chain.errors import InsufficientFunds
from experiments.lab.cli.simulate import parse_blocks
from experiments.lab.config.errors import InputError
from experiments.lab.models.game.engine import Game, assemble_game
from experiments.lab.models.game.maturity_stage import MaturityStage
from experiments.lab.models.game.play import play
from experiments.lab.models.game.seller import block_seller
from experiments.lab.models.game.simulation import simulate
from market.intents import AuctionBid
from market.view import View
from strategies.buyers.equilibrium import Equilibrium

MODEL = """
[model]
maturity = 4
discount_rate = 0.01
buyers = 3
entry_cost = 0.05
{more}
[model.cost]
distribution = "uniform"
low = 0.1
high = 0.5
[model.reward]
process = "constant"
value = 1.0
"""
KEYS = {
    "sale_blocks",
    "tickets",
    "price",
    "spot",
    "gap",
    "mean",
    "se",
    "entrants",
    "efficiency",
    "spot_mean",
    "spot_se",
    "gap_mean",
    "gap_se",
    "theory",
    "sale_and_exercise",
    "sale_and_exercise_se",
}


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    path = tmp_path / "model.toml"
    path.write_text(MODEL.format(more=""))
    return path


def test_json_has_a_number_for_each_sale_block(et_testbed: Any, model_file: Path) -> None:
    answer = et_testbed(
        "simulate", str(model_file), "--tickets", "50", "--sale-blocks", "0,2,4", "--seed", "3", "--json"
    )
    assert answer.returncode == 0, answer.stderr
    outcome = json.loads(answer.stdout)
    assert set(outcome) == KEYS
    assert outcome["sale_blocks"] == [0, 2, 4]
    assert outcome["tickets"] == 50
    for key in ("price", "gap", "mean", "se", "entrants", "efficiency", "gap_mean", "gap_se"):
        assert len(outcome[key]) == 3
    assert outcome["gap_mean"][2] == 0
    assert outcome["mean"][2] == outcome["spot_mean"]
    assert set(outcome["theory"]) == {
        "mean", "entrants", "efficiency", "spot_mean", "gap_mean", "sale_and_exercise",
    }  # fmt: skip
    again = et_testbed(
        "simulate",
        str(model_file),
        "--tickets",
        "50",
        "--sale-blocks",
        "0",
        "--seed",
        "3",
        "--signatures",
        "off",
        "--json",
    )
    assert json.loads(again.stdout)["mean"] == outcome["mean"][:1]


def test_without_sale_blocks_the_policy_decides(et_testbed: Any, model_file: Path) -> None:
    options = ("--tickets", "20", "--signatures", "off")
    outcome = json.loads(et_testbed("simulate", str(model_file), *options, "--json").stdout)
    assert outcome["sale_blocks"] is None
    assert len(outcome["mean"]) == 1
    shown = et_testbed("simulate", str(model_file), *options).stdout
    assert "policy" in shown
    assert f"{outcome['mean'][0]:.6f}" in shown


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--sale-blocks", "0,5"), "--sale-blocks: 5"),
        (("--seed", "-1"), "--seed"),
        (("--signatures", "maybe"), "maybe"),
    ],
)
def test_refusals_end_with_2(et_testbed: Any, model_file: Path, options: tuple[str, ...], named: str) -> None:
    answer = et_testbed("simulate", str(model_file), *options)
    assert answer.returncode == 2
    assert named in answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize("text", ["one", "", "0,,8", "1.5"])
def test_blocks_are_numbers(text: str) -> None:
    with pytest.raises(InputError, match="--sale-blocks"):
        parse_blocks(text)


@pytest.mark.parametrize(
    ("tickets", "blocks", "named"),
    [(1, [0], "--tickets is 1"), (5, [9], "blocks: 9"), (5, [-1], "blocks: -1"), (5, [], "empty")],
)
def test_refuses_what_cannot_be_played(make_model: Any, tickets: int, blocks: list[int], named: str) -> None:
    with pytest.raises(InputError, match=named):
        simulate(make_model(), tickets, blocks, signatures="off")


@pytest.mark.parametrize(
    "more", [{"buyers": 1001}, {"arrival_rate": 1000.5, "buyers": None}, {"exercise": "lottery", "supply": 10_001}]
)
def test_refuses_more_than_it_can_hold(make_model: Any, more: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"model\..*at most .* are played"):
        simulate(make_model(**more), 10, signatures="off")
    with pytest.raises(InputError, match="--tickets is 10000001; at most 10000000"):
        simulate(make_model(), 10_000_001, signatures="off")


def test_refuses_rewards_that_cannot_start_anew(make_model: Any) -> None:
    with pytest.raises(InputError, match=r"model\.reward\.process.*mevboost"):
        simulate(make_model(reward={"process": "mevboost"}), 10, signatures="off")


def test_money_is_neither_made_nor_lost(make_model: Any) -> None:
    """Buyers pay for tickets and entry, the seller receives; rewards come in, entry costs go out."""
    model = make_model(maturity=2, entry_cost=0.05)
    game = Game(model, 7, "off")
    played = play(MaturityStage(game), block_seller(model, 1), 100)
    _, state, records = assemble_game(MaturityStage(game), block_seller(model, 1))
    assert state.ledger.is_balanced()
    assert played.brought.sum() > 0
    seller = state.ledger.free(1)
    assert seller == state.ledger.free(2)
    assert records.rows["trades"] == []
    np.testing.assert_array_less(played.brought, played.best + 1e-12)


def test_a_ledger_that_lost_money_is_noticed(make_model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chain.ledger.Ledger.is_balanced", lambda _: False)
    model = make_model(maturity=2)
    with pytest.raises(RuntimeError, match="ledger does not balance"):
        play(MaturityStage(Game(model, 7, "off")), block_seller(model, 1), 5)


def test_a_buyer_who_breaks_a_rule_stops_the_game(make_model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def overbid(_: Equilibrium, view: View) -> list[AuctionBid]:
        return [AuctionBid(auction.id, view.free_gwei + 1) for auction in view.auctions]

    monkeypatch.setattr(Equilibrium, "bid", overbid)
    model = make_model(maturity=2)
    with pytest.raises(InsufficientFunds):
        play(MaturityStage(Game(model, 7, "off")), block_seller(model, 1), 5)


def test_it_tells_how_many_tickets_of_each_way_to_sell_are_done(make_model):
    told = []
    simulate(make_model(), 5, [0], signatures="off", progress=lambda *words: told.append(words))
    assert {total for _, total in told} == {5}
    assert [done for done, _ in told].count(5) >= 2
    assert all(0 <= done <= 5 for done, _ in told)
