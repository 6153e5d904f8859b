"""What a demo is: a picture that is drawn from the values of its controls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from course_utils.plotting.style import DECADES, alt_text, course_rc, rate_color

SIZE, DPI = (11, 4.1), 105  # at its full width of 1155 pixels a text of 14 points has 20 pixels


@dataclass(frozen=True, repr=False)
class Demo:
    """A picture with controls. It shows itself at the end of a cell; `draw` needs no widgets.

    Attributes
    ----------
    title, question, goal : str
        The question is asked before anybody moves a control.
    controls : dict of str to Slider or Choice
    drawing : callable
        ``drawing(figure, tries, **values)`` draws into an empty figure and returns a sentence. A
        try is a tuple of the values of all controls.
    points : dict of str to callable
        Places to jump to: a function of all values that returns those to change.
    button : str
        What to press for a try. Without it every place where the hand rests is one.
    trains : bool
        Whether a try takes its time, so that the hand is waited for.
    recipe : dict
        What a page needs to compute the picture itself, by ``site/descent.js``.
    own : callable, optional
        ``own(X, y)`` returns the same demo for the table of somebody.
    """

    title: str
    question: str
    goal: str
    controls: dict
    drawing: Callable
    points: dict = field(default_factory=dict)
    button: str = ""
    trains: bool = False
    recipe: dict = field(default_factory=dict)
    own: Callable | None = None

    def draw(self, figure, tries=(), **values):
        """Draw into an empty figure, and return the sentence that was computed.

        `tries` are those made before. A control that is not given stands where it does at first.
        """
        values = {name: control.value for name, control in self.controls.items()} | values
        now = () if self.button else (tuple(values.values()),)
        with rc_context(course_rc()):
            figure.subplots_adjust(left=0.085, right=0.95, bottom=0.17, top=0.89, wspace=0.24)
            sentence = self.drawing(figure, (*tries, *now), **values)
        for ax in figure.axes:
            if ax.get_xscale() == "log":
                ax.xaxis.get_major_locator().set_params(numticks=6)
        return sentence

    def frame(self, tries=(), **values):
        """Return what `draw` draws as a PNG, the sentence, and the alt text."""
        style = {"figure.constrained_layout.use": False, "axes.titley": 1.0}  # not looked for
        with rc_context(course_rc() | style):
            figure, buffer = self._canvas.figure, BytesIO()
            for ax in figure.axes:
                figure.delaxes(ax)  # `clear` alone would empty each of them first
            figure.clear()
            sentence = self.draw(figure, tries, **values)
            figure.savefig(buffer, format="png")
        return buffer.getvalue(), sentence, alt_text(figure)

    @property
    def live(self):
        """The recipe with the colours of rates from the smallest to the largest, or None."""
        if not self.recipe:
            return None
        colors = [to_hex(rate_color(rate)) for rate in np.logspace(*DECADES, 61)]
        return self.recipe | {"decades": DECADES, "colors": colors}

    @cached_property
    def _canvas(self):
        """The canvas of all frames: it remembers the formulas that it has set, such as 10⁻²."""
        return FigureCanvasAgg(Figure(SIZE, DPI))

    @cached_property
    def widget(self):
        """The demo as an ipywidget, made when it is first shown."""
        from course_utils.demos.view import View

        return View(self)

    def _repr_mimebundle_(self, **options):
        return self.widget._repr_mimebundle_(**options)
