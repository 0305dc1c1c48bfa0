"""Prints the figures. Times are CPU seconds, the best of several rounds taken in turns; ratios say the most."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import coincurve

from chain.eip712 import Domain
from chain.signatures import Ecdsa, Key
from experiments.bidding_war import MIXES
from experiments.lab.bench.bare_book import BareBook
from experiments.lab.bench.isolated_calls import bench_isolation
from experiments.lab.bench.measure import ROUNDS, in_turns, line
from experiments.lab.bench.published import bench_per_bid, bench_presets
from experiments.lab.bench.rpc_requests import bench_ethereum
from experiments.lab.bench.strategies import bench_idle, bench_tournament
from experiments.lab.bench.stream import OPERATIONS, BookOperation, play, stream
from experiments.lab.config.loading import read_config
from experiments.lab.models.game.engine import Game
from experiments.lab.models.game.maturity_stage import MaturityStage
from experiments.lab.models.game.play import play as sell
from experiments.lab.models.game.seller import block_seller
from experiments.lab.models.game.take import Take
from experiments.lab.models.model.model_file import read_ticket_model
from experiments.lab.played.runs import run
from experiments.lab.runs.folder import read_manifest
from experiments.lab.study.seed_model import seed_model
from experiments.lab.study.slot import auctions, mix
from experiments.lab.sweep import sweep
from market.book import Book
from market.messages import ORDER

CONFIG = Path(str(files("experiments") / "configs" / "bench.toml"))
IMPORTS = "import time; t = time.process_time(); import chain, market, strategies; print(time.process_time() - t)"


def main() -> None:
    """All figures, one after the other."""
    for bench in BENCHES:
        bench()


def bench_book() -> None:
    """Our book against the bare one, on the same stream."""
    operations = stream()
    ours, bare = in_turns(lambda: play_ours(operations), lambda: play_bare(operations))
    line("book, operations a second", f"{OPERATIONS / ours:,.0f}", "")
    line("bare reference, operations a second", f"{OPERATIONS / bare:,.0f}", "")
    line("  ratio", f"{bare / ours:.2f}", "0.8 or more")


def play_ours(operations: list[BookOperation]) -> int:
    """The stream through `market.book.Book`."""
    book = Book()

    def take(id: int, operation: BookOperation) -> tuple[bool, bool]:
        _, side, account, price, _ = operation
        maker, _ = book.take(account, side, price)
        if maker is None and price is not None:
            book.rest(id, account, side, price)
            return False, True
        return maker is not None, False

    def cancel(id: int) -> None:
        if id in book:
            book.remove(id)

    return play(operations, take, cancel)


def play_bare(operations: list[BookOperation]) -> int:
    """The stream through the bare book."""
    book = BareBook()

    def take(id: int, operation: BookOperation) -> tuple[bool, bool]:
        _, side, _, price, _ = operation
        if price is None:
            return book.market(side) is not None, False
        maker = book.limit(id, side, price)
        return maker is not None, maker is None

    def cancel(id: int) -> None:
        if id in book.where:
            book.cancel(id)

    return play(operations, take, cancel)


def bench_signatures() -> None:
    """Signing and verifying a typed order against the bare curve."""
    count, key, curve = 2_000, Key(b"\x01" * 32), coincurve.PrivateKey(b"\x01" * 32)
    orders: list[tuple[object, ...]] = [
        (key.address, b"\0" * 20, 0, 0, False, 7, 0, 0, price, 0, 2**64 - 1, price) for price in range(count)
    ]
    ecdsa = Ecdsa(Domain(1337), memory=0)
    signed = [ecdsa.sign(key, ORDER, order) for order in orders]
    digests = [ecdsa.domain.digest(ORDER, order) for order in orders]
    raw = [curve.sign_recoverable(digest, hasher=None) for digest in digests]
    sign, bare_sign, verify, bare_recover = in_turns(
        lambda: [ecdsa.sign(key, ORDER, order) for order in orders],
        lambda: [curve.sign_recoverable(digest, hasher=None) for digest in digests],
        lambda: verify_all(ecdsa, key.address, orders, signed),
        lambda: [
            coincurve.PublicKey.from_signature_and_message(s, d, hasher=None)
            for s, d in zip(raw, digests, strict=True)
        ],
    )
    line("sign an order, a second", f"{count / sign:,.0f}", "")
    line("  of the bare curve", f"{bare_sign / sign:.2f}", "0.5 or more")
    line("verify an order, a second", f"{count / verify:,.0f}", "")
    line("  of the bare curve", f"{bare_recover / verify:.2f}", "0.5 or more")


def verify_all(ecdsa: Ecdsa, address: bytes, orders: list[tuple[object, ...]], signatures: list[bytes]) -> None:
    """Verify each order as the market does on entry."""
    for order, signature in zip(orders, signatures, strict=True):
        ecdsa.verify(address, ORDER, order, signature)


def bench_run() -> None:
    """Ten agents, a hundred tickets, ten bids a block, 1,000 blocks."""
    trades = [trades_digest(kind) for kind in ("ecdsa", "off")]
    signed, unsigned = in_turns(lambda: run(CONFIG, signatures="ecdsa"), lambda: run(CONFIG, signatures="off"))
    line("1,000 blocks with signatures, CPU s", f"{signed:.2f}", "3 or less")
    line("1,000 blocks without, CPU s", f"{unsigned:.2f}", "0.7 or less")
    line("  the same trades in both", str(trades[0] == trades[1]).lower(), "true")


def trades_digest(signatures: str) -> object:
    """The digest of the trades of the bench's run."""
    result = run(CONFIG, signatures=signatures)
    return read_manifest(result.path)["tables"]["trades"]


