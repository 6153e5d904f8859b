"""What a reader cannot read in a figure: texts on texts, on lines, on dots, or cut off.

Measured with the renderer's boxes of what was really drawn, whatever put it there. As an extension
of IPython it looks at each figure that a notebook shows, and stops the cell that shows a bad one.
"""

import os
from pathlib import Path
from unittest.mock import patch

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import FigureBase
from matplotlib.text import Text

from course_utils.plotting.style import alt_text

SLACK = 1.0  # pixels by which things may touch
EXTENSION = "--ext=tools.readable"  # tells a kernel to load it


class UnreadableFigureError(Exception):
    """A notebook shows a figure that cannot be read; the message names the texts and the figure."""


def overlaps(figure):
    """Return a sentence for each overlap in a figure, in the order of drawing."""
    texts, marks = drawn_texts(figure), drawn_marks(figure)
    edge = figure.bbox
    found = [
        f"{words!r} is cut off"
        for words, box in texts
        if min(box.x0 - edge.x0, box.y0 - edge.y0, edge.x1 - box.x1, edge.y1 - box.y1) < -SLACK
    ]
    for place, (words, box) in enumerate(texts):
        found += [f"{words!r} on {other!r}" for other, its in texts[:place] if _share(box, its)]
        found += [f"{words!r} on a {kind}" for kind, hits in marks if hits(box)]
    return found


def drawn_texts(figure):
    """Draw a figure, and return (words, box) of each text that was drawn."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # settles the layout
    drawn, draw = [], Text.draw

    def record(text, renderer):
        if text.get_visible() and text.get_text().strip():
            drawn.append((text.get_text(), text.get_window_extent(renderer)))
        draw(text, renderer)

    with patch.object(Text, "draw", record):
        canvas.draw()
    return drawn


def drawn_marks(figure):
    """Return (kind, function that tells whether a box meets it) of each line and dot."""
    marks = []
    pixels = figure.dpi / 72
    for ax in (ax for ax in figure.axes if ax.get_visible()):
        for line in (line for line in ax.lines if line.get_visible()):
            points = line.get_transform().transform(line.get_xydata().astype(float))
            clip = ax.bbox if line.get_clip_on() else None
            if line.get_linestyle() not in ("None", " ", ""):
                marks.append(("line", _meets(_dense(points), clip)))
            if line.get_marker() not in ("None", None, " ", ""):
                marks.append(("dot", _meets(points, clip, line.get_markersize() / 2 * pixels)))
        for collection in ax.collections:
            if isinstance(collection, LineCollection):
                to_screen = collection.get_transform()
                pieces = [_dense(to_screen.transform(s)) for s in collection.get_segments()]
                if pieces:
                    marks.append(("line", _meets(np.concatenate(pieces), ax.bbox)))
            elif isinstance(collection, PathCollection):
                points = collection.get_offset_transform().transform(collection.get_offsets())
                radius = np.sqrt(collection.get_sizes().max()) / 2 * pixels
                marks.append(("dot", _meets(points, ax.bbox, radius)))
    return marks


def _share(box, other):
    return (
        min(box.x1, other.x1) - max(box.x0, other.x0) > SLACK
        and min(box.y1, other.y1) - max(box.y0, other.y0) > SLACK
    )


def _dense(points):
    """Return the points of a line on the screen, a pixel or less apart."""
    points = np.clip(points, -1e4, 1e4)
    steps = np.abs(np.diff(points, axis=0)).max(axis=1, initial=0)
    pieces = [points[:1]]
    for start, end, step in zip(points[:-1], points[1:], steps, strict=True):
        if np.isfinite(step):
            pieces.append(np.linspace(start, end, int(step) + 2))
    return np.concatenate(pieces)


def _meets(points, clip, radius=0.0):
    points = points[np.isfinite(points).all(axis=1)]
    if clip is not None:
        points = points[
            (points >= clip.min - SLACK).all(axis=1) & (points <= clip.max + SLACK).all(axis=1)
        ]

    def meets(box):
        gap = np.maximum(np.maximum(box.min - points, points - box.max), -np.inf)
        return bool((gap.max(axis=1) < radius - SLACK).any())

    return meets


def python_path():
    """Return the ``PYTHONPATH`` of a kernel that finds this module from any folder."""
    root = str(Path(__file__).parents[1])
    return os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])


def load_ipython_extension(shell):
    """Look at each figure before it is shown, and raise an error in its cell if it has overlaps."""
    usual = shell.display_formatter.format

    def format_readable(shown, *args, **kwargs):
        if isinstance(shown, FigureBase) and (found := overlaps(shown)):
            raise UnreadableFigureError(f"{'; '.join(found)}. In the figure: {alt_text(shown)}")
        return usual(shown, *args, **kwargs)

    shell.display_formatter.format = format_readable
