"""scikit-learn's grid search and random search, with all Keras networks trained as one."""

import re
import warnings
from contextlib import nullcontext
from itertools import chain

import numpy as np
from joblib import parallel_config
from joblib.parallel import get_active_backend
from sklearn.base import is_classifier
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection import (
    GridSearchCV,
    ParameterGrid,
    ParameterSampler,
    RandomizedSearchCV,
    check_cv,
)

from course_utils.model_selection.checks import (
    as_estimator,
    as_param_grid,
    as_splits,
    check_rows,
    check_scores,
    count_classes,
)
from course_utils.model_selection.estimators import KerasMLP, trained_by
from course_utils.model_selection.fit_cache import (
    FitCache,
    InterruptedFitError,
    check_networks,
    networks_in,
)


class _StackedSearch:
    """Trains the networks of all candidates and folds before scikit-learn fits them one by one.

    What scikit-learn then fits gets its network from the fit cache; the scores, the ranks, the
    table and the refit are scikit-learn's own.
    """

    def fit(self, X, y=None, **params):
        """Search, and refit the best candidate.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        **params : dict
            ``groups`` for the splitter, and what else ``GridSearchCV.fit`` takes.

        Returns
        -------
        estimator
            Itself. After an interrupt: with the candidates finished until then, if there is one,
            the best of them refitted.

        Raises
        ------
        TypeError, ValueError
            Before any training, if a name, a value or the folds cannot be used; afterwards, if no
            candidate has a score.
        """
        as_estimator(self.estimator)
        check_rows(X, y=y, groups=params.get("groups"))
        grids = as_param_grid(self.estimator, getattr(self, self._searched), self._searched)
        values = chain(*(values for grid in grids for values in grid.values()))
        stacked = any(map(networks_in, [self.estimator, *values]))
        other = set(params) - {"groups"}
        if other and isinstance(self.estimator, KerasMLP):
            raise TypeError(
                f"fit was given {', '.join(sorted(other))}, which {type(self.estimator).__name__} "
                "does not take; leave it out."
            )
        if not stacked:
            print(
                f"Fitting one by one: {type(self.estimator).__name__} holds no KerasMLPClassifier "
                "and no KerasMLPRegressor."
            )
        if is_classifier(self.estimator) and np.ndim(y) == 1:
            count_classes(y)
        self._backend = get_active_backend()
        try:
            # The fits get their networks from the cache, which is in this process.
            with parallel_config(backend="sequential") if stacked else nullcontext():
                return super().fit(X, y, **params)
        finally:
            self._data = self._fits = self._backend = None

    def _check_input_parameters(self, X, y, split_params):
        groups = split_params.get("groups")
        splits = as_splits(self.estimator, self._checked_cv_orig, X, y, groups)
        self._checked_cv_orig = check_cv(splits)  # cut once, so that all see the same folds
        self._data = X, y, splits

    def _run_search(self, evaluate_candidates):
        candidates = list(self._candidates())
        n_candidates = len(candidates)
        check_networks(self.estimator, candidates, pairs=self.error_score == "raise")
        fits = FitCache()
        fits.record(self.estimator, candidates, *self._data)
        backend, n_jobs = self._backend
        with parallel_config(backend, n_jobs=n_jobs):
            fits.train(self.progress)
        if fits.interrupted:
            candidates = fits.keep_finished(candidates)
        self._fits = fits
        with warnings.catch_warnings(record=True) as caught, trained_by(fits.get):
            warnings.simplefilter("always")
            try:
                results = evaluate_candidates(candidates)
            except Exception:
                if fits.interrupted:  # and no candidate is finished
                    raise KeyboardInterrupt from None
                raise
        if fits.interrupted:
            print(
                f"Interrupted: {len(results['params'])} of {n_candidates} candidates are finished "
                "and returned."
            )
        if fits.n_missed:
            print(
                f"Fitted {fits.n_missed} networks one by one: they met other data than when "
                "the search was planned. Give every transformer a random_state."
            )
        self._say(results, caught)

    def _format_results(self, candidates, n_splits, out, more_results=None):
        """Add to each fit its share of the stacked training; drop what an interrupt left undone."""
        for fit, runs in zip(out, chain(*self._fits.runs), strict=True):
            fit["fit_time"] += sum(run.seconds for run in runs)
        if self._fits.interrupted:
            folds = [out[i : i + n_splits] for i in range(0, len(out), n_splits)]
            kept = [i for i, fits in enumerate(folds) if not any(fit["fit_error"] for fit in fits)]
            candidates = [candidates[i] for i in kept]
            out = [fit for i in kept for fit in folds[i]]
        return super()._format_results(candidates, n_splits, out, more_results)

    def _say(self, results, caught):
        """Say in one line what scikit-learn warns of at length; refuse scores that are all nan."""
        reasons = {}
        for w in caught:
            text = str(w.message)
            if text.startswith("One or more of the") or InterruptedFitError.__name__ in text:
                continue
            if issubclass(w.category, FitFailedWarning) or text.startswith("Scoring failed"):
                errors = re.findall(r"^\w[\w.]*: .*", text, re.MULTILINE)
                reasons.setdefault(errors[-1] if errors else text.splitlines()[0])
            else:
                warnings.warn_explicit(w.message, w.category, w.filename, w.lineno)
        names = [name.removeprefix("mean_") for name in results if name.startswith("mean_test_")]
        for name in names:
            scores = np.array([results[f"split{i}_{name}"] for i in range(self.n_splits_)])
            n_bad = (~np.isfinite(scores)).sum()
            if n_bad or reasons:
                print(
                    f"{n_bad} of {scores.size} values of {name} are not finite, and their "
                    f"candidates rank last ({'; '.join(reasons) or 'no error was raised'})."
                )
            check_scores(results[f"mean_{name}"], f"mean_{name}")


