"""Files of other programs are named in one sentence with a way out, wherever they are opened."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.io import savemat

from playground.cli import commands
from playground.core.data.tables.formats import signatures
from playground.core.data.tables.importing import read_table_text
from playground.core.errors import FileError, PlaygroundError
from playground.core.experiment.files import load, open_any

FRAME = pd.DataFrame({"a": [1.0, 2.0, 3.5, 4.0], "kind": ["x", "y", "x", "y"]})


def zipped(*names: str, first: bytes = b"x") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, first)
    return content.getvalue()


def tarred() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"), io.BytesIO(b""))
    return content.getvalue()


def by_file(write: Callable[[Path], object]) -> Callable[[Path], bytes]:
    """The content of a file as another program writes it."""

    def content(folder: Path) -> bytes:
        place = folder / "written"
        write(place)
        return place.read_bytes()

    return content


def sqlite(place: Path) -> None:
    with sqlite3.connect(place) as database:
        database.execute("create table t (a, b)")
    database.close()


PAGE = "<!-- saved -->\n<!DOCTYPE html>\n<html><table><tr><td>1</td><td>2</td></tr></table></html>"
EXCEL_XML = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>'
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "WordDocument".encode("utf-16-le")
OTHERS: dict[str, tuple[bytes | Callable[[Path], bytes], str]] = {
    "a.dta": (by_file(lambda place: FRAME.to_stata(place)), "a file of Stata"),
    "old.dta": (by_file(lambda place: FRAME.to_stata(place, version=114)), "a file of Stata"),
    "a.pkl": (pickle.dumps(FRAME), "a pickle of Python"),
    "old.pkl": (pickle.dumps([1, 2], protocol=2), "a pickle of Python"),
    "a.mat": (by_file(lambda place: savemat(str(place), {"a": np.eye(3)}, False)), "of MATLAB"),
    "a.db": (by_file(sqlite), "a database of SQLite"),
    "a.bz2": (bz2.compress(b"a,b\n1,2\n"), "packed by bzip2"),
    "a.xz": (lzma.compress(b"a,b\n1,2\n"), "packed by xz"),
    "a.tar": (tarred(), "packed by tar"),
    "a.tgz": (gzip.compress(tarred()), "packed by tar"),
    "a.parquet": (b"PAR1\x15\x04\x15" + bytes(90), "a file of Parquet"),
    "a.feather": (b"ARROW1\0\0" + bytes(90), "Feather"),
    "a.sav": (b"$FL2@(#) SPSS DATA FILE", "a file of SPSS"),
    "a.sas7bdat": (bytes(12) + b"\xc2\xea\x81\x60\xb3\x14", "a file of SAS"),
    "a.xpt": (b"HEADER RECORD*******LIBRARY HEADER RECORD", "a file of SAS"),
    "a.h5": (b"\x89HDF\r\n\x1a\n" + bytes(90), "a file of HDF5"),
    "a.rds": (gzip.compress(b"X\n\0\0\0\3\0\4\1\0"), "a file of R"),
    "a.RData": (gzip.compress(b"RDX3\nX\n\0\0\0\3"), "a file of R"),
    "a.docx": (zipped("[Content_Types].xml", "word/document.xml"), "a document of Word"),
    "a.odt": (
        zipped("mimetype", "content.xml", first=b"application/vnd.oasis.opendocument.text"),
        "a document of OpenDocument",
    ),
    "a.numbers": (zipped("Index/Document.iwa", "preview.jpg"), "a file of Numbers"),
    "a.pt": (zipped("archive/data.pkl", "archive/version"), "a network of PyTorch"),
    "a.doc": (OLD_WORD, "a document of Word"),
    "a.rtf": (b"{\\rtf1\\ansi a\\par}", "a document of RTF"),
    "a.pdf": (b"%PDF-1.7\n\xff", "a PDF"),
    "a.mp4": (b"\0\0\0\x18ftypmp42", "sound or film"),
    "page.csv": (PAGE.encode(), "a web page (HTML)"),
    "table.xls": (b'\xef\xbb\xbf  <table border="1"><tr><td>1</td></tr>', "a web page (HTML)"),
    "sheet.xls": (EXCEL_XML.encode(), "XML of Excel 2003"),
    "rows.xml": (b'<?xml version="1.0"?><rows><row a="1"/></rows>', "is XML"),
    "dump.sql": (b"-- made in May\nINSERT INTO t VALUES (1, 2);\n", "commands in SQL"),
    "big.csv": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_it_is_and_what_to_do(tmp_path: Path, name: str) -> None:
    content, words = OTHERS[name]
    place = tmp_path / name
    place.write_bytes(content if isinstance(content, bytes) else content(tmp_path))
    ways = [read_table_text, open_any]
    is_unpacked = not place.read_bytes().startswith((b"PK", b"\x1f\x8b", b"\xd0\xcf"))
    for way in (*ways, load) if is_unpacked else ways:
        with pytest.raises(FileError) as refused:
            way(place)
        sentence = str(refused.value)
        assert sentence.startswith(f"{name} ")
        assert words in sentence
        assert len(sentence) < 200
    told = CliRunner().invoke(commands, ["describe", str(place)])
    assert (told.exit_code, told.stderr) == (
        1,
        f"Error: {sentence}\n" if not is_unpacked else told.stderr,
    )
    assert words in told.stderr


def test_the_way_out_leads_to_the_table(tmp_path: Path) -> None:
    """What a sentence advises is done."""
    place = tmp_path / "a.dta"
    FRAME.to_stata(place, write_index=False)
    with pytest.raises(FileError, match=r"with pandas\.(\w+) and to_csv") as refused:
        read_table_text(place)
    function = str(refused.value).partition("pandas.")[2].partition(" ")[0]
    getattr(pd, function)(place).to_csv(tmp_path / "a.csv", index=False)
    text = read_table_text(tmp_path / "a.csv")
    assert (text.names, text.column("kind")) == (("a", "kind"), ("x", "y", "x", "y"))


@pytest.mark.parametrize(
    "head",
    ["PAR1", "ORC,FEA1", "ID3", "MZ", "BM", "Obj", "SET a", "insert into", "X", "A", "ARROW1"],
)
def test_words_that_begin_so_stay_a_table(tmp_path: Path, head: str) -> None:
    place = tmp_path / "words.csv"
    place.write_text(f"{head},b,kind\n" + "1,2,3,x\n"[2 * (head.count(",") == 0) :] * 4)
    assert read_table_text(place).names[0] == head.partition(",")[0]


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.xlsx", "t.arff", "t.jsonl", "t.json"])
def test_a_table_is_no_project_and_the_sentence_says_what_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    place = tmp_path / name
    rows = [{"a": n, "b": -n, "kind": "xy"[n % 2]} for n in range(20)]
    texts = {".json": pd.DataFrame(rows).to_json(orient="records")}
    place.write_text(texts.get(place.suffix, pd.DataFrame(rows).to_csv(index=False)))
    with pytest.raises(FileError, match="is no project") as refused:
        load(place)
    if place.suffix not in (".csv", ".json"):
        return
    command = str(refused.value).partition("'playground ")[2].partition("'")[0]
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(commands, [*command.split(), "--epochs", "1", "--quiet"])
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize("address", ["https://example.com/a.csv", "HTTP://example.com/a/b?c=d"])
def test_an_address_of_the_web_is_quoted_as_it_was_typed(address: str) -> None:
    for command in ("open", "train", "describe", "compare"):
        told = CliRunner().invoke(commands, [command, address])
        assert told.exit_code == 1, command
        assert f"Error: {address} is an address of the web" in told.stderr


@pytest.mark.parametrize("part", ["/**/", "<!---->", "--\n", "/* */;\n", "<?xml ", "<!-- "])
def test_thousands_of_comments_are_passed_over_at_once(part: str) -> None:
    content = (part * signatures.START_BYTES)[: signatures.START_BYTES].encode()
    begun = process_time()
    for _ in range(3):
        signatures.refusal("comments.csv", content)
    assert process_time() - begun < 1


def test_any_archive_is_read_or_refused_in_words(tmp_path: Path) -> None:
    place = tmp_path / "a.zip"
    for names in ((), ("a.jar",), ("mimetype",), ("content.xml",)):
        place.write_bytes(zipped(*names))
        with pytest.raises(PlaygroundError):
            read_table_text(place)
    assert signatures.refusal_of_archive("a.zip", ["a.csv"]) is None
