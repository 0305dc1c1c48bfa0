"""Chance without a seed, clocks and what hangs on the process are found in the source, with what to take."""

from __future__ import annotations

import pytest

from strategies.finding import load_object
from strategies.testing import check_strategy
from strategies.testing.unseeded import CHANCE, CLOCK, PROCESS, unseeded

BOT = """from strategies import Buyer

class Mine(Buyer):
    def bid(self, view):
        return [] if {0} else []

class Other(Buyer):
    def bid(self, view):
        import time
        return [time.time()]
"""


@pytest.mark.parametrize(
    ("imports", "asked", "says"),
    [
        (
            "import numpy as np",
            "np.random.default_rng().random()",
            f"numpy.random.default_rng() without a seed: {CHANCE}",
        ),
        ("from numpy.random import default_rng", "default_rng(None).random()", CHANCE),
        ("import numpy", "numpy.random.rand()", f"numpy.random.rand: {CHANCE}"),
        ("import random", "random.random()", f"random.random: {CHANCE}"),
        ("import random", "random.Random().random()", CHANCE),
        ("from random import gauss as g", "sorted([], key=g)", f"random.gauss: {CHANCE}"),
        ("import os", "os.urandom(1)", CHANCE),
        ("import secrets", "secrets.randbelow(3)", CHANCE),
        ("import uuid", "uuid.uuid4()", CHANCE),
        ("import time", "time.time()", f"time.time: {CLOCK}"),
        ("from time import perf_counter_ns", "perf_counter_ns()", CLOCK),
        ("from datetime import datetime", "datetime.now()", f"datetime.datetime.now: {CLOCK}"),
        ("import datetime as dt", "dt.date.today()", CLOCK),
        ("", "hash('x')", f"hash(…): {PROCESS}"),
        ("", "id(self)", PROCESS),
        ("import numpy as np", "np.random.default_rng(7).random()", ""),
        ("import numpy as np", "np.random.SeedSequence(entropy=7)", ""),
        ("import random", "random.Random(3).random()", ""),
        ("import time", "time.sleep", ""),
        ("from datetime import datetime", "datetime(2024, 1, 1)", ""),
        ("", "view.id or self.setup.rng.random()", ""),
        ("", "self.random.time()", ""),
    ],
)
def test_each_is_found_and_no_other(tmp_path, imports, asked, says):
    (tmp_path / "mine.py").write_text(f"{imports}\n{BOT.format(asked)}")
    found = unseeded(load_object("mine.py:Mine", tmp_path))
    assert [line.startswith("mine.py:6 ") and line.endswith(says) for line in found] == [True] * bool(says)


def test_it_is_found_in_modules_beside_the_file_and_at_their_tops(tmp_path):
    (tmp_path / "luck.py").write_text("import numpy as np\nRNG = np.random.default_rng()\n")
    (tmp_path / "mine.py").write_text(f"from luck import RNG\n{BOT.format('RNG.random()')}")
    assert [line.partition(" ")[0] for line in unseeded(load_object("mine.py:Mine", tmp_path))] == ["luck.py:2"]


DICE = """import numpy as np
from strategies import AuctionBid, Buyer, bids

class Mine(Buyer):
    def start(self, setup):
        super().start(setup)
        self.rng = np.random.default_rng()

    def bid(self, view):
        return bids(view, view.auctions, lambda lot: lot.reserve_gwei + self.rng.integers(1000), 10**6)
"""


def test_a_check_names_it_before_what_comes_of_it(tmp_path):
    (tmp_path / "mine.py").write_text(DICE)
    report = check_strategy(load_object("mine.py:Mine", tmp_path), views=100)
    failed = [check for check in report.checks if not check.passed]
    assert failed[0].name == "chance and clock"
    assert failed[0].faults == (f"mine.py:7 numpy.random.default_rng() without a seed: {CHANCE}",)
    assert not any("set it in start" in line for check in report.checks for line in check.faults)
