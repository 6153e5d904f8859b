"""A demo as widgets: sliders, buttons, a sentence, and one picture that follows them."""

import asyncio
from contextlib import suppress

import ipywidgets as widgets
import traitlets

from course_utils.demos.controls import Slider

REST = 0.3  # seconds after which the hand counts as resting
LABEL, WIDTH = {"description_width": "11em"}, {"width": "33em"}
LARGE = "<div style='font-size:1.25em;line-height:1.4'>{}</div>"


class Picture(widgets.Image):
    """An image whose tooltip is its alt text, which ipywidgets passes on beside a description."""

    description = traitlets.Unicode("").tag(sync=True)


class View(widgets.VBox):
    """The widgets of a demo, which redraw its picture when one of them moves."""

    def __init__(self, demo):
        self.demo, self.tried, self.timer, self.jumping = demo, (), None, False
        self.inputs = {name: _input(control) for name, control in demo.controls.items()}
        self.sentence = widgets.HTML()
        self.image = Picture(format="png", layout={"max_width": "100%"})
        for each in self.inputs.values():
            each.observe(lambda _: self._moved(), "value")
        buttons = [
            _button(name, lambda place=place: self._jump(place(self.values)))
            for name, place in demo.points.items()
        ]
        if demo.button:
            buttons.append(_button(demo.button, self._press, button_style="primary"))
        buttons.append(_button("reset", self._reset, icon="undo"))
        words = f"<b>{demo.title}.</b> <i>Predict first:</i> {demo.question}<br>{demo.goal}"
        rows = [_row(self.inputs[name], control) for name, control in demo.controls.items()]
        opening = widgets.HTML(LARGE.format(words))
        super().__init__([opening, _wrapped(rows), _wrapped(buttons), self.sentence, self.image])
        self._redraw()

    @property
    def values(self):
        """The values of all controls."""
        return {name: each.value for name, each in self.inputs.items()}

    def _jump(self, values):
        """Move some controls as one, each as far as it goes; those that the demo has."""
        self.jumping = True
        for name in values.keys() & self.inputs.keys():
            self.inputs[name].value = self.demo.controls[name].clip(values[name])
        self.jumping = False
        self._moved()

    def _reset(self):
        self.tried = ()
        self._jump({name: control.value for name, control in self.demo.controls.items()})

    def _press(self):
        self.tried += (tuple(self.values.values()),)
        self._redraw(busy=self.demo.trains)

    def _moved(self):
        """Redraw: at once, or after a rest where that trains and an event loop can wait."""
        if self.timer is not None:
            self.timer.cancel()
        if self.jumping:
            return
        waits = self.demo.trains and not self.demo.button
        if waits:
            with suppress(RuntimeError):  # no loop, as in a script: nothing else will move
                self.timer = asyncio.get_running_loop().call_later(REST, self._redraw, True)
                return
        self._redraw(busy=waits)

    def _redraw(self, busy=False):
        demo, values = self.demo, self.values
        for name, control in demo.controls.items():
            if isinstance(control, Slider):
                self.inputs[name].disabled = control.idle(values)
        if busy:
            self._say("⏳ <i>Training …</i>")
        try:
            self.image.value, words, self.image.tooltip = demo.frame(self.tried, **values)
        except Exception as error:
            self._say(f"<b>{type(error).__name__}</b>: {error}")
            raise
        self._say(words)
        if not demo.button:
            self.tried += (tuple(values.values()),)

    def _say(self, words):
        self.sentence.value = LARGE.format(words)


def _input(control):
    """Return the widget that holds the value of a control."""
    common = {"description": control.label, "value": control.value, "style": LABEL}
    if not isinstance(control, Slider):
        if control.kind == "ToggleButtons":
            common |= {"style": {**LABEL, "button_width": "auto"}}
        return getattr(widgets, control.kind)(options=control.options, layout=WIDTH, **common)
    kind = widgets.FloatLogSlider if control.log else widgets.FloatSlider
    if isinstance(control.step, int):
        kind = widgets.IntSlider
    ends = {"min": control.low, "max": control.high, "step": control.step}
    return kind(**ends, readout=False, layout=WIDTH, **common)


def _row(slider, control):
    """Return a slider beside a box for the same number, and room to refuse what is typed."""
    if not isinstance(control, Slider):
        return slider
    # A box for numbers would make 1 of a typed "0,1" before Python sees it.
    box = widgets.Text(
        continuous_update=False, layout={"width": "7em"}, tooltip=f"{control.label}: type a number"
    )
    refusal = widgets.HTML()

    def follow(change):
        refusal.value = ""
        if change["new"] == f"{slider.value:.4g}":  # the box's own rounding is no new number
            return
        try:
            slider.value = _typed(change["new"], control)
        except ValueError as error:
            refusal.value = str(error)

    box.observe(follow, "value")
    widgets.dlink((slider, "value"), (box, "value"), lambda number: f"{number:.4g}")
    widgets.dlink((slider, "disabled"), (box, "disabled"))
    return _wrapped([slider, box, refusal])


def _typed(text, control):
    """Return the number that was typed, or raise a ValueError if the slider has none such."""
    low, high = control.ends
    kind = type(control.step)
    with suppress(ValueError):
        if low <= kind(text) <= high:
            return kind(text)
    if "," in text:
        raise ValueError("Write a point and no comma, such as 0.1; nothing has changed.")
    what = "whole number" if kind is int else "number"
    raise ValueError(f"Write a {what} from {low:.4g} to {high:.4g}; nothing has changed.")


def _button(name, act, **looks):
    button = widgets.Button(description=name, layout={"width": "auto"}, **looks)
    button.on_click(lambda _: act())
    return button


def _wrapped(children):
    return widgets.HBox(children, layout={"flex_flow": "row wrap"})
