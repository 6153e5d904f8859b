"""How many seeds and epochs; nothing here loads TensorFlow."""


def n_seeds(short):
    """Return the seeds of every experiment."""
    return 3 if short else 10


def n_epochs(short):
    """Return the epochs of E1 to E4."""
    return 20 if short else 200