class StackedGridSearchCV(_StackedSearch, GridSearchCV):
    """GridSearchCV for the Keras estimators of the course, many times faster.

    Candidates and folds whose networks have one graph shape (``units``, ``dropout``,
    ``batch_size``) train as one stacked model, whatever their learning rate, optimizer and
    momentum; fewer ``epochs`` are read off the longer run. The scores equal those of GridSearchCV
    with the same ``random_state``, up to rounding. Without ``random_state`` all candidates share
    one seed, drawn anew by each search.

    Parameters
    ----------
    estimator : estimator
        A `KerasMLPClassifier` or `KerasMLPRegressor`, alone or in a Pipeline, whose transformers
        are fitted in each fold. Others are fitted one by one, which is said once.
    param_grid : dict of str to list, or list of such dicts
    scoring, n_jobs, refit, cv, verbose, pre_dispatch, error_score, return_train_score
        As in scikit-learn's GridSearchCV; `n_jobs` counts where no network is searched. Networks
        train on the workers of ``joblib.parallel_config`` where it sets a backend of processes.
    progress : bool
        Show a progress bar when training takes longer than two seconds.

    Attributes
    ----------
    cv_results_, best_estimator_, best_params_, best_score_, best_index_
        As in GridSearchCV; ``mean_fit_time`` includes a fit's share of the stacked training.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from course_utils import KerasMLPClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> network = KerasMLPClassifier(units=8, epochs=5, random_state=0)
    >>> search = StackedGridSearchCV(network, {"learning_rate": [1e-4, 0.1]}, cv=3).fit(X, y)
    >>> search.best_params_
    {'learning_rate': 0.1}
    """

    _searched = "param_grid"

    def __init__(
        self, estimator, param_grid, *, scoring=None, n_jobs=None, refit=True, cv=None, verbose=0,
        pre_dispatch="2*n_jobs", error_score=np.nan, return_train_score=False, progress=True,
    ):  # fmt: skip
        super().__init__(
            estimator, param_grid, scoring=scoring, n_jobs=n_jobs, refit=refit, cv=cv,
            verbose=verbose, pre_dispatch=pre_dispatch, error_score=error_score,
            return_train_score=return_train_score,
        )  # fmt: skip
        self.progress = progress

    def _candidates(self):
        return ParameterGrid(self.param_grid)


class StackedRandomizedSearchCV(_StackedSearch, RandomizedSearchCV):
    """RandomizedSearchCV for the Keras estimators of the course, many times faster.

    As `StackedGridSearchCV`, with the parameters of scikit-learn's RandomizedSearchCV. All sampled
    candidates of one shape train to the largest ``epochs`` among them.

    Examples
    --------
    >>> from scipy.stats import loguniform
    >>> from sklearn.datasets import load_iris
    >>> from course_utils import KerasMLPClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> network, rates = KerasMLPClassifier(units=8, epochs=5), loguniform(1e-4, 1)
    >>> search = StackedRandomizedSearchCV(network, {"learning_rate": rates}, n_iter=4, cv=3)
    >>> len(search.fit(X, y).cv_results_["params"])
    4
    """

    _searched = "param_distributions"

    def __init__(
        self, estimator, param_distributions, *, n_iter=10, scoring=None, n_jobs=None, refit=True,
        cv=None, verbose=0, pre_dispatch="2*n_jobs", random_state=None, error_score=np.nan,
        return_train_score=False, progress=True,
    ):  # fmt: skip
        super().__init__(
            estimator, param_distributions, n_iter=n_iter, scoring=scoring, n_jobs=n_jobs,
            refit=refit, cv=cv, verbose=verbose, pre_dispatch=pre_dispatch,
            random_state=random_state, error_score=error_score,
            return_train_score=return_train_score,
        )  # fmt: skip
        self.progress = progress

    def _candidates(self):
        return ParameterSampler(
            self.param_distributions, self.n_iter, random_state=self.random_state
        )
