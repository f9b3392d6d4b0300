"""Reads folders, files and archives into names and bytes, under one set of rules; executes nothing.

Every byte here may be hostile: files are opened without following links, archives are unpacked in memory under a cap
on what comes out, and each name is checked before its content is read. First the rules, then one reader for each
container.
"""

import contextlib
import fnmatch
import gzip
import io
import itertools
import os
import re
import stat
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path

import msgspec

from autograder.errors import SubmissionError

__all__ = [
    "ARCHIVES",
    "BIDIRECTIONAL",
    "LIMITS",
    "MIB",
    "UNSHOWABLE",
    "Contents",
    "IntakeLimits",
    "damaged",
    "read",
    "shown",
    "too_many",
    "why_ignored",
]

MIB = 2**20


class IntakeLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one submission may hold. Sizes are in bytes."""

    total_bytes: int = 10 * MIB
    """All files together, unpacked; also the largest notebook."""
    source_bytes: int = MIB
    """One Python file."""
    files: int = 200
    archive_bytes: int = 40 * MIB
    """An archive with what is ignored in it; a compressed tar also when unpacked."""
    entries: int = 10_000
    """Names in a folder or archive, with those that are ignored."""
    path_bytes: int = 240
    """One relative path in UTF-8."""
    depth: int = 12
    """Parts of one relative path."""


LIMITS = IntakeLimits()


ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")
UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")

_SETTINGS = "the tests run with the course's own settings"
_START_UP = "Python starts without them when a submission is graded"
_COMPILED = "only source is run"
_PACKAGES = "only what the course installs can be imported"
_HIDDEN = "hidden files are not part of the answer"
_SILENTLY = ""
_IGNORED = {  # a name in lower case, at any depth -> why it is ignored
    **dict.fromkeys(["__macosx", ".ds_store", "._*", "icon\r", "thumbs.db", "desktop.ini"], _SILENTLY),
    **dict.fromkeys(["conftest.py", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml"], _SETTINGS),
    **dict.fromkeys(["sitecustomize.py", "usercustomize.py"], _START_UP),
    **dict.fromkeys(["__pycache__", "*.pyc", "*.pyo", "*.so", "*.pyd"], _COMPILED),
    **dict.fromkeys(["*.whl", "*.dist-info", "*.egg-info"], _PACKAGES),
    ".*": _HIDDEN,
}


def why_ignored(name: str) -> str | None:
    """Return why an entry of this name is ignored (an empty string: not worth a note), or None to keep it."""
    lowered = name.lower()
    return next((why for pattern, why in _IGNORED.items() if fnmatch.fnmatchcase(lowered, pattern)), None)


class Contents:
    """The files taken out of a container one by one, within the limits."""

    def __init__(self, passed_over: Collection[str] = ()) -> None:
        """`passed_over` are paths that are left out without a word: what students were given, and handed back."""
        self._passed_over = passed_over
        self.files: dict[str, bytes] = {}
        self.notes: list[str] = []
        self._ignored: dict[str, dict[str, None]] = {}
        self._names: dict[str, str] = {}
        self._entries = 0
        self._bytes = 0

    def count(self) -> None:
        """Count one more entry, kept or not."""
        self._entries += 1
        if self._entries > LIMITS.entries:
            raise too_many(f"more than {LIMITS.entries} files and folders")

    def wants(self, name: str) -> str | None:
        """Return the path under which an entry is kept, or None where it is ignored; refuse a name that is not safe."""
        self.count()
        if "\\" in name or name.startswith("/") or re.match("[A-Za-z]:", name) or ".." in name.split("/"):
            raise SubmissionError(
                f"`{shown(name)}` is not a name inside the submission: "
                "`..`, a leading `/`, a drive letter or a backslash leads out of it. "
                "Pack the folder again with the tool of your operating system, and hand in again."
            )
        parts = [part for part in name.split("/") if part not in ("", ".")]
        # The time that this takes grows with the square of a name's length: what is too long is refused below as it is.
        if max(map(len, parts), default=0) <= LIMITS.path_bytes:
            parts[: LIMITS.depth] = [unicodedata.normalize("NFC", part) for part in parts[: LIMITS.depth]]
        if "/".join(parts) in self._passed_over:
            return None
        for length, part in enumerate(parts[: LIMITS.depth], 1):
            reason = why_ignored(part)
            if reason is not None:
                self._ignored.setdefault(reason, {})["/".join(parts[:length])] = None
                return None
        if UNSHOWABLE.search(name):
            raise SubmissionError(
                f"`{shown(name)}` has a character in its name that cannot be shown, such as a line break. "
                "Rename the file with plain letters and digits, and hand in again."
            )
        path = "/".join(parts)
        if len(path.encode()) > LIMITS.path_bytes or len(parts) > LIMITS.depth:
            raise SubmissionError(
                f"`{shown(path)}` is too long or too deep a path: "
                f"at most {LIMITS.path_bytes} bytes and {LIMITS.depth} levels. Use fewer folders, and hand in again."
            )
        return path or None

    def room(self, path: str) -> int:
        """How many bytes of a file to read: one more than it may have."""
        left = LIMITS.total_bytes - self._bytes
        return min(left, LIMITS.source_bytes if path.endswith(".py") else left) + 1

    def keep(self, path: str, data: bytes) -> None:
        """Add a file of which at most `room(path)` bytes were read."""
        if path.endswith(".py") and len(data) > LIMITS.source_bytes:
            raise too_many(f"a Python file larger than {LIMITS.source_bytes // MIB} MiB, `{shown(path)}`")
        self._bytes += len(data)
        if self._bytes > LIMITS.total_bytes:
            raise too_many(f"more than {LIMITS.total_bytes // MIB} MiB in all")
        if len(self.files) == LIMITS.files:
            raise too_many(f"more than {LIMITS.files} files")
        other = self._names.setdefault(path.casefold(), path)
        if path in self.files:
            raise SubmissionError(
                f"`{shown(path)}` is there twice, or under two names that are the same name on some computers, so one "
                "would be lost. Rename or remove one of them, and hand in again."
            )
        if other != path:
            raise SubmissionError(
                f"`{shown(other)}` and `{shown(path)}` are the same name on some computers, so one would be lost. "
                "Rename or remove one of them, and hand in again."
            )
        self.files[path] = data

    def notes_on_ignored(self) -> list[str]:
        """One sentence for each reason for which something was ignored."""
        notes = []
        for reason, names in self._ignored.items():
            if reason != _SILENTLY:
                first = ", ".join(f"`{shown(name)}`" for name in itertools.islice(sorted(names), 3))
                more = f" and {len(names) - 3} more" if len(names) > 3 else ""
                notes.append(f"Ignored {first}{more}: {reason}.")
        return sorted(notes)


def too_many(what: str) -> SubmissionError:
    """Return the refusal of a submission that holds more than may be graded; `what` says of what."""
    return SubmissionError(
        f"The submission is too large to be graded: it has {what}. "
        "Leave out data sets, trained weights, environments and notebook outputs, and hand in again."
    )


def damaged(kind: str, why: str) -> SubmissionError:
    """Return the refusal of a file of this kind that cannot be read, and why."""
    return SubmissionError(f"The {kind} archive cannot be unpacked: {why}. Pack your files again, and hand in again.")


def _not_plain(name: str, what: str) -> SubmissionError:
    return SubmissionError(
        f"`{shown(name)}` is {what}, and only plain files are read. "
        "Put the file itself in its place, and hand in again."
    )


def shown(name: str) -> str:
    """Make a name safe to print: on one line, without control characters, and short."""
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return printable if len(printable) <= 80 else f"{printable[:77]}..."


# One reader for each container.


def read(path: Path, target: str, contents: Contents) -> None:
    """Read what stands at `path` into `contents`."""
    name = unicodedata.normalize("NFC", path.name)
    lowered = name.lower()
    mode = os.lstat(path).st_mode
    if stat.S_ISDIR(mode):
        _read_folder(_open_folder(path), "", contents)
        return
    _refuse_special(mode, name)
    if lowered.endswith((".py", ".ipynb")):
        kept_as = target if lowered.endswith(".py") else name
        contents.keep(kept_as, _read_file(path, name, contents.room(kept_as)))
        if kept_as == target != name:
            contents.notes.append(f"`{shown(name)}` is graded as `{target}`.")
    elif lowered.endswith(ARCHIVES):
        data = _read_file(path, name, LIMITS.archive_bytes + 1)
        if len(data) > LIMITS.archive_bytes:
            raise too_many(f"an archive larger than {LIMITS.archive_bytes // MIB} MiB")
        read_archive = _read_zip if lowered.endswith(".zip") else _read_tar
        read_archive(data, contents)
    else:
        raise SubmissionError(
            f"`{shown(name)}` is not a kind of file that can be graded. "
            f"Hand in `{target}`, a notebook, a folder, or one of {', '.join(ARCHIVES)}."
        )


_FOLDERS_OPEN = {os.open, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd
"""Can a folder be held open, so that nobody exchanges it for another? Not on Windows: there its path stands for it."""
# Each where the system has it; the last is Windows' way of not changing the ends of lines.
_FLAGS = sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


def _open_folder(path: Path | str, folder: int | None = None) -> int | Path:
    """Return a folder, open where it can be."""
    if not _FOLDERS_OPEN:
        return Path(path)
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | _FLAGS, dir_fd=folder)


def _read_file(path: Path | str, name: str, size: int, folder: int | None = None) -> bytes:
    """Read at most `size` bytes of a plain file; never follow a link, nor wait on a pipe or device."""
    # Looked at before it is opened, since opening alone can act on a device; and after, since it may have been swapped.
    _refuse_special(os.stat(path, dir_fd=folder, follow_symlinks=False).st_mode, name)
    with open(os.open(path, os.O_RDONLY | _FLAGS, dir_fd=folder), "rb") as file:
        _refuse_special(os.fstat(file.fileno()).st_mode, name)
        return file.read(size)


def _refuse_special(mode: int, name: str) -> None:
    if not stat.S_ISREG(mode):
        raise _not_plain(name, "a link" if stat.S_ISLNK(mode) else "a pipe, device or socket")


def _read_folder(folder: int | Path, prefix: str, contents: Contents) -> None:
    """Read a folder, and close it if it is open."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(itertools.islice(found, LIMITS.entries + 1), key=lambda entry: entry.name)
        for entry in entries:
            path = contents.wants(prefix + entry.name)
            if path is None:
                continue
            # By its name in a folder that is open; else by its whole path.
            held = folder if isinstance(folder, int) else None
            place = entry.name if held is not None else entry.path
            if entry.is_dir(follow_symlinks=False):
                _read_folder(_open_folder(place, held), f"{prefix}{entry.name}/", contents)
            else:
                contents.keep(path, _read_file(place, path, contents.room(path), held))
    finally:
        if isinstance(folder, int):
            os.close(folder)


