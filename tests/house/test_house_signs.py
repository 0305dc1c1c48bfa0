"""Nothing is printed as less than nothing: −0.0001 to three digits is 0.000, without a sign.

Whatever rounds a float for a reader has `z` in its format (PEP 682). Benchmarks time what takes time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.places import ROOT

PACKAGES = ("chain", "market", "strategies", "experiments")
ROUNDS = re.compile(r"(?P<before>[^.]*)\.(\d+|\{.*\})[eEfFgG%]")


def signed(source: str) -> Iterator[tuple[int, str]]:
    """Line and format of what may show a zero with a sign."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = ast.unparse(node.format_spec)[2:-1]
            found = ROUNDS.fullmatch(spec)
            if found and "z" not in found["before"]:
                yield node.lineno, spec


@pytest.mark.parametrize("package", PACKAGES)
def test_no_zero_has_a_sign(package: str) -> None:
    files = [path for path in (ROOT / package).rglob("*.py") if "bench" not in path.parts]
    found = [
        f"{path.relative_to(ROOT)}:{line} {spec!r} lacks its z"
        for path in files
        for line, spec in signed(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "specs"),
    [
        ('f"{x:.6f}"', [".6f"]),
        ('f"{x:z.6f} {y:+z,.2f} {z:>8} {n:,} {k:d}"', []),
        ('f"{a:+.2f}, {100 * b:.0%}"', ["+.2f", ".0%"]),
        ('f"{a:.{digits}f}"', [".{digits}f"]),
    ],
)
def test_what_is_found(text: str, specs: list[str]) -> None:
    assert [spec for _, spec in signed(text)] == specs


def test_a_rounded_zero_has_none() -> None:
    assert f"{-1e-9:z.6f} {-1e-9:+z.2f} {-0.0:z.3g}" == "0.000000 +0.00 0"
