"""The manifest of a run of one structure, and whether it follows from its own seed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from chain.account import PROTOCOL, derive_accounts
from chain.randomness import Streams
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import make_config
from experiments.lab.config.market import Structure
from experiments.lab.runs.digest import column_digests, content_digest, digest_of_columns, run_digest
from experiments.lab.runs.folder import FORMAT, MANIFEST, check_alone, read_manifest, way_on
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.stored_tables import StoredTables, reading

Address = Annotated[str, StringConstraints(pattern="^0x[0-9a-f]{40}$")]


class Entry(BaseModel):
    """One account as it is published. `roles` is None in a run of a version that did not write them."""

    name: str
    address: Address
    roles: list[Literal["seller", "buyer", "builder"]] | None = None


class PublishedDraw(BaseModel):
    """What a draw rule of the user's own says of itself: so many blocks are drawn at once."""

    span: int = Field(ge=1, le=10**6)


class PublishedPricing(BaseModel):
    """What a pricing rule of the user's own with terms of its own is called."""

    name: str = Field(min_length=1, max_length=4096)


class PublishedRewards(BaseModel):
    """What a law of independent rewards of the user's own says of itself: their mean, Gwei."""

    mean_gwei: float = Field(ge=0, allow_inf_nan=False)


class Manifest(BaseModel):
    """What the manifest of a finished, or interrupted, run of one structure says."""

    seed: int
    structure: Structure
    signatures: Literal["ecdsa", "unsigned"]
    beacon_seed: str
    accounts: list[Entry] = Field(min_length=2)
    stated_draw: PublishedDraw | None = None
    stated_pricing: PublishedPricing | None = None
    stated_rewards: PublishedRewards | None = None
    rules: str | None = None
    rules_id: str | None = None
    finished: bool
    blocks_done: int = Field(ge=0)
    tables: dict[str, str]
    digest: str
    versions: dict[str, str]
    live: bool = False


def load(path: Path) -> tuple[Manifest, Config]:
    """The manifest in a folder and its config. Raises `InputError`."""
    about, source = read_manifest(path), path / MANIFEST
    if about.get("format") != FORMAT:
        raise InputError(f"{source}: its format is {about.get('format')!r}; this version reads format {FORMAT}")
    check_alone(about, path)
    if "tables" not in about:
        raise InputError(f"{path}: the run did not finish, it has no digests; {way_on(path)}")
    try:
        return Manifest.model_validate(about), make_config(about["config"], str(source))
    except ValidationError as error:
        raise InputError(f"{source}: {describe_fault(error)}") from None


def describe_fault(error: ValidationError) -> str:
    """The first thing that is wrong with a manifest, in one line."""
    fault = error.errors()[0]
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].lower()}"


def check_manifest(about: Manifest, config: Config) -> int:
    """Raises `Fault` unless beacon and addresses follow from the seed. Returns how many addresses do.

    Users' own keys do not follow from it.
    """
    streams = Streams(config.seed)
    agree("seed", about.seed, config.seed)
    agree("structure", about.structure in config.market.structures, True)
    agree("beacon_seed", about.beacon_seed, f"0x{streams.secret('beacon').hex()}")
    agree("finished", about.finished, about.blocks_done == config.blocks)
    groups = [group for group in config.agents for _ in range(group.count)]
    agree("accounts", len(about.accounts), len(groups) + 1)
    names = [entry.name for entry in about.accounts]
    derived = derive_accounts(streams, names[PROTOCOL + 1 :])
    own = {number for number, group in enumerate(groups, PROTOCOL + 1) if group.keystore is not None}
    agree("accounts.0.name", names[PROTOCOL], derived[PROTOCOL].name)
    for account, entry in zip(derived, about.accounts, strict=True):
        if account.number not in own:
            agree(f"accounts.{account.number}.address", entry.address, f"0x{account.address.hex()}")
    return len(derived) - len(own)


def check_digests(about: Manifest, tables: StoredTables) -> dict[str, str]:
    """Raises `Fault` unless the digests are those of the tables. Returns what they are without signatures."""
    columns = {}
    for name in tables.lengths:
        with reading(tables.path(name)):
            columns[name] = column_digests(tables.path(name))
    found = {name: digest_of_columns(digests) for name, digests in columns.items()}
    agree("tables", sorted(about.tables), sorted(found))
    for name, digest in found.items():
        agree(f"tables.{name}", about.tables[name], digest)
    agree("digest", about.digest, run_digest(found))
    return {name: content_digest(digests) for name, digests in columns.items()}


def agree(key: str, found: object, expected: object) -> None:
    """Raises `Fault` unless a key of the manifest is as it should be."""
    if found != expected:
        raise Fault(MANIFEST, None, key, found, expected)