_WRONG_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
)
"""What zipfile raises on damaged bytes, beside its own exception."""


def _read_zip(data: bytes, contents: Contents) -> None:
    # Each entry has this mark in the directory. Counting marks is cheap, and the number that the archive gives may lie.
    if data.count(b"PK\x01\x02") > LIMITS.entries:
        raise too_many(f"more than {LIMITS.entries} files and folders")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_overlaps(archive.infolist())
            for info in archive.infolist():
                _read_zip_entry(archive, info, contents)
    except _WRONG_ZIP:
        raise damaged(".zip", "it is damaged, or not a .zip file") from None


def _refuse_overlaps(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that share bytes, with which a small archive unpacks to an enormous one."""
    spans = sorted((info.header_offset, info.header_offset + 30 + info.compress_size) for info in infos)
    if any(start < end for (_, end), (start, _) in itertools.pairwise(spans)):
        raise damaged(".zip", "its entries overlap, as in an archive that was made to fill the disk")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return the name of an entry. Some tools (macOS) write UTF-8 without the flag that says so."""
    if not info.flag_bits & _UTF8_NAME:
        with contextlib.suppress(UnicodeError):
            return info.orig_filename.encode("cp437").decode("utf-8")
    return info.orig_filename


def _read_zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, contents: Contents) -> None:
    path = contents.wants(_zip_name(info))
    if path is None or info.is_dir():
        return
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        _refuse_special(kind, path)
    if info.flag_bits & 1:
        raise damaged(".zip", "it is encrypted with a password")
    # The other methods let a few bytes unpack to gigabytes before a cap can stop them.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged(".zip", "it uses an unusual compression; only the usual one (deflate) is read")
    with archive.open(info) as file:
        content = file.read(contents.room(path))
    contents.keep(path, content)
    if len(content) != info.file_size:
        raise damaged(".zip", f"`{shown(path)}` does not have the size that the archive gives for it")


