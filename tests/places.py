"""Where things lie."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
VECTORS = ROOT / "tests" / "vectors"
