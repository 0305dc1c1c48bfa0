"""`et-testbed experiments` runs an experiment by its name, and one of the user's own by its file."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from experiments.lab.config.errors import InputError
from experiments.lab.conformance.checked import check
from experiments.lab.conformance.experiment_files import names_of_experiment
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.plot import axes

MINE = '''
"""Is it so?"""

import pandas as pd
from et_testbed import Answer, Experiment, axes


def answer(settings, factor: float = 2.0):
    figure, place = axes("x", "y")
    place.plot([0, factor])
    return Answer(pd.DataFrame({"factor": [factor]}), {"factor": factor}, {"line": figure})


experiment = Experiment(__file__, __doc__, answer)
'''

RAISES = "answer(settings):\n    raise KeyError('mean')"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "mine.py").write_text(MINE)
    (tmp_path / "lab" / "other.py").write_text("experiment = 3\n")
    return tmp_path


def test_a_file_of_ones_own_is_run_with_its_own_options_and_leaves_its_answer(et_testbed, folder):
    done = et_testbed("experiments", "lab/mine.py", "--factor", "3.5", "--json", "--quiet", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"factor": 3.5}
    out = folder / "out" / "mine"
    assert json.loads((out / "answer.json").read_text()) == {"factor": 3.5}
    assert (out / "figures" / "line.svg").is_file()
    assert (out / "table.csv").read_text().split() == ["factor", "3.5"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["structure"], "structure: no such experiment; did you mean 'structures'?"),
        (["lab/none.py"], "there is no file lab/none.py"),
        (
            ["lab/other.py"],
            "lab/other.py: `experiment` is none; write experiment = Experiment(",
        ),
        (["lab/mine.py", "--factor", "x"], "--factor"),
        (["lab/mine.py", "--fact", "2"], "No such option: --fact"),
        (["--wat"], "--wat: no such option"),
    ],
)
def test_what_cannot_be_run_is_told_in_a_line(et_testbed, folder, arguments, says):
    done = et_testbed("experiments", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert says in line


@pytest.mark.parametrize(
    ("given", "program"),
    [
        (("experiments", "lab/mine.py", "--fact"), "et-testbed experiments lab/mine.py"),
        (("experiments", "structures", "--fact"), "et-testbed experiments structures"),
        (("wallet", "new"), "et-testbed wallet new"),
        (("run", "--fact"), "et-testbed run"),
        (("--fact",), "et-testbed"),
    ],
)
def test_who_errs_is_shown_to_the_help_of_what_was_called(et_testbed, folder, given, program):
    assert et_testbed(*given, cwd=folder).stderr.endswith(f"; see {program} --help\n")


def test_an_experiment_is_answered_and_not_checked(et_testbed, folder):
    (folder / "lab" / "mine.py").write_text(f"{MINE}\n\ndef draw(state, block):\n    return None\n")
    for named in ("lab/mine.py", "lab/mine.py:experiment", "lab/mine.py:answer"):
        done = et_testbed("check", named, cwd=folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{named}: is an experiment" in done.stderr
        assert "answered: et-testbed experiments lab/mine.py;" in done.stderr
    assert set(names_of_experiment(folder / "lab" / "mine.py")) == {"experiment", "answer"}  # not its rule
    with pytest.raises(InputError, match="name the class in it"):
        check(str(folder / "lab" / "other.py"))


def test_help_is_of_the_command_or_of_the_experiment(et_testbed, folder):
    assert "[NAME]" in et_testbed("experiments", "--help").stdout
    told = et_testbed("experiments", "lab/mine.py", "--help", cwd=folder).stdout
    assert "Is it so?" in told
    assert "--factor" in told
    assert "--resume" not in told


def test_what_its_answer_raises_is_told_with_its_own_line(et_testbed, folder):
    (folder / "lab" / "raises.py").write_text(MINE.replace("answer(settings, factor: float = 2.0):", RAISES))
    done = et_testbed("experiments", "lab/raises.py", "--quiet", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: lab/raises.py raised "
        "lab/raises.py:9 KeyError: 'mean'; `python lab/raises.py` shows the way there\n"
    )


def test_what_its_configs_and_models_name_lies_beside_it(et_testbed, folder):
    """Wherever one stands; a file of nowhere is told with where it was looked for."""
    (folder / "lab" / "bots.py").write_text(BOT)
    (folder / "lab" / "day.toml").write_text(DAY)
    (folder / "lab" / "plays.py").write_text(PLAYS)
    done = et_testbed("experiments", "lab/plays.py", "--json", "--quiet", cwd=folder)
    (once,) = done.stderr.splitlines()  # of its run and of its sweep
    assert (done.returncode, "bots.py:Mine never acted" in once) == (0, True)
    assert json.loads(done.stdout) == {"blocks": 4, "runs": 2}
    (folder / "lab" / "bots.py").unlink()
    gone = et_testbed("experiments", "lab/plays.py", "--quiet", cwd=folder)
    assert gone.returncode == 2
    assert "there is no file bots.py; it is looked for beside the file that names it, and from" in gone.stderr


BOT = "from strategies import Buyer\n\n\nclass Mine(Buyer):\n    pass\n"
DAY = 'blocks = 4\n[[agents]]\nstrategy = "bots.py:Mine"\n'
PLAYS = '''
"""Does it find them?"""

from pathlib import Path

import pandas as pd
from et_testbed import Answer, Experiment


def answer(settings):
    config = {"blocks": 4, "agents": [{"strategy": "bots.py:Mine"}]}
    blocks = settings.run("plain", config).summary["blocks"]
    runs = len(settings.sweep("swept", Path("day.toml"), {"blocks": [3, 4]}, [1]).runs)
    return Answer(pd.DataFrame(), {"blocks": blocks, "runs": runs})


experiment = Experiment(__file__, __doc__, answer)
'''


def test_an_answer_and_its_experiment_show_themselves_in_a_notebook(monkeypatch):
    figure, place = axes("x", "y")
    place.plot([0, 1])
    mine = Experiment("mine.py", "Is it so?", lambda _: Answer(TABLE, {"<b>": 3.0}, {"line": figure}))
    shown = mine.answer(Settings())._repr_html_()
    assert [part in shown for part in ("<table", "&lt;b&gt; 3", "<svg")] == [True] * 3
    assert [line.strip() for line in str(mine.answer(Settings())).splitlines()] == ["a", "1"]
    assert repr(mine) == "Experiment(mine: Is it so?)"
    monkeypatch.setattr("experiments.lab.study.experiment.is_notebook", lambda: True)
    with pytest.raises(InputError, match=r"experiment\.answer\(Settings\(\)\) answers it"):
        mine.main()


TABLE = pd.DataFrame({"a": [1]})
WRONG = {
    "an array as the table": (
        Answer(np.zeros(2), {}, {}),
        "the table of its Answer is a ndarray; give a dataframe",
    ),
    "no figure": (
        Answer(TABLE, {}, {"hhi": None}),
        r"figures\['hhi'\] of its Answer is None; give a figure of mat",
    ),
    "a figure by itself": (
        Answer(TABLE, {}, Figure()),
        "the figures of its Answer are a Figure; give a figure of",
    ),
    "a text": (Answer(TABLE, {"hhi": "3"}, {}), r"values\['hhi'\] of its Answer is '3'; give a number"),
    "a number by itself": (Answer(TABLE, 3.0, {}), "the values of its Answer are 3.0; give a number by its name"),
    "a number as a name": (Answer(TABLE, {4: 3.0}), "has the name 4; give a text"),
}


@pytest.mark.parametrize(("found", "says"), WRONG.values(), ids=WRONG)
def test_a_part_of_an_answer_that_cannot_be_written_is_refused(found, says):
    with pytest.raises(InputError, match=rf"mine\.py: .*{says}"):
        Experiment("mine.py", "Is it?", lambda _: found).answer(Settings())


def test_options_without_a_type_have_that_of_their_default():
    def answer(settings, seeds=6, share=0.5):
        pass

    options = Experiment("mine.py", "Is it?", answer).options
    assert [option.annotation for option in options] == [int, float]


def untyped(settings, seeds=None):
    pass


@pytest.mark.parametrize(
    ("answer", "says"), [(lambda: None, "takes no settings"), (untyped, "the option seeds has no type")]
)
def test_an_answer_that_can_be_no_command_is_refused(answer, says):
    with pytest.raises(InputError, match=rf"mine\.py: .*{says}; write"):
        Experiment("mine.py", "Is it?", answer).options  # noqa: B018


def test_a_run_that_failed_is_told_and_why():
    config = {"blocks": 4, "agents": [{"strategy": "keep", "role": "seller", "count": 2, "can_build": True}]}
    with pytest.raises(
        InputError, match=r"^mine: 1 of 2 runs failed, the first at .*, chain\.supply=17, seed=3: .*= 33"
    ):
        Settings(seed=1).sweep("mine", config, {"chain.draw": ["maturity"], "chain.supply": [33, 17]}, seeds=[2])


def test_what_is_no_answer_is_refused():
    with pytest.raises(InputError, match=r"mine\.py: answer returned {'a': 1}; return an Answer\(table"):
        Experiment("mine.py", "Is it?", lambda _: {"a": 1}).answer(Settings())  # type: ignore[arg-type,return-value]
