"""Reward files by the thousand: each is read as what it says, or refused in one line that names it."""

from __future__ import annotations

import gzip
import io
import json
import random
import warnings
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chain.rewards import PaymentReplay
from chain.rewards.payment_column import MISSING
from tests.chain.rewards.test_reward_files import BLOCK_NAMES, SLOT_NAMES, revealed

SAMPLE, MANY = 150, 4000
PAYMENT_NAMES = {"payment_gwei": 0, "Payment (ETH)": 9, "value": -9, "reward_eth": 9, "Value Wei": -9}
SEPARATORS = ",;\t|"
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
NULLS = ["", "NA", "null", "NaN", "None", " "]
ODD = [
    *("", " ", "-1", "1,5", "1.234,5", "0x1", "1_0", "inf", "-inf", "NaN", "1e400", "1e999999999", "0e999999999"),
    *("1e-999999999", "9" * 400, "٣", "\0", '"', '""', "'", "#", "//", "\u2028", "[", "{", "true", "=1+1", "1 2"),
    *(
        "١",
        "\ufeff",
        "12345678901234567890",
        "9223372036854775807",
        "18446744073709551616",
        "0.1 ETH",
        "1.5",
        "\x1a",
    ),
]


class Row(NamedTuple):
    """A row as it is meant: numbers, None where there is none."""

    block: int | None
    slot: int | None
    gwei: int | None


def any_rows(dice: random.Random) -> list[Row]:
    """Payments of some blocks, with repeats, gaps, missed slots and blocks left behind."""
    rows, block, slot = [], dice.choice([0, 7, 18_684_000]), dice.choice([0, 3, 7_878_900])
    for _ in range(dice.randint(1, 12)):
        slot += dice.choice([1, 1, 1, 2])
        block += dice.choice([1, 1, 1, 2, 0])
        missed = dice.random() < 0.1
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            gwei = None if missed or dice.random() < 0.15 else dice.choice([0, 1, dice.randrange(10**12)])
            rows.append(Row(None if missed else block, slot, gwei))
    dice.shuffle(rows)
    return rows


def history(rows: list[Row], has_block: bool, has_slot: bool) -> list[int] | None:
    """What a replay of the rows is, by loops; None where it is refused."""
    if all(row.gwei is None for row in rows):
        return None
    if not has_block and not has_slot:
        return [row.gwei or 0 for row in rows]
    by_block = has_block and all(row.block is not None for row in rows)
    if not by_block and not has_slot:
        return None
    kept: dict[int, int] = {}
    for row in rows:
        others = [other.slot for other in rows if other.block == row.block and row.block is not None]
        behind = has_block and has_slot and any(slot > row.slot for slot in others)
        number = row.block if by_block else row.slot
        kept[number] = max(kept.get(number, 0), 0 if behind or row.gwei is None else row.gwei)
    return [kept.get(number, 0) for number in range(min(kept), max(kept) + 1)]


class Writer:
    """Writes rows as some tool would."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.payment = dice.choice(list(PAYMENT_NAMES))
        self.power = PAYMENT_NAMES[self.payment]
        self.block = dice.choice(BLOCK_NAMES) if dice.random() < 0.8 else None
        self.slot = dice.choice(SLOT_NAMES) if dice.random() < 0.6 else None
        self.separator = dice.choice(SEPARATORS)

    def cells(self, row: Row) -> dict[str, str]:
        named = {self.block: self.number(row.block), self.slot: self.number(row.slot)}
        return {name: cell for name, cell in named.items() if name is not None} | {
            "Builder": self.dice.choice(["a", "b ", "Ünal"]),
            self.payment: self.amount(row.gwei),
        }

    def number(self, number: int | None) -> str:
        if number is None:
            return self.dice.choice(NULLS)
        return self.dice.choice([str(number), str(number), f"{number}.0", f" {number} ", self.grouped(number)])

    def amount(self, gwei: int | None) -> str:
        if gwei is None:
            return self.dice.choice(NULLS)
        amount = Decimal(gwei).scaleb(-self.power)
        if self.power == -9:
            amount += self.dice.randrange(10**9)  # is floored
        plain = f"{amount:f}"
        whole = "." not in plain and self.separator == ","
        return self.dice.choice([plain, plain, f" {plain}", f"{amount:e}", f"{int(amount):,}" if whole else plain])

    def grouped(self, number: int) -> str:
        return f"{number:,}" if self.separator == "," else str(number)

    def text(self, rows: list[Row]) -> bytes:
        cells = [self.cells(row) for row in rows]
        names = list(cells[0])
        self.dice.shuffle(names)
        end = self.dice.choice(["\n", "\r\n", "\r"])
        lines = [self.separator.join(map(self.quoted, names))]
        lines += [self.separator.join(self.quoted(row[name]) for name in names) for row in cells]
        said = [f"sep={self.separator}"] * self.dice.choice([0, 0, 1])
        return end.join([*said, *lines, ""]).encode(self.dice.choice(ENCODINGS))

    def quoted(self, cell: str) -> str:
        return f'"{cell}"' if self.separator in cell or self.dice.random() < 0.2 else cell

    def json(self, rows: list[Row]) -> bytes:
        self.separator = ";"
        found: list[dict[str, Any]] = []
        for row in rows:
            found.append({name: cell for name, cell in self.cells(row).items() if cell.strip()})
        return json.dumps(found, indent=self.dice.choice([None, 1])).encode()

    def parquet(self, rows: list[Row]) -> bytes:
        self.separator = ";"
        cells = [self.cells(row) for row in rows]
        buffer = io.BytesIO()
        pq.write_table(pa.table({name: [row[name] for row in cells] for name in cells[0]}), buffer)
        return buffer.getvalue()

    def packed(self, data: bytes) -> bytes:
        choice = self.dice.randrange(6)
        if choice == 0:
            return gzip.compress(data)
        if choice == 1:
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as archive:
                archive.writestr("pay.csv", data)
            return buffer.getvalue()
        return data


def written(dice: random.Random, file: Path) -> tuple[Writer, list[Row]]:
    writer, rows = Writer(dice), any_rows(dice)
    form = dice.choice([writer.text, writer.text, writer.json, writer.parquet])
    file.write_bytes(writer.packed(form(rows)))
    return writer, rows


def read(file: Path) -> tuple[list[int], list[int] | None] | str:
    """The rewards and slots, or the refusal."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*each row is taken for the next block")
        try:
            process = PaymentReplay(file)
        except ValueError as refusal:
            return str(refusal)
    slots = None if process.slots is None else process.slots.tolist()
    return revealed(process), slots


