"""The text of a table, wherever it comes from: a plain file, a packed one, a workbook, an array.

What a file is, is told by its first bytes, not by its name. Nothing in it is believed before it
is checked, and no more than MOST_UNPACKED bytes are unpacked. Imports the core only; any thread.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.formats import (
    arff,
    arrays,
    records,
    signatures,
    svmlight,
    workbooks,
)
from playground.core.data.tables.formats.c45 import names_beside
from playground.core.data.tables.formats.orange import Role
from playground.core.data.tables.reading import (
    Progress,
    no_progress,
    read_bytes,
    read_start,
    stamp_of,
)
from playground.core.errors import FileError, listed, nearest, short
from playground.core.messages import Message

MAX_BYTES = MOST_UNPACKED = 200_000_000
MAX_LINE = 1_000_000
FORMED_SUFFIXES = (".arff", ".svm", ".libsvm", ".svmlight", *records.SUFFIXES)
"""Endings of tables as text in a form of their own."""
TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".data", ".dat", ".tab", *FORMED_SUFFIXES)
"""Endings of tables as text; a file of any other name may be one, too."""
OTHER_SUFFIXES = (*workbooks.SUFFIXES, ".gz", ".zip", ".npy", ".npz")
_GZIP, _OLD_OFFICE = b"\x1f\x8b", b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""An archive, and one with nothing in it."""
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_BLOCK = 1 << 20
LARGE_START = 1 << 22
"""Bytes at the start of a large file that are looked at before the rest is read."""
_START = 1 << 18
"""Bytes that tell a table in JSON; a row is seldom longer."""
_DAMAGED = (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, RuntimeError)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a table, and what its file says of it.

    content     the text as bytes
    form        what is certain of its form
    part        the sheet of a workbook or the file of an archive that it is; "" in another file
    parts       all that there are
    first_line  the line of the file, from 1, in which the text begins
    kinds       what the file says of its columns: "number", "label", "date" or "text"
    roles       what it says that they are for
    names       what a file beside it calls the columns, for a table without names
    """

    content: bytes
    form: WantedForm = field(default_factory=WantedForm)
    part: str = ""
    parts: tuple[str, ...] = ()
    first_line: int = 1
    kinds: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    names: tuple[str, ...] = ()


def is_packed(start: bytes) -> bool:
    """True where a file that begins so is a workbook, an archive or an array, and no text."""
    return start.startswith((_GZIP, *_ZIP, _OLD_OFFICE, arrays.MAGIC))


def is_made_anew(start: bytes) -> bool:
    """True where the text of a table is made of a file that begins so: the start of one does not
    show that of the other.
    """
    return (
        is_packed(start)
        or arff.is_arff(start)
        or records.is_records(start)
        or svmlight.is_svmlight(start)
    )


def check_no_other_kind(name: str, start: bytes) -> None:
    """Raises FileError for a file that begins as pictures do, or as those of another program that
    are no tables here.

    start  its first signatures.START_BYTES
    """
    if start.startswith(_PICTURES):
        raise FileError(
            "{name} is a picture, not a table; open it in the window as .png or .jpg, where points"
            " are taken from its colours.",
            name=name,
        )
    _raise(signatures.refusal(name, start))


def brought(name: str, source: Path | str, part: str | None, progress: Progress) -> Source:
    """The table in a file, or in a text that somebody pasted.

    name  what errors call it; part as of `source_of`. Raises FileError as that does, and for a file
    that is too large or has a line that is too long for a table.
    """
    if isinstance(source, str):
        if len(source) > MAX_BYTES // 4:
            raise FileError(
                "{name} is too large for the clipboard; save it as a file and open it.", name=name
            )
        return source_of(name, source.encode(errors="replace"), progress=progress)
    start = read_start(source, _START)
    check_no_other_kind(name, start[: signatures.START_BYTES])
    is_in_lines = not (is_packed(start) or records.is_records(start))
    content = read_bytes(
        source,
        at_most=MAX_BYTES,
        longest_line=MAX_LINE if is_in_lines else None,
        what=Message("a table (CSV)"),
        progress=progress,
    )
    found = source_of(name, content, part, progress)
    named = names_beside(source)
    return replace(found, **named._asdict()) if named.names else found


def start_of_large(path: Path) -> Source | None:
    """The start of a file that is too large to be held while it is read, if it is text as such;
    None for any other. Raises FileError where it cannot be read.
    """
    first = read_start(path, MAX_LINE)
    if b"\n" not in first or b"\0" in first:
        return None
    start = read_start(path, LARGE_START)
    if len(start) < LARGE_START or is_made_anew(start) or names_beside(path).names:
        return None
    stamp = stamp_of(path)
    return Source(start) if stamp is not None and stamp[-1] <= MAX_BYTES else None


def source_of(
    name: str, content: bytes, part: str | None = None, progress: Progress = no_progress
) -> Source:
    """The table in the bytes of a file.

    name  what errors call the file
    part  the sheet or the file in an archive that is wanted; None for the first one with a table
    Raises FileError where there is none.
    """
    check_no_other_kind(name, content[: signatures.START_BYTES])
    if content.startswith(_GZIP):
        return source_of(name, _from_gzip(name, content, progress), part, progress)
    if content.startswith((*_ZIP, _OLD_OFFICE)):
        return _from_office_or_zip(name, content, part, progress)
    if content.startswith(arrays.MAGIC):
        return Source(arrays.text_of_npy(name, content, progress), arrays.FORM)
    if arff.is_arff(content):
        read = arff.text_of(name, content, progress)
        return Source(read.content, read.form, "", (), read.first_line, read.kinds, read.roles)
    if records.is_records(content[:_START]):
        rows = records.text_of(name, content, progress)
        return Source(rows.content, rows.form, first_line=rows.first_line)
    if svmlight.is_svmlight(content, is_whole=True):
        pairs = svmlight.text_of(name, content, progress)
        return Source(pairs, svmlight.FORM, first_line=0, roles=svmlight.ROLES)
    if part is not None:
        raise FileError(
            "{name} is one table; it has no sheet '{part}'.", name=name, part=short(part)
        )
    return Source(plain(content))


def plain(content: bytes) -> bytes:
    """A text without what programs leave in it: the marks of files that were joined, and bytes 0
    behind the end, where room was kept for more.
    """
    end = content.find(b"\0")
    if end > 0 and not content[end:].strip(b"\0") and not content.startswith(_WIDE):
        content = content[:end]
    while content.startswith(2 * codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
    if codecs.BOM_UTF8[:1] not in content or content.find(codecs.BOM_UTF8, 1) < 0:
        return content  # the first is seen much sooner
    for line_end in (b"\n", b"\r"):
        if line_end + codecs.BOM_UTF8 in content:
            content = content.replace(line_end + codecs.BOM_UTF8, line_end)
    return content


def _from_gzip(name: str, content: bytes, progress: Progress) -> bytes:
    raw = io.BytesIO(content)
    unpacked = io.BytesIO()
    try:
        with gzip.open(raw) as file:
            while block := file.read(_BLOCK):
                progress(raw.tell() / len(content))
                unpacked.write(block)
                _check_size(name, unpacked.tell())
    except _DAMAGED:
        raise workbooks.damaged(name) from None
    return unpacked.getvalue()


def _from_office_or_zip(name: str, content: bytes, part: str | None, progress: Progress) -> Source:
    if content.startswith(_OLD_OFFICE):
        _raise(signatures.refusal_of_old_office(name, content))
        return _from_workbook(name, content, part, progress)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            kind = _start_of(archive, "mimetype")
            _raise(signatures.refusal_of_archive(name, archive.namelist(), kind))
            if workbooks.is_workbook(archive.namelist()):
                for member in members:  # what they are as large as is not believed
                    _member(name, archive, member, progress)
                _check_size(name, sum(member.file_size for member in members))
                return _from_workbook(name, content, part, progress)
            arrays_inside = [m.filename for m in members if m.filename.endswith(".npy")]
            if arrays_inside and len(arrays_inside) == len(members):
                return _from_npz(name, archive, part, progress)
            return _from_zip(name, archive, part, progress)
    except _DAMAGED:
        raise workbooks.damaged(name) from None


def _raise(refused: FileError | None) -> None:
    if refused is not None:
        raise refused


def _start_of(archive: zipfile.ZipFile, member: str) -> bytes:
    """The first bytes of a file in an archive; none where it is not there."""
    if member not in archive.namelist():
        return b""
    with archive.open(member) as file:
        return file.read(signatures.START_BYTES)


def _from_workbook(name: str, content: bytes, part: str | None, progress: Progress) -> Source:
    sheet = workbooks.sheet_of(name, content, part, progress)
    return Source(sheet.content, workbooks.FORM, sheet.name, sheet.names)


def _from_npz(name: str, archive: zipfile.ZipFile, part: str | None, progress: Progress) -> Source:
    members = archive.infolist()
    _check_size(name, sum(member.file_size for member in members))
    arrays_of = {
        member.filename.removesuffix(".npy"): _member(name, archive, member, progress)
        for member in members
    }
    made = arrays.text_of_npz(name, arrays_of, part, progress)
    return Source(made.content, arrays.FORM, made.part, made.parts)


def _from_zip(name: str, archive: zipfile.ZipFile, part: str | None, progress: Progress) -> Source:
    tables = [member for member in archive.infolist() if _may_be_table(member.filename)]
    parts = tuple(member.filename for member in tables)
    if not parts:
        found = listed([member.filename for member in archive.infolist()], 100)
        raise FileError(
            "{name} is an archive without a table (.csv, .tsv, .txt, .data, .xlsx); it has"
            " {found}.",
            name=name,
            found=found or Message("nothing in it"),
        )
    chosen = part or parts[0]
    if chosen not in parts:
        raise FileError(
            "{name} has no file '{part}'.", nearest(chosen, parts), name=name, part=short(chosen)
        )
    content = _member(name, archive, tables[parts.index(chosen)], progress)
    return replace(source_of(name, content, None, progress), part=chosen, parts=parts)


def _may_be_table(path: str) -> bool:
    place = PurePosixPath(path)
    is_hidden = any(folder.startswith((".", "__MACOSX")) for folder in place.parts)
    suffixes = (*TEXT_SUFFIXES, *workbooks.SUFFIXES, ".gz")
    return not is_hidden and not path.endswith("/") and place.suffix.lower() in suffixes


def _member(
    name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, progress: Progress
) -> bytes:
    unpacked = io.BytesIO()
    with archive.open(member) as file:
        while block := file.read(_BLOCK):
            progress(min(unpacked.tell() / max(member.file_size, 1), 1.0))
            unpacked.write(block)
            _check_size(name, unpacked.tell())
    return unpacked.getvalue()


def _check_size(name: str, size: int) -> None:
    if size > MOST_UNPACKED:
        raise FileError(
            "{name} holds more than {size:,} MB once it is unpacked, too much for a table.",
            name=name,
            size=MOST_UNPACKED // 1_000_000,
        )
