"""What is in a file of payments: its bytes, unpacked where they are compressed."""

from __future__ import annotations

import gzip
import stat
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

MOST_BYTES = 2**30
"""Of a file, and of what it unpacks to: a small file may say that it is terabytes of zeros."""

GZIP, ZIP, ZSTD = b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd"


def read_bytes(file: Path) -> bytes:
    """The bytes of a regular file. Raises `ValueError` for anything else, `OSError` where it cannot be read."""
    found = file.stat()
    if stat.S_ISDIR(found.st_mode):
        raise ValueError("is a folder; name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("is a pipe or a device; a run is played again, so write what comes from it to a file")
    if not found.st_size:
        raise ValueError("empty: 0 bytes")
    if found.st_size > MOST_BYTES:
        raise ValueError(f"has {found.st_size} bytes; at most {MOST_BYTES} are read")
    return file.read_bytes()


def unpacked(data: bytes) -> bytes:
    """What gzip, zip or zstd packed, told by the first bytes; other data as they are. Raises `ValueError`."""
    try:
        if data.startswith(GZIP):
            return _limited(gzip.GzipFile(fileobj=BytesIO(data)).read(MOST_BYTES + 1))
        if data.startswith(ZIP):
            return _limited(_the_file_in(data))
        if data.startswith(ZSTD):
            return _limited(_zstd(data))
    except (OSError, EOFError, RuntimeError, ValueError, zlib.error, zipfile.BadZipFile) as problem:
        raise ValueError(f"cannot be unpacked: {str(problem)[:200]}") from None
    return data


def _the_file_in(data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX")]
        if len(names) != 1:
            raise ValueError(f"it holds {len(names)} files; it must hold one")
        with archive.open(names[0]) as file:
            return file.read(MOST_BYTES + 1)


def _zstd(data: bytes) -> bytes:
    from pyarrow import BufferReader, CompressedInputStream

    with CompressedInputStream(BufferReader(data), "zstd") as stream:
        unzipped: bytes = stream.read(MOST_BYTES + 1)
        return unzipped


def _limited(data: bytes) -> bytes:
    if not data:
        raise ValueError("what is packed has 0 bytes")
    if len(data) > MOST_BYTES:
        raise ValueError(f"it would have more than {MOST_BYTES} bytes")
    return data
