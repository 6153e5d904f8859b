"""scikit-learn's grid search and random search, with all Keras networks trained as one."""

import inspect
import re
import warnings

import numpy as np
from joblib import parallel_config
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV

from course_utils.model_selection import trained_by
from course_utils.model_selection.checks import (
    as_distributions,
    as_estimator,
    as_param_grid,
    as_splits,
    check_rates,
    check_rows,
    check_scores,
)
from course_utils.model_selection.together import Together, check_networks, networks_in

OF_SCORES = ("Scoring failed", "One or more of the")


class FixedSplits:
    """The folds of a splitter, cut once, so that all see the same ones."""

    def __init__(self, splits):
        self.splits = splits

    def split(self, X=None, y=None, **params):
        return iter(self.splits)


class _StackedSearch:
    """Trains the networks of all candidates and folds before scikit-learn fits them one by one.

    What scikit-learn then fits finds its network trained; the scores, the ranks, the table and the
    refit are scikit-learn's own.
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
            Itself. After an interrupt of the stacked training: with the candidates finished until
            then, if there is one, the best of them refitted.

        Raises
        ------
        TypeError, ValueError
            Before any training, if a name, a value or the folds cannot be used; afterwards, if no
            candidate has a score.
        """
        as_estimator(self.estimator)
        check_rows(X, y=y, groups=params.get("groups"))
        values = self._values()
        if not any(map(networks_in, [self.estimator, *values])):
            print(
                f"Fitting one by one: {type(self.estimator).__name__} holds no KerasMLPClassifier "
                "and no KerasMLPRegressor."
            )
            return super().fit(X, y, **params)
        try:
            with parallel_config(backend="sequential"):
                return super().fit(X, y, **params)
        finally:
            vars(self).pop("_data", None)
            vars(self).pop("_shares", None)

    def _check_input_parameters(self, X, y, split_params):
        super()._check_input_parameters(X, y, split_params)
        groups = split_params.get("groups")
        splits = as_splits(self.estimator, self._checked_cv_orig, X, y, groups)
        self._data = X, y, splits

    def _run_search(self, evaluate_candidates, *, callback_ctx=None):
        def evaluate(candidates, **others):
            return self._evaluate(evaluate_candidates, list(candidates), **others)

        of_sklearn = super()._run_search  # with a context since scikit-learn 1.9
        if "callback_ctx" in inspect.signature(of_sklearn).parameters:
            of_sklearn(evaluate, callback_ctx=callback_ctx)
        else:
            of_sklearn(evaluate)

    def _evaluate(self, evaluate_candidates, candidates, **others):
        X, y, splits = self._data
        for candidate in candidates:
            check_rates({name: [value] for name, value in candidate.items()})
        check_networks(self.estimator, candidates, pairs=self.error_score == "raise")
        others["cv"] = FixedSplits(splits)
        together = Together(apart=callable(self.scoring))
        together.note(self.estimator, X, y, candidates, splits)
        together.train(self.progress)
        shares = np.reshape(together.shares, (len(candidates), len(splits)))
        if together.interrupted:
            finished = together.finished(len(splits))
            candidates = [candidates[place] for place in finished]
            shares = shares[finished]
        self._shares = shares.ravel()
        with warnings.catch_warnings(record=True) as caught, trained_by(together.look_up):
            warnings.simplefilter("always")
            results = evaluate_candidates(candidates, **others)
        if together.n_missed:
            print(
                f"Fitted {together.n_missed} networks one by one: they met other data than when "
                "the search was planned. Give every transformer a random_state."
            )
        self._say(results, caught)
        return results

    def _format_results(self, candidate_params, n_splits, out, more_results=None):
        for fit, share in zip(out, self._shares, strict=False):
            fit["fit_time"] += share
        self._shares = []
        return super()._format_results(candidate_params, n_splits, out, more_results)

    def _say(self, results, caught):
        """Say in one line what scikit-learn warns of at length; refuse scores that are all nan."""
        reasons = {}
        for w in caught:
            text = str(w.message)
            if issubclass(w.category, FitFailedWarning) or text.startswith("Scoring failed"):
                errors = re.findall(r"^\w[\w.]*: .*", text, re.MULTILINE)
                reasons.setdefault(errors[-1] if errors else text.splitlines()[0])
            elif not text.startswith(OF_SCORES):
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
    scoring, refit, cv, verbose, error_score, return_train_score
        As in scikit-learn's GridSearchCV.
    n_jobs, pre_dispatch
        As there, for what is fitted one by one.
    progress : bool
        Show a progress bar when training takes longer than two seconds.

    Attributes
    ----------
    cv_results_, best_estimator_, best_params_, best_score_, best_index_
        As in GridSearchCV, and so are the others. ``mean_fit_time`` is a fit's share of the
        stacked training and its preprocessing.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from course_utils.model_selection import KerasMLPClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> network = KerasMLPClassifier(units=8, epochs=5, random_state=0)
    >>> search = StackedGridSearchCV(network, {"learning_rate": [1e-4, 0.1]}, cv=3).fit(X, y)
    >>> search.best_params_
    {'learning_rate': 0.1}
    """

    def __init__(
        self,
        estimator,
        param_grid,
        *,
        scoring=None,
        n_jobs=None,
        refit=True,
        cv=None,
        verbose=0,
        pre_dispatch="2*n_jobs",
        error_score=np.nan,
        return_train_score=False,
        progress=True,
    ):
        super().__init__(
            estimator,
            param_grid,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.progress = progress

    def _values(self):
        grids = as_param_grid(self.estimator, self.param_grid)
        return [value for grid in grids for values in grid.values() for value in values]


class StackedRandomizedSearchCV(_StackedSearch, RandomizedSearchCV):
    """RandomizedSearchCV for the Keras estimators of the course, many times faster.

    See `StackedGridSearchCV`. All sampled candidates of one shape train to the largest ``epochs``
    among them.

    Parameters
    ----------
    estimator : estimator
    param_distributions : dict of str to list or distribution, or list of such dicts
        ``scipy.stats.loguniform(1e-4, 1)`` for a learning rate.
    n_iter : int
        Candidates.
    random_state : int, RandomState or None
        Of the candidates.
    scoring, n_jobs, refit, cv, verbose, pre_dispatch, error_score, return_train_score, progress
        As in `StackedGridSearchCV`.

    Examples
    --------
    >>> from scipy.stats import loguniform
    >>> from sklearn.datasets import load_iris
    >>> from course_utils.model_selection import KerasMLPClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> search = StackedRandomizedSearchCV(
    ...     KerasMLPClassifier(units=8, epochs=5, random_state=0),
    ...     {"learning_rate": loguniform(1e-4, 1)}, n_iter=4, cv=3, random_state=0,
    ... )
    >>> len(search.fit(X, y).cv_results_["params"])
    4
    """

    def __init__(
        self,
        estimator,
        param_distributions,
        *,
        n_iter=10,
        scoring=None,
        n_jobs=None,
        refit=True,
        cv=None,
        verbose=0,
        pre_dispatch="2*n_jobs",
        random_state=None,
        error_score=np.nan,
        return_train_score=False,
        progress=True,
    ):
        super().__init__(
            estimator,
            param_distributions,
            n_iter=n_iter,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            random_state=random_state,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.progress = progress

    def _values(self):
        lists = [
            {name: [values] if hasattr(values, "rvs") else values for name, values in d.items()}
            for d in as_distributions(self.param_distributions)
        ]
        grids = as_param_grid(self.estimator, lists, "param_distributions")
        return [value for grid in grids for values in grid.values() for value in values]
