"""Same seed, same run; and nobody's draws depend on what someone else does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments import run
from experiments.lab.assembly.assembly import assemble
from experiments.lab.config.loading import read_config

STRUCTURES = 'market.structure=["pbs","et","et_expost"]'


def test_the_same_seed_gives_the_same_text_in_processes_with_different_hash_seeds(et_testbed_process, et_testbed):
    command = ("run", "--blocks", "30", "--json")
    runs = [et_testbed_process(*command, env={"PYTHONHASHSEED": seed}) for seed in ("1", "2")]
    assert [done.returncode for done in runs] == [0, 0]
    assert runs[0].stdout == runs[1].stdout
    other = et_testbed(*command, "--seed", "8")
    assert json.loads(other.stdout)["digest"] != json.loads(runs[0].stdout)["digest"]


def test_the_digest_is_the_same_wherever_the_run_lies(tmp_path, et_testbed):
    digests = []
    for name in ("a", "b/c"):
        done = et_testbed("init", str(tmp_path / name))
        assert done.returncode == 0
        config = tmp_path / name / "config.toml"
        digests.append(run(config, blocks=20, out=tmp_path / name / "run").summary["digest"])
    assert digests[0] == digests[1]


def test_signatures_change_no_trade(population):
    signed, unsigned = (
        run({"blocks": 60, "agents": population}, signatures=kind).trades for kind in ("ecdsa", "off")
    )
    assert len(signed) > 60
    assert signed.equals(unsigned)


@pytest.mark.parametrize("change", [{"strategy": "shade", "role": "buyer"}, {"strategy": "zero_intelligence"}])
def test_a_changed_strategy_leaves_all_other_draws_as_they_were(population, change):
    """The second of three buyers is exchanged; rewards, draw words and everyone else's costs stay."""
    one = {"strategy": "truthful", "role": "buyer"}
    before, after = ([*population[:3], one, other, one] for other in (one, change))
    first, second = (run({"blocks": 80, "agents": agents}) for agents in (before, after))
    assert first.blocks.reward_gwei.equals(second.blocks.reward_gwei)
    assert first.blocks.draw_word.equals(second.blocks.draw_word)
    assert not first.trades.equals(second.trades)
    assert costs(before) == costs(after)


def costs(agents: list[dict[str, object]]) -> list[tuple[int, ...]]:
    """Everyone's θ of the first 2,000 blocks."""
    config = read_config({"agents": agents})
    engine = assemble(config, "et", Path(), Path(), "off", False)
    return [path.between(0, 1999) for path in engine.market.costs if path is not None]


def test_a_longer_run_begins_like_the_shorter_one(population):
    short, long = (run({"blocks": blocks, "agents": population}) for blocks in (50, 80))
    assert long.blocks.head(50).equals(short.blocks)


def test_the_structures_share_rewards_costs_and_draw_words():
    runs = run(blocks=40, overrides=[STRUCTURES], signatures="off")
    pbs, et, expost = (runs[name].blocks for name in ("pbs", "et", "et_expost"))
    for column in ("reward_gwei", "best_gwei", "draw_word"):
        assert pbs[column].equals(et[column])
        assert et[column].equals(expost[column])
