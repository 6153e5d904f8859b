"""What learners hand in by mistake, by the kind of the argument: label → (value, words).

The words stand in the message, beside the name of the argument.
"""

import numpy as np
import pandas as pd
from bad_input import Made
from scipy.sparse import csr_array
from sklearn.linear_model import SGDRegressor

NAN, INF = float("nan"), float("inf")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(24, 2))
Y = X @ [1.0, -2.0]
LABELS = (Y > 0).astype(int)
FRAME = pd.DataFrame(X, columns=["height", "weight"])
DAYS = pd.date_range("2024-01-01", periods=24)
MODEL = SGDRegressor(learning_rate="constant")


def with_cell(value, kind=float):
    """Return the features with one cell changed."""
    changed = X.astype(kind)
    changed[3, 1] = value
    return changed


def with_value(value, kind=float):
    """Return the targets with one value changed."""
    changed = Y.astype(kind)
    changed[3] = value
    return changed


def masked(values):
    """Return an array with one cell masked."""
    return np.ma.masked_greater_equal(values, values.max())


RATES = {
    "None": (None, "list of numbers"),
    "text": ("0.1", "list of numbers"),
    "bool": (True, "list of numbers"),
    "a model": (MODEL, "list of numbers"),
    "a function": (len, "list of numbers"),
    "empty": ([], "at least one rate"),
    "numbers as text": (["0.1", "0.01"], "not a number"),
    "a bool in it": ([0.1, True], "not a number"),
    "None in it": ([0.1, None], "not a number"),
    "nan": ([0.1, NAN], "finite number above 0"),
    "inf": ([0.1, INF], "finite number above 0"),
    "negative": ([-0.1], "finite number above 0"),
    "zero": (0, "finite number above 0"),
    "seeds": ([0, 1, 2], "finite number above 0"),
    "twice": ([0.1, 0.1], "more than once"),
    "a table": (X, "not a number"),
    "a frame": (FRAME, "not a number"),
    "a dict": ({"SGD": [0.1]}, "not a number"),
    "complex": ([0.1 + 1j], "not a number"),
}
RATES_TOO = {
    "integer": (1, [1.0]),
    "integers": ([1, 2], [1.0, 2.0]),
    "one number": (0.1, [0.1]),
    "generator": (Made(lambda: (rate for rate in (0.1, 0.01))), [0.1, 0.01]),
    "array": (np.array([0.1, 0.01]), [0.1, 0.01]),
    "float32": ([np.float32(0.5)], [0.5]),
    "Series": (pd.Series([0.1, 0.01], index=[5, 6]), [0.1, 0.01]),
}
COUNT = {
    "None": (None, "whole number"),
    "text": ("5", "whole number"),
    "fraction": (2.5, "whole number"),
    "float": (5.0, "whole number"),
    "bool": (True, "whole number"),
    "list": ([5], "whole number"),
    "nan": (NAN, "whole number"),
    "inf": (INF, "whole number"),
    "negative": (-1, "at least"),
    "a table": (X, "whole number"),
}
ZERO = {"zero": (0, "at least")}
SEEDS = {
    "text": ("0", "whole number"),
    "fraction": (0.5, "whole numbers"),
    "rates": ([0.1, 0.01], "whole number"),
    "bool": (True, "whole numbers"),
    "a bool in it": ([True], "whole number"),
    "None in it": ([None], "whole number"),
    "nan": ([NAN], "whole number"),
    "numbers as text": (["0", "1"], "whole number"),
    "negative": ([-1], "at least 0"),
    "empty": ([], "at least one"),
    "twice": ([1, 1], "twice"),
    "too large": ([2**32], "below 2**32"),
    "a function": (len, "whole numbers"),
    "a table": (X, "whole number"),
}
SEEDS_TOO = {
    "one number": (3, [3]),
    "range": (range(2), [0, 1]),
    "generator": (Made(lambda: (seed for seed in (4, 5))), [4, 5]),
    "array": (np.array([4, 5]), [4, 5]),
}
FEATURES = {
    "None": (None, "table"),
    "number": (5.0, "table"),
    "text": ("abc", "table"),
    "one column": (X[:, 0], "reshape(-1, 1)"),
    "no rows": (X[:0], "row"),
    "no columns": (X[:, :0], "column"),
    "empty": ([], "table"),
    "nan": (with_cell(NAN), "row 3"),
    "inf": (with_cell(INF), "row 3"),
    "None in it": (with_cell(None, object), "row 3"),
    "numbers as text": (X.astype(str), ".astype(float)"),
    "frame with text": (FRAME.assign(weight="heavy"), "'weight'"),
    "frame with nan": (pd.DataFrame(with_cell(NAN), columns=FRAME.columns), "'weight'"),
    "dates": (FRAME.assign(weight=DAYS), "dates"),
    "complex": (X * 1j, "complex"),
    "sparse": (csr_array(X), ".toarray()"),
    "masked": (masked(X), "masked"),
    "ragged": ([[1.0, 2.0], [1.0]], "different lengths"),
    "generator": (Made(lambda: (row for row in X)), "list or an array"),
    "dict": ({"height": X[:, 0]}, "list or an array"),
    "set": ({1.0, 2.0}, "list or an array"),
    "a model": (MODEL, "list or an array"),
    "a function": (len, "list or an array"),
}
FEATURES_TOO = {
    "frame": (FRAME, X),
    "lists": (X.tolist(), X),
    "object numbers": (X.astype(object), X),
    "integers": (np.arange(48).reshape(24, 2) % 5, np.arange(48.0).reshape(24, 2) % 5),
    "bools": (X > 0, (X > 0) * 1.0),
    "a frame with another index": (FRAME.set_index(DAYS), X),
}
TARGETS = {
    "None": (None, "one value per row"),
    "number": (5.0, "one value per row"),
    "text": ("abc", "one value per row"),
    "empty": ([], "rows"),
    "one short": (Y[1:], "same rows"),
    "nan": (with_value(NAN), "row 3"),
    "inf": (with_value(INF), "row 3"),
    "None in it": (with_value(None, object), "row 3"),
    "sparse": (csr_array(Y[:, None]), ".toarray()"),
    "masked": (masked(Y), "masked"),
    "dates": (DAYS, "dates"),
    "complex": (Y * 1j, "complex"),
    "ragged": ([[1.0, 2.0], [1.0]] * 12, "different lengths"),
    "generator": (Made(lambda: iter(Y.tolist())), "list or an array"),
    "dict": ({"y": Y}, "list or an array"),
    "a model": (MODEL, "list or an array"),
    "a function": (len, "list or an array"),
}
NUMBERS_ONLY = {
    "words": (np.where(Y > 0, "up", "down"), "numbers"),
    "numbers as text": (Y.astype(str), "numbers"),
    "features": (X, "shape (24, 2)"),
}
CLASSES = {
    "one class": (np.ones(24, dtype=int), "one class only"),
    "features": (X, "shape (24, 2)"),
}
TARGETS_TOO = {
    "one column": (Y[:, None], Y),
    "list": (Y.tolist(), Y),
    "Series with another index": (pd.Series(Y, index=DAYS), Y),
    "frame of one column": (pd.DataFrame({"y": Y}), Y),
    "object numbers": (Y.astype(object), Y),
}
VALIDATION = {
    "features alone": (X, "pair"),
    "one": ((X,), "pair"),
    "three": ((X, Y, Y), "pair"),
    "text": ("abc", "pair"),
    "number": (5, "pair"),
    "share": (0.2, "pair"),
    "bool": (True, "pair"),
    "a frame": (FRAME, "pair"),
    "generator": (Made(lambda: iter((X, Y))), "pair"),
    "swapped": ((Y, X), "validation_data[0]"),
    "other columns": ((np.hstack([X, X]), Y), "columns"),
    "unequal rows": ((X, Y[:3]), "validation_data[1]"),
    "no rows": ((X[:0], Y[:0]), "validation_data[0]"),
    "nan": ((with_cell(NAN), Y), "validation_data[0]"),
    "nan in y": ((X, with_value(NAN)), "validation_data[1]"),
    "sparse": ((csr_array(X), Y), "validation_data[0]"),
    "None in it": ((X, None), "validation_data[1]"),
}
NUMBER = {
    "None": (None, "number"),
    "text": ("0.5", "number"),
    "bool": (True, "number"),
    "list": ([0.5], "number"),
    "nan": (NAN, "finite"),
    "inf": (INF, "finite"),
    "complex": (1j, "number"),
}
ABOVE_ZERO = NUMBER | {"zero": (0, "above 0"), "negative": (-0.5, "above 0")}
FLAG = {
    "text": ("False", "True or False"),
    "None": (None, "True or False"),
    "number": (2, "True or False"),
    "list": ([True], "True or False"),
}

