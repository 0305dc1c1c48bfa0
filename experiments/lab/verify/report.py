"""What verification found."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.lab.verify.fault import Fault


@dataclass
class Part:
    """What was checked of one structure, how many of each, and what could not be checked."""

    structure: str
    counts: dict[str, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


@dataclass
class Report:
    """The outcome for a run's folder. `fault` is the first thing that does not fit, if any."""

    path: Path
    parts: list[Part] = field(default_factory=list)
    fault: Fault | None = None

    @property
    def is_sound(self) -> bool:
        """Whether everything fits."""
        return self.fault is None

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        return {
            "run": str(self.path),
            "sound": self.is_sound,
            "structures": {
                part.structure: {"checked": part.counts, "notices": part.notices} for part in self.parts
            },
            "fault": None
            if self.fault is None
            else self.fault.as_dict() | {"structure": self.parts[-1].structure},
        }

    def __str__(self) -> str:
        place = f"{self.parts[-1].structure}: " if self.parts else ""
        verdict = "sound" if self.fault is None else f"does not fit\n  {place}{self.fault}"
        lines = [f"{self.path}: {verdict}"]
        for part in self.parts:
            lines.append(part.structure)
            lines += [f"  {count:>9,} {what}" for what, count in part.counts.items() if count]
            lines += [f"  not checked: {notice}" for notice in part.notices]
        return "\n".join(lines)
