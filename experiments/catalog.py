"""The experiments: what each is called, its module, and the data that it reads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Experiment:
    """An experiment: ``as_told/<module>.py`` beside ``with_seeds/<module>.py``.

    Attributes
    ----------
    name, module : str
    data : str
        ``"bmi"`` or ``"wine"``, bundled and real; ``"made"`` by scikit-learn.
    """

    name: str
    module: str
    data: str


EXPERIMENTS = {
    name: Experiment(name, name.lower().replace("'", "_prime"), data)
    for name, data in {
        "E1": "bmi",
        "E2": "bmi",
        "E3": "bmi",
        "E4": "bmi",
        "E5": "wine",
        "E6a": "made",
        "E6b": "made",
        "E6c": "made",
        "E7a": "made",
        "E7b": "made",
        "E7b'": "made",
        "E7c": "made",
        "E7d": "made",
    }.items()
}
EXTRAS = ("speed", "peers")
"""What else can be asked for: how time grows, and the other ways to train many networks."""


def find(words):
    """Return the experiments and extras that a list of words names; all, if there is none.

    Raises
    ------
    ValueError
        If a name is not known.
    """
    known = {name.lower(): name for name in (*EXPERIMENTS, *EXTRAS)}
    known |= {experiment.module: name for name, experiment in EXPERIMENTS.items()}
    if strangers := [word for word in words if word.lower() not in known]:
        raise ValueError(
            f"there is no experiment {strangers[0]!r}; give one of "
            f"{', '.join((*EXPERIMENTS, *EXTRAS))} (E7b' is also e7b_prime), or none for all."
        )
    return list(dict.fromkeys(known[word.lower()] for word in words)) or [*EXPERIMENTS, *EXTRAS]