BOWL = {
    "None": (None, "finite"),
    "text": ("1", "finite"),
    "numbers as text": (["1", "2"], "finite"),
    "nan": ([1.0, NAN], "finite"),
    "inf": (INF, "finite"),
    "ragged": ([[1.0, 2.0], [1.0]], "finite"),
    "a model": (MODEL, "finite"),
    "bool": (True, "finite"),
}

LINES = {
    "text": ("goal", "dict"),
    "number": (0.5, "dict"),
    "list": ([0.5], "dict"),
    "text in it": ({"goal": "0.5"}, "number"),
    "None in it": ({"goal": None}, "number"),
    "nan in it": ({"goal": NAN}, "finite"),
    "bool in it": ({"goal": True}, "number"),
}

ROWS = {  # what else a table of features may hold depends on the estimator
    "None": (None, "list or an array"),
    "number": (5.0, "list or an array"),
    "text": ("abc", "list or an array"),
    "no rows": (X[:0], "no rows"),
    "generator": (Made(lambda: (row for row in X)), "list or an array"),
    "dict": ({"height": X[:, 0]}, "list or an array"),
    "a model": (MODEL, "list or an array"),
}
ROWS_OF_Y = {k: v for k, v in ROWS.items() if k not in ("None", "no rows")} | {
    "one short": (Y[1:], "same rows"),
    "empty": ([], "same rows"),
}


def choice(*words):
    """Return what is not one of the strings that an argument takes."""
    words = ", ".join(words)
    return {
        "typo": ("nonsense", words),
        "number": (5, words),
        "bool": (True, words),
        "list": (["auto"], words),
    }
