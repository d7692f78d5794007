"""Links: an experiment as one line of text, and back; and what is no link."""

from __future__ import annotations

import base64
import json
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.data import CsvData
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.errors import DataError, PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.sharing import MAX_LINK, PREFIX, from_link, is_link, to_link
from tests.strategies import experiments


def link_of(content: bytes) -> str:
    return PREFIX + base64.urlsafe_b64encode(zlib.compress(content)).decode()


@given(experiments().filter(lambda experiment: not hasattr(experiment.data, "path")))
def test_a_link_brings_the_experiment_back(experiment: Experiment) -> None:
    assert from_link(to_link(experiment)) == experiment


def test_a_link_is_short_and_safe_in_an_address() -> None:
    link = to_link(Experiment())
    assert len(link) < 120
    assert set(link) <= set("playground:" + "-_0123456789") | set(map(chr, range(65, 123)))


def test_a_default_that_depends_on_another_setting_is_kept() -> None:
    hills = Experiment.parse({"data": {"kind": "generated", "generator": "hills", "samples": 500}})
    assert from_link(to_link(hills)).data.samples == 500  # hills alone would make another number
    assert from_link(to_link(hills)).training.loss == "mse"


def test_a_mail_program_may_break_the_line() -> None:
    link = to_link(Experiment(title="Folded"))
    folded = f"  {link[:30]}\n{link[30:60]}\r\n {link[60:]} \n"
    assert is_link(folded)
    assert from_link(folded).title == "Folded"


def test_too_many_points_are_one_sentence() -> None:
    x = np.random.default_rng(0).normal(size=(5_000, 2))
    data = PointsData.of(Points.of(x, np.zeros(5_000, np.int64)))
    with pytest.raises(DataError, match="use fewer points, or send the project file"):
        to_link(Experiment(data=data))


def test_a_table_in_a_file_cannot_be_sent() -> None:
    data = CsvData(path="/home/ann/points.csv", inputs=("a",), label="b")
    with pytest.raises(DataError, match="together with the file"):
        to_link(Experiment(data=data))
    foreign = {"data": {"kind": "csv", "path": "/etc/passwd", "inputs": ["a"], "label": "b"}}
    with pytest.raises(PlaygroundError, match="on another computer"):
        from_link(link_of(json.dumps(foreign).encode()))


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("", "does not begin with"),
        ("https://example.org", "does not begin with"),
        (PREFIX, "damaged"),
        (PREFIX + "!!!", "damaged"),
        (PREFIX + "abc", "damaged"),
        (to_link(Experiment())[:-4], "damaged"),
        (link_of(b"\xff\xfe"), "damaged"),
        (link_of(b"{"), "not valid JSON"),
        (link_of(b"[" * 100_000), "nested too deeply"),
        (link_of(b"[]"), "A project is an object"),
        (link_of(b'{"format": "playground/9"}'), "format"),
        (link_of(b'{"training": {"epochs": NaN}}'), "NaN"),
        (link_of(b'{"model": {"layers": 3}}'), "model.layers"),
        (link_of(b" " * 10_000_000), "unfolds to more"),
        (PREFIX + "A" * MAX_LINK, "longer than"),
    ],
)
def test_what_is_no_link_is_one_sentence(link: str, words: str) -> None:
    with pytest.raises(PlaygroundError, match=words) as caught:
        from_link(link)
    sentence = str(caught.value)
    assert len(sentence) < 200
    assert "\n" not in sentence


@given(st.text(max_size=60) | st.binary(max_size=60).map(link_of))
def test_garbage_is_refused_and_never_an_exception_of_its_own(text: str) -> None:
    with pytest.raises(PlaygroundError):
        from_link(text)
