"""The cases of an experiment in processes of their own: the same answers, in the same order."""

from __future__ import annotations

import os

import pytest

from experiments.lab.study import Settings

CONFIG = {
    "blocks": 6,
    "market": {"structure": "et"},
    "agents": [{"strategy": "truthful", "role": "buyer", "count": 2, "can_build": True}],
}


def found(settings: Settings, seed: int) -> dict[str, int]:
    """A row of one case."""
    result = settings.run(f"seed={seed}", {**CONFIG, "seed": seed})
    return {"seed": seed, "reward": int(result.blocks["reward_gwei"].sum())}


def process(settings: Settings, _: int) -> int:
    assert settings.jobs == 1
    return os.getpid()


@pytest.mark.filterwarnings("ignore:those who bid")
def test_what_is_found_is_the_same_in_any_number_of_processes(tmp_path):
    one = Settings().each(found, range(4))
    many = Settings(jobs=3, out=tmp_path).each(found, range(4))
    assert one == many
    assert [row["seed"] for row in many] == [0, 1, 2, 3]
    assert {place.name for place in (tmp_path / "runs").iterdir()} == {f"seed={seed}" for seed in range(4)}


def test_each_case_has_a_process_and_rows_come_in_one_list():
    assert len({os.getpid(), *Settings(jobs=2).each(process, range(3))}) == 4
    assert set(Settings().each(process, range(3))) == {os.getpid()}
    assert Settings(jobs=2).rows(lambda _, case: [case, -case], [1, 2]) == [1, -1, 2, -2]


@pytest.mark.filterwarnings("ignore:those who bid")
def test_who_watches_sees_one_figure_for_all_and_can_stop_them():
    with pytest.raises(KeyboardInterrupt):
        Settings(jobs=2, blocks=100_000, progress=lambda name, *_: name != "cases").each(found, range(2))


def test_strict_takes_one_process_and_says_so():
    with pytest.warns(UserWarning, match="jobs = 2: strict"):
        assert Settings(jobs=2, strict=True).each(lambda own, _: own.jobs, range(2)) == [2, 2]
