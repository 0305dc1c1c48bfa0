"""Configs as nobody means them: odd values under any key, odd text. The same seed, the same case."""

from __future__ import annotations

import math
import re
from copy import deepcopy
from random import Random
from typing import Any

from experiments.lab.assembly.seats import parameters_of
from experiments.lab.config.config_keys import config_keys
from experiments.lab.config.reward import PROCESSES
from market.primary import PRICING
from strategies.finding import SHELVES, own_strategies

SMALL: dict[str, Any] = {
    "seed": 1,
    "blocks": 4,
    "chain": {"maturity": 8},
    "agents": [
        {"strategy": "at_once", "role": "seller", "count": 2},
        {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2},
    ],
}
PROTOCOLS: tuple[dict[str, Any], ...] = (
    {"maturity": 8},
    {"draw": "lottery", "supply": 6, "maturity": 5},
    {"draw": "randea", "maturity": 8, "window": 4},
    {"draw": "epoch", "epoch": 4, "supply": 6, "maturity": 8},
    {"draw": "claim", "supply": 6, "maturity": 8},
    {"draw": "lottery", "supply": 6, "maturity": "none", "supply_rule": "elastic"},
)

SOUND_NUMBERS = (0, 1, 2, 3, 7, 31, 33, 1000, 0.1, 0.5, 1.0, 1.5, 12.0)
LARGE_NUMBERS = (20_000, 20_001, 10**6, 10**7, 10**7 + 1, 9 * 10**8, 10**9, 2**31, 2**53 + 1, 2**63 - 1, 2**63)
HUGE_NUMBERS = (2**64, 10**12, 10**30, 10**400, 9e8, 1e9, 1e15, 1e300, 1.7e308)
ODD_NUMBERS = (-1, -(2**63), -0.0, 1e-9, 1e-300, 5e-324, math.inf, -math.inf, math.nan)
NUMBERS = SOUND_NUMBERS + LARGE_NUMBERS + HUGE_NUMBERS + ODD_NUMBERS

LIKELY_WORDS = ("none", "et", "pbs", "lottery", "maturity", "claim", "at_once", "truthful", "seller")
NUMBERS_AS_WORDS = ("true", "12", "0x10", "nan", "²", "𝟙", "%s", "{}")
PLACES = (
    "/dev/null",
    "/dev/null:x",
    "..",
    "..:x",
    "json:loads",
    "json:",
    "os:getcwd",
    "x.py",
    "x.py:C",
    ":",
    "a:b",
)
ODD_WORDS = (
    "",
    " ",
    "\x00",
    "\n",
    "\x1b[2J",
    "é" * 50,
    "x" * 5000,
    "\ud7ff",
    "😀",
    "'",
    '"',
    "\\",
    "-",
    "[",
    "tuple[",
)
WORDS = LIKELY_WORDS + NUMBERS_AS_WORDS + PLACES + ODD_WORDS


def wild_config(random: Random) -> dict[str, Any]:
    """A small config with a few of its keys set to anything."""
    data = deepcopy(SMALL) | {"chain": dict(random.choice(PROTOCOLS))}
    if random.random() < 0.5 or "supply_rule" in data["chain"]:
        data["market"] = {"primary": random.choice([*PRICING])}
    if random.random() < 0.3:
        data["reward"] = {"process": random.choice([*PROCESSES])}
    if random.random() < 0.4:
        data["agents"].append(wild_group(random))
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        key = random.choice(KEYS)
        put(data, key, wild_value(random) if random.random() < 0.2 else odd_value(random, KINDS[key]))
    if random.random() < 0.1:
        put(data, f"{random.choice(KEYS)}.{random.choice(WORDS)}", wild_value(random))
    return data


def wild_group(random: Random) -> dict[str, Any]:
    """A group of agents whose parameters are anything."""
    role = random.choice([*SHELVES])
    name, kind = random.choice(list(own_strategies(role).items()))
    fields = list(parameters_of(kind).model_fields)
    chosen = random.sample(fields, min(len(fields), random.choice([0, 1, 1, 2])))
    parameters = {key: wild_value(random) if random.random() < 0.3 else odd_number(random) for key in chosen}
    return {"strategy": name, "role": role, "parameters": parameters}


def wild_value(random: Random, depth: int = 0) -> Any:
    """Anything that a TOML file may say."""
    kind = random.randrange(12 if depth < 3 else 8)
    if kind < 4:
        return random.choice(NUMBERS)
    if kind < 6:
        return random.choice(WORDS)
    if kind == 6:
        return random.choice([True, False])
    if kind == 7:
        return random.randint(0, 20)
    if kind < 10:
        return [wild_value(random, depth + 1) for _ in range(random.choice([0, 1, 2, 2, 3]))]
    if kind == 10:
        return {random.choice(WORDS): wild_value(random, depth + 1) for _ in range(random.randrange(3))}
    return nested(random.choice([2, 17, 30, 100, 400]))


