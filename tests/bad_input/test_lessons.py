"""Bad input to what a lesson calls besides its experiments: data, claims, exercises, quizzes."""

import numpy as np
import pandas as pd
import pytest
from bad_input import Call, Made, refusals_and_works
from bad_values import FLAG, FRAME, MODEL, NAN, X, choice

from course_utils import (
    check,
    claim,
    hint,
    load_bmi,
    load_wine_quality,
    my_progress,
    quiz,
    solution,
)
from course_utils.datasets.__main__ import download_wine_quality

SOURCES = choice("'auto'", "'real'", "'bundled'")
NUMBERED = {
    "None": (None, "in quotes"),
    "number": (2.1, "in quotes"),
    "list": (["02.1"], "in quotes"),
    "unknown": ("99.9", "Close"),
    "empty": ("", "Close"),
}
TABLE = [
    Call(
        load_bmi,
        {"source": "bundled", "verbose": False},
        {
            "source": SOURCES | {"a path": ("data/bmi.csv", "'bundled'")},
            "verbose": FLAG,
        },
    ),
    Call(
        load_bmi,
        {"verbose": False},
        {
            "path": {
                "number": (5, "CSV file"),
                "bool": (True, "CSV file"),
                "a frame": (FRAME, "CSV file"),
                "list": (["bmi.csv"], "CSV file"),
            }
        },
        name="load_bmi of a file",
    ),
    Call(
        load_wine_quality,
        {"source": "bundled", "verbose": False},
        {"source": SOURCES, "drop_missing": FLAG, "drop_duplicates": FLAG, "verbose": FLAG},
    ),
    Call(
        download_wine_quality,
        {},
        {
            "timeout": {
                "zero": (0, "above 0"),
                "negative": (-1, "above 0"),
                "nan": (NAN, "above 0"),
                "text": ("30", "number"),
                "None": (None, "number"),
            }
        },
    ),
    Call(
        claim,
        {"sentence": "It falls.", "holds": True},
        {
            "sentence": {
                "None": (None, "sentence"),
                "empty": (" ", "sentence"),
                "number": (5, "sentence"),
                "swapped": (True, "sentence"),
            },
            "holds": {
                "None": (None, "bool"),
                "text": ("yes", "bool"),
                "number": (0.9, "bool"),
                "numbers": ([0.9, 0.8], "True or False"),
                "empty": ([], "empty"),
                "dict": ({0: True}, "bool"),
                "nan in it": ([True, NAN], "True or False"),
                "table": (X > 0, "True or False"),
                "a frame": (FRAME > 0, "True or False"),
            },
            "evidence": {"number": (0.9, "text"), "list": (["0.9"], "text")},
            "at_least": {"without seeds": (2, "one bool for each of them")},
            "of": {
                "None": (None, "what is counted"),
                "empty": (" ", "what is counted"),
                "number": (2, "what is counted"),
            },
        },
        {
            "holds": {
                "NumPy": (np.True_, True),
                "array": (np.array([True, True]), [True, True]),
                "Series": (pd.Series([True, True]), [True, True]),
                "generator": (Made(lambda: (v > 0 for v in (1, 2))), [True, True]),
            }
        },
    ),
    Call(
        claim,
        {"sentence": "It falls.", "holds": [True, True]},
        {
            "at_least": {
                "zero": (0, "between 1 and 2"),
                "too many": (3, "between 1 and 2"),
                "fraction": (1.5, "whole number"),
                "share": (0.9, "whole number"),
                "text": ("2", "whole number"),
                "bool": (True, "whole number"),
            }
        },
        name="claim for each seed",
    ),
    Call(
        check,
        {"exercise_id": "00.3", "answer": 2.4},
        {
            "exercise_id": NUMBERED,
            "context": {"not asked for": (5, 'check("00.3", answer)')},
        },
    ),
    *(
        Call(function, {"exercise_id": "00.3"}, {"exercise_id": NUMBERED})
        for function in (hint, solution)
    ),
    Call(
        my_progress,
        {},
        {
            "hand_in": {
                "number": (5, "name of a file"),
                "empty": (" ", "name of a file"),
                "bool": (True, "name of a file"),
                "no such folder": ("nowhere/maria.jsonl", "no folder nowhere"),
                "a folder": ("data", "no record"),
                "another file": ("data/bmi.csv", "no record"),
                "where none is kept": ("maria.jsonl", "COURSE_RECORD"),
            },
            "reset": FLAG,
        },
    ),
    Call(
        quiz,
        {"lesson": "01"},
        {
            "lesson": {
                "None": (None, "'00'"),
                "number": (1, "'00'"),
                "one digit": ("1", "'00'"),
                "unknown": ("99", "'00'"),
                "list": (["01"], "'00'"),
                "a model": (MODEL, "'00'"),
            }
        },
    ),
]

test_is_refused_in_words, test_works = refusals_and_works(TABLE)


@pytest.mark.parametrize(
    "answer", [None, "2.4", NAN, X, FRAME, MODEL, len, [], {}, True, 1j, lambda: 1 / 0]
)
def test_no_answer_of_an_exercise_is_an_error(answer, capsys):
    check("00.3", answer)
    assert "Exercise 00.3: not" in capsys.readouterr().out