_UTF8_NAME = 0x800
_PAX_HEADERS = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_EXTENDED_HEADERS = (*_PAX_HEADERS, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)


def _read_tar(data: bytes, contents: Contents) -> None:
    """Read a tar archive, compressed with gzip or not.

    The walk from header to header is our own, because that of `tarfile` can be made to go backwards (CVE-2025-8194) or
    to take hours over an extended header (CVE-2024-6232) in Pythons still in use. `tarfile` reads the single header.
    """
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
                data = file.read(LIMITS.archive_bytes + 1)
            if len(data) > LIMITS.archive_bytes:
                raise too_many(f"an archive that unpacks to more than {LIMITS.archive_bytes // MIB} MiB")
        _read_tar_entries(data, contents)
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError):
        raise damaged("tar", "it is damaged, or not a tar file") from None


def _read_tar_entries(data: bytes, contents: Contents) -> None:
    position, long_name = 0, ""
    while any(block := data[position : position + tarfile.BLOCKSIZE]):
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        position += tarfile.BLOCKSIZE
        size = 0 if header.type in (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE) else header.size
        if not 0 <= size <= len(data) - position:
            raise tarfile.ReadError
        body = data[position : position + size]
        position += -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
        if header.type in _EXTENDED_HEADERS:
            contents.count()
            long_name = _long_name(header.type, body) or long_name
            continue
        path, long_name = contents.wants(long_name or header.name), ""
        if path is None or header.isdir():
            continue
        if header.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            raise _not_plain(path, "a link, device or other special entry")
        contents.keep(path, body)


def _long_name(kind: bytes, body: bytes) -> str:
    """Return the name that an extended header gives to the next entry, or nothing."""
    if kind == tarfile.GNUTYPE_LONGNAME:
        return body.rstrip(b"\0").decode("utf-8", "surrogateescape")
    name, position = "", 0
    while kind in _PAX_HEADERS and position < len(body):  # records: b"20 path=metrics.py\n"
        start = body.index(b" ", position) + 1
        end = position + int(body[position : start - 1])
        key, _, value = body[start : end - 1].partition(b"=")
        if end <= start or body[end - 1 : end] != b"\n" or key == b"size" or key.startswith(b"GNU.sparse"):
            raise tarfile.ReadError
        if key == b"path":
            name = value.decode("utf-8", "surrogateescape")
        position = end
    return name