def odd_value(random: Random, kind: str) -> Any:
    """A value of the right kind, and seldom a usual one."""
    match kind:
        case "number":
            return odd_number(random)
        case "pair":
            return [odd_number(random), odd_number(random)]
        case "truth":
            return random.choice([True, False])
    return random.choice(CHOICES)


def odd_number(random: Random) -> float:
    """A number, seldom a usual one."""
    return random.choice([random.choice(NUMBERS), random.randint(0, 12), round(random.random(), 2)])


def nested(depth: int) -> Any:
    """Tables within tables."""
    inside: Any = 1
    for _ in range(depth):
        inside = {"a": inside}
    return inside


def kind_of(default: str) -> str:
    """The kind of a key's value by its default as `schema` shows it."""
    if default in ("true", "false"):
        return "truth"
    if default.startswith("("):
        return "pair" if "," in default else "number"
    return "word" if default.startswith('"') else "number"


KINDS = {key.name.replace("[]", ".0"): kind_of(key.default) for key in config_keys()}
KEYS = list(KINDS)
SAID = " ".join(f"{key.default} {key.meaning}" for key in config_keys())
GROWING = {"chain.supply", "chain.maturity", "chain.draw", "agents.0.count", "blocks"}
"""The keys that make a run long."""
ODD_KEYS = ("agents", "agents.9.count", "agents.-1.count", "agents.².count", "", "reward", "my-key", "a.b.c")
CHOICES = sorted(set(re.findall(r"[a-z_0-9]{3,}", SAID)))


def put(data: dict[str, Any], key: str, value: Any) -> None:
    """Set a key, where what is above it is a table or a list."""
    *parts, last = key.split(".")
    table: Any = data
    for part in parts:
        if isinstance(table, list) and table:
            table = table[int(part)]
        elif isinstance(table, dict):
            table = table.setdefault(part, {})
    if isinstance(table, dict):
        table[last] = value


TEXTS = (
    "blocks = 3\n",
    "base = 'other.toml'\n",
    "base = 3\n",
    "[chain]\nsupply = 6\ndraw = 'lottery'\n",
    "[[agents]]\nstrategy = 'at_once'\n[[agents]]\nstrategy = 'truthful'\nrole = 'buyer'\n",
    "[reward]\nprocess = 'uniform'\nhigh = 1e-3\n",
    "[market.slot_auction]\naccess = [0.5, 1.0]\n",
    "seed = 1979-05-27T07:32:00Z\n",
    "agents = {a = 1}\n",
    "chain = [1, 2]\n",
    "model = {}\n",
    "[model]\nmaturity = 3\n",
)
PIECES = (
    b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"\r", b"\r\n", b"\n", b"=", b"==", b"[", b"]", b"[[", b"]]", b"{",
    b"}", b'"', b"'''", b'"""', b"#", b".", b"a.b.c = 1\n", b"a = 1\na = 2\n", b"'' = 1\n", b'"\\u001b" = 1\n',
    b"blocks = " + b"9" * 5000 + b"\n", b"seed = 0x" + b"f" * 5000 + b"\n", b"x = " + b"[" * 500,
    b"x = " + b"[" * 60 + b"]" * 60 + b"\n", b".".join([b"a"] * 500) + b" = 1\n", b"[" + b"a." * 2000 + b"a]\n",
    b"x = nan\n", b"seed = true\n", b"seed = -0\n", b"blocks = 1_0\n", b"x" * 20_000,
    "θ = 'ü'\n".encode(), b"\xc3",
)  # fmt: skip


def wild_text(random: Random) -> bytes:
    """A TOML file with pieces in places where they do not belong."""
    text = b"".join(line.encode() for line in random.sample(TEXTS, random.choice([1, 2, 3])))
    for _ in range(random.choice([0, 1, 1, 2, 3])):
        place = random.choice([0, len(text), random.randint(0, len(text))])
        text = text[:place] + random.choice(PIECES) + text[place:]
    return text


def wild_override(random: Random) -> str:
    """What may stand behind `--set`."""
    key = random.choice([*(key for key in KEYS if key not in GROWING), *ODD_KEYS])
    value = random.choice([*map(str, NUMBERS), *WORDS, "[1", "{}", "[[]]", "1\nx = 2", "true", "[" * 400])
    return f"{key}{random.choice(['=', '=', '=', ' = ', '==', ''])}{value}".replace("\x00", "")
