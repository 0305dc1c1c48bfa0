"""Files that are there whole or not at all, and follow no link."""

from __future__ import annotations

import pytest

from chain import whole_file as module
from chain.held_folder import HeldFolder
from chain.whole_file import PARTIAL, remove_partials, whole_file, whole_files


def test_a_link_at_the_temporary_name_is_not_followed(tmp_path, monkeypatch):
    """Even where somebody could foresee it."""
    monkeypatch.setattr(module.secrets, "token_hex", lambda _: "known")
    target = tmp_path / "target"
    target.write_text("mine")
    (tmp_path / "page.known.partial").symlink_to(target)
    with pytest.raises(FileExistsError), whole_file(tmp_path / "page") as file:
        file.write(b"theirs")
    assert target.read_text() == "mine"


def test_a_link_at_the_name_itself_is_replaced(tmp_path):
    target = tmp_path / "target"
    target.write_text("mine")
    (tmp_path / "page").symlink_to(target)
    with whole_file(tmp_path / "page") as file:
        file.write(b"whole")
    assert target.read_text() == "mine"
    assert (tmp_path / "page").read_text() == "whole"
    assert not (tmp_path / "page").is_symlink()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), OSError("No space left on device")])
def test_an_error_without_a_place_names_the_file(tmp_path, error):
    """One of Arrow's has no number."""
    with pytest.raises(OSError, match=r"No space left on device: .*page") as caught, whole_file(tmp_path / "page"):
        raise error
    assert caught.value.errno == error.errno
    assert not list(tmp_path.iterdir())


def test_what_was_left_half_written_is_removed(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "page.abc.partial").write_text("")
    (tmp_path / "below" / "page").write_text("")
    remove_partials(tmp_path)
    assert [file.name for file in (tmp_path / "below").iterdir()] == ["page"]


def test_what_goes_with_its_process_does_not_wait_for_the_disk(tmp_path, monkeypatch):
    waits = []
    monkeypatch.setattr("chain.whole_file.os.fsync", waits.append)
    with HeldFolder() as folder:
        for place in (folder / "table", tmp_path / "table"):
            with whole_file(place) as file:
                file.write(b"rows")
            assert place.read_bytes() == b"rows"
            assert len(waits) == (0 if place.parent == folder else 2)


def test_files_that_belong_together_take_their_names_together(tmp_path, monkeypatch):
    order = []
    monkeypatch.setattr("chain.whole_file.os.fsync", lambda _: order.append(sorted(names(tmp_path))))
    with whole_files() as opened:
        for name in ("one", "other"):
            opened(tmp_path / name).write(name.encode())
    assert order == [[], [], ["one", "other"]]
    assert (tmp_path / "other").read_bytes() == b"other"


def test_where_one_cannot_be_written_none_is(tmp_path):
    (tmp_path / "one").write_text("before")
    with pytest.raises(OSError, match=r"full: .*other"), whole_files() as opened:  # noqa: PT012
        opened(tmp_path / "one").write(b"now")
        opened(tmp_path / "other")
        raise OSError("full")
    assert (tmp_path / "one").read_text() == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["one"]


def names(folder):
    """Of the files that are whole."""
    return [file.name for file in folder.iterdir() if not file.name.endswith(PARTIAL)]
