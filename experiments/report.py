"""The table of an experiment: a row per setting, as told with one seed and with ten."""

import pandas as pd


def spread(values, form="{:.3f}"):
    """Return median and range of the columns of a table of seeds: ``0.84 (0.81–0.87)``."""

    def words(column):
        low, middle, high = map(form.format, (column.min(), column.median(), column.max()))
        return f"{middle} ({low}–{high})"

    return values.apply(words)


def settings_table(name, told, ten_seeds, form="{:.3f}", **more):
    """Return the table of an experiment.

    Parameters
    ----------
    name : str
        What tells the settings apart.
    told : Series
        A value per setting: the tutorial's code, one seed.
    ten_seeds : DataFrame of shape (n_seeds, n_settings)
    form : str
        How a value is written.
    **more : DataFrame of shape (n_seeds, n_settings)
        Other columns, their names with ``_`` for a blank.
    """
    columns = {
        "one seed, as told": told.map(form.format),
        f"{len(ten_seeds)} seeds": spread(ten_seeds, form),
    }
    columns |= {title.replace("_", " "): spread(table, form) for title, table in more.items()}
    table = pd.DataFrame(columns).reindex([*ten_seeds]).fillna("–")
    return table.rename_axis(name).reset_index().astype(str)
