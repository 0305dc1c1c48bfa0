"""What verification found."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from experiments.lab.played.replayed_run import told_changed
from experiments.lab.verify.fault import Fault


@dataclass
class Part:
    """What was checked of one structure, how many of each, and what could not be checked.

    As they were audited, whatever becomes of the folder: its `manifest`, and `contents`, the digest of each table
    without signatures. `is_recovered`: every signature in the tables was recovered over the row that it is in.

    Of another run of it: how many tables were the same (None where it was not run), or the first that was not,
    what there is to say of it, and which files of the user's own are not what they were, though the tables are.
    """

    structure: str
    path: Path
    manifest: dict[str, Any] = field(default_factory=dict, repr=False)
    contents: dict[str, str] = field(default_factory=dict, repr=False)
    is_recovered: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    same_again: int | None = None
    fault_again: Fault | None = None
    notices_again: list[str] = field(default_factory=list)
    changed_files: list[str] = field(default_factory=list)

    @property
    def checked(self) -> dict[str, int]:
        """Everything that was counted."""
        again = {} if self.same_again is None else {"tables the same in another run": self.same_again}
        return self.counts | again

    @property
    def unchecked(self) -> list[str]:
        """Everything that could not be checked."""
        return [*self.notices, *self.notices_again]

    def __str__(self) -> str:
        counts = [f"  {count:>9,} {what}" for what, count in self.counts.items() if count]
        return "\n".join([self.structure, *counts, *(f"  not checked: {notice}" for notice in self.notices)])

    @property
    def again(self) -> str:
        """What came of another run; empty where there was none."""
        if self.fault_again is not None:
            return f"  does not fit: {self.structure}: {self.fault_again}"
        changed = told_changed(self.changed_files)
        count = self.same_again
        same = [] if count is None else [f"  {self.structure}: {count} tables the same{changed}"]
        return "\n".join([*same, *(f"  {self.structure}: not checked: {text}" for text in self.notices_again)])


@dataclass(repr=False)
class Report:
    """The outcome for a run's folder. `fault_of_audit` is the first thing that does not fit, if any; `is_at_top`:
    the audit came to what lies on top of several structures."""

    path: Path
    parts: list[Part] = field(default_factory=list)
    fault_of_audit: Fault | None = None
    is_at_top: bool = False

    @property
    def fault(self) -> Fault | None:
        """The first thing that does not fit: in the audit, or else in another run."""
        again = (part.fault_again for part in self.parts if part.fault_again is not None)
        return self.fault_of_audit or next(again, None)

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
                part.structure: {
                    "checked": part.checked,
                    "notices": part.unchecked,
                    "changed_files": part.changed_files,
                }
                for part in self.parts
            },
            "fault": None if self.fault is None else self.fault.as_dict() | {"structure": self.place_of_fault},
        }

    @property
    def place_of_fault(self) -> str | None:
        """The structure in which something does not fit: the last that was looked at; None on top of them."""
        again = (part.structure for part in self.parts if part.fault_again is not None)
        last = None if self.is_at_top else self.parts[-1].structure
        return next(again, last)

    @property
    def verdict(self) -> str:
        """What the audit came to."""
        place = f"{self.parts[-1].structure}: " if self.parts and not self.is_at_top else ""
        fault = self.fault_of_audit
        outcome = "sound" if fault is None else f"does not fit\n  {place}{fault}"
        return "\n".join([f"{self.path}: {outcome}", *map(str, self.parts)])

    @property
    def again(self) -> str:
        """What came of running it again; empty where it was not."""
        lines = [part.again for part in self.parts if part.again]
        return "\n".join(["run again, with the strategies and rules in the folder", *lines]) if lines else ""

    def __str__(self) -> str:
        return "\n".join(filter(None, [self.verdict, self.again]))

    def __repr__(self) -> str:
        fault = self.fault
        outcome = "sound" if fault is None else f"does not fit: {fault}"
        return f"Report({self.path}: {outcome})"

    def _repr_html_(self) -> str:
        """The same in a notebook."""
        return f"<pre>{escape(str(self))}</pre>"
