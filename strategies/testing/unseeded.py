"""What in the source of a strategy is another in each run, whatever the seed: chance, clocks, the process."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from chain.wording import one_line
from strategies.base import Strategy
from strategies.testing.own_source import OwnSource, own_sources, sources_in

CHANCE = "take chance from self.setup.rng"
CLOCK = "a run has no clock but its slots: take view.slot, and chance from self.setup.rng"
PROCESS = "it is another in each process: take what it is of itself, a number or a name"
CLOCKS = frozenset({"now", "utcnow", "today", "localtime", "gmtime", "ctime", "asctime"})
SYSTEM = frozenset({"os.urandom", "os.getrandom", "os.getpid", "uuid.uuid1", "uuid.uuid4", "random.SystemRandom"})
SEEDED = frozenset(
    f"numpy.random.{name}"
    for name in ("default_rng", "RandomState", "SeedSequence", "PCG64", "PCG64DXSM", "Philox", "SFC64", "MT19937")
) | {"random.Random"}
"""What has a seed where it is given one."""


def unseeded(kind: type[Strategy]) -> list[str]:
    """A line for each place, `adaptive.py:14 numpy.random.default_rng() …; take chance from self.setup.rng`."""
    return list(dict.fromkeys(line for source in own_sources(kind) for line in lines_in(source)))


def unseeded_in(folder: Path) -> list[str]:
    """The same of all files of Python in a folder, as a run has taken them along."""
    return [line for source in sources_in(folder) for line in lines_in(source)]


def lines_in(source: OwnSource) -> Iterator[str]:
    """The same for one file, but for what stands in a hash of one's own."""
    imported = aliases(source.tree)
    for node in source.nodes("__hash__"):
        if isinstance(node, (ast.Call, ast.Name, ast.Attribute)) and (found := fault_of(node, imported)):
            yield one_line(f"{source.called}:{node.lineno} {found}")


def aliases(tree: ast.AST) -> dict[str, str]:
    """By the names that imports set, anywhere in a file: what they are."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.asname or name.name.partition(".")[0]: whole(name) for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    return found


def whole(name: ast.alias) -> str:
    """What `import a.b` sets, `a`, and `import a.b as c`, `a.b`."""
    return name.name if name.asname else name.name.partition(".")[0]


def fault_of(node: ast.expr, imported: dict[str, str]) -> str | None:
    """What is wrong with a call or a name; None where nothing is."""
    if isinstance(node, ast.Call):
        name = way_of(node.func, imported)
        if name in SEEDED and not seeds(node):
            return f"{name}() without a seed: {CHANCE}"
        if name in ("hash", "id") and len(node.args) == 1:
            return f"{name}(…): {PROCESS}"
        return None
    name = way_of(node, imported)
    return f"{name}: {remedy}" if name and (remedy := remedy_of(name)) else None


def seeds(node: ast.Call) -> bool:
    """Whether a call gives a seed, and it is not None."""
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return any(not (isinstance(each, ast.Constant) and each.value is None) for each in given)


def remedy_of(name: str) -> str:
    """What to take in the place of what is called so; nothing, where it may be used."""
    module, _, last = name.rpartition(".")
    if name in SYSTEM or module == "secrets":
        return CHANCE
    if module in ("random", "numpy.random") and last.islower() and name not in SEEDED:
        return CHANCE
    is_time = module == "time" and (
        last.startswith(("time", "monotonic", "perf_", "process_", "thread_")) or last in CLOCKS
    )
    is_date = module in ("datetime.datetime", "datetime.date") and last in CLOCKS
    return CLOCK if is_time or is_date else ""


def way_of(node: ast.expr, imported: dict[str, str]) -> str:
    """The whole name of what is asked, `numpy.random.rand` of `np.random.rand`; nothing, where it comes from no
    import. `hash` and `id` are themselves."""
    if isinstance(node, ast.Attribute):
        owner = way_of(node.value, imported)
        return f"{owner}.{node.attr}" if owner else ""
    if isinstance(node, ast.Name):
        return imported.get(node.id, node.id if node.id in ("hash", "id") else "")
    return ""
