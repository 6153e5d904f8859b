"""The capstone's task: a machine of one's own, a budget of fits, and rows that are opened once."""

import warnings
from functools import cached_property

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, SGDRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils.capstone.strategies import STRATEGIES
from course_utils.validation import as_count, as_number, as_seed

WORKING, HIDDEN = 1000, 2000  # rows
JUDGES = range(1000, 1010)  # seeds of the runs that are judged on the hidden rows
INSTRUMENTS = {  # mean and standard deviation of the readings, each in a unit of its own
    "voltage_mV": (220.0, 900.0),
    "pressure_Pa": (101_300.0, 700.0),
    "temperature_C": (60.0, 8.0),
    "current_A": (2.0, 0.4),
    "tilt_mrad": (0.0, 15.0),
    "leak_ppm": (0.05, 0.02),
}
RULES = {"learning_rate": "constant", "max_iter": 1, "tol": None}


def machine(student):
    """Return a student's machine: its readings, its power in kW, and how many rows train.

    How the readings hang together, how far they stray, how noisy the power is and where it lies
    differ from machine to machine, and with them the best learning rate.
    """
    random = np.random.default_rng([12, as_count(student, "student", minimum=0)])
    shared, stray, noise = random.uniform([0.3, 0.0, 0.3], [0.97, 0.8, 1.0])
    mean, n_train = 40 * np.exp(random.uniform(1, 3.4)), int(random.integers(250, 451))
    rows, columns = WORKING + HIDDEN, len(INSTRUMENTS)
    common = random.normal(size=(rows, 1)) * random.choice([-1, 1], columns)
    own = random.normal(size=(rows, columns))
    readings = np.sqrt(shared) * common + np.sqrt(1 - shared) * own
    readings *= np.exp(stray * random.normal(size=(rows, 1)))  # some rows stray far from the mean
    signal = readings @ random.normal(size=columns)
    power = signal / signal.std() + noise * random.normal(size=rows)
    means, spreads = np.transpose(list(INSTRUMENTS.values()))
    X = pd.DataFrame(means + spreads * readings, columns=list(INSTRUMENTS))
    return X, pd.Series(mean + 40 * power, name="power_kW"), n_train


def make_model(learning_rate):
    """Return the model whose rate is handed in: scaled columns, and SGD by the rules."""
    return make_pipeline(StandardScaler(), SGDRegressor(eta0=learning_rate, **RULES))


def sgd_of(model):
    """Return the `SGDRegressor` of a model, or None: then it is a baseline."""
    last = model[-1] if isinstance(model, Pipeline) else model
    return last if isinstance(last, SGDRegressor) else None


def trained_error(model, train, test, seed):
    """Train a copy of a model, and return its root mean square error; inf if it diverged."""
    model = clone(model)
    if sgd_of(model) is not None:
        sgd_of(model).set_params(random_state=seed)
    (X, y), (X_test, y_test) = train, test
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a diverged run is a result
        try:
            model.fit(X, y)
        except ValueError as error:
            if "overflow" not in str(error):
                raise
            return np.inf, model
        error = float(np.sqrt(np.mean((model.predict(X_test) - y_test) ** 2)))
    return (error if error < 100 * y.std() else np.inf), model


