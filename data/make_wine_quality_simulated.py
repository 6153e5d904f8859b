"""Simulate the wine quality data: `python data/make_wine_quality_simulated.py` writes the CSV.

A stand-in for machines without a network, in the schema and size of the data of Cortez, Cerdeira,
Almeida, Matos and Reis (2009, Decision Support Systems 47, 547–553; CC BY 4.0). No wine in it
exists: all that is known here of the real wines are the rounded summary statistics below.

1. Each measurement is a broken line through its quantiles in a standard normal variable; these
   variables are correlated as in the real data, colour by colour (a Gaussian copula).
2. A wine's score is a linear part, a part that no linear model sees, and noise. Ranked by score,
   the wines get grades 3–9 with the real numbers of each grade.
3. Some wines are listed more than once, and a few cells are blank.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 2022  # its choice is explained in data/README.md

# Standard normal quantiles at 0.1, 1, 5, 25, 50, 75, 95, 99 and 99.9 %, the knots of the lines.
KNOTS = (-3.09, -2.326, -1.645, -0.6745, 0, 0.6745, 1.645, 2.326, 3.09)

DECIMALS = {
    "fixed acidity": 1,
    "volatile acidity": 2,
    "citric acid": 2,
    "residual sugar": 1,
    "chlorides": 3,
    "free sulfur dioxide": 0,
    "total sulfur dioxide": 0,
    "density": 4,
    "pH": 2,
    "sulphates": 2,
    "alcohol": 1,
}

# One row per measurement, in the order of DECIMALS: its values at the KNOTS.
QUANTILES = {
    "white": (
        (4.4, 5, 5.6, 6.3, 6.8, 7.3, 8.3, 9.2, 10.3),
        (0.09, 0.12, 0.15, 0.21, 0.26, 0.32, 0.46, 0.63, 0.91),
        (0, 0.05, 0.17, 0.27, 0.32, 0.39, 0.54, 0.74, 1),
        (0.7, 0.9, 1.1, 1.7, 5.2, 9.9, 15.7, 18.8, 23.8),
        (0.014, 0.02, 0.027, 0.036, 0.043, 0.05, 0.067, 0.16, 0.245),
        (3, 6, 11, 23, 34, 46, 63, 81, 124),
        (21, 51, 75, 108, 134, 167, 212, 241, 303),
        (0.9874, 0.9888, 0.9896, 0.9917, 0.9937, 0.9961, 0.999, 1.0003, 1.0025),
        (2.79, 2.88, 2.96, 3.09, 3.18, 3.28, 3.46, 3.6, 3.77),
        (0.25, 0.29, 0.34, 0.41, 0.47, 0.55, 0.71, 0.83, 0.98),
        (8.5, 8.7, 8.9, 9.5, 10.4, 11.4, 12.7, 13.4, 14),
    ),
    "red": (
        (4.8, 5.2, 6.1, 7.1, 7.9, 9.2, 11.8, 13.3, 15.6),
        (0.12, 0.19, 0.27, 0.39, 0.52, 0.64, 0.84, 1.02, 1.33),
        (0, 0, 0, 0.09, 0.26, 0.42, 0.6, 0.7, 0.78),
        (1.1, 1.4, 1.6, 1.9, 2.2, 2.6, 5.1, 8.3, 15.4),
        (0.025, 0.043, 0.054, 0.07, 0.079, 0.09, 0.126, 0.36, 0.524),
        (1, 3, 4, 7, 14, 21, 35, 50, 68),
        (6, 8, 11, 22, 38, 62, 112, 145, 210),
        (0.9901, 0.9918, 0.9936, 0.9956, 0.9968, 0.9978, 1, 1.0015, 1.0034),
        (2.87, 2.93, 3.06, 3.21, 3.31, 3.4, 3.57, 3.7, 3.94),
        (0.37, 0.42, 0.47, 0.55, 0.62, 0.73, 0.93, 1.26, 1.96),
        (8.5, 9, 9.2, 9.5, 10.2, 11.1, 12.5, 13.4, 14),
    ),
}

# Correlations of the normal scores, below the diagonal, in the order of DECIMALS.
CORRELATIONS = {
    "white": (
        (-0.03,),
        (0.33, -0.18),
        (0.09, 0.14, 0.06),
        (0.09, 0.03, 0.07, 0.18),
        (-0.05, -0.09, 0.09, 0.33, 0.16),
        (0.09, 0.13, 0.1, 0.43, 0.34, 0.63),
        (0.3, 0.03, 0.13, 0.72, 0.47, 0.3, 0.54),
        (-0.44, -0.07, -0.18, -0.14, -0.03, 0, 0.02, -0.07),
        (-0.02, -0.02, 0.06, 0.02, 0.1, 0.05, 0.16, 0.12, 0.15),
        (-0.11, 0.03, -0.06, -0.35, -0.53, -0.26, -0.44, -0.79, 0.12, -0.05),
    ),
    "red": (
        (-0.25,),
        (0.63, -0.55),
        (0.22, 0.04, 0.19),
        (0.26, 0.17, 0.15, 0.2),
        (-0.15, 0, -0.05, 0.09, 0.01),
        (-0.09, 0.09, 0.04, 0.16, 0.12, 0.77),
        (0.67, 0.04, 0.36, 0.43, 0.44, -0.02, 0.12),
        (-0.72, 0.24, -0.56, -0.09, -0.27, 0.07, -0.04, -0.35),
        (0.2, -0.31, 0.33, 0.03, 0.1, 0.05, 0.03, 0.17, -0.13),
        (-0.11, -0.19, 0.05, 0.09, -0.33, -0.09, -0.25, -0.48, 0.22, 0.16),
    ),
}

# Weights of the linear part of the score, in the order of DECIMALS.
LINEAR = {
    "white": (0.1, -0.6, 0.1, 0.8, -0.1, 0.3, -0.1, -1.1, 0.2, 0.2, 0.5),
    "red": (0.4, -0.5, -0.2, 0.1, -0.2, 0.2, -0.4, -0.3, 0.1, 0.6, 0.7),
}
BEST_IN_THE_MIDDLE = ("citric acid", "free sulfur dioxide", "pH", "sulphates")
MIDDLE = 0.9  # standard deviations to either side of the median
NONLINEAR_WEIGHT = 0.6  # against a linear part of weight 1; this and the noise were calibrated,
NOISE_WEIGHT = 0.85  # see data/README.md

# Wines of each grade, and how many of them are listed again.
GRADES = {
    "white": {3: 20, 4: 163, 5: 1457, 6: 2198, 7: 880, 8: 175, 9: 5},
    "red": {3: 10, 4: 53, 5: 681, 6: 638, 7: 199, 8: 18},
}
COPIES = {
    "white": {4: 10, 5: 240, 6: 440, 7: 203, 8: 44},
    "red": {5: 92, 6: 115, 7: 32, 8: 1},
}
MISSING_CELLS = 38


def draw_measurements(rng, colour, n_wines):
    """Return `n_wines` rows of correlated normal scores, and the measurements they stand for."""
    correlation = np.eye(len(DECIMALS))
    for row, values in enumerate(CORRELATIONS[colour], start=1):
        correlation[row, :row] = correlation[:row, row] = values
    scores = rng.standard_normal((n_wines, len(DECIMALS))) @ np.linalg.cholesky(correlation).T
    columns = {
        name: np.round(np.interp(z, KNOTS, values), decimals)
        for z, values, (name, decimals) in zip(
            scores.T, QUANTILES[colour], DECIMALS.items(), strict=True
        )
    }
    return scores, pd.DataFrame(columns)


def standardised(values):
    """Return `values` with mean 0 and standard deviation 1."""
    return (values - values.mean()) / values.std()


def nonlinear_part(scores):
    """Return what no linear model sees: in four measurements, too much is as bad as too little."""
    columns = [list(DECIMALS).index(name) for name in BEST_IN_THE_MIDDLE]
    return -np.sum(np.abs(scores[:, columns]) > MIDDLE, axis=1)


def make_colour(rng, colour):
    """Return all rows of one colour, copies included, in random order."""
    distinct = {grade: n - COPIES[colour].get(grade, 0) for grade, n in GRADES[colour].items()}
    n_wines = sum(distinct.values())
    scores, wines = draw_measurements(rng, colour, n_wines)
    score = (
        standardised(scores @ np.array(LINEAR[colour]))
        + NONLINEAR_WEIGHT * standardised(nonlinear_part(scores))
        + NOISE_WEIGHT * rng.standard_normal(n_wines)
    )
    wines.loc[np.argsort(score), "quality"] = np.repeat(list(distinct), list(distinct.values()))
    again = [
        rng.choice(wines.index[wines["quality"] == grade], size=n)
        for grade, n in COPIES[colour].items()
    ]
    rows = rng.permutation(np.concatenate([wines.index, *again]))
    wines.insert(0, "type", colour)
    return wines.loc[rows]


def make(seed=SEED):
    """Return the simulated wines as a DataFrame, white ones first."""
    rng = np.random.default_rng(seed)
    wines = pd.concat([make_colour(rng, colour) for colour in GRADES], ignore_index=True)
    listed_once = wines.index[~wines.duplicated(keep=False)]
    rows = rng.choice(listed_once, size=MISSING_CELLS, replace=False)
    for row, column in zip(rows, rng.choice(list(DECIMALS), size=MISSING_CELLS), strict=True):
        wines.loc[row, column] = np.nan
    return wines


if __name__ == "__main__":
    path = Path(__file__).with_name("wine_quality_simulated.csv")
    make().to_csv(path, index=False, float_format="%g", lineterminator="\n")
