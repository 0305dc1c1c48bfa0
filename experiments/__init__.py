"""What to ask: `from experiments import run`, or `from et_testbed import run` beside folders of one's own.

The modules of this package are the experiments themselves, one question a file; `et-testbed experiments` lists
them. What a script or a notebook needs is here by name, and loaded when it is first asked for:

- `run`, `resume`, `load`: a run, and its `Result`, or a `Comparison` of several;
- `sweep`, `load_sweep`: a grid and many seeds, a `Sweep`;
- `read_model`, `solve`, `simulate`: when to sell a ticket, by theory and by play;
- `replay`: a run or a sweep once more;
- `tournament`, `load_tournament`, `read_entrants`: entrants in the same seats on the same draws, a `Tournament`;
- `exploit`, `read_entrant`: what beats a strategy;
- `Experiment`, `Answer`, `Settings`, `axes`: an experiment of one's own, and its figures;
- `METRICS`, `measure`: the metrics of a run; in `metrics` those that give more than one figure;
- `auctions`, `auctions_by_spread`, `mix`: many open auctions of a block, without a chain around them;
- `verify`, `audit_run`, `write_report`: whether a run is sound; its page;
- `check`: a strategy, a rule or a config before it goes into a run;
- `check_rule`, `RuleFault`, `check_pricing`, `PricingFault`, `check_reserve`, `ReserveFault`, `check_format`,
  `FormatFault`: what a draw rule, a pricing or reserve rule and a sale format of one's own is, over random
  histories or sales;
- `rl`: the testbed as an environment for reinforcement learning;
- `TestbedProvider`: a run behind web3.py; `Twin`: the rules as a contract alongside;
- `InputError`: what bad input raises.

The machinery is in `lab/`, a room a purpose.
"""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from typing import TYPE_CHECKING

_CHECK = f"{__path__[0]}/../chain/neighbours.py"
exec(SourceFileLoader("neighbours", _CHECK).get_code("neighbours") or "", {"__file__": _CHECK})

from chain.face import face

if TYPE_CHECKING:
    from experiments.lab import metrics
    from experiments.lab import rl as rl  # needs its extra, so that a star does not bring it
    from experiments.lab.config.errors import InputError
    from experiments.lab.conformance.checked import check
    from experiments.lab.conformance.format_check import FormatFault, check_format
    from experiments.lab.conformance.law_check import check_law
    from experiments.lab.conformance.law_fault import LawFault
    from experiments.lab.conformance.pricing_check import PricingFault, check_pricing
    from experiments.lab.conformance.reserve_check import ReserveFault, check_reserve
    from experiments.lab.conformance.rule_check import RuleFault, check_rule
    from experiments.lab.conformance.twin.twin import Twin
    from experiments.lab.ethereum.provider import TestbedProvider
    from experiments.lab.metrics import METRICS
    from experiments.lab.models.game.simulation import simulate
    from experiments.lab.models.model.model_file import read_model
    from experiments.lab.models.model.solving import solve
    from experiments.lab.played.measured import measure
    from experiments.lab.played.replayed_run import replay
    from experiments.lab.played.results import Comparison, Result, load
    from experiments.lab.played.runs import resume, run
    from experiments.lab.report import write_report
    from experiments.lab.study import Answer, Experiment, Settings
    from experiments.lab.study.plot import axes
    from experiments.lab.study.slot import auctions, auctions_by_spread, mix
    from experiments.lab.sweep import Sweep, load_sweep, sweep
    from experiments.lab.tournament import Tournament, load_tournament, read_entrant, read_entrants, tournament
    from experiments.lab.tournament.exploit.best_deviation import exploit
    from experiments.lab.verify import audit_run, verify, verify_run

__all__ = [
    "METRICS",
    "Answer",
    "Comparison",
    "Experiment",
    "FormatFault",
    "InputError",
    "LawFault",
    "PricingFault",
    "ReserveFault",
    "Result",
    "RuleFault",
    "Settings",
    "Sweep",
    "TestbedProvider",
    "Tournament",
    "Twin",
    "auctions",
    "auctions_by_spread",
    "audit_run",
    "axes",
    "check",
    "check_format",
    "check_law",
    "check_pricing",
    "check_reserve",
    "check_rule",
    "exploit",
    "load",
    "load_sweep",
    "load_tournament",
    "measure",
    "metrics",
    "mix",
    "read_entrant",
    "read_entrants",
    "read_model",
    "replay",
    "resume",
    "run",
    "simulate",
    "solve",
    "sweep",
    "tournament",
    "verify",
    "verify_run",
    "write_report",
]

__getattr__, names = face(
    __name__,
    {
        "experiments.lab": ["metrics", "rl"],
        "experiments.lab.config.errors": ["InputError"],
        "experiments.lab.conformance.checked": ["check"],
        "experiments.lab.conformance.format_check": ["FormatFault", "check_format"],
        "experiments.lab.conformance.law_check": ["check_law"],
        "experiments.lab.conformance.law_fault": ["LawFault"],
        "experiments.lab.conformance.pricing_check": ["PricingFault", "check_pricing"],
        "experiments.lab.conformance.reserve_check": ["ReserveFault", "check_reserve"],
        "experiments.lab.conformance.rule_check": ["RuleFault", "check_rule"],
        "experiments.lab.conformance.twin.twin": ["Twin"],
        "experiments.lab.ethereum.provider": ["TestbedProvider"],
        "experiments.lab.metrics": ["METRICS"],
        "experiments.lab.models.game.simulation": ["simulate"],
        "experiments.lab.models.model.model_file": ["read_model"],
        "experiments.lab.models.model.solving": ["solve"],
        "experiments.lab.report": ["write_report"],
        "experiments.lab.played.measured": ["measure"],
        "experiments.lab.played.results": ["Comparison", "Result", "load"],
        "experiments.lab.played.replayed_run": ["replay"],
        "experiments.lab.played.runs": ["resume", "run"],
        "experiments.lab.study": ["Answer", "Experiment", "Settings"],
        "experiments.lab.study.plot": ["axes"],
        "experiments.lab.study.slot": ["auctions", "auctions_by_spread", "mix"],
        "experiments.lab.sweep": ["Sweep", "load_sweep", "sweep"],
        "experiments.lab.tournament": [
            "Tournament",
            "load_tournament",
            "read_entrant",
            "read_entrants",
            "tournament",
        ],
        "experiments.lab.tournament.exploit.best_deviation": ["exploit"],
        "experiments.lab.verify": ["audit_run", "verify", "verify_run"],
    },
)


def __dir__() -> list[str]:
    """Without what needs an extra that is not there: `help` asks for everything."""
    has_rl = find_spec("gymnasium") is not None
    return [name for name in names() if name != "rl" or has_rl]