class Lab:
    """A machine with six instruments, whose power a model trained by SGD is to predict.

    Parameters
    ----------
    student : int
        From 0. Each number has data of its own.
    budget : int
        How many fits of an `SGDRegressor` there are; baselines are free.

    Attributes
    ----------
    X : DataFrame of shape (1000, 6)
        The readings that you may work with, each in a unit of its own.
    y : Series of shape (1000,)
        The power in kW.
    n_train : int
        How many of these rows a fit trains with; the others validate.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> lab = Lab(student=7)
    >>> error = lab.fit(LinearRegression(), seed=0)
    >>> lab.log[["model", "seed"]].to_dict("records"), lab.left
    ([{'model': 'LinearRegression', 'seed': 0}], 60)
    """

    def __init__(self, student=0, budget=60):
        self.student, self.budget = student, as_count(budget, "budget")
        X, y, self.n_train = machine(student)
        self.X, self.y = X[:WORKING], y[:WORKING]
        self._hidden = X[WORKING:], y[WORKING:]
        self._runs, self.submitted, self.why = [], None, ""

    def __repr__(self):
        return f"Machine {self.student}: {self.left} of {self.budget} fits left"

    @property
    def left(self):
        """How many fits are left."""
        return self.budget - sum(run["model"] == "SGDRegressor" for run in self._runs)

    @property
    def log(self):
        """What was fitted: a row per fit, with the error in kW on the validation rows."""
        columns = ["model", "scaled", "learning_rate", "seed", "error"]
        return pd.DataFrame(self._runs, columns=columns)

    def deal(self, seed):
        """Return `n_train` rows to train and the others to validate, shuffled by the seed."""
        order = np.random.default_rng(seed).permutation(WORKING)
        return [(self.X.iloc[rows], self.y.iloc[rows]) for rows in np.split(order, [self.n_train])]

    def fit(self, model, seed):
        """Train a copy of a model on the rows that `seed` deals, and return its validation error.

        Parameters
        ----------
        model : estimator
            An ``SGDRegressor(learning_rate="constant", eta0=…, max_iter=1, tol=None)``, alone or
            as the last step of a pipeline: it costs one fit, and its ``random_state`` becomes
            `seed`. Any other regressor is a baseline and costs nothing.
        seed : int
            Deals the rows and shuffles them while SGD trains. The same seed makes a pair.

        Returns
        -------
        float
            The root mean square error on the validation rows, in kW; inf if the run diverged.

        Raises
        ------
        TypeError, ValueError
            If the model is none, or trains by other rules.
        RuntimeError
            If no fit is left, or the hidden rows have been opened.
        """
        seed = as_seed(seed, "seed")
        if isinstance(model, type) or not hasattr(model, "fit"):
            raise TypeError(
                f"model is {model!r}; give a regressor such as make_pipeline(StandardScaler(), "
                "SGDRegressor(...))."
            )
        sgd = sgd_of(model)
        if sgd is not None:
            self._refuse(sgd)
        error, fitted = trained_error(model, *self.deal(seed), seed)
        name = type(model[-1] if isinstance(model, Pipeline) else model).__name__
        run = {"model": name, "scaled": self._scaled(fitted), "seed": seed, "error": error}
        self._runs.append(run | {"learning_rate": np.nan if sgd is None else float(sgd.eta0)})
        return error

    def _refuse(self, sgd):
        """Raise if a fit is against the rules."""
        others = {name: getattr(sgd, name) for name, value in RULES.items()
                  if getattr(sgd, name) != value}  # fmt: skip
        if others:
            got = ", ".join(f"{name}={value!r}" for name, value in others.items())
            rules = ", ".join(f"{name}={value!r}" for name, value in RULES.items())
            raise ValueError(f"The SGDRegressor has {got}; all machines train with {rules}.")
        as_number(sgd.eta0, "eta0", above=0)
        if self.submitted is not None:
            raise RuntimeError("You have opened the hidden rows; what you fit now proves nothing.")
        if not self.left:
            raise RuntimeError(
                f"All {self.budget} fits are spent. Choose from what `lab.log` holds."
            )

    def _scaled(self, fitted):
        """Tell whether the columns that the last step sees are of one size."""
        seen = fitted[:-1].transform(self.X) if isinstance(fitted, Pipeline) else self.X
        sizes = np.sqrt((np.asarray(seen, dtype=float) ** 2).mean(axis=0))
        return bool(sizes.max() < 30 * sizes.min())

    def submit(self, learning_rate, why):
        """Hand in a rate, with your reason: the hidden rows are opened, once.

        Parameters
        ----------
        learning_rate : float
        why : str
            One or two sentences, for the report.

        Returns
        -------
        DataFrame
            As `board`.
        """
        rate = as_number(learning_rate, "learning_rate", above=0)
        if not isinstance(why, str) or not why.strip():
            raise ValueError(f"why is {why!r}; say in a sentence why you hand in this rate.")
        if self.submitted is not None:
            raise RuntimeError(
                f"You have handed in {self.submitted:g}, and the hidden rows are open. A second "
                "choice would know them."
            )
        self.submitted, self.why = rate, why.strip()
        return self.board()

    def judge(self, model):
        """Return the error of a model on the hidden rows, one for each judging seed, in kW."""
        return np.array(
            [trained_error(model, self.deal(seed)[0], self._hidden, seed)[0] for seed in JUDGES]
        )

    def board(self):
        """Return what each strategy has chosen with the same budget, and what that is worth.

        Returns
        -------
        DataFrame
            A row per strategy, yours among them, the lowest mean error first: the rate, the fits
            it took, the error on the hidden rows in kW (mean over ten seeds), and in pairs what
            lies above least squares, with its standard error.
        """
        if self.submitted is None:
            raise RuntimeError("The board would give the rate away: call `submit` first.")
        rates = dict(self._chosen) | {"you": (self.submitted, self.budget - self.left)}
        floor = self.judge(LinearRegression())
        rows = {"least squares": (np.nan, 0, floor.mean(), 0.0, 0.0)}
        for name, (rate, fits) in rates.items():
            errors = self.judge(make_model(rate))
            above = pd.Series(errors - floor)
            rows[name] = rate, fits, errors.mean(), above.mean(), above.sem()
        columns = ["learning_rate", "fits", "error", "above", "±"]
        board = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        return board.sort_values("error", kind="stable")

    @cached_property
    def _chosen(self):
        """The rate and the number of fits of each strategy, by its name."""
        chosen = {}
        for name, strategy in STRATEGIES.items():
            fits = {}

            def error(rate, seed, fits=fits):
                if (rate, seed) not in fits:
                    fits[rate, seed] = trained_error(make_model(rate), *self.deal(seed), seed)[0]
                return fits[rate, seed]

            rate = strategy(error, self.deal(self.student)[0], self.student)
            chosen[name] = float(rate), len(fits)
        return chosen

    def report(self, path):
        """Write a page to hand in: every fit, the way, the choice, its reason and its worth.

        Parameters
        ----------
        path : str or path
            Ends in ``.html``. The page needs no network, and nothing in it is sent anywhere.
        """
        from course_utils.capstone.report import write

        if self.submitted is None:
            raise RuntimeError("There is nothing to report yet: call `submit` first.")
        return write(self, path)
