"""Draw the BMI data set of the course: `python data/make_bmi.py` writes `data/bmi.csv`.

Height and weight are uniform whole numbers, gender is a fair coin that the label ignores, and the
label is the body mass index, weight / (height / 100)², cut into six classes. Two flaws are put in
on purpose: a few labels are one class too low, and a few people appear twice.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 762  # its choice is explained in data/README.md
N_ROWS = 400
N_WRONG_LABELS = 9
N_DUPLICATES = 8
HEIGHT_CM = (140, 199)
WEIGHT_KG = (50, 160)
BMI_CUTS = (16, 18.5, 25, 30, 40)  # kg/m²; a person on a cut belongs to the higher class


def bmi_class(height, weight):
    """Return the class 0–5 of people of `height` cm and `weight` kg."""
    return np.digitize(weight / (height / 100) ** 2, BMI_CUTS)


def make(seed=SEED):
    """Return the data set as a DataFrame of integers, one row per person."""
    rng = np.random.default_rng(seed)
    height = rng.integers(*HEIGHT_CM, size=N_ROWS, endpoint=True)
    weight = rng.integers(*WEIGHT_KG, size=N_ROWS, endpoint=True)
    gender = rng.integers(2, size=N_ROWS)
    people = pd.DataFrame(
        {"Height": height, "Weight": weight, "Index": bmi_class(height, weight), "Gender": gender}
    ).drop_duplicates(ignore_index=True)
    people = people.head(N_ROWS - N_DUPLICATES).copy()
    wrong, twice = np.split(
        rng.permutation(people.index[people["Index"] > 0])[: N_WRONG_LABELS + N_DUPLICATES],
        [N_WRONG_LABELS],
    )
    people.loc[wrong, "Index"] -= 1
    rows = rng.permutation(np.concatenate([people.index, twice]))
    return people.loc[rows].reset_index(drop=True)


if __name__ == "__main__":
    make().to_csv(Path(__file__).with_name("bmi.csv"), index=False, lineterminator="\n")
