"""`playground train`: every option, every bad input, and the figures and files that come out."""

from __future__ import annotations

import csv
import json
import signal
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import Result
from PIL import Image
from safetensors.torch import load_file
from torch import nn

import playground
from playground.cli import progress
from playground.core import palette
from playground.core.data.dataset import prepare
from playground.engines.contract.run_control import Snapshot

KEYS = {
    "engine", "reason", "device", "threads", "seed",
    "epochs", "steps", "seconds", "steps_per_second",
    "train_loss", "test_loss", "train_accuracy", "test_accuracy", "curve",
}  # fmt: skip
FILES = {"weights.safetensors", "curve.csv", "boundary.png", "experiment.playground.json"}
PLANE = {"kind": "generated", "generator": "plane", "samples": 40}

Call = Callable[..., Result]
Project = Callable[..., Path]
Figures = Callable[..., dict[str, Any]]


@pytest.fixture
def figures(call: Call, project: Project) -> Figures:
    """What --json prints with these options, of `file` or of a project with these parts."""

    def run(*options: object, file: Path | None = None, **parts: Any) -> dict[str, Any]:
        result = call("train", file or project(**parts), "--json", *options)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return run


def error_of(result: Result) -> str:
    """The sentence of a call that failed with exit code 1, which is all that it wrote."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    return line.removeprefix("Error: ")


def usage_error_of(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr.splitlines()[-1]


def epochs_of(found: dict[str, Any]) -> list[int]:
    return [row["epoch"] for row in found["curve"]]


# The figures.


def test_json_has_exactly_the_promised_keys(figures: Figures) -> None:
    found = figures()
    assert set(found) == KEYS
    assert all(set(row) == {"epoch", "train_loss", "test_loss"} for row in found["curve"])
    assert (found["engine"], found["device"], found["threads"]) == ("torch", "cpu", 1)
    assert found["seed"] == 42
    assert (found["epochs"], found["steps"]) == (4, 8)  # 20 training points in batches of 10
    assert found["curve"][-1] == {
        "epoch": 4, "train_loss": found["train_loss"], "test_loss": found["test_loss"]
    }  # fmt: skip


def test_regression_has_no_accuracies(figures: Figures) -> None:
    assert set(figures(data=PLANE)) == KEYS - {"train_accuracy", "test_accuracy"} | {"r2"}


def test_numbers_have_an_r2_and_classes_have_none(
    figures: Figures, call: Call, tmp_path: Path
) -> None:
    """1 - SS_res / SS_tot, where the loss is the mean of squares in the units of the table."""
    table = tmp_path / "flats.csv"
    area = np.arange(30, 90)
    price = 2500.5 * area + 20_000
    rows = "".join(f"{a},{p}\n" for a, p in zip(area, price, strict=True))
    table.write_text(f"area,price\n{rows}")
    found = figures("--epochs", 20, file=table)
    held_out = prepare(playground.load(figures_out(call, table, tmp_path))).points.held_out
    variance = float(np.var(price[held_out]))
    assert found["r2"] == pytest.approx(1 - found["test_loss"] / variance, rel=1e-5)
    assert "r2" not in figures(data={"kind": "generated", "samples": 20})
    summary = call("train", table, "--epochs", "20", "--quiet").stdout
    assert f"R² {found['r2']:.4g}" in summary
    assert "losses are in the units of the data" in summary


def figures_out(call: Call, table: Path, folder: Path) -> Path:
    """The project file that a training of the table writes."""
    assert call("train", table, "--epochs", "1", "--out", folder, "--quiet").exit_code == 0
    return folder / "experiment.playground.json"


@pytest.mark.parametrize("count", [26, 100])
def test_many_classes_are_trained_and_pictured(call: Call, tmp_path: Path, count: int) -> None:
    names = [f"word {number:02d}" for number in range(count)]
    rows = [f"{n % 10}.{n % 3},{n // 10 % 10}.{n % 7},{names[n % count]}" for n in range(3 * count)]
    table, out = tmp_path / "words.csv", tmp_path / "out"
    table.write_text("\n".join(["width,height,word", *rows]))
    result = call("train", table, "--epochs", 2, "--engine", "numpy", "--json", "--out", out)
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["data"]["classes"] == names
    with Image.open(out / "boundary.png") as picture:
        colors = {color for _, color in picture.convert("RGB").getcolors(360_000) or ()}
    assert {tuple(map(int, color)) for color in palette.CLASS_COLORS} <= colors


def test_what_a_table_is_trained_with_at_first_is_said(call: Call, tmp_path: Path) -> None:
    table = tmp_path / "flats.csv"
    table.write_text("area,price\n" + "".join(f"{n},{2 * n}.5\n" for n in range(30, 60)))
    options = ("--epochs", 1, "--engine", "numpy")
    said = call("train", table, *options).stdout
    assert "inputs and numbers scaled; Adam at 0.01, batches of 16, xavier weights" in said
    found = json.loads(call("train", table, *options, "--json").stdout)["training"]
    assert found == {
        "optimizer": "adam",
        "learning_rate": 0.01,
        "batch_size": 16,
        "initializer": "xavier",
    }
    other = ("--set", "training.optimizer.kind=sgd", "--set", "training.batch_size=full")
    assert "SGD at 0.01, full batches, xavier" in call("train", table, *options, *other).stdout


def test_without_test_points_there_are_no_test_figures(figures: Figures) -> None:
    found = figures("--set", "data.test_ratio=0")
    assert set(found) == KEYS - {"test_loss", "test_accuracy"}
    assert all(set(row) == {"epoch", "train_loss"} for row in found["curve"])


def test_one_is_no_plural(call: Call, project: Project) -> None:
    result = call("train", project(), "--epochs", "1", "--set", 'training.batch_size="full"')
    assert result.stdout.startswith("Small circle: 1 epoch, 1 step in ")


def test_the_summary_is_on_stdout_and_the_progress_on_stderr(call: Call, project: Project) -> None:
    result = call("train", project())
    assert result.stdout.startswith("Small circle: 4 epochs, 8 steps in ")
    assert "\nEngine    PyTorch on cpu (1 thread), seed 42." in result.stdout
    assert "\nTest      loss 0." in result.stdout
    assert "accuracy" in result.stdout
    assert result.stderr.startswith("Epoch 0 of 4: loss 0.")


# Options.


def test_epochs_replaces_the_number_in_the_file(figures: Figures) -> None:
    assert figures("--epochs", 3)["epochs"] == 3


def test_no_epochs_evaluates_the_start(figures: Figures) -> None:
    found = figures("--epochs", 0)
    assert (found["epochs"], found["steps"], epochs_of(found)) == (0, 0, [0])


def test_a_file_without_epochs_needs_the_option(call: Call, project: Project) -> None:
    path = project(training={"epochs": None})
    assert "training.epochs" in error_of(call("train", path))
    assert call("train", path, "--epochs", 1).exit_code == 0


def test_engine_and_device_are_taken(figures: Figures) -> None:
    found = figures("--engine", "torch", "--device", "cpu", training={"engine": "auto"})
    assert (found["engine"], found["device"]) == ("torch", "cpu")
    assert found["reason"].endswith(".")


def test_the_same_seed_gives_the_same_curve_and_another_one_another(figures: Figures) -> None:
    first, again, other = (figures("--seed", seed) for seed in (3, 3, 4))
    assert first["curve"] == again["curve"] != other["curve"]
    assert (first["seed"], other["seed"]) == (3, 4)


def test_set_changes_any_setting_and_options_come_last(figures: Figures, tmp_path: Path) -> None:
    figures(
        "--set", "training.optimizer.kind=sgd",
        "--set", "training.optimizer.learning_rate=0.5",
        "--set", 'model.layers=[{"kind": "linear", "units": 3}]',
        "--set", "model.layers.0.activation=relu",
        "--set", "title=a=b",
        "--set", "training.seed=5",
        "--seed", 6,
        "--out", tmp_path / "out",
    )  # fmt: skip
    written = playground.load(tmp_path / "out" / "experiment.playground.json")
    assert written.training.optimizer.kind == "sgd"
    assert written.training.optimizer.learning_rate == 0.5
    assert [(layer.units, layer.activation) for layer in written.model.layers] == [(3, "relu")]
    assert (written.title, written.training.seed) == ("a=b", 6)


@pytest.mark.parametrize(
    ("epochs", "every", "expected"),
    [(5, 2, [0, 2, 4, 5]), (4, 2, [0, 2, 4]), (3, 9, [0, 3]), (3, 1, [0, 1, 2, 3])],
)
def test_eval_every_spaces_the_curve(
    figures: Figures, epochs: int, every: int, expected: list[int]
) -> None:
    assert epochs_of(figures("--epochs", epochs, "--eval-every", every)) == expected


def test_eval_every_holds_for_a_schedule_that_looks_after_every_epoch(figures: Figures) -> None:
    found = figures("--set", "training.schedule.kind=plateau", "--epochs", 5, "--eval-every", 2)
    assert epochs_of(found) == [0, 2, 4, 5]


def test_left_out_the_curve_has_about_a_hundred_points(figures: Figures) -> None:
    found = epochs_of(figures("--epochs", 150))
    assert 50 <= len(found) <= 102
    assert (found[0], found[-1]) == (0, 150)


def test_progress_is_a_few_plain_lines_where_there_is_no_terminal(
    call: Call, project: Project
) -> None:
    lines = call("train", project(), "--epochs", 60).stderr.splitlines()
    assert lines[0].startswith("Epoch 0 of 60")
    assert lines[-1].startswith("Epoch 60 of 60")
    assert len(lines) <= 20


def test_quiet_leaves_stderr_empty(call: Call, project: Project, tmp_path: Path) -> None:
    result = call("train", project(), "--quiet", "--out", tmp_path / "out")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout


# What --out writes.


def test_out_names_the_files_that_it_writes(call: Call, project: Project, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    result = call("train", project(), "--out", out)
    assert {path.name for path in out.iterdir()} == FILES
    assert {line for line in result.stderr.splitlines() if line.startswith("Wrote")} == {
        f"Wrote {out / name}" for name in FILES
    }


def test_the_weights_are_those_of_a_plain_torch_network(figures: Figures, tmp_path: Path) -> None:
    found = figures("--out", tmp_path)
    experiment = playground.load(tmp_path / "experiment.playground.json")
    network = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2), nn.Tanh(), nn.Linear(2, 2))
    network.load_state_dict(load_file(tmp_path / "weights.safetensors"))
    dataset = prepare(experiment)
    with torch.inference_mode():
        outputs = network(torch.tensor(dataset.test.inputs))
        loss = nn.functional.cross_entropy(outputs, torch.tensor(dataset.test.targets))
    assert loss.item() == pytest.approx(found["test_loss"], rel=1e-6)
    held_out = dataset.points.x[dataset.points.held_out]
    np.testing.assert_allclose(
        playground.train(experiment).predict(held_out), outputs.softmax(dim=1), rtol=1e-5
    )


def test_the_curve_has_the_rows_of_the_json(figures: Figures, tmp_path: Path) -> None:
    found = figures("--out", tmp_path)
    with (tmp_path / "curve.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = "epoch,train_loss,test_loss,train_accuracy,test_accuracy,learning_rate"
    assert ",".join(rows[0]) == columns
    assert [
        {
            "epoch": int(row["epoch"]),
            **{key: float(row[key]) for key in ("train_loss", "test_loss")},
        }
        for row in rows
    ] == found["curve"]


def test_the_picture_has_the_colors_of_both_classes(figures: Figures, tmp_path: Path) -> None:
    figures("--out", tmp_path)
    with Image.open(tmp_path / "boundary.png") as picture:
        assert (picture.size, picture.mode) == ((600, 600), "RGB")
        colors = {color for _, color in picture.getcolors(600 * 600)}
    assert {tuple(color) for color in palette.CLASS_COLORS[:2].tolist()} <= colors
    assert tuple(palette.CLASS_COLORS[2].tolist()) not in colors


def test_the_picture_puts_the_higher_class_on_the_right(figures: Figures, tmp_path: Path) -> None:
    x = [[side * 3 + 0.1 * i, 0.1 * i] for side in (-1, 1) for i in range(10)]
    data = {"kind": "points", "x": x, "label": [0] * 10 + [1] * 10}
    figures("--epochs", 60, "--out", tmp_path, data=data)
    with Image.open(tmp_path / "boundary.png") as picture:
        left, right = (np.array(picture.getpixel((x, 300)), int) for x in (20, 580))
    assert left[2] > left[0] + 40
    assert right[0] > right[2] + 40


def test_the_picture_has_x2_upwards(figures: Figures, tmp_path: Path) -> None:
    x = [[0.1 * i, side * 3 + 0.1 * i] for side in (-1, 1) for i in range(10)]
    data = {"kind": "points", "x": x, "label": [0] * 10 + [1] * 10}
    figures("--epochs", 60, "--out", tmp_path, data=data)
    with Image.open(tmp_path / "boundary.png") as picture:
        top, bottom = (np.array(picture.getpixel((300, row)), int) for row in (20, 580))
    assert top[0] > top[2] + 40
    assert bottom[2] > bottom[0] + 40


def test_one_input_is_drawn_as_a_curve(figures: Figures, tmp_path: Path) -> None:
    figures("--out", tmp_path, data={"kind": "generated", "generator": "sine", "samples": 30})
    with Image.open(tmp_path / "boundary.png") as picture:
        colors = {color for _, color in picture.getcolors(600 * 600)}
    assert tuple(palette.CLASS_COLORS[8].tolist()) in colors


@pytest.mark.parametrize("data", [PLANE, {"kind": "points", "x": [[1], [2]], "label": [0, 1]}])
def test_other_data_with_one_or_two_inputs_are_drawn_too(
    figures: Figures, tmp_path: Path, data: dict[str, Any]
) -> None:
    figures("--out", tmp_path, data=data)
    with Image.open(tmp_path / "boundary.png") as picture:
        assert len(picture.getcolors(600 * 600)) > 10


def test_more_inputs_have_no_picture(figures: Figures, tmp_path: Path) -> None:
    figures("--out", tmp_path / "out", data={"kind": "iris"})
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES - {"boundary.png"}


def test_an_old_result_is_replaced(figures: Figures, tmp_path: Path) -> None:
    (tmp_path / "curve.csv").write_text("old")
    figures("--out", tmp_path)
    assert (tmp_path / "curve.csv").read_text().startswith("epoch,")


# CSV files.


@pytest.mark.parametrize(
    ("answers", "is_regression"),
    [(["no", "yes"] * 6, False), ([0, 1] * 6, False), ([0.5, 1.5] * 6, True), (range(12), True)],
)
def test_the_last_column_of_a_table_decides_the_problem(
    figures: Figures, tmp_path: Path, answers: Any, is_regression: bool
) -> None:
    table = tmp_path / "points.csv"
    rows = [f"{i},{-i},{answer}" for i, answer in enumerate(answers)]
    table.write_text("\n".join(["width,height,kind", *rows]))
    found = figures("--epochs", 2, "--engine", "torch", file=table)
    assert ("train_accuracy" not in found) == is_regression


def test_a_table_needs_epochs(call: Call, tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("a,b\n1,x\n2,y\n")
    assert "--epochs" in error_of(call("train", table))


# Bad input.


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("training.optimizer.learning_rte=0.1", "training.optimizer.learning_rte"),
        ("training.nothing.here=1", "training.nothing.here"),
        ("model.layers.7.units=3", "model.layers.7.units"),
        ("training.optimizer.learning_rate=40", "training.optimizer.learning_rate: 40 is above 10"),
        ("training.optimizer.kind=adamm", "Did you mean 'adam'?"),
        ("training.batch_size=many", "training.batch_size"),
        ("data.noise=NaN", "data.noise"),
        ("model.output.activation=tanh", "choose 'mse'"),
    ],
)
def test_a_wrong_setting_names_itself(
    call: Call, project: Project, setting: str, named: str
) -> None:
    assert named in error_of(call("train", project(), "--set", setting))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--device", "gpu"], "'gpu'"),
        (["--device", "cuda:99"], "'cuda:99'"),
        (["--seed", -1], "training.seed: -1"),
        (["--epochs", -1], "training.epochs: -1"),
    ],
)
def test_a_value_that_does_not_fit_is_one_sentence(
    call: Call, project: Project, options: list[object], named: str
) -> None:
    assert named in error_of(call("train", project(), *options))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--set", "training.seed"], "'training.seed'"),
        (["--set", "=3"], "'=3'"),
        (["--engine", "steam"], "'steam'"),
        (["--epochs", "many"], "'many'"),
        (["--eval-every", 0], "0"),
        (["--colour"], "--colour"),
    ],
)
def test_wrong_usage_exits_with_2(
    call: Call, project: Project, options: list[object], named: str
) -> None:
    assert named in usage_error_of(call("train", project(), *options))


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"dta": {}}', '{"format": "other/9"}'])
def test_a_broken_project_names_its_file(call: Call, tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.playground.json"
    path.write_text(content)
    error_of(call("train", path))


def test_a_missing_file_is_named(call: Call, tmp_path: Path) -> None:
    for name in ("no.playground.json", "no.csv"):
        assert name in error_of(call("train", tmp_path / name, "--epochs", 1))


def test_a_folder_that_cannot_be_made_stops_before_training(
    call: Call, project: Project, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    assert "--out" in error_of(call("train", project(), "--out", tmp_path / "file" / "out"))
    assert "is a file" in usage_error_of(call("train", project(), "--out", tmp_path / "file"))


# Runs that do not reach their end.


def test_divergence_keeps_the_last_good_weights(
    call: Call, project: Project, tmp_path: Path
) -> None:
    path = project(
        data=PLANE,
        model={"layers": [{"kind": "linear", "units": 4, "activation": "relu"}]},
        training={"loss": "sse", "optimizer": {"kind": "sgd", "learning_rate": 10}, "epochs": 50},
    )
    result = call("train", path, "--json", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "The loss stopped being a finite number" in result.stderr.splitlines()[-1]
    found = json.loads(result.stdout)
    assert found["epochs"] < 50
    weights = load_file(tmp_path / "out" / "weights.safetensors")
    assert all(bool(tensor.isfinite().all()) for tensor in weights.values())


@pytest.fixture
def press_at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Press Ctrl+C when the run shows these epochs."""

    def prepare_presses(*epochs: int) -> None:
        waiting = list(epochs)

        def watch(snapshot: Snapshot) -> None:
            while waiting and waiting[0] == snapshot.epoch:
                waiting.pop(0)
                signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(progress, "shown", lambda total, quiet: nullcontext(watch))

    return prepare_presses


def test_ctrl_c_ends_the_run_and_writes_what_there_is(
    call: Call, project: Project, tmp_path: Path, press_at: Callable[..., None]
) -> None:
    press_at(2)
    result = call("train", project(), "--json", "--epochs", 50, "--out", tmp_path / "out")
    assert result.exit_code == 130
    assert json.loads(result.stdout)["epochs"] == 2
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    assert result.stderr.endswith("Interrupted.\n")


def test_ctrl_c_is_given_back_after_a_run(call: Call, project: Project) -> None:
    handler = signal.getsignal(signal.SIGINT)
    call("train", project())
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_second_ctrl_c_ends_the_program(
    call: Call, project: Project, tmp_path: Path, press_at: Callable[..., None]
) -> None:
    press_at(2, 2)
    result = call("train", project(), "--json", "--epochs", 50, "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (130, "")
    assert list((tmp_path / "out").iterdir()) == []


def test_ctrl_c_behind_the_last_epoch_is_no_interruption(
    call: Call, project: Project, press_at: Callable[..., None]
) -> None:
    press_at(4)
    assert call("train", project()).exit_code == 0
