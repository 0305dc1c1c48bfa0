"""Temporary folders go with the process that holds them, however it ends; nobody else's do."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from weakref import WeakValueDictionary

import pytest

from chain import held_folder
from chain.held_folder import PREFIX, HeldFolder, remove_deserted
from tests.places import ROOT

HOLD = (
    "from chain.held_folder import HeldFolder; f = HeldFolder(); (f.path / 'x').touch(); print(f.path, flush=True)"
)


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """Where temporary folders lie."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(held_folder, "HOMES", WeakValueDictionary())
    return tmp_path


def holder(place: Path, then: str) -> subprocess.Popen[str]:
    """Another process that has made a folder, and goes on with `then`."""
    environment = {**os.environ, "TMPDIR": str(place), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", f"{HOLD}; {then}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    assert Path(process.stdout.readline()).parent.parent == place  # it may have ended by now
    return process


def test_it_goes_with_its_object_and_the_last_takes_the_home_along(place):
    one, other = HeldFolder(), HeldFolder()
    assert one.path.parent == other.path.parent
    (one.path / "file").touch()
    with one as path:
        assert path.is_dir()
    assert not path.exists()
    assert other.path.is_dir()
    del one, other
    gc.collect()
    assert list(place.iterdir()) == []


def test_a_process_that_ends_leaves_nothing(place):
    assert holder(place, "").wait() == 0
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_killed_process_leaves_goes_at_the_next_start_and_what_is_held_stays(place, how):
    killed, alive = holder(place, "input()"), holder(place, "input()")
    killed.send_signal(how)
    killed.wait()
    assert len(list(place.iterdir())) == 2
    mine = HeldFolder()
    assert len(list(place.iterdir())) == 2
    assert mine.path.is_dir()
    (other,) = (path for path in place.iterdir() if path != mine.path.parent)
    alive.communicate("\n")
    assert not other.exists()


def test_a_forked_process_removes_nothing_of_its_parents(place):
    forks = "import os; os.fork() or exit(); os.wait(); assert f.path.is_dir()"
    assert holder(place, forks).wait() == 0
    assert list(place.iterdir()) == []


def test_links_files_and_folders_of_another_name_stay(place):
    others = place / "of-others"
    others.mkdir()
    (others / "file").touch()
    (place / f"{PREFIX}link").symlink_to(others)
    (place / f"{PREFIX}file").touch()
    (place / "et-testbed-earlier").mkdir()
    remove_deserted(str(place))
    assert {path.name for path in place.iterdir()} == {
        "of-others",
        f"{PREFIX}link",
        f"{PREFIX}file",
        "et-testbed-earlier",
    }
    assert (others / "file").exists()


@pytest.mark.usefixtures("place")
def test_one_that_another_process_removes_before_the_lock_is_made_again(monkeypatch):
    made = []

    def and_removed_the_first_time(**about):
        path = tempfile.mkdtemp(**about)
        if not made:
            os.rmdir(path)
        made.append(path)
        return path

    monkeypatch.setattr(held_folder, "mkdtemp", and_removed_the_first_time)
    path, lock = held_folder.make_locked()
    os.close(lock)
    assert (str(path), path.is_dir()) == (made[1], True)


def test_one_that_goes_while_it_is_looked_at_is_passed_over(place):
    gone = place / f"{PREFIX}gone"
    gone.mkdir()
    with os.scandir(place) as entries:
        (entry,) = entries
        gone.rmdir()
        assert not held_folder.is_own_folder(entry)


def test_what_another_user_left_stays(place, monkeypatch):
    (place / f"{PREFIX}theirs").mkdir()
    monkeypatch.setattr(os, "getuid", lambda: os.stat(place).st_uid + 1)
    remove_deserted(str(place))
    assert (place / f"{PREFIX}theirs").is_dir()
