"""The same table in files of other programs, packed and unpacked; and files that are broken."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from playground.core.data.data import CsvData
from playground.core.data.dataset import prepare
from playground.core.data.tables.choosing import automatic_choice, data_of
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.formats import source
from playground.core.data.tables.importing import first_rows, read_table_text
from playground.core.data.tables.reading import Cancelled
from playground.core.errors import FileError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import load, open_any, save

ROWS = [(1.5, 2, "red"), (3, 4.25, "blue"), (-2.5, 7, "red"), (0.25, 1, "blue")] * 4
TEXT = "a,b,kind\n" + "".join(f"{a},{b},{kind}\n" for a, b, kind in ROWS)


def zipped(files: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            plain = name == "mimetype"  # OpenDocument wants it so
            archive.writestr(name, text, zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED)
    return content.getvalue()


Cell = float | str | None


def _xlsx_cell(value: Cell) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def xlsx(sheets: dict[str, list[list[Cell]]]) -> bytes:
    """A workbook as Excel writes it, as far as the standard (ECMA-376) asks for."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    names = list(enumerate(sheets, 1))
    listed = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in names)
    targets = "".join(
        f'<Relationship Id="rId{i}" Type="{relations}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i, _ in names
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="r"'
        f' Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{relations}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{package}/relationships">'
        f"{targets}</Relationships>",
    }
    for number, rows in enumerate(sheets.values(), 1):
        lines = "".join(
            f'<row r="{r}">{"".join(map(_xlsx_cell, row))}</row>' for r, row in enumerate(rows, 1)
        )
        files[f"xl/worksheets/sheet{number}.xml"] = (
            f'{head}<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>'
        )
    return zipped(files)


