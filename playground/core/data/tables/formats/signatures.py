"""Files that are no tables as text, told by their first bytes or by what is in their archive.

For each there is one sentence: what the file is, and how a table is made of it. The bytes are those
that the formats begin with by their own descriptions, collected in the database of the command
`file` (github.com/file/file, magic/Magdir). Imports the core only; any thread.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from typing import Final

from playground.core.errors import FileError
from playground.core.messages import N_

START_BYTES = 4_096
"""How much of a file is enough to tell it."""

_WITH_PANDAS = N_(
    "{name} is a file of {program}, which cannot be read here; save its table as CSV, in Python"
    " with pandas.{function} and to_csv."
)
_ELSEWHERE = N_(
    "{name} is a file of {program}, which cannot be read here; save its table as CSV where it was"
    " made."
)
_DOCUMENT = N_(
    "{name} is a document of {program}, not a table; copy the table out of it and paste it, or save"
    " it as CSV."
)
_PACKED = N_("{name} is packed by {program}; unpack it, and open the table that is in it.")
_IN_R = N_(
    "{name} is a file of R, which cannot be read here; save its table as CSV, in R with write.csv."
)
_MATLAB = N_(
    "{name} is a file of MATLAB, which cannot be read here; save its table as CSV, in MATLAB with"
    " writematrix or writetable."
)
_DATABASE = N_(
    "{name} is a database of {program}, not a table; export the table that you need as CSV."
)
_PICKLE = N_(
    "{name} is a pickle of Python, which could run anything and is not opened; save the table as"
    " CSV where it comes from."
)
_MEDIA = N_("{name} is sound or film, not a table; open a table (.csv) of what you took from it.")
_PROGRAM = N_("{name} is a program, not a table; open the table (.csv) that it makes.")
_PAGE = N_(
    "{name} is a web page (HTML), not a table; open it in a spreadsheet and save it as .xlsx, or"
    " fetch the file that the page leads to."
)
_XML_OF_EXCEL = N_("{name} is XML of Excel 2003; open it in a spreadsheet, and save it as .xlsx.")
_XML = N_(
    "{name} is XML, not a table; save the table in it as CSV, in Python with pandas, read_xml and"
    " to_csv."
)
_SQL = N_(
    "{name} is a list of commands in SQL, not a table; load it into a database, and export the"
    " table that you need as CSV."
)
_POINTER = N_(
    "{name} only stands for a file that Git LFS keeps; fetch that one with 'git lfs pull', or from"
    " the page of its project."
)
_PDF = N_(
    "{name} is a PDF, not a table; copy the table out of it and paste it, or save it as CSV where"
    " it comes from."
)
_NETWORK = N_("{name} is a network of {program}, not a table; open the table that it learned from.")

_Said = tuple[str, dict[str, str]]

_BEGINNINGS: Final[dict[bytes, _Said]] = {
    b"%PDF-": (_PDF, {}),
    b"PAR1": (_WITH_PANDAS, {"program": "Parquet", "function": "read_parquet"}),
    b"ARROW1": (_WITH_PANDAS, {"program": "Arrow (Feather)", "function": "read_feather"}),
    b"FEA1": (_WITH_PANDAS, {"program": "Arrow (Feather)", "function": "read_feather"}),
    b"ORC": (_WITH_PANDAS, {"program": "ORC", "function": "read_orc"}),
    b"$FL2": (_WITH_PANDAS, {"program": "SPSS", "function": "read_spss"}),
    b"$FL3": (_WITH_PANDAS, {"program": "SPSS", "function": "read_spss"}),
    b"<stata_dta>": (_WITH_PANDAS, {"program": "Stata", "function": "read_stata"}),
    b"HEADER RECORD*******": (_WITH_PANDAS, {"program": "SAS", "function": "read_sas"}),
    bytes(12) + b"\xc2\xea\x81\x60": (_WITH_PANDAS, {"program": "SAS", "function": "read_sas"}),
    b"Obj\x01": (_ELSEWHERE, {"program": "Avro"}),
    b"\x89HDF\r\n\x1a\n": (_ELSEWHERE, {"program": "HDF5"}),
    b"MATLAB 5.0 MAT-file": (_MATLAB, {}),
    b"MATLAB 7.3 MAT-file": (_MATLAB, {}),
    b"SQLite format 3\0": (_DATABASE, {"program": "SQLite"}),
    b"\0\1\0\0Standard Jet DB": (_DATABASE, {"program": "Access"}),
    b"\0\1\0\0Standard ACE DB": (_DATABASE, {"program": "Access"}),
    b"{\\rtf": (_DOCUMENT, {"program": "RTF"}),
    b"7z\xbc\xaf\x27\x1c": (_PACKED, {"program": "7-Zip"}),
    b"Rar!\x1a\x07": (_PACKED, {"program": "RAR"}),
    b"\xfd7zXZ\0": (_PACKED, {"program": "xz"}),
    b"\x28\xb5\x2f\xfd": (_PACKED, {"program": "Zstandard"}),
    b"\x04\x22\x4d\x18": (_PACKED, {"program": "LZ4"}),
    b"version https://git-lfs.": (_POINTER, {}),
    b"OggS": (_MEDIA, {}),
    b"fLaC": (_MEDIA, {}),
    b"ID3": (_MEDIA, {}),
    b"\x7fELF": (_PROGRAM, {}),
    b"MZ\x90\0": (_PROGRAM, {}),
}
"""What files begin with. Behind letters and digits alone there stands something that is no text."""

_PATTERNS: Final[tuple[tuple[re.Pattern[bytes], _Said], ...]] = (
    (re.compile(rb"BZh[1-9]1AY&SY"), (_PACKED, {"program": "bzip2"})),
    (re.compile(rb"(?s).{257}ustar[\0 ]"), (_PACKED, {"program": "tar"})),
    (re.compile(rb"(?s)RIFF.{4}(WAVE|AVI )|.{4}ftyp"), (_MEDIA, {})),
    (re.compile(rb"RD[XB][23]\n|[XB]\n\0\0\0[\x02\x03]\0"), (_IN_R, {})),
    (
        re.compile(rb"[\x69-\x73][\x01\x02]\x01\0"),  # a version, the order of bytes, a kind
        (_WITH_PANDAS, {"program": "Stata", "function": "read_stata"}),
    ),
    (re.compile(rb"\x80[\x02-\x05]"), (_PICKLE, {})),
)

_MARKUP: Final[tuple[tuple[re.Pattern[bytes], _Said], ...]] = (
    (
        re.compile(rb"(?s)(?:(?><!--.*?-->)\s*+)*+<(!doctype\s+html|html|head|body|table|meta)\b"),
        (_PAGE, {}),
    ),
    (
        re.compile(rb"(?s)<\?xml\b.*?(excel\.sheet|urn:schemas-microsoft-com:office:spreadsheet)"),
        (_XML_OF_EXCEL, {}),
    ),
    (re.compile(rb"(?s)<\?xml\b.*?<(!doctype\s+)?html\b"), (_PAGE, {})),
    (re.compile(rb"<(\?xml|!doctype|svg)\b"), (_XML, {})),
    (
        re.compile(
            rb"(?s)(?:(?>--[^\n]*\n|/\*.*?\*/;?)\s*+)*+"
            rb"(create table|insert into|drop table|begin transaction;|set [@\w]+ ?=)[^,\n]"
        ),
        (_SQL, {}),
    ),
)
"""What is text, in small letters, behind the mark of its encoding and blanks. Comments are
divided in one way only: of all ways there are more than anybody can wait for.
"""

_MEMBERS: Final[tuple[tuple[str, _Said], ...]] = (
    ("word/document.xml", (_DOCUMENT, {"program": "Word"})),
    ("ppt/presentation.xml", (_DOCUMENT, {"program": "PowerPoint"})),
    (".iwa", (_ELSEWHERE, {"program": "Numbers"})),
    ("data.pkl", (_NETWORK, {"program": "PyTorch"})),
    ("model.weights.h5", (_NETWORK, {"program": "Keras"})),
)
"""How the names of files in an archive end that tell whose it is."""

_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."


def refusal(name: str, start: bytes) -> FileError | None:
    """What a file is that begins so, and a way out; None for what may be a table.

    start  its first START_BYTES
    """
    for beginning, said in _BEGINNINGS.items():
        behind = start[len(beginning) : len(beginning) + 1]
        if start.startswith(beginning) and not (beginning.isalnum() and _is_text(behind)):
            return _error(name, said)
    text = start.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for patterns, content in ((_PATTERNS, start), (_MARKUP, text)):
        for pattern, said in patterns:
            if pattern.match(content):
                return _error(name, said)
    return None


def _is_text(sign: bytes) -> bool:
    return sign.isspace() or b" " <= sign <= b"~"


def refusal_of_archive(name: str, names: Collection[str], kind: bytes = b"") -> FileError | None:
    """The same of an archive with these files in it; kind is what its first file says of it."""
    for ending, said in _MEMBERS:
        if any(inside.endswith(ending) for inside in names):
            return _error(name, said)
    if kind.startswith(_OPEN_DOCUMENT) and not kind.startswith(_OPEN_DOCUMENT + b"spreadsheet"):
        return _error(name, (_DOCUMENT, {"program": "OpenDocument"}))
    return None


def refusal_of_old_office(name: str, content: bytes) -> FileError | None:
    """The same of a file as Office wrote them up to 2003."""
    parts = {"Word": "WordDocument", "PowerPoint": "PowerPoint Document"}
    for program, part in parts.items():
        if part.encode("utf-16-le") in content:
            return _error(name, (_DOCUMENT, {"program": program}))
    return None


def _error(name: str, said: _Said) -> FileError:
    template, values = said
    return FileError(template, name=name, **values)