def hold_to_what_is_said(seed: int, file: Path) -> None:
    writer, rows = written(random.Random(f"said {seed}"), file)
    found, expected = read(file), history(rows, writer.block is not None, writer.slot is not None)
    if expected is None:
        assert isinstance(found, str), seed
        assert any(why in found for why in ("no payment in its", "no payment column", "has no number in")), seed
    else:
        assert found[0] == expected, (seed, found)


def spoil(dice: random.Random, data: bytes) -> bytes:
    """The data with a few bytes changed, cut out, put in or doubled."""
    spoilt = bytearray(data)
    for _ in range(dice.choice([1, 1, 2, 5])):
        at = dice.randrange(len(spoilt) + 1)
        end = min(at + dice.choice([0, 1, 1, 3, 40]), len(spoilt))
        piece = dice.choice([b"", dice.choice(ODD).encode(), dice.randbytes(2), bytes(spoilt[at:end]) * 2])
        spoilt[at:end] = piece
    return bytes(spoilt)


def odd_table(dice: random.Random) -> bytes:
    """Rows of odd cells under plausible names, some of them twice."""
    pool = [*BLOCK_NAMES[:5], *SLOT_NAMES[:3], *PAYMENT_NAMES, "x", "", *dice.sample(ODD, 2)]
    names = [dice.choice(pool) for _ in range(dice.randint(1, 4))]
    width = len(names)
    rows = [names] + [[dice.choice([*ODD, *"123"]) for _ in range(width)] for _ in range(dice.randint(0, 3))]
    separator = dice.choice(SEPARATORS)
    return "\n".join(separator.join(row) for row in rows).encode()


def hold_to_one_line(seed: int, file: Path) -> None:
    dice = random.Random(f"spoilt {seed}")
    if dice.random() < 0.3:
        file.write_bytes(odd_table(dice))
    else:
        writer, rows = Writer(dice), any_rows(dice)
        form = dice.choice([writer.text, writer.text, writer.text, writer.json, writer.parquet])
        file.write_bytes(spoil(dice, dice.choice([writer.packed, bytes, bytes])(form(rows))))
    found = read(file)
    if isinstance(found, str):
        assert found.startswith(f"{file}: "), (seed, found)
        assert len(found.splitlines()) == 1, (seed, found)
        assert len(found) < 600 + len(str(file)), (seed, found)
    else:
        rewards, slots = found
        assert rewards, seed
        assert min(rewards) >= 0, seed
        assert slots is None or (len(slots) == len(rewards) and min(slots) >= MISSING), seed


@pytest.mark.parametrize("hold", [hold_to_what_is_said, hold_to_one_line])
def test_a_sample_of_files(tmp_path, hold):
    for seed in range(SAMPLE):
        hold(seed, tmp_path / "pay.csv")


@pytest.mark.slow
@pytest.mark.parametrize("hold", [hold_to_what_is_said, hold_to_one_line])
def test_thousands_of_files(tmp_path, hold):
    for seed in range(SAMPLE, MANY):
        hold(seed, tmp_path / "pay.csv")
