"""The functions that exercises of lesson 05 ask for: the right ones, and typical wrong ones."""

import numpy as np
import pandas as pd


def table_of(finals, epochs, order):
    """Return a table of runs that ends with these accuracies: {rate: one for each seed}."""
    rows = [
        (rate, 10 + seed, epoch, final - 0.01 * (epochs - epoch) * (1 + (seed + 2 * place) % 3))
        for place, (rate, accuracies) in enumerate(finals.items())
        for seed, final in enumerate(accuracies)
        for epoch in range(1, epochs + 1)
    ]
    columns = ["learning_rate", "seed", "epoch", "val_accuracy"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sample(frac=1, random_state=order, ignore_index=True)  # in no order at all


def final_by_seed(runs):
    last = runs[runs["epoch"] == runs["epoch"].max()]
    return last.pivot_table(index="seed", columns="learning_rate", values="val_accuracy")


def paired_difference(runs, a, b):
    final = final_by_seed(runs)
    gain = final[a] - final[b]
    return gain.mean(), gain.std() / np.sqrt(len(gain))


def the_other_way_round(runs, a, b):
    return paired_difference(runs, b, a)


def standard_deviation(runs, a, b):
    final = final_by_seed(runs)
    return (final[a] - final[b]).mean(), (final[a] - final[b]).std()


def divided_by_n(runs, a, b):
    final = final_by_seed(runs)
    gain = final[a] - final[b]
    return gain.mean(), gain.std() / len(gain)


def with_numpys_deviation(runs, a, b):
    final = final_by_seed(runs)
    gain = final[a] - final[b]
    return gain.mean(), gain.std(ddof=0) / np.sqrt(len(gain))


def not_paired(runs, a, b):
    final = final_by_seed(runs)
    error = np.sqrt((final[a].var() + final[b].var()) / len(final))
    return (final[a] - final[b]).mean(), error


def paired_by_place(runs, a, b):
    last = runs[runs["epoch"] == runs["epoch"].max()]
    sides = [last.loc[last["learning_rate"] == rate, "val_accuracy"].to_numpy() for rate in (a, b)]
    gain = sides[0] - sides[1]
    return gain.mean(), gain.std(ddof=1) / np.sqrt(len(gain))


def over_all_epochs(runs, a, b):
    table = runs.pivot_table(index="seed", columns="learning_rate", values="val_accuracy")
    gain = table[a] - table[b]
    return gain.mean(), gain.std() / np.sqrt(len(gain))


def every_epoch_a_pair(runs, a, b):
    keys = {"index": ["seed", "epoch"], "columns": "learning_rate"}
    table = runs.pivot_table(values="val_accuracy", **keys)
    gain = table[a] - table[b]
    return gain.mean(), gain.std() / np.sqrt(len(gain))


def mean_alone(runs, a, b):
    return paired_difference(runs, a, b)[0]


def share_with_twin(train, test):
    known = set(map(tuple, train.to_numpy()))
    return np.mean([tuple(row) in known for row in test.to_numpy()])


def number_with_twin(train, test):
    return share_with_twin(train, test) * len(test)


def share_of_train(train, test):
    return share_with_twin(test, train)


def copies_within_test(train, test):
    return test.duplicated().mean()


def copies_in_both(train, test):
    return pd.concat([train, test]).duplicated().mean()


def each_kind_once(train, test):
    return share_with_twin(train, test.drop_duplicates())


def by_the_index(train, test):
    return test.index.isin(train.index).mean()


def column_by_column(train, test):
    return np.mean([test[name].isin(train[name]) for name in test])


def pairs_of_rows(train, test):
    return len(test.merge(train)) / len(test)


def wines(*rows, index):
    return pd.DataFrame(rows, columns=["alcohol", "pH"], index=index)


def my_report(validation, test):
    best = validation.mean(axis=1).argmax()
    gain = test[best] - test[0]
    return gain.mean(), gain.std(ddof=1) / np.sqrt(len(gain))


def report(validation, test):
    best = test.mean(axis=1).argmax()
    return test[best].max(), test[best].std()


def chosen_on_the_test(validation, test):
    return my_report(test, test)


def judged_where_chosen(validation, test):
    return my_report(validation, validation)


def luckiest_split(validation, test):
    gain = test[validation.mean(axis=1).argmax()] - test[0]
    return gain.max(), gain.std(ddof=1) / np.sqrt(len(gain))


def chosen_by_one_split(validation, test):
    gain = test[validation.max(axis=1).argmax()] - test[0]
    return gain.mean(), gain.std(ddof=1) / np.sqrt(len(gain))


def without_baseline(validation, test):
    best = test[validation.mean(axis=1).argmax()]
    return best.mean(), best.std(ddof=1) / np.sqrt(len(best))


def spread_for_error(validation, test):
    gain = test[validation.mean(axis=1).argmax()] - test[0]
    return gain.mean(), gain.std(ddof=1)


def report_with_numpys_deviation(validation, test):
    gain = test[validation.mean(axis=1).argmax()] - test[0]
    return gain.mean(), gain.std() / np.sqrt(len(gain))


def report_not_paired(validation, test):
    best = test[validation.mean(axis=1).argmax()]
    error = np.sqrt((best.var(ddof=1) + test[0].var(ddof=1)) / len(best))
    return (best - test[0]).mean(), error
