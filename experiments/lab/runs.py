"""Running a config: in Python `run(...)`, which the command line calls too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chain.account import PROTOCOL
from chain.money import eth_to_gwei
from experiments.lab.assembly import Engine, assemble
from experiments.lab.config import Config
from experiments.lab.digest import run_digest, table_digest
from experiments.lab.driver import Driver
from experiments.lab.folder import FORMAT, MANIFEST, SUMMARY, TABLES, prepare, versions, write_json
from experiments.lab.loading import read_config
from experiments.lab.results import Comparison, Result
from experiments.lab.summary import summarise

Progress = Callable[[str, int, int], bool]
"""Called after each slot with the structure, the blocks done and the trades so far; False stops the run."""


def run(
    config: Config | Mapping[str, Any] | Path | str | None = None,
    *,
    seed: int | None = None,
    blocks: int | None = None,
    overrides: Iterable[str] = (),
    out: Path | str | None = None,
    signatures: str = "ecdsa",
    strict: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Result | Comparison:
    """Run a config: a `Config`, a dict like a TOML file, the path of one, or None for the defaults.

    `overrides` are `key.path=value`; `out` is the folder of the run (None: a temporary one, which lives as long
    as the result). With `strict` the first violation ends the run and is raised. Returns a `Result`, or a
    `Comparison` where the config names several market structures. Raises `InputError`.
    """
    short = [f"{key}={value}" for key, value in (("seed", seed), ("blocks", blocks)) if value is not None]
    made = read_config(config, [*overrides, *short])
    folder = Path(config).parent if isinstance(config, (Path, str)) else Path()
    path, keeper = (Path(out), None) if out is not None else temporary()
    structures = made.market.structures
    places = {name: path if len(structures) == 1 else path / name for name in structures}
    engines = [assemble(made, name, place / TABLES, folder, signatures, strict) for name, place in places.items()]
    prepare(path, force)
    if len(engines) > 1:
        write_json(path / MANIFEST, manifest(made, structures=list(structures)))
    results: dict[str, Result] = {}
    for engine in engines:
        result = results[engine.structure] = run_engine(engine, places[engine.structure], keeper, progress)
        if not result.finished:
            break
    return results[structures[0]] if len(structures) == 1 else compare(made, results, path)


def temporary() -> tuple[Path, TemporaryDirectory[str]]:
    """A folder that goes when its keeper goes."""
    keeper = TemporaryDirectory(prefix="et-testbed-")
    return Path(keeper.name) / "run", keeper


def run_engine(engine: Engine, path: Path, keeper: object, progress: Progress | None) -> Result:
    """Run one structure into its folder. Whatever ends the run, its tables are finished."""
    about = describe(engine)
    path.mkdir(exist_ok=True)
    write_json(path / MANIFEST, about)
    driver = Driver(engine, eth_to_gwei(engine.config.market.primary_reserve))
    done = 0
    try:
        driver.open()
        while done < engine.config.blocks:
            driver.run_slot()
            done += 1
            if progress is not None and not progress(engine.structure, done, engine.trades.count):
                break
    finally:
        driver.close()
    return finish(engine, path, about, done, keeper)


def finish(engine: Engine, path: Path, about: dict[str, Any], done: int, keeper: object) -> Result:
    """Write digests and summary."""
    digests = {file.stem: table_digest(file) for file in sorted((path / TABLES).glob("*.parquet"))}
    finished = done == engine.config.blocks
    about |= {"finished": finished, "blocks_done": done, "tables": digests, "digest": run_digest(digests)}
    agents = [account.name for account in engine.state.accounts[PROTOCOL + 1 :]]
    summary = {"structure": engine.structure, **summarise(path / TABLES, agents), "digest": about["digest"]}
    write_json(path / SUMMARY, summary)
    write_json(path / MANIFEST, about)
    return Result(path, summary, finished, keeper)


def compare(config: Config, results: dict[str, Result], path: Path) -> Comparison:
    """Write the manifest and the summary on top of several structures."""
    digest = run_digest({name: result.summary["digest"] for name, result in results.items()})
    finished = all(result.finished for result in results.values()) and len(results) == len(
        config.market.structures
    )
    summary = {"structures": {name: result.summary for name, result in results.items()}, "digest": digest}
    write_json(path / SUMMARY, summary)
    about = manifest(config, structures=list(config.market.structures), finished=finished, digest=digest)
    write_json(path / MANIFEST, about)
    return Comparison(path, results, summary, finished)


def describe(engine: Engine) -> dict[str, Any]:
    """The manifest of one structure as it is known before the first block."""
    accounts = [
        {"name": account.name, "address": "0x" + account.address.hex()} for account in engine.state.accounts
    ]
    return manifest(
        engine.config,
        structure=engine.structure,
        signatures=type(engine.state.signatures).__name__.lower(),
        beacon_seed="0x" + engine.state.beacon.seed.hex(),
        accounts=accounts,
        finished=False,
    )


def manifest(config: Config, **more: Any) -> dict[str, Any]:
    """What every manifest says: the format, the versions, the seed and the resolved config."""
    return {
        "format": FORMAT,
        "versions": versions(),
        "seed": config.seed,
        "config": config.model_dump(mode="json"),
        **more,
    }
