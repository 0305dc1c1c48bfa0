"""Tournaments: who sits where, what the payoffs say, and the game among the entrants."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.played.runs import run
from experiments.lab.tournament import Entrant, read_entrant, read_entrants, tournament
from experiments.lab.tournament.formats import deviation, full, one_against, pairs, round_robin, together
from experiments.lab.tournament.game_text import sentences
from experiments.lab.tournament.kept_tournament import load_tournament
from experiments.lab.tournament.population import replicator, survivors
from experiments.lab.tournament.standings import standings, win_shares
from experiments.lab.tournament.tournament_market import payoffs

SELLER = {
    "strategy": "at_maturity",
    "role": "seller",
    "endowment_eth": 1e4,
    "parameters": {"format": "first_price"},
}
DUEL = {
    "blocks": 60,
    "reward": {"process": "constant", "value": 1.0},
    "cost": {"low": 0.1, "high": 0.5},
    "market": {"pbs": "off"},
    "agents": [SELLER, {"strategy": "truthful", "role": "buyer", "count": 2, "endowment_eth": 1e4}],
}


def play(entrants: str, format: str, seeds=(1, 2, 3), **options):
    return tournament(DUEL, read_entrants(entrants), seeds, format=format, backend_name="sequential", **options)


def test_an_entrant_is_a_name_a_file_or_a_module_with_parameters(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from strategies.buyers.shade import Shade\n\n\nclass Mine(Shade):\n    pass\n"
    )
    module = "strategies.buyers.shade:Shade"
    assert read_entrant("shade:0.8") == Entrant("shade:0.8", "shade", {"factor": 0.8})
    assert read_entrant("shade:factor=0.8:discount_rate=0.1").parameters == {"factor": 0.8, "discount_rate": 0.1}
    assert read_entrant("mine.py:Mine:0.7", tmp_path) == Entrant(
        "mine.py:Mine:0.7", "mine.py:Mine", {"factor": 0.7}
    )
    assert read_entrant(f"{module}:0.9").strategy == module
    assert [one.label for one in read_entrants("truthful, shade:0.8")] == ["truthful", "shade:0.8"]
    assert read_entrants(["truthful", read_entrant("shade:0.8")]) == read_entrants("truthful,shade:0.8")
    for none in (3, [("shade", 0.8)]):
        with pytest.raises(InputError, match="is no entrant; write 'truthful'"):
            read_entrants(none)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nobody enters"),
        ("truthful,truthful", "enters twice"),
        ("truthfull", "did you mean 'truthful'"),
        ("gone.py:Mine", "no file gone.py"),
    ],
)
def test_a_wrong_entrant_is_named(text, message):
    with pytest.raises(InputError, match=message):
        read_entrants(text)


@pytest.mark.parametrize(
    ("entrants", "options", "message"),
    [
        ("at_once", {}, "no group of the config plays a role that all entrants can play|plays none"),
        ("truthful", {"group": 5}, "not one of 0 … 1"),
        ("at_once", {"group": 1}, "plays none of the roles of agents.1, buyer"),
        ("shade:half=1", {}, "no such parameter"),
        ("truthful", {"format": "knockout"}, "not one of together"),
    ],
)
def test_a_tournament_that_makes_no_sense_is_refused(entrants, options, message):
    agents = {"agents": [{**SELLER, "strategy": "keep"}, DUEL["agents"][1]]}
    config = DUEL if entrants != "at_once" or options else {**DUEL, **agents, "agents": [DUEL["agents"][1]]}
    with pytest.raises(InputError, match=message):
        tournament(config, read_entrants(entrants), [1], backend_name="sequential", **options)


def test_in_every_rotation_everyone_sits_one_seat_further():
    assert together(3, 9) == [(0, 1, 2), (1, 2, 0), (2, 0, 1)]


def test_round_robin_seats_every_two_both_ways_around():
    assert round_robin(2, 2) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert round_robin(2, 3)[1:3] == [(0, 1, 0), (1, 0, 1)]


def test_one_against_puts_each_alone_into_a_population_of_each_in_every_seat():
    lineups = one_against(2, 3)
    assert set(lineups) == {(0, 0, 0), (1, 1, 1), (0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)}
    assert pairs((0, 1, 1), "one_against") == [(0, 0, 1)]
    assert pairs((1, 1, 1), "one_against") == [(0, 1, 1), (1, 1, 1), (2, 1, 1)]


def test_a_deviation_is_in_the_first_seat():
    assert deviation(3, 2) == [(0, 0), (1, 0), (2, 0)]


def test_all_entrants_meet_the_same_draws_in_every_seat():
    """Twins earn exactly the same over all rotations, and share the first rank."""
    played = play("shade:0.8,shade:factor=0.8", "together")
    by_entrant = played.by_entrant(played.profits)
    assert by_entrant[:, 0] == pytest.approx(by_entrant[:, 1])
    assert [line.rank for line in played.standings()] == [1, 1]
    assert all(line.win_share == pytest.approx(0.5, abs=0.25) for line in played.standings())


def test_where_one_pays_as_bid_the_truth_earns_nothing_and_comes_last():
    played = play("truthful,shade:0.8,first_price_equilibrium", "together")
    lines = played.standings()
    assert lines[-1].label == "truthful"
    assert lines[-1].rank == 3
    assert lines[-1].payoff["mean"] == 0
    best = lines[0].payoff["mean"]
    assert lines[-1].regret["mean"] == pytest.approx(best)
    assert sum(line.win_share for line in lines) == pytest.approx(1)
    assert lines[0].profit_per_ticket > 0.05


def test_full_has_as_many_of_each_as_there_can_be_in_every_rotation():
    assert full(2, 2) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    lineups = full(3, 3)
    assert len(lineups) == len(set(lineups)) == 3 + 6 * 3 + 3
    assert {tuple(sorted(lineup)) for lineup in lineups} >= {(0, 0, 0), (0, 1, 1), (0, 1, 2)}
    assert pairs((0, 1, 2), "full") == []
    assert pairs((0, 1, 1), "full") == [(0, 0, 1)]


@pytest.fixture(scope="module")
def duel():
    """Two buyers, v uniform on [.5, .9], pay as bid."""
    return play("shade:0.8,shade:0.9", "one_against", seeds=range(1, 6))


def closed_form(earns):
    """The mean over v and v′ of `earns(s, v, t, v′)` for each own share s and other share t."""
    value, other = np.meshgrid(*2 * [np.linspace(0.5, 0.9, 801)])
    return np.array([[earns(s, value, t, other).mean() for t in (0.8, 0.9)] for s in (0.8, 0.9)])


def assert_mean(sample, expected):
    """Within four standard errors, seed by seed; `sample` is seeds × …"""
    error = sample.std(axis=0, ddof=1) / np.sqrt(len(sample))
    assert (abs(sample.mean(axis=0) - expected) <= 4 * error + 1e-4).all()


def test_the_payoffs_of_one_against_another_are_those_of_the_closed_form(duel):
    """s against t earns E[(1 − s) v 1{t v′ < s v}] a block."""
    assert_mean(duel.against() / duel.blocks, closed_form(lambda s, v, t, w: (1 - s) * v * (t * w < s * v)))


def test_what_is_made_of_the_blocks_is_that_of_the_closed_form(duel):
    """s against t make E[v 1{t v′ < s v} + v′ 1{t v′ > s v}], of E[max(v, v′)]."""
    made = closed_form(lambda s, v, t, w: np.where(t * w < s * v, v, w))
    made[0, 0] = made[1, 1] = closed_form(lambda s, v, t, w: np.maximum(s * v, t * w))[0, 0] / 0.8
    by_lineup = [made[lineup] for lineup in duel.lineups]
    assert_mean(duel.welfare.made.T / duel.blocks, np.array(by_lineup))
    assert duel.welfare.greatest.std(axis=0).max() == 0
    assert [duel.welfare.made[0].tolist(), duel.welfare.made[-1].tolist()] == 2 * [
        duel.welfare.greatest[0].tolist()
    ]


def test_a_game_says_what_is_in_equilibrium_and_how_sure_where_players_stop_and_what_that_costs(duel):
    game = duel.game()
    assert [one["shares"] for one in game["equilibria"]] == [{"shade:0.8": 1.0, "shade:0.9": 0.0}]
    assert game["equilibria"][0]["found_in"] == 1
    assert (game["overlaps"], game["ties"]) == ([], [])
    walk = game["better_response"]["walks"][1]
    assert [(step["mover"], step["reached"]) for step in walk["steps"]] == [
        ("shade:0.9", "1 shade:0.8, 1 shade:0.9"),
        ("shade:0.9", "all shade:0.8"),
    ]
    assert [stop["lineup"] for stop in game["better_response"]["stops"]] == ["all shade:0.8"]
    assert game["price_of_anarchy"]["price_of_anarchy"]["mean"] == 1
    assert [point["label"] for point in game["price_of_anarchy"]["equilibria"]] == ["all shade:0.8"]
    lines = list(sentences(duel))
    assert "symmetric equilibrium: all shade:0.8; in 100 % of the resamples of the seeds" in lines
    assert "stop: all shade:0.8" in lines
    assert any(line.startswith("5 seeds are few to resample") for line in lines)
    assert "price of anarchy: 100 % [100, 100], at all shade:0.8" in lines


def test_what_a_run_makes_is_its_efficiency():
    result = run(
        {**DUEL, "blocks": 15, "agents": [SELLER, {**DUEL["agents"][1], "strategy": "zero_intelligence"}]}
    )
    found = payoffs(result)
    assert 0 < found["made"] < found["greatest"]
    assert found["made"] / found["greatest"] == pytest.approx(result.summary["efficiency"])


def test_tickets_count_of_whomever_they_were_bought():
    result = run({**DUEL, "blocks": 15})
    found = payoffs(result)
    bought = [value for name, value in found.items() if name.startswith("tickets_")]
    assert bought[0] == (result.trades.market == "primary").sum() > 0
    assert sum(bought) == result.trades.market.isin(["primary", "secondary"]).sum()


def test_standings_by_hand():
    """Two seeds: a earns 3 and 5, b 3 and 5, c 1 and 3: c is 2 behind on both, for sure."""
    profits = np.array([[3.0, 3.0, 1.0], [5.0, 5.0, 3.0]])
    lines = standings(["a", "b", "c"], profits, np.array([[1.0, 2.0, 0.0]] * 2), np.array([0.5, 0.5, 0.0]))
    assert [(line.label, line.rank) for line in lines] == [("a", 1), ("b", 1), ("c", 3)]
    assert [line.regret["mean"] for line in lines] == [0, 0, 2]
    assert [line.profit_per_ticket for line in lines] == [4.0, 2.0, None]


def test_a_difference_within_the_noise_is_a_tie():
    profits = np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0], [2.5, 1.0]])
    assert [line.rank for line in standings(["a", "b"], profits, np.ones((4, 2)), np.zeros(2))] == [1, 1]


def test_a_shared_win_counts_in_parts():
    runs = [(0, 1), (1, 0)]
    assert win_shares(runs, np.array([[2.0, 2.0], [1.0, 0.0]]), 2).tolist() == [0.25, 0.75]


def test_survivors_of_known_games():
    """Hawk and dove with V = 2, C = 4: half hawks. The dilemma: defection."""
    assert replicator(np.array([[-1.0, 2.0], [0.0, 1.0]]))[-1] == pytest.approx([0.5, 0.5], abs=1e-3)
    path = replicator(np.array([[3.0, 0.0], [5.0, 1.0]]))
    assert survivors(path, ["cooperate", "defect"]) == {"defect": pytest.approx(1)}


def test_payoffs_against_another_need_a_format_that_has_them():
    with pytest.raises(InputError, match="take one_against"):
        play("truthful,shade:0.8", "together", seeds=[1]).against()


def test_the_command_prints_one_json_object(et_testbed, tmp_path):
    config = tmp_path / "duel.toml"
    config.write_text(
        'blocks = 20\nreward = {process = "constant", value = 1.0}\nmarket = {pbs = "off"}\n'
        '[[agents]]\nstrategy = "at_maturity"\nrole = "seller"\n'
        '[[agents]]\nstrategy = "truthful"\nrole = "buyer"\ncount = 2\n'
    )
    (tmp_path / "mine.py").write_text(
        "from strategies import Buyer\n\n\nclass Idle(Buyer):\n    '''Does nothing.'''\n"
    )
    done = et_testbed(
        *("tournament", str(config), "--entrants", "truthful,mine.py:Idle", "--seeds", "1..2"),
        *("--seating", "one_against", "--backend", "sequential", "--json", "--quiet", "--out", "played"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [line["label"] for line in found["standings"]] == ["truthful", "mine.py:Idle"]
    assert found["standings"][1]["payoff"]["mean"] == 0
    assert found["game"]["survivors"]["truthful"] > 0.99
    drawn = (tmp_path / "played" / "figures" / "population.svg").read_text(encoding="utf-8")
    assert all(label in drawn for label in ("truthful", "mine.py:Idle"))
    assert "Tournament of truthful and mine.py:Idle" in (tmp_path / "played" / "report.html").read_text("utf-8")
    assert load_tournament(tmp_path / "played").game() == found["game"]


def test_a_folder_is_read_again_with_the_metrics_of_its_runs(tmp_path):
    entrants = ["truthful", "shade:0.8"]
    played = tournament(DUEL, entrants, (1, 2), format="one_against", overrides=["blocks=4"], out=tmp_path / "t")
    again = load_tournament(tmp_path / "t")
    assert again.metrics.equals(played.metrics)
    assert played.metrics.index.names == ["lineup", "seed"]
    assert ("truthful, shade:0.8", 2) in played.metrics.index
    assert "hhi" in played.metrics
    assert "profit_1" not in played.metrics
