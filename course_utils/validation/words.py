"""How a message shows what was handed in."""

import numpy as np

LONGEST = 80  # characters of a value in a message


def plain(value):
    """Return a NumPy scalar as a plain Python value, for messages; all else as it is."""
    lone = isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0)
    return value.item() if lone else value


def told(value):
    """Return a value as a message shows it, in a few words."""
    value = plain(value)
    if getattr(value, "shape", ()):
        return f"a {type(value).__name__} of shape {tuple(value.shape)}"
    if isinstance(value, (list, tuple)):
        value = type(value)(map(plain, value)) if type(value) in (list, tuple) else list(value)
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