def ods(rows: list[list[Cell]]) -> bytes:
    """A sheet as OpenDocument has it."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"

    def cell(value: Cell) -> str:
        if isinstance(value, str):
            words = f"<text:p>{value}</text:p>"
            return f'<table:table-cell office:value-type="string">{words}</table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{urn}:office:1.0"'
        f' xmlns:table="{urn}:table:1.0" xmlns:text="{urn}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Data">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{urn}:manifest:1.0"><manifest:file-entry'
        f' manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


CELLS: list[list[Cell]] = [["a", "b", "kind"], *([a, b, kind] for a, b, kind in ROWS)]
ARFF = (
    "@RELATION p\n\n@attribute a NUMERIC\n@attribute 'b' real\n@attribute kind {red,blue}\n@data\n"
)
ORANGE = "a\tb\tkind\nc\tcontinuous\td\n\t\tclass\n"


def _npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


NUMBERS = np.array([(a, b, kind == "red") for a, b, kind in ROWS])
SAME: dict[str, Callable[[], bytes]] = {
    "a.data": lambda: TEXT.encode(),
    "a.csv.gz": lambda: gzip.compress(TEXT.encode()),
    "a.zip": lambda: zipped({"inside/a.csv": TEXT, "__MACOSX/._a.csv": "x"}),
    "a.xlsx": lambda: xlsx({"Sheet 1": CELLS}),
    "second.xlsx": lambda: xlsx({"Notes": [["made in May"]], "Data": CELLS}),
    "title.xlsx": lambda: xlsx({"Data": [["Report of May"], [], *CELLS]}),
    "a.ods": lambda: ods(CELLS),
    "zipped.zip": lambda: zipped({"a.xlsx": xlsx({"Data": CELLS})}),
    "a.arff": lambda: (ARFF + TEXT.split("\n", 1)[1]).encode(),
    "comment.arff": lambda: ("% by hand\n" + ARFF + "% rows\n" + TEXT.split("\n", 1)[1]).encode(),
    "quoted.arff": lambda: (ARFF + "".join(f"{a}, {b}, '{k}'\n" for a, b, k in ROWS)).encode(),
    "a.tab": lambda: (ORANGE + TEXT.split("\n", 1)[1].replace(",", "\t")).encode(),
    "flags.tab": lambda: (
        TEXT.replace(",", "\t").replace("a\tb\tkind", "C#a\tC#b\tcD#kind").encode()
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_all_files_hold_the_same_table(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    place.write_bytes(SAME[name]())
    text = read_table_text(place)
    assert text.names == ("a", "b", "kind")
    assert [text.numbers(key).tolist() for key in "ab"] == [
        [r[0] for r in ROWS],
        [r[1] for r in ROWS],
    ]
    assert text.column("kind") == tuple(kind for *_, kind in ROWS)
    assert first_rows(place).columns == text.columns
    dataset = prepare(open_any(place))
    assert (dataset.class_names, len(dataset.points)) == (("blue", "red"), len(ROWS))


@pytest.mark.parametrize("name", ["a.npy", "fortran.npy", "fields.npy", "points.npz", "hot.npz"])
def test_arrays_are_tables(tmp_path: Path, name: str) -> None:
    fields = np.array([tuple(row) for row in NUMBERS], [("x1", "f8"), ("x2", "f8"), ("y", "i4")])
    x, y = NUMBERS[:, :2], NUMBERS[:, 2].astype(int)
    content = {
        "a.npy": lambda: _npy(NUMBERS),
        "fortran.npy": lambda: _npy(np.asfortranarray(NUMBERS)),
        "fields.npy": lambda: _npy(fields),
        "points.npz": lambda: zipped({"places.npy": _npy(x), "y.npy": _npy(y)}),
        "hot.npz": lambda: zipped({"X.npy": _npy(x), "y.npy": _npy(np.eye(2)[y])}),
    }[name]()
    place = tmp_path / f"{name}.bin"
    place.write_bytes(content)
    text = read_table_text(place)
    assert text.names == ("x1", "x2", "y")
    np.testing.assert_array_equal(np.stack([text.numbers(n) for n in text.names], 1), NUMBERS)


def test_the_sheet_is_a_choice_that_is_kept(tmp_path: Path) -> None:
    other = [[*row[:2], f"{row[2]}ish"] for row in CELLS]
    place = tmp_path / "two.xlsx"
    place.write_bytes(xlsx({"First": CELLS, "Second": other}))
    text = read_table_text(place, WantedForm(part="Second"))
    assert (text.met.part, text.met.parts) == ("Second", ("First", "Second"))
    data = data_of(text, automatic_choice(facts_of(text)))
    assert isinstance(data, CsvData)
    assert data.sheet == "Second"
    project = tmp_path / "two.playground.json"
    save(Experiment(data=data), project)
    assert '"playground/2"' in project.read_text("utf-8")
    assert prepare(load(project)).class_names == ("blueish", "redish")
    with pytest.raises(FileError, match=r"two\.xlsx has no sheet 'Secund'\. Did you mean 'Second'"):
        read_table_text(place, WantedForm(part="Secund"))


def test_a_file_in_an_archive_is_a_choice(tmp_path: Path) -> None:
    place = tmp_path / "two.zip"
    place.write_bytes(zipped({"a.csv": TEXT, "deep/b.tsv": "u\tv\n1\t2\n3\t4\n"}))
    assert read_table_text(place).met.parts == ("a.csv", "deep/b.tsv")
    assert read_table_text(place, WantedForm(part="deep/b.tsv")).names == ("u", "v")


def test_lines_of_a_workbook_are_rows_of_its_sheet(tmp_path: Path) -> None:
    place = tmp_path / "rows.xlsx"
    cells = [[], ["Report"], [], *CELLS[:3], ["one\ntwo", 3.0, "red"], *CELLS[3:]]
    place.write_bytes(xlsx({"Data": cells}))
    text = read_table_text(place)
    assert [(left.line, left.text) for left in text.met.left_out] == [(2, "Report")]
    assert {word: text.line_of(row) for word, row in text.judged("a").odd.items()} == {"one two": 7}


def test_a_file_of_orange_says_what_its_columns_are_for(tmp_path: Path) -> None:
    place = tmp_path / "roles.tab"
    rows = "".join(f"{n % 3}\tword{n}\t{n}.5\t{'xy'[n % 2]}\n" for n in range(12))
    place.write_text(
        f"code\tname\tkind\ttail\ndiscrete\tstring\tcontinuous\td\n\tmeta\tclass\t\n{rows}"
    )
    text = read_table_text(place)
    columns = automatic_choice(facts_of(text)).columns
    assert (columns.inputs, columns.answer) == (("code", "tail"), "kind")
    assert columns.regression
    assert text.judged("code").kind == "text"  # labels, though they look like numbers


def test_labels_that_weka_declares_are_no_numbers(tmp_path: Path) -> None:
    place = tmp_path / "codes.arff"
    rows = "".join(f"{n % 3},{n % 2}\n" for n in range(12))
    place.write_text(f"@relation r\n@attribute zone {{0,1,2}}\n@attribute c {{0,1}}\n@data\n{rows}")
    dataset = prepare(open_any(place))
    assert dataset.input_names == ("zone: 0", "zone: 1", "zone: 2")


BROKEN = {
    "cut.xlsx": (
        lambda: xlsx({"Data": CELLS})[:-200],
        "is a workbook or an archive that is damaged",
    ),
    "fake.xls": (
        lambda: b"\xd0\xcf\x11\xe0" + bytes(600),
        "is a workbook or an archive that is damaged",
    ),
    "cut.csv.gz": (lambda: gzip.compress(TEXT.encode())[:-9], "is a workbook or an archive that"),
    "empty.xlsx": (lambda: xlsx({"A": [], "B": [["x"]]}), "has no sheet with two columns"),
    "pictures.zip": (lambda: zipped({"a.png": b"x"}), "is an archive without a table"),
    "headless.arff": (lambda: ARFF[:-6].encode(), "without @data"),
    "cube.npy": (lambda: _npy(np.zeros((2, 3, 4))), r"array of shape \(2, 3, 4\)"),
    "huge.npy": (
        lambda: _npy(NUMBERS).replace(b"(16, 3)", b"(16000000000000, 3)"[:7]),
        "is no array|needs at least|shape",
    ),
    "objects.npy": (lambda: _objects(), "Python objects"),
    "alone.npz": (lambda: zipped({"a.npy": _npy(NUMBERS)}), r"it has a \(16, 3\)"),
}


def _objects() -> bytes:
    file = io.BytesIO()
    np.save(file, np.array([["a", 1]], object), allow_pickle=True)
    return file.getvalue()


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, name: str) -> None:
    make, words = BROKEN[name]
    place = tmp_path / f"{name}.bin"
    place.write_bytes(make())
    with pytest.raises(FileError, match=words) as caught:
        read_table_text(place)
    assert str(caught.value).startswith(name)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("pack", [gzip.compress, lambda text: zipped({"a.csv": text})])
def test_a_bomb_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(source, "MOST_UNPACKED", 3_000_000)
    place = tmp_path / "bomb.bin"
    place.write_bytes(pack(b"1,2,3\n" * 1_000_000))
    assert place.stat().st_size < 100_000
    with pytest.raises(FileError, match="more than 3 MB once it is unpacked"):
        read_table_text(place)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.xlsx"])
def test_unpacking_ends_when_the_person_gives_up(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    place.write_bytes(SAME[name]())

    def give_up(fraction: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_table_text(place, progress=give_up)


def test_csv_of_the_standard_library_reads_what_a_sheet_becomes(tmp_path: Path) -> None:
    place = tmp_path / "quotes.xlsx"
    place.write_bytes(xlsx({"Data": [["a", "kind"], [1.0, 'say "red", or'], [2.0, "x;y"]]}))
    text = read_table_text(place)
    assert text.column("kind") == ('say "red", or', "x;y")
    assert next(csv.reader(['1,"say ""red"", or"']))[1] == text.column("kind")[0]


@pytest.mark.parametrize(
    ("name", "content", "way_out"),
    [
        ("cut.xlsx", b"PK\x03\x04" + bytes(200), "fetch or save it again"),
        ("cut.csv.gz", gzip.compress(b"a,b\n1,2\n" * 900)[:40], "fetch or save it again"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(90), "open it in the window as .png or .jpg"),
        ("paper.csv", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "copy the table out of it"),
    ],
)
def test_what_only_looks_like_a_table_says_what_it_is(
    tmp_path: Path, name: str, content: bytes, way_out: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=f"^{name} is a .*{way_out}"):
        read_table_text(tmp_path / name)
