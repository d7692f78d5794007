"""What `playground open` says on stderr: what was read of the file that was named, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from pytestqt.qtbot import QtBot

from playground import cli
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.ui.app import Teller
from playground.ui.session.session import Session

WAIT = 60_000


@pytest.mark.parametrize("as_project", [True, False])
def test_what_was_read_of_a_file_is_told_once(
    qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str], as_project: bool
) -> None:
    tables = []
    for name in ("other", "own"):
        rows = "".join(f"{n}.5,{'ab'[n % 2]}\n" for n in range(40))
        tables.append(tmp_path / f"{name}.csv")
        tables[-1].write_text(f"size,{name}\n{rows}7,\n")
    other, file = tables
    experiment = files.from_csv(file)
    if as_project:
        file = tmp_path / "own.playground.json"
        files.save(experiment, file)
    session = Session()
    Teller(session, file, cli._tell)

    def shown(one: Experiment, path: Path | None = None) -> str:
        session.replace(one, path)
        session.start()
        qtbot.waitUntil(
            lambda: session.dataset is not None and session.dataset.data == one.data, timeout=WAIT
        )
        return capsys.readouterr().err

    try:
        assert shown(Experiment()) == ""
        assert shown(files.from_csv(other)) == ""
        said = shown(experiment, file if as_project else None)
        done = CliRunner().invoke(cli.commands, ["train", str(file), "--epochs", "1", "--quiet"])
        lines = said.splitlines()
        assert lines[0] == "Data      own (a, b) from size; 40 of 41 rows"
        assert "\n".join(lines) in done.stdout
        assert shown(files.from_csv(other)) == ""
        assert shown(experiment, file if as_project else None) == ""
    finally:
        session.close()
