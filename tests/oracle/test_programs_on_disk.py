"""A process finds the programs of the one before it, and trains without them all the same."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import sys
from pathlib import Path
from course_utils.training import disk_cache
from course_utils.training.keras_setup import keras, tf
from course_utils import sweep

for _ in range(int(sys.argv[1])):
    tf.constant(1)  # moves TensorFlow's count of tensors and functions
folder = disk_cache._process_folder
for program in folder.iterdir():
    match sys.argv[2]:
        case "cut off":
            program.write_bytes(program.read_bytes()[:1000])
        case "another program":
            program.write_bytes(b"")
before = len(list(folder.iterdir()))

def build_model():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    return model

x = [[0.0], [1.0], [2.0]]
runs = sweep(build_model, [0.1, 0.01], x, [1.0, 2.0, 3.0], epochs=3, seeds=[0], progress=False)
print(before, len(list(folder.iterdir())), runs["loss"].tolist())
"""


@pytest.fixture
def in_a_new_process(tmp_path):
    def run(n_tensors, damage="none"):
        result = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(n_tensors), damage],
            env={**os.environ, "COURSE_PROGRAM_CACHE": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        before, after, losses = result.stdout.strip().split(" ", maxsplit=2)
        return int(before), int(after), losses

    return run


def test_the_next_process_compiles_nothing(in_a_new_process):
    before, after, losses = in_a_new_process(0)
    assert (before, after) == (0, 1)
    assert in_a_new_process(7) == (1, 1, losses)


@pytest.mark.parametrize("damage", ["cut off", "another program"])
def test_a_program_that_cannot_be_loaded_is_compiled_again(in_a_new_process, damage):
    _, _, losses = in_a_new_process(0)
    assert in_a_new_process(1, damage) == (1, 1, losses)
    assert in_a_new_process(2)[2] == losses
