"""What was run, in a sentence or two of plain language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.lab.report.palette import STRUCTURES
from experiments.lab.report.run_source import Source

REWARDS = {
    "constant": "Every block is worth {value:g} ETH",
    "uniform": "What a block is worth is uniform between {low:g} and {high:g} ETH",
    "lognormal": "What a block is worth is lognormal with mean {mean:g} ETH and σ = {sigma:g}",
    "ar1": "What a block is worth follows an AR(1) process with mean {mean:g} ETH, φ = {phi:g} and σ = {sigma:g}",
    "exponential": "What a block is worth is exponential with mean {mean:g} ETH",
    "mevboost": "What a block is worth is drawn from the generator of MEV-Boost payments of Oct 2023 – Apr 2024",
    "mevboost_2026": "What a block is worth is drawn from the generator of MEV-Boost payments of Feb – Jul 2026",
    "replay": "What a block is worth is replayed from {file}",
}


def title(sources: Sequence[Source]) -> str:
    """The page's title."""
    return f"Execution tickets: {listed([source.structure for source in sources])}"


def about(sources: Sequence[Source]) -> str:
    """What was run: blocks, seed, structures, rewards, tickets, agents."""
    config = sources[0].manifest["config"]
    names = [f"{source.structure} ({STRUCTURES[source.structure].meaning})" for source in sources]
    under = f"the market structure {names[0]}"
    if len(names) > 1:
        under = f"{len(names)} market structures on the same random draws: {listed(names)}"
    blocks = count(max(source.blocks for source in sources), "block")
    agents = count(len(sources[0].summary["profit_eth"]), "agent")
    return f"{blocks} with {agents} and seed {config['seed']}, under {under}. {rewards(config)}{tickets(sources)}."


def rewards(config: Mapping[str, Any]) -> str:
    """The reward process."""
    process = config["reward"]["process"]
    return REWARDS.get(process, "Rewards: {process}").format(**config["reward"])


def tickets(sources: Sequence[Source]) -> str:
    """The rules of the tickets; nothing where there are none."""
    if not any(source.summary["tickets_minted"] for source in sources):
        return ""
    chain = sources[0].manifest["config"]["chain"]
    life = "without maturity"
    if chain["maturity"] != "none":
        life = f"with a maturity of {chain['maturity']}"
    return f"; {count(chain['supply'], 'ticket')} are live at a time, {life}, drawn by the rule “{chain['draw']}”"


def warnings(run: Mapping[str, Any], sources: Sequence[Source]) -> list[str]:
    """What a reader must know of a run that did not come to its end."""
    wanted = run["config"]["blocks"]
    short = [
        f"{source.structure}: unfinished, {source.blocks:,} of {wanted:,} blocks were run."
        for source in sources
        if not source.is_finished
    ]
    there = {source.structure for source in sources}
    missing = [f"{name}: was not run." for name in run.get("structures", ()) if name not in there]
    return [*short, *missing]


def count(number: int, noun: str) -> str:
    """A number and its noun."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun}s"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
