"""The user's own code in a config; of it the rules that are part of the rules id, by their files. Nothing of it is
executed."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from chain.rules import DRAW_RULES
from chain.state import DRAW_KEY, OwnRule
from chain.wording import one_line
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.reward import is_own
from strategies.finding import own_family, split_reference


def own_rules(config: Config, folder: Path) -> tuple[OwnRule, ...]:
    """The own draw rule, format of auctions, pricing and reserve rule, as far as a config names them; files are
    looked up from `folder`. Raises `InputError` where one is not there."""
    return tuple(described(key, name, folder) for key, name in named(config))


def named(config: Config) -> Iterator[tuple[str, str]]:
    """The keys that name one, and what they name."""
    if config.chain.draw not in DRAW_RULES:
        yield DRAW_KEY, config.chain.draw
    if config.market.own_format is not None:
        yield "market.own_format", config.market.own_format
    if config.market.has_own_primary:
        yield "market.primary", config.market.primary
    if config.market.reserve.is_own:
        yield "market.reserve.rule", config.market.reserve.rule


def has_own_code(config: Config) -> bool:
    """Whether anything in it is of the user's own files or modules."""
    own_laws = is_own(config.reward) or config.cost.is_own
    return own_laws or any(named(config)) or any(group.is_own for group in config.agents)


def described(key: str, name: str, folder: Path) -> OwnRule:
    """A rule by the digests of its files, wherever they lie; one of an installed module by that of its source."""
    place, attribute = split_reference(name)
    if not place.endswith(".py"):
        return OwnRule(key, name, source_of(place))
    try:
        family = own_family(place, attribute, folder)
        files = ((file, sha256((family.folder / file).read_bytes()).hexdigest()) for file in family.names)
        return OwnRule(key, f"{family.names[0]}:{attribute}", tuple(files))
    except (ValueError, OSError) as error:
        raise InputError(f"{key}: {one_line(str(error))}") from None


def source_of(module: str) -> tuple[tuple[str, str], ...]:
    """The file of an installed module by its bare name, with its digest; nothing where there is none. The packages
    above it are imported, as they are to load it."""
    try:
        found = find_spec(module)
    except Exception:  # what a package raises is told where the rule is loaded
        return ()
    if found is None or found.origin is None or not Path(found.origin).is_file():
        return ()
    source = Path(found.origin)
    return ((source.name, sha256(source.read_bytes()).hexdigest()),)
