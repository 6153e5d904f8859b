"""Short ways to train runs by the engine."""

import pandas as pd

from course_utils.training import fit_runs


def train(model, rates, seeds, x, y, engine, keys=None, **settings):
    """Train a run per rate and seed, taken in pairs, and return what came of them."""
    runs = pd.DataFrame({"learning_rate": rates, "seed": seeds} | (keys or {}))
    return fit_runs(model, runs, x, y, engine=engine, progress=False, **settings)
