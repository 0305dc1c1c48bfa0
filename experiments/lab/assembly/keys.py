"""Users' own keys, in eth-account's encrypted key files (Web3 Secret Storage, version 3).

What is secret goes from a file or a prompt to where it signs, and into no message on the way.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from chain.home import expanded
from chain.nesting import bounded_nesting
from experiments.lab.config.errors import InputError

if TYPE_CHECKING:
    from chain.signatures import Key

PASSWORD = "ET_TESTBED_PASSWORD"
"""The environment variable with the password of key files."""
WALLETS = "ET_TESTBED_WALLETS"
"""The environment variable with the folder of wallets."""

MOST_BYTES = 16_384  # in a key file; usual ones have 500
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ADDRESS = re.compile(r"(0x)?[0-9a-fA-F]{40}")
_SECRET = re.compile(r"(0x)?([0-9a-fA-F]{64})")


class KeyFile(NamedTuple):
    """A key file by its name. `address` with EIP-55's checksum."""

    name: str
    address: str
    path: Path


def wallet_folder() -> Path:
    """Where wallets are: what the environment says, or `.et-testbed/wallets` at home."""
    given = os.environ.get(WALLETS)
    return expanded(given) if given else Path.home() / ".et-testbed" / "wallets"


def list_wallets(folder: Path) -> list[KeyFile]:
    """The wallets in a folder, by name; other files there are passed over."""
    found = ((path, address_in(path)) for path in sorted(folder.glob("*.json")))
    return [KeyFile(path.stem, address, path) for path, address in found if address is not None]


def find_wallet(reference: str, folder: Path) -> Path:
    """The key file that a path or the name of a wallet says. Raises `InputError`."""
    for path in (expanded(reference), folder / f"{reference}.json"):
        if path.is_file():
            return path
    names = ", ".join(wallet.name for wallet in list_wallets(folder)) or "none"
    raise InputError(f"{reference}: neither a file nor a wallet in {folder}; wallets there: {names}")


def create_wallet(name: str, secret: bytes, password: str, folder: Path) -> KeyFile:
    """Encrypt a key and write its file, for the user's eyes only. Raises `InputError`, and replaces nothing."""
    from eth_account import Account

    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name of a wallet; take letters, digits, and . _ - inside")
    account = Account.from_key(secret)
    for wallet in list_wallets(folder):
        if wallet.address == account.address:
            raise InputError(f"{account.address} is there already, as {wallet.name!r}")
    path = folder / f"{name}.json"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = json.dumps(Account.encrypt(secret, password))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InputError(f"{path} is there already; choose another name, or move it away") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    return KeyFile(name, account.address, path)


def parse_secret(text: str) -> bytes:
    """A private key from its hex digits. Raises `InputError`, which does not show them."""
    from chain.signatures import Key

    found = _SECRET.fullmatch(text.strip())
    if found is None:
        raise InputError("that is no private key: 64 hex digits, 0x in front or not")
    try:
        return Key(bytes.fromhex(found[2])).secret
    except ValueError:
        raise InputError("that is no private key: it is 0, or beyond the order of the curve") from None


def open_key(path: Path, password: str | None, hint: str = PASSWORD) -> Key:
    """The key in a key file; `hint` says where its password came from. Raises `InputError`."""
    from eth_account import Account

    from chain.signatures import Key

    if password is None:
        raise InputError(f"{path}: set the environment variable {hint} to its password")
    try:
        return Key(bytes(Account.decrypt(content_of(path), password)))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except Exception:  # whatever its reader comes upon
        raise InputError(f"{path}: no key file, or not the password in {hint}") from None


def content_of(path: Path) -> str:
    """The text of a key file. Raises `OSError`, and `ValueError` for a file that is too large to be one."""
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path} has more than {MOST_BYTES} bytes")
    return path.read_text(encoding="utf-8")


def address_in(path: Path) -> str | None:
    """The address that a key file names, with its checksum; None where it is no key file."""
    from eth_utils.address import to_checksum_address

    try:
        with bounded_nesting():
            data: Any = json.loads(content_of(path))
    except (OSError, ValueError, RecursionError):
        return None
    address = data.get("address") if isinstance(data, dict) and "crypto" in data else None
    return to_checksum_address(address) if isinstance(address, str) and _ADDRESS.fullmatch(address) else None
