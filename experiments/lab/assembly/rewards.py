"""The reward process that a config names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chain.rewards import PROCESSES, PaymentReplay, RewardProcess
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from strategies.finding import locate


def make_process(config: Config, folder: Path) -> RewardProcess:
    """The reward process. Raises `InputError` for parameters or a file that are no good."""
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
    parameters = config.reward.model_dump(exclude={"process"})
    if config.reward.process == "replay":
        parameters["file"] = str(locate(parameters["file"], folder))
    elif config.reward.process.startswith("mevboost"):
        parameters["slot_seconds"] = config.chain.slot_seconds
    return parameters
