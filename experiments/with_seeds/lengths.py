"""How many seeds and epochs; nothing here loads TensorFlow."""

SEEDS = 10


def n_epochs(short):
    """Return the epochs of E1 to E4."""
    return 20 if short else 200
