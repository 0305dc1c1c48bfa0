"""The reward process that a config names."""

from __future__ import annotations

from inspect import signature
from pathlib import Path
from typing import Any

from chain.ledger import MAX_GWEI
from chain.money import GWEI_PER_ETH
from chain.rewards import PROCESSES, PaymentReplay, RewardProcess
from chain.rewards.independent import Independent
from chain.wording import one_line
from experiments.lab.assembly.own_laws import RUN_GIVES, OwnProcess, own_rewards
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.reward import is_own
from strategies.finding import locate


def make_process(config: Config, folder: Path) -> RewardProcess:
    """The reward process. Raises `InputError` for parameters or a file that are no good."""
    if is_own(config.reward):
        return own_process(config, folder)
    parameters = process_parameters(config, folder)
    try:
        process = PROCESSES[config.reward.process](**parameters)
    except ValueError as error:
        raise InputError(f"reward: {error}") from None
    if isinstance(process, PaymentReplay) and len(process) < config.blocks:
        raise InputError(
            f"reward.file: {parameters['file']} has {len(process)} rewards; set blocks to at most that"
        )
    return process


def process_parameters(config: Config, folder: Path) -> dict[str, Any]:
    """What the process takes: its keys, a file's place, and where rewards grow with time the length of a slot."""
    parameters: dict[str, Any] = config.reward.taken
    if "file" in parameters:
        parameters["file"] = str(locate(parameters["file"], folder))
    if RUN_GIVES in signature(PROCESSES[config.reward.process]).parameters:
        parameters[RUN_GIVES] = config.chain.slot_seconds
    return parameters


def own_process(config: Config, folder: Path) -> RewardProcess:
    """A law of the user's own. Raises `InputError`, also where its rewards are more than an account can hold."""
    name = config.reward.process
    process = own_rewards(name, config.reward.parameters, "reward", folder, config.chain.slot_seconds)
    if isinstance(process, OwnProcess) and not process.is_public():
        refuse_isolation(config, name)
    if isinstance(process, Independent) and config.blocks * process.mean_gwei > MAX_GWEI:
        mean = process.mean_gwei / GWEI_PER_ETH
        raise InputError(
            f"reward.process: the rewards of {one_line(name)}, {mean:g} ETH in the mean, are more in "
            f"{config.blocks:,} blocks than an account can hold; a law speaks of Gwei, 10⁹ to an ETH"
        )
    return process


def refuse_isolation(config: Config, name: str) -> None:
    """Raises `InputError` where strategies in processes of their own would be shown what these cannot read."""
    if any(config.isolation.covers(group) for group in config.agents):
        raise InputError(
            f"isolation: the outlook of {one_line(name)} is of a class of its own, which is not sent to other "
            'processes; set isolation.mode = "none", or derive the law from chain.Independent'
        )
