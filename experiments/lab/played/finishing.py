"""The end of one structure: its tables are closed, and its folder gets digests and a summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chain.account import PROTOCOL
from experiments.lab.assembly.assembly import Engine
from experiments.lab.played.results import Result
from experiments.lab.runs.checkpoint import discard
from experiments.lab.runs.description import describe
from experiments.lab.runs.digest import run_digest
from experiments.lab.runs.folder import MANIFEST, SUMMARY, TABLES, write_json
from experiments.lab.runs.kept_folder import KeptFolder
from experiments.lab.runs.known_rewards import KnownRewards
from experiments.lab.runs.summary import figures
from experiments.lab.runs.tallies import reader
from experiments.lab.runs.written_tables import WrittenTables
from market.slot.driver import Driver


def finish(engine: Engine, driver: Driver, path: Path, keeper: KeptFolder | None) -> Result:
    """Finish the tables, and write digests and summary. A run at its end needs no checkpoint any more, and says
    last that it is finished: one that is killed just before has nothing left over when it has been run again."""
    written = close(engine, driver)
    digests = written.digests()
    finished = driver.blocks_done == engine.config.blocks
    done = {"finished": finished, "blocks_done": driver.blocks_done, "turns": turns(engine), "tables": digests}
    digest = run_digest(digests)
    told = figures_of(engine, path / TABLES, written)
    summary = {"structure": engine.structure, **told, "digest": digest}
    write_json(path / SUMMARY, summary)
    if finished:
        discard(path)
        engine.records.drop_parts()
    write_json(path / MANIFEST, describe(engine) | done | {"digest": digest})
    return Result(path, summary, finished, keeper)


def close(engine: Engine, driver: Driver) -> WrittenTables:
    """Write the tables, and listen to what is written."""
    written = WrittenTables()
    engine.records.listen(written.listen)
    driver.close()
    return written


def figures_of(engine: Engine, tables: Path, written: WrittenTables) -> dict[str, Any]:
    """The summary of a run that has just been written into `tables`."""
    agents = [account.name for account in engine.state.accounts[PROTOCOL + 1 :]]
    law = KnownRewards(tables, engine.config, engine.own_mean)
    return figures(reader(tables, written.at_hand()), law, agents)


def turns(engine: Engine) -> dict[str, dict[str, int]]:
    """How often each agent was asked, and how many of its intents were carried out."""
    counts = engine.market.turns
    return {
        account.name: {"asked": counts.asked[account.number], "done": counts.done[account.number]}
        for account in engine.state.accounts[PROTOCOL + 1 :]
    }
