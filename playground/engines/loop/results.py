"""What a run without a window leaves in a folder: weights, curve, picture and experiment.

Each file is written whole or not at all. Uses numpy and Pillow; runs on any thread.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playground.core.experiment import files
from playground.engines.loop.headless import Result, row_of
from playground.engines.loop.predictor import metadata_of
from playground.engines.many.picture import draw
from playground.engines.weights_file import SUFFIX, save_weights


def write_results(result: Result, folder: Path) -> list[Path]:
    """Write the result into `folder`, which exists, and return the files in the order of writing.

    weights.safetensors         every parameter and buffer by the name that torch's state_dict has,
                                and how the table was read and scaled, for `Predictor`
    curve.csv                   a row for every point of the curve
    boundary.png                see `picture.draw`; only where there is something to draw
    experiment.playground.json  the experiment as it was trained

    Raises FileError where one of them cannot be written.
    """
    contents = {"curve.csv": _curve(result)}
    picture = draw(result)
    if picture is not None:
        png = io.BytesIO()
        picture.save(png, "png")
        contents["boundary.png"] = png.getvalue()
    weights = folder / f"weights{SUFFIX}"
    save_weights(result.weights, weights, metadata_of(result.experiment, result.dataset))
    for name, content in contents.items():
        files.write_atomically(folder / name, content)
    experiment = folder / f"experiment{files.SUFFIX}"
    files.save(result.experiment, experiment)
    return [weights, *(folder / name for name in contents), experiment]


def _curve(result: Result) -> bytes:
    rows = [row_of(point) for point in result.curve]
    text = io.StringIO(newline="")
    columns = dict.fromkeys(name for row in rows for name in row)
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()
