"""What docs/rules.md shows runs as it stands, with fewer seeds and blocks."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from experiments import load, replay, run, sweep
from experiments.lab.conformance.rule_check import check_rule
from experiments.lab.verify import audit_run
from tests.places import DOCS

PAGE = (DOCS / "rules.md").read_text()


def blocks(language: str, heading: str = "") -> list[str]:
    """The blocks under a heading; without one, those above the pricing rule."""
    text = PAGE.partition(f"## {heading}" if heading else "## A pricing rule of your own")
    part = text[2].partition("\n## ")[0] if heading else text[0]
    return re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)


PRICING = "A pricing rule of your own"
LAWS = "A law of rewards or costs of your own"


def test_from_the_idea_to_the_comparison(et_testbed, tmp_path, monkeypatch, capsys):
    rule, *_, comparison = blocks("python")
    (config,) = blocks("toml")
    check, comparing = (shlex.split(command)[1:] for command in blocks("sh"))
    (tmp_path / "one_chance.py").write_text(rule)
    (tmp_path / "rule.toml").write_text(config.replace("blocks = 200", "blocks = 100"))
    done = et_testbed(*check, cwd=tmp_path)
    assert done.stdout.strip() in PAGE
    comparing[comparing.index("1..30")] = "1..3"
    done = et_testbed(*comparing, "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    monkeypatch.chdir(tmp_path)
    exec(comparison, {})
    share = re.search(r"top_share +(\S+) +(\S+) +(\S+)", capsys.readouterr().out)
    assert share is not None
    low, mean, high = sorted(map(float, share.groups()))
    assert -0.75 < low <= mean <= high < -0.3
    assert mean == pytest.approx(-0.519, abs=0.08)


@pytest.mark.parametrize("lookahead", [0, 3])
def test_two_rules_are_alike_where_their_tickets_live_alike(tmp_path, lookahead):
    (same,) = re.findall(r"<!-- file: same_life.py -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "same_life.py"
    file.write_text(same)
    config = {
        "blocks": 40,
        "chain": {"supply": 8, "maturity": 6, "lookahead": lookahead},
        "agents": [{"strategy": "at_once", "role": "seller", "count": 3, "can_build": True}],
        "market": {"resale": "never"},
    }
    swept = sweep(config, {"chain.draw": ["lottery", f"{file}:rule", f"{file}:draw"]}, [1])
    assert swept.same_trades() == [True, False]


def test_a_rule_that_draws_twice_names_a_key_and_is_warned_of_without():
    _, keyed, *_ = blocks("python")
    for source, warnings in ((keyed, 0), (keyed.replace(', key="ticket"', ""), 1)):
        exec(source, found := {"__name__": "twice"})
        assert len(check_rule(found["draw"], histories=1).warnings) == warnings


def test_a_rule_for_each_value_of_a_parameter_is_sound():
    _, _, made, *_ = blocks("python")
    found = {"__name__": "young"}
    exec(made, found)
    for name in ("young4", "young8"):
        check_rule(found[name], histories=1)


def test_a_rule_that_says_what_it_is_is_sound_and_runs(et_testbed, tmp_path):
    """Its dates are believed by the audit, and shown to be those that it states."""
    _, _, _, _, stated, _ = blocks("python")
    (tmp_path / "two_epochs.py").write_text(stated)
    done = et_testbed("check", "two_epochs.py:rule", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "sound over 20 random histories" in done.stdout
    config = {"chain": {"draw": f"{tmp_path}/two_epochs.py:rule", "supply": 40, "maturity": 16}}
    result = run(config, blocks=32, out=tmp_path / "run", signatures="off")
    assert audit_run(result.path).is_sound
    windows = result.tickets.last_block - result.tickets.first_block
    assert set(windows) == {15}
    assert set(result.tickets.first_block % 8) == {0}


def test_eip_1559_from_outside_has_the_digest_of_the_built_in(et_testbed, tmp_path):
    """And the page's commands do what they say there."""
    (rule,) = blocks("python", PRICING)
    (tmp_path / "my_1559.py").write_text(rule)
    play, check = (shlex.split(command)[1:] for command in blocks("sh", PRICING))
    short = ("--signatures", "off", "--quiet", "--set", "blocks=60")
    theirs = ("--set", "chain.draw=lottery", "--set", "market.primary=eip1559")
    assert et_testbed(*play, *short, "--out", "mine", cwd=tmp_path).returncode == 0
    ours = et_testbed(
        "run", *theirs, "--set", "market.eip1559.adjustment=0.1", *short, "--out", "built", cwd=tmp_path
    )
    assert ours.returncode == 0
    for structure in ("pbs", "et", "et_expost"):
        both = [
            json.loads((tmp_path / name / structure / "manifest.json").read_text()) for name in ("mine", "built")
        ]
        assert both[0]["digest"] == both[1]["digest"]
    assert len(set(load(tmp_path / "mine" / "et").signals.quote_gwei)) > 20
    assert audit_run(tmp_path / "mine" / "et").is_sound
    checked = et_testbed(*check, cwd=tmp_path)
    assert checked.stdout.strip() in PAGE


@pytest.mark.slow
def test_so_it_has_where_slots_are_missed_the_supply_is_elastic_and_bounds_are_set(tmp_path):
    (rule,) = blocks("python", PRICING)
    (tmp_path / "my_1559.py").write_text(rule)
    others = [
        ["chain.supply_rule=elastic", "market.primary_cap=3"],
        ["market.primary_reserve=0.05", "market.eip1559.start_eth=0.01", "agents.0.missed_proposal=0.5"],
    ]
    for number, overrides in enumerate(others):
        both = ["chain.draw=lottery", *overrides]
        built = run({}, blocks=300, overrides=[*both, "market.primary=eip1559"], signatures="off")
        own = [f"market.primary={tmp_path}/my_1559.py:Eip1559"]
        if number:
            own.append("market.primary_parameters.start_eth=0.01")
        else:
            own.append("market.primary_parameters.target=33")
        assert (
            run({}, blocks=300, overrides=[*both, *own], signatures="off").summary["digest"]
            == built.summary["digest"]
        )


def test_laws_of_one_s_own_are_sound_and_a_run_of_them_is_replayed(et_testbed, tmp_path):
    """And the sheet of check is that of the page."""
    rewards, costs = blocks("python", LAWS)
    (config,) = blocks("toml", LAWS)
    (tmp_path / "gamma_rewards.py").write_text(rewards)
    (tmp_path / "beta_costs.py").write_text(costs)
    (tmp_path / "laws.toml").write_text(config)
    (commands,) = blocks("sh", LAWS)
    for command in commands.splitlines():
        done = et_testbed(*shlex.split(command)[1:], cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip() in PAGE
    result = run(tmp_path / "laws.toml", blocks=60, out=tmp_path / "run", overrides=["market.structure=et"])
    carried = json.loads((result.path / "manifest.json").read_text())["files"]
    assert set(carried) == {"gamma_rewards.py", "beta_costs.py"}
    report = audit_run(result.path)
    assert report.is_sound
    assert "the law of rewards is the user's own" in str(report)
    (outcome,) = replay(result.path).values()
    assert outcome.is_same


def test_a_mean_that_draws_do_not_show_is_told_as_on_the_page(et_testbed, tmp_path):
    false = """from chain import Independent


class Gamma(Independent):
    mean_gwei = 3e8

    def sample(self, rng, size):
        return 1e8 * rng.random(size)
"""
    (tmp_path / "gamma_rewards.py").write_text(false)
    done = et_testbed("check", "gamma_rewards.py:Gamma", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.removeprefix("error: ").strip() in PAGE
