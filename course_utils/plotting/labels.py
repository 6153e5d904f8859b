"""Labels that find a free place each time their figure is drawn."""

from collections import defaultdict
from textwrap import fill

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from course_utils.plotting import style

COORDINATES = {
    "data": lambda ax: ax.transData,
    "x": lambda ax: ax.get_xaxis_transform(),
    "y": lambda ax: ax.get_yaxis_transform(),
    "axes": lambda ax: ax.transAxes,
}
NARROW = 0.5  # share of the width of the Axes that shorter lines may have
LETTER = 0.56  # width of a letter, in font sizes


class Label(Annotation):
    """A text that moves, whenever it is drawn, to the first of its places that is free.

    Free is a place on no line, dot, title, legend or other text of the figure. Where none is, the
    text is tried once more in shorter lines, and then takes the place with the fewest of these.
    It is left out if its points lie off the picture.

    Parameters
    ----------
    axes : Axes or sequence of Axes
        Where the text may stand; all places of the first are tried before those of the next.
    text : str
        Broken into lines where it is longer than the Axes.
    places : list of (xy, offset)
        Points, and where the text stands from there in typographic points: (4, 0) is to the right
        of the point, (0, -4) below it.
    coordinates : {"data", "x", "y", "axes"}
        Of the points: data, data in x or y with a share of the Axes in the other, or shares.
    outside : bool
        Whether the text may leave the Axes, as at the end of a line.
    optional : bool
        Leave the text out if no place is free.
    **looks
        As in `Axes.annotate`.
    """

    def __init__(
        self, axes, text, places, coordinates="data", *, outside=False, optional=False, **looks
    ):
        axes = np.ravel(axes).tolist()
        widths = (1,) if outside else (1, NARROW)
        self.places = [
            (ax, COORDINATES[coordinates](ax), xy, offset, width)
            for width in widths for ax in axes for xy, offset in places
        ]  # fmt: skip
        self.words, self.outside, self.optional, self.placed = text, outside, optional, False
        usual = {"bbox": style.BACKING, "zorder": 6, "annotation_clip": False, "clip_on": False}
        super().__init__(text, (0, 0), (0, 0), textcoords="offset points", **(usual | looks))
        self.set_in_layout(outside)
        axes[-1].add_artist(self)  # the Axes drawn last, so that none covers the text
        self._move(self.places[0])

    def draw(self, renderer):
        """Draw the text at the best of its places, or not at all."""
        boxes, lines = _obstacles(self, renderer)
        fewest, best = np.inf, self.places[0]
        for place in self.places:
            crossed = self._count_crossed(place, boxes, lines, renderer)
            if crossed < fewest:
                fewest, best = crossed, place
            if not crossed:
                break
        self._move(best)
        self.placed = fewest < (1 if self.optional else np.inf)
        if self.placed:
            super().draw(renderer)

    def _move(self, place):
        ax, self.xycoords, self.xy, offset, share = place
        self.set_position(offset)
        self.set_ha(("center", "left", "right")[int(np.sign(offset[0]))])
        self.set_va(("center", "bottom", "top")[int(np.sign(offset[1]))])
        words, length = self.words, share * ax.bbox.width
        if self.get_rotation():
            length = ax.bbox.height
        if share == NARROW:
            words = words.replace(" = ", "\n= ").replace(" (", "\n(")
        letters = int(length / (LETTER * self.get_fontsize() * ax.figure.dpi / 72))
        lines = [fill(line, max(letters, 8), break_long_words=False) for line in words.split("\n")]
        self.set_text("\n".join(lines))

    def _count_crossed(self, place, boxes, lines, renderer):
        """Return how many things stand where the text would; inf off the picture."""
        ax, transform, xy, *_ = place
        picture = ax.bbox.padded(2)
        if not picture.contains(*transform.transform(xy)):
            return np.inf
        self._move(place)
        box = self.get_window_extent(renderer).padded(2)
        crossed = sum(path.intersects_bbox(box, filled=False) for path in lines[ax])
        cut = not (self.outside or (picture.contains(*box.min) and picture.contains(*box.max)))
        return box.count_overlaps(boxes) + crossed + 10 * cut


def _obstacles(label, renderer):
    """Return the boxes of texts and dots, and the lines of each Axes, as paths on the screen."""
    boxes, lines = [], defaultdict(list)
    panels = [ax for ax in label.figure.axes if ax.get_visible()]
    for artist in (artist for ax in panels for artist in ax.get_children()):
        ax = artist.axes
        if artist is label or not artist.get_visible():
            continue
        if isinstance(artist, Legend) or (isinstance(artist, Text) and artist.get_text()):
            if getattr(artist, "placed", True):
                boxes.append(artist.get_window_extent(renderer))
        elif isinstance(artist, LineCollection):
            lines[ax] += map(artist.get_transform().transform_path, artist.get_paths())
        elif isinstance(artist, Line2D):
            path = artist.get_transform().transform_path(artist.get_path())
            if artist.get_linestyle() != "None":
                lines[ax].append(path)
            if artist.get_marker() != "None":
                radius = artist.get_markersize() / 2 * label.figure.dpi / 72
                dots = path.vertices[np.isfinite(path.vertices).all(axis=1)]
                boxes += [Bbox([dot - radius, dot + radius]) for dot in dots]
    return boxes, lines
