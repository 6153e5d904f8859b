"""The capstone's task: a machine of one's own, a budget of fits, and rows that are opened once."""

from functools import cached_property

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, SGDRegressor

from course_utils.capstone.models import make_model, parts_of, trained_error
from course_utils.capstone.strategies import STRATEGIES
from course_utils.lessons.lesson_12.way import COLUMNS, of_sgd
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


def machine(student):
    """Return a student's machine: its readings, its power in kW, and how many rows train.

    How the readings hang together, how far they stray and how noisy the power is differ from
    machine to machine, and with them the best learning rate.
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

    task = 60  # fits; another budget is for practice

    def __init__(self, student=0, budget=task):
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
        return self.budget - sum(name == "SGDRegressor" for name, *_ in self._runs)

    @property
    def log(self):
        """What was fitted: a row per fit, with the error in kW on the validation rows."""
        return pd.DataFrame(self._runs, columns=COLUMNS)

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
            behind a `StandardScaler`: it costs one fit, and its ``random_state`` becomes `seed`.
            A `LinearRegression` or a `DummyRegressor` is a baseline and costs nothing.
        seed : int
            Deals the rows and shuffles them while SGD trains. The same seed makes a pair.

        Returns
        -------
        float
            The root mean square error on the validation rows, in kW; inf if the run diverged.

        Raises
        ------
        TypeError, ValueError
            If the model is another one.
        RuntimeError
            If no fit is left, or the hidden rows have been opened.
        """
        seed = as_seed(seed, "seed")
        scaler, last = parts_of(model)
        if self.submitted is not None:
            raise RuntimeError("You have opened the hidden rows; what you fit now proves nothing.")
        by_sgd = isinstance(last, SGDRegressor)
        if by_sgd and not self.left:
            raise RuntimeError(f"All {self.budget} fits are spent. Choose from what the log holds.")
        error = trained_error(model, *self.deal(seed), seed)
        rate = float(last.eta0) if by_sgd else np.nan
        self._runs.append((type(last).__name__, scaler is not None, rate, seed, error))
        return error

    def submit(self, learning_rate, why):
        """Hand in a rate, with your reason: the hidden rows are opened, once.

        Parameters
        ----------
        learning_rate : float
            One that the log has, on scaled columns.
        why : str
            One or two sentences, for the report.

        Raises
        ------
        ValueError
            If the log does not have the rate, or the reason is missing.
        RuntimeError
            If the hidden rows are open.

        Returns
        -------
        DataFrame
            As `board`.
        """
        if self.submitted is not None:
            raise RuntimeError(
                f"You have handed in {self.submitted:g}, and the hidden rows are open. A second "
                "choice would know them."
            )
        rate = as_number(learning_rate, "learning_rate", above=0)
        if not isinstance(why, str) or not why.strip(" ."):
            raise ValueError(f"why is {why!r}; say in a sentence why you hand in this rate.")
        tried = of_sgd(self.log)["learning_rate"].unique()
        if rate not in tried:
            near = f" Tried are: {', '.join(f'{one:.6g}' for one in sorted(tried)) or 'none'}."
            raise ValueError(f"Your log has no fit of {rate:g} on scaled columns.{near}")
        self.submitted, self.why = rate, why.strip()
        return self.board()

    def judge(self, model):
        """Return the error of a model on the hidden rows, one for each judging seed, in kW."""
        return np.array(
            [trained_error(model, self.deal(seed)[0], self._hidden, seed) for seed in JUDGES]
        )

    def board(self):
        """Return what each strategy has chosen with the same budget, and what that is worth.

        Returns
        -------
        DataFrame
            A row per strategy, yours among them, the lowest mean error first: the rate, the fits
            it took, the error on the hidden rows in kW (mean over ten seeds), what of it lies
            ``above`` least squares, and ``less_yours`` what it is less yours, in pairs, with the
            standard error of that.
        """
        if self.submitted is None:
            raise RuntimeError("The board would give the rate away: call `submit` first.")
        return self._board.copy()

    @cached_property
    def _board(self):
        """The board, which stays as it is once a rate is handed in."""
        rates = dict(self._chosen) | {"you": (self.submitted, self.budget - self.left)}
        errors = {name: self.judge(make_model(rate)) for name, (rate, _) in rates.items()}
        errors = pd.DataFrame(errors | {"least squares": self.judge(LinearRegression())})
        finite = errors[np.isfinite(errors)]
        gaps = finite.sub(finite["you"], axis=0)
        board = pd.DataFrame(rates, index=["learning_rate", "fits"]).T.reindex(errors.columns)
        board = board.assign(
            error=errors.mean(),
            above=errors.mean() - errors["least squares"].mean(),
            less_yours=gaps.mean(),
        ).assign(**{"±": gaps.sem()})
        return board.sort_values("error", kind="stable")

    @cached_property
    def _chosen(self):
        """The rate and the number of fits of each strategy, by its name."""
        chosen = {}
        for name, strategy in STRATEGIES.items():
            fits = {}

            def error(rate, seed, fits=fits):
                if (rate, seed) not in fits:
                    fits[rate, seed] = trained_error(make_model(rate), *self.deal(seed), seed)
                return fits[rate, seed]

            rate = strategy(error, self.deal(self.student)[0], self.student)
            chosen[name] = float(rate), len(fits)
        return chosen

    def report(self, path, name=""):
        """Write a page to hand in: every fit, the way, the choice, its reason and its worth.

        Parameters
        ----------
        path : str or path
            Ends in ``.html``. Nothing of the page is sent anywhere.
        name : str
            Yours, if the page shall bear it.
        """
        from course_utils.capstone.report import write

        if self.submitted is None:
            raise RuntimeError("There is nothing to report yet: call `submit` first.")
        return write(self, path, name)
