"""The rules id of a run's tickets and what it hashes, as the manifest has them."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from chain.state import OwnRule, Rules
from experiments.lab.assembly.own_rules import named
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.runs.folder import MANIFEST
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.manifest import Manifest, agree
from strategies.finding import split_reference


def published_own(about: Manifest, config: Config) -> tuple[OwnRule, ...]:
    """The rules of the user's own that the config names, with the digests of their files as the manifest has them:
    they are believed as far as the tickets are signed under them. Raises `Fault`."""
    if about.rules is None:
        return ()
    try:
        own = json.loads(about.rules)["own"]
        return tuple(OwnRule(key, called(name), files_in(own[key])) for key, name in named(config))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Fault(MANIFEST, None, "rules", about.rules, "the rules that the config names", str(error)) from None


def files_in(rule: dict[str, dict[str, str]]) -> tuple[tuple[str, str], ...]:
    """The files of one, each with its digest."""
    return tuple((str(file), str(digest)) for file, digest in rule["files"].items())


def called(name: str) -> str:
    """How the rules id calls a rule: by its file, wherever it lies."""
    place, attribute = split_reference(name)
    return f"{Path(place).name}:{attribute}" if place.endswith(".py") else name


def check_rules(about: Manifest, rules: Rules) -> None:
    """Raises `Fault` unless the published rules id, and what it hashes, are those of the config; `InputError` for
    a signed run of a version that hashed less."""
    if about.rules is None and about.signatures == "ecdsa":
        raise InputError(
            f"{MANIFEST}: has no rules: the run is of a version whose rules id said less; run it again to have "
            "its signatures checked"
        )
    if about.rules is not None:
        agree("rules", about.rules, rules.preimage())
        agree("rules_id", about.rules_id, f"0x{rules.identity().hex()}")


def check_files(rules: Rules, config: Config, files: Path) -> None:
    """Raises `Fault` where a file of an own rule is another than the rules id names. One that is not there is not
    missed until the run is to be played again."""
    places = {key: split_reference(name)[0] for key, name in named(config)}
    for rule in rules.own:
        for name, digest in rule.files:
            path = (files / places[rule.key]).parent / name
            if path.is_file() and sha256(path.read_bytes()).hexdigest() != digest:
                raise Fault(MANIFEST, None, "rules", f"{rule.key} with {digest}", f"the digest of {path.name}")
