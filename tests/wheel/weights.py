"""What the packages of an environment weigh. Run by the environment's own Python: prints JSON.

    python weights.py NAME

`{"total": MB, "packages": N, "each": {DEPENDENCY: [MB, MB with what nothing else asks for, how many those are]}}`
of what NAME asks for, itself left out. MB are 10^6 bytes of files as pip has written them, compiled ones too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from importlib.metadata import distribution, distributions

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

PRESENT = {canonicalize_name(one.metadata["Name"]) for one in distributions()}


def megabytes(names: Iterable[str]) -> float:
    """Of all files that packages have brought."""
    files = (place.locate() for name in names for place in distribution(name).files or ())
    return round(sum(file.stat().st_size for file in files if file.is_file()) / 1e6, 1)


def asked_for(name: str) -> set[str]:
    """What a package asks for on this machine, with or without extras of it, as far as that is here."""
    wanted = map(Requirement, distribution(name).requires or ())
    return {
        canonicalize_name(one.name) for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})
    }


def with_all_below(names: Iterable[str]) -> set[str]:
    """Packages, and what they ask for, and so on."""
    found: set[str] = set()
    todo = set(names)
    while todo:
        found |= todo
        todo = {below for name in todo for below in asked_for(name)} & PRESENT - found
    return found


def weights(name: str) -> dict[str, object]:
    """Of a package's dependencies, all and each."""
    direct = asked_for(name)
    everything = with_all_below(direct)
    alone = {each: everything - with_all_below(direct - {each}) for each in sorted(direct)}
    return {
        "total": megabytes(everything),
        "packages": len(everything),
        "each": {each: [megabytes([each]), megabytes(own), len(own)] for each, own in alone.items()},
    }


if __name__ == "__main__":
    print(json.dumps(weights(sys.argv[1])))
