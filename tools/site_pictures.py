"""Fit a picture to a page: its file, its caption, and on a phone its panels in a column."""

import html
from io import BytesIO
from itertools import pairwise

import numpy as np
from PIL import Image

WIDE = 2.4  # a picture with a larger ratio of width to height scrolls where it does not fit
LONG = 160  # a caption of more letters is folded
NARROW = "(max-width: 600px)"  # a screen on which panels stand in a column
GUTTER = 1 / 320  # of the width: the least that separates two panels which share an axis
ASIDE = 0.06  # of the width: how far from even parts a gutter may be
PANELS = (2, 3, 4)


def gutters(image):
    """Return the columns at which a picture falls into panels of about one width; or nothing."""
    pixels = np.asarray(image.convert("L"))
    width = pixels.shape[1]
    blank = np.r_[False, (pixels >= 250).all(axis=0), False].astype(int)
    starts, ends = np.flatnonzero(np.diff(blank) == 1), np.flatnonzero(np.diff(blank) == -1)
    wide, middles = (ends - starts) / width, (starts + ends) / 2 / width
    for n in reversed(PANELS):
        near = [
            np.where(abs(middles - k / n) < ASIDE, wide, 0) * (wide >= GUTTER) for k in range(1, n)
        ]
        if all(gaps.any() for gaps in near):
            return [int(width * middles[gaps.argmax()]) for gaps in near]
    return []


def in_a_column(image):
    """Return a picture with its panels one below the other; None if it has but one."""
    cuts = gutters(image) if image.width > image.height else []
    if not cuts:
        return None
    edges = [0, *cuts, image.width]
    widest = max(right - left for left, right in pairwise(edges))
    column = Image.new("RGB", (widest, image.height * (len(edges) - 1)), "white")
    for row, (left, right) in enumerate(pairwise(edges)):
        column.paste(image.crop((left, 0, right, image.height)), (0, row * image.height))
    return column


def figure(data, metadata, number, folder, name):
    """Write the files of a picture into a folder; return it with its caption, as HTML.

    Parameters
    ----------
    data : bytes
        The picture, as PNG.
    metadata : dict
        ``alt``, and ``width`` and ``height`` of a picture of more dots than it is wide.
    number : str
        As in ``"02.3"``.
    folder : Path
        The site's folder of figures, which pages find at ``../figures``.
    name : str
        Of the file, without its ending.
    """
    (folder / f"{name}.png").write_bytes(data)
    image = Image.open(BytesIO(data)).convert("RGB")
    width, height = metadata.get("width", image.width), metadata.get("height", image.height)
    kind = "wide" if width > WIDE * height else "plain"
    dots = f"{image.width / width:g}x"  # to a pixel of the page
    source = ""
    if column := in_a_column(image):
        column.quantize(255).save(folder / f"{name}_column.png", optimize=True)
        kind += " panels"
        source = f'<source media="{NARROW}" srcset="../figures/{name}_column.png {dots}">'
    alt = metadata.get("alt", "")
    text = html.escape(alt, quote=True)
    words = text
    if len(alt) > LONG:
        words = f"<details><summary>In words</summary>{text}</details>"
    return (
        f'<figure class="shown {kind}" id="figure-{number.replace(".", "-")}">'
        f'<div class="scroll"><picture>{source}<img src="../figures/{name}.png" '
        f'srcset="../figures/{name}.png {dots}" alt="{text}" '
        f'width="{width}" height="{height}"></picture></div>'
        f"<figcaption><b>Figure {number}</b> {words}</figcaption></figure>"
    )