def bench_game() -> None:
    """Tickets of the seed's model with a cost of entry, sold half-way through their lives."""
    game = {
        kind: Game(read_ticket_model(seed_model(discount_rate=0.01, entry_cost=0.05)), 7, kind)
        for kind in ("off", "ecdsa")
    }
    count = {"off": 1_000, "ecdsa": 250}
    unsigned, signed = in_turns(*(partial(sell_half_way, game[kind], count[kind]) for kind in ("off", "ecdsa")))
    line("simulate, tickets a CPU s, without signatures", f"{count['off'] / unsigned:,.0f}", "1,000 or more")
    line("simulate, tickets a CPU s, with signatures", f"{count['ecdsa'] / signed:,.0f}", "250 or more")


def sell_half_way(game: Game, tickets: int) -> Take:
    """One play, its assembly and its measures."""
    return sell(MaturityStage(game), block_seller(game.model, game.maturity // 2), tickets)


def bench_imports() -> None:
    """The three lower packages, in a fresh process."""
    times = [float(child("-c", IMPORTS)) for _ in range(ROUNDS)]
    line("import chain, market, strategies, CPU s", f"{min(times):.2f}", "0.5 or less")


def bench_growth() -> None:
    """CPU time per block and peak memory as runs get longer, each in a process of its own."""
    figures = {
        blocks: json.loads(child("-m", "experiments.lab.bench.long_run", str(blocks)))
        for blocks in (10_000, 50_000, 100_000, 200_000)
    }
    growth = figures[100_000]["cpu_per_block"] / figures[10_000]["cpu_per_block"]
    slope = (figures[200_000]["peak_mb"] - figures[50_000]["peak_mb"]) / 150
    line("CPU time per block, 100,000 blocks to 10,000", f"{growth:.2f}", "1.2 or less")
    line("peak memory, 50,000 blocks, MB", f"{figures[50_000]['peak_mb']:.0f}", "")
    line("  slope from 50,000 to 200,000, kB a 1,000 blocks", f"{1000 * slope:.0f}", "0, but for noise")


def bench_overhead() -> None:
    """What a run of a sweep costs beside the run itself: metrics, rows, statistics."""
    config = read_config(CONFIG, ["blocks=200"])
    seeds = range(10)
    bare, swept = in_turns(
        lambda: [run(config, seed=seed, signatures="off") for seed in seeds],
        lambda: sweep(config, {"chain.supply": [100]}, seeds, backend_name="sequential"),
    )
    line("a run in a sweep over a bare run, CPU ms", f"{100 * (swept - bare):.0f}", "50 or less")


def bench_sweep() -> None:
    """64 points of about 2 CPU seconds each, by the clock: two processes of loky against one after the other."""
    config = read_config(CONFIG, ["blocks=3500"])
    times = {}
    for backend, jobs in (("sequential", 1), ("loky", 2)):
        start = time.perf_counter()
        sweep(config, {"chain.supply": list(range(100, 164))}, [1], backend_name=backend, jobs=jobs)
        times[backend] = time.perf_counter() - start
    line("64 points one after the other, s", f"{times['sequential']:.0f}", "")
    line("  with two jobs of loky, of that", f"{times['loky'] / times['sequential']:.2f}", "0.65 or less")


def bench_slot_auctions() -> None:
    """Open auctions of a slot: ten naive builders, and the mixes of twelve."""
    games = {"ten naive builders": ({"naive": 10}, 150), **{name: (counts, 60) for name, counts in MIXES.items()}}
    count = 100
    for name, (counts, wanted) in games.items():
        (seconds,) = in_turns(lambda counts=counts: auctions(mix(counts), count, seed=1))  # type: ignore[misc]
        line(f"auctions a CPU s, {name}", f"{count / seconds:,.0f}", f"{wanted} or more")


def bench_slot_signatures() -> None:
    """What signatures add to runs with open auctions, against the bare curve on as many bids."""
    kinds = {"five naive": ("naive",) * 5, "ten of five kinds": SLOT_BUILDERS * 2}
    key, digest = coincurve.PrivateKey(b"\x01" * 32), b"\x07" * 32
    for name, builders in kinds.items():
        config = slot_config(builders)
        told = run(config, overrides=["market.slot_auction.bids=true"], signatures="off")
        count = len(told.slot_bids)  # type: ignore[union-attr]

        def bare(count: int = count) -> None:
            for _ in range(count):
                signature = key.sign_recoverable(digest, hasher=None)
                coincurve.PublicKey.from_signature_and_message(signature, digest, hasher=None)

        signed, unsigned, curve = in_turns(
            lambda config=config: run(config, signatures="ecdsa"),  # type: ignore[misc]
            lambda config=config: run(config, signatures="off"),  # type: ignore[misc]
            bare,
        )
        line(f"bids a slot that are signed and checked, {name}", f"{count / SLOT_BLOCKS:,.0f}", "")
        line("  over the bare curve, in a whole run", f"{(signed - unsigned) / curve:.2f}", "1.3 or less")


SLOT_BLOCKS = 12
SLOT_BUILDERS = ("naive", "adaptive", "last_minute", "stealth", "latency_aware")


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


def bench_twin() -> None:
    """Random histories in the protocol and in the contract on an EVM, compared after every operation."""
    if find_spec("pyrevm") is None:
        line("protocol and contract side by side", "no EVM", "pip install 'et-testbed[evm]'")
        return
    from experiments.lab.conformance.twin.player import play_all

    count = sum(played.operations for played in play_all(range(4), 500))
    (seconds,) = in_turns(lambda: list(play_all(range(4), 500)))
    line("protocol and contract side by side, operations a CPU s", f"{count / seconds:,.0f}", "1,333 or more")


def child(*arguments: str) -> str:
    """What a fresh Python prints."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True).stdout


def peak_mb() -> float:
    """The most memory that this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def long_run(blocks: int) -> dict[str, float]:
    """One unsigned run of the bench's config: CPU time per block and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        run(CONFIG, blocks=blocks, signatures="off", out=Path(folder) / "run")
        return {"cpu_per_block": (time.process_time() - start) / blocks, "peak_mb": peak_mb()}


BENCHES = (
    bench_book,
    bench_signatures,
    bench_run,
    bench_game,
    bench_imports,
    bench_growth,
    bench_presets,
    bench_per_bid,
    bench_idle,
    bench_tournament,
    bench_isolation,
    bench_overhead,
    bench_sweep,
    bench_slot_auctions,
    bench_slot_signatures,
    bench_twin,
    bench_ethereum,
)

if __name__ == "__main__":
    main()
