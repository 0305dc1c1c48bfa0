"""What a decision costs in a process of its own: CPU time of both processes, the strategy's own work left out."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median

from experiments.lab.bench.measure import Line
from experiments.lab.played.runs import run
from market.intents import Intent
from market.view import View
from strategies.base import Buyer

SEATS = [
    {"strategy": "at_maturity", "role": "seller", "parameters": {"capacity": 9}},
    {"strategy": "experiments.lab.bench.isolated_calls:IdleHolder", "role": "buyer", "count": 2},
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3},
]
SHORT = 100
LONG = 2100
ROUNDS = 5
ECHOES = 20_000
MESSAGE = "x" * 1_000 + "\n"


class IdleHolder(Buyer):
    """Looks at nothing and holds."""

    def bid(self, view: View) -> Sequence[Intent]:  # noqa: ARG002
        return []


def bench_isolation() -> Iterator[Line]:
    """Two agents that are asked in every slot, and hold. Each round pairs what is subtracted; of the rounds it is
    the median, for the least of noisy differences is too little."""
    cost = median((per_slot("process") - per_slot("none")) / 2 for _ in range(ROUNDS))
    bare = min(spent(echoes) for _ in range(ROUNDS)) / ECHOES
    yield Line("a decision in a process of its own: a bare echo", f"{1e6 * cost:,.0f} µs each", cost / bare, None)


def echoes() -> None:
    """Messages to a bare process and back, as it begins, answers and ends."""
    code = "import sys; [(sys.stdout.write(line), sys.stdout.flush()) for line in sys.stdin]"
    command = [sys.executable, "-S", "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for _ in range(ECHOES):
            child.stdin.write(MESSAGE)
            child.stdout.readline()
        child.stdin.close()


def per_slot(mode: str) -> float:
    """CPU seconds of a slot, the start left out."""
    short, long = (spent(partial(play, mode, blocks)) for blocks in (SHORT, LONG))
    return (long - short) / (LONG - SHORT)


def play(mode: str, blocks: int) -> None:
    """A run with the two isolated, or not."""
    config = {"blocks": blocks, "chain": {"maturity": 8}, "agents": SEATS}
    isolation = {"mode": mode, "strategies": ["experiments.lab.bench.isolated_calls:IdleHolder"]}
    run(config | {"isolation": isolation}, signatures="off")


def spent(job: Callable[[], object]) -> float:
    """CPU seconds of this process and those that ended in it."""
    before = clock()
    job()
    return clock() - before


def clock() -> float:
    """CPU seconds so far."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)
