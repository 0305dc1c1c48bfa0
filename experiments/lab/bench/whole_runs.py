"""Whole runs: signed against the bare curve on their messages, unsigned against a loop that writes their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from experiments.lab.bench.bare_rows import bare_rows
from experiments.lab.bench.measure import Line, beside, each, rounds
from experiments.lab.bench.yardsticks import curve, messages_of
from experiments.lab.played.results import Result
from experiments.lab.played.runs import run

CONFIG = Path(str(files("experiments") / "configs" / "bench.toml"))
PRESETS = Path(str(files("experiments") / "published"))
NAMES = ("second_price", "first_price", "amm", "eip1559", "jit")
MANY = ["chain.supply=1024", "agents.0.count=30", "agents.1.count=40", "agents.2.count=30"]
SLOTS = 1_000
OF_TEN = ["chain.round=10", "chain.draw=maturity", "chain.maturity=4", "chain.supply=5"]
BUYERS = ["agents.0.strategy=truthful", "agents.0.role=buyer", "market.secondary=false"]
ROUNDS_OF_TEN = {"resold": [*OF_TEN, *BUYERS, "market.pbs=sealed"], "kept": OF_TEN}
SLOT_BLOCKS = 12
SLOT_BUILDERS = ("naive", "adaptive", "last_minute", "stealth", "latency_aware")


def bench_run() -> Iterator[Line]:
    """Ten agents, a hundred tickets, ten bids a block, 1,000 blocks."""
    yield from both_ways("1,000 blocks of ten bids", CONFIG, 1.3, 5.0)


def bench_rounds() -> Iterator[Line]:
    """The same agents with tickets for rounds of ten blocks, which their holders sell on just in time, or keep."""
    for name, terms in ROUNDS_OF_TEN.items():
        play = partial(run, CONFIG, signatures="off", overrides=terms)
        yield beside(
            f"100 rounds of ten blocks, {name}, unsigned: a loop that writes its rows",
            play,
            bare_rows(CONFIG, overrides=terms),
            6.0,
            each(SLOTS),
        )


def bench_presets() -> Iterator[Line]:
    """The presets of the published model, without a secondary market."""
    for name in NAMES:
        yield from both_ways(f"published {name}", PRESETS / f"{name}.toml", None, None)


def both_ways(name: str, config: Path, signed_bar: float | None, unsigned_bar: float | None) -> Iterator[Line]:
    """A run signed and unsigned."""
    signed = played(config, "ecdsa")
    play = partial(run, config)
    told = each(SLOTS)
    yield beside(
        f"{name}, signed: the curve on its messages",
        partial(play, signatures="ecdsa"),
        curve(messages_of(signed)),
        signed_bar,
        told,
    )
    yield beside(
        f"{name}, unsigned: a loop that writes its rows",
        partial(play, signatures="off"),
        bare_rows(config),
        unsigned_bar,
        told,
    )


def played(config: Path | Mapping[str, Any], signatures: str, **more: Any) -> Result:
    """A run of one structure."""
    result = run(config, signatures=signatures, **more)
    assert isinstance(result, Result)
    return result


def bench_per_bid() -> Iterator[Line]:
    """1,024 tickets and 100 holders against 100 and 10, by bid."""
    preset = PRESETS / "second_price.toml"
    few, many = partial(run, preset, blocks=300), partial(run, preset, blocks=300, overrides=MANY)
    counts = [len(played(preset, "off", blocks=300, **more).bids) for more in ({}, {"overrides": MANY})]
    for kind, name in (("ecdsa", "signed"), ("off", "unsigned")):
        line = beside(
            f"a bid of 100 holders of 1,024 tickets: of 10 of 100, {name}",
            partial(many, signatures=kind),
            partial(few, signatures=kind),
            1.2,
            each(counts[1]),
        )
        yield line._replace(ratio=line.ratio * counts[0] / counts[1])


def bench_slot_signatures() -> Iterator[Line]:
    """What signatures add to runs with open auctions, against the bare curve on as many bids."""
    for name, builders in (("five naive", ("naive",) * 5), ("ten of five kinds", SLOT_BUILDERS * 2)):
        config = slot_config(builders)
        count = len(played(config, "off", overrides=["market.slot_auction.bids=true"]).slot_bids)
        signed, unsigned, bare = rounds(
            partial(run, config, signatures="ecdsa"), partial(run, config, signatures="off"), curve(count)
        )
        added = min(signed) - min(unsigned)
        yield Line(
            f"signatures of an open auction, {name}: the curve on its bids",
            f"{count / SLOT_BLOCKS:,.0f} bids a slot",
            added / min(bare),
            1.3,
        )


def slot_config(builders: tuple[str, ...]) -> dict[str, object]:
    """A run whose blocks are sold in open auctions among these builders."""
    return {
        "blocks": SLOT_BLOCKS,
        "reward": {"process": "constant", "value": 0.12},
        "market": {"structure": "pbs", "pbs": "slot_auction"},
        "agents": [
            {"strategy": "at_maturity", "role": "seller", "count": 2},
            *({"strategy": name, "role": "builder", "latency_ms": 10} for name in builders),
        ],
    }
