"""What in a strategy's source is another in each run, whatever the seed: chance without one, clocks, the process.

It is read, not executed, so that a branch that no view leads to counts too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from chain.interruption import CALLED, OWN_CODE
from chain.wording import one_line
from strategies.base import Strategy
from strategies.testing.missing_value import is_of_testbed

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
    lines = [line for module in own_modules(kind) for line in lines_of(module, kind)]
    return list(dict.fromkeys(lines))


def own_modules(kind: type[Strategy]) -> list[ModuleType]:
    """The modules of its classes but for the testbed's, and those of a user's file that are loaded beside it."""
    names = [
        name for base in kind.__mro__ if not is_of_testbed(name := str(base.__module__)) and name != "builtins"
    ]
    packages = tuple(f"{name.partition('.')[0]}." for name in names if name.startswith(OWN_CODE))
    beside = [name for name in sorted(sys.modules) if packages and name.startswith(packages)]
    found = (sys.modules.get(name) for name in dict.fromkeys([*names, *beside]))
    return [module for module in found if module is not None]


def unseeded_in(folder: Path) -> list[str]:
    """The same of all files of Python in a folder, as a run has taken them along."""
    files = sorted(folder.rglob("*.py"))
    return [line for file in files for line in lines_in(file, file.relative_to(folder).as_posix(), frozenset())]


def lines_of(module: ModuleType, kind: type[Strategy]) -> Iterator[str]:
    """The same for one module, without other strategies in it."""
    file = getattr(module, "__file__", None)
    if isinstance(file, str) and file.endswith(".py"):
        called = vars(module).get(CALLED) or Path(file).name
        yield from lines_in(Path(file), called, others_in(module, kind))


def lines_in(file: Path, called: str, others: frozenset[str]) -> Iterator[str]:
    """The same for one file, without some classes in it; nothing for one that cannot be read."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    imported = aliases(tree)
    for node in nodes_of(tree, others):
        if (found := fault_of(node, imported)) is not None:
            yield one_line(f"{called}:{node.lineno} {found}")


def others_in(module: ModuleType, kind: type[Strategy]) -> frozenset[str]:
    """The strategies of a module that have nothing to do with this one."""
    found = vars(module).items()
    return frozenset(
        name
        for name, each in found
        if isinstance(each, type) and issubclass(each, Strategy) and each not in kind.__mro__
    )


def nodes_of(node: ast.AST, others: frozenset[str]) -> Iterator[ast.expr]:
    """The calls and names in a tree, but for what stands in some classes and in a hash of one's own."""
    for child in ast.iter_child_nodes(node):
        is_other = isinstance(child, ast.ClassDef) and child.name in others
        if is_other or (isinstance(child, ast.FunctionDef) and child.name == "__hash__"):
            continue
        if isinstance(child, (ast.Call, ast.Name, ast.Attribute)):
            yield child
        yield from nodes_of(child, others)


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
