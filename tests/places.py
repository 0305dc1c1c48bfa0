"""Where things lie."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
VECTORS = ROOT / "tests" / "vectors"
ALIAS = ROOT / "experiments" / "alias"
"""What an editable install has on the path beside the root."""
