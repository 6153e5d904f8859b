"""A demo as widgets: sliders, buttons, a sentence, and one picture that follows them."""

import asyncio
import json
import math
from contextlib import suppress
from functools import wraps
from html import escape
from threading import RLock

import ipywidgets as widgets
import traitlets

from course_utils.demos.controls import Slider
from course_utils.demos.own_data import read_csv

REST = 0.3  # seconds after which the hand counts as resting
BEAT = 0.02  # seconds in which a slider that plays may leave a picture out
LABEL, WIDTH = {"description_width": "11em"}, {"width": "33em"}
LARGE = "<div style='font-size:1.25em;line-height:1.4'>{}</div>"
ONE_AT_A_TIME = RLock()  # for all demos, since matplotlib's settings are those of the kernel


def _alone(act):
    """Let no two threads act at once: a kernel answers some messages of widgets in a second one."""

    @wraps(act)
    def locked(*args, **kwargs):
        with ONE_AT_A_TIME:
            return act(*args, **kwargs)

    return locked


class Picture(widgets.Image):
    """An image whose tooltip is its alt text, which ipywidgets passes on beside a description."""

    description = traitlets.Unicode("").tag(sync=True)


class Exact:
    """A slider that stays where Python put it, though the browser answers with the nearest step."""

    def set_state(self, sync_data):
        """Take what the browser sends, but for its rounding of the value that stands here."""
        sent = sync_data.get("value")
        if sent is not None and math.isclose(sent, self._rounded(), rel_tol=1e-9, abs_tol=1e-12):
            sync_data = {name: each for name, each in sync_data.items() if name != "value"}
        super().set_state(sync_data)

    def _rounded(self):
        log = isinstance(self, widgets.FloatLogSlider)
        place = math.log10(self.value) if log else self.value
        steps = math.floor((place - self.min) / self.step + 0.5)
        place = min(self.min + steps * self.step, self.max)
        return 10.0**place if log else place


class LogSlider(Exact, widgets.FloatLogSlider):
    """A logarithmic slider whose value need not be one of its steps."""


class LinearSlider(Exact, widgets.FloatSlider):
    """A slider whose value need not be one of its steps."""


class View(widgets.VBox):
    """The widgets of a demo, which redraw its picture when one of them moves."""

    def __init__(self, demo):
        self.sentence = widgets.HTML()
        self.image = Picture(format="png", layout={"max_width": "100%"})
        super().__init__()
        self.show(demo)

    def show(self, demo, about=""):
        """Put the controls and the picture of a demo into the place of what is there."""
        self.demo, self.tried, self.timer, self.jumping = demo, (), None, False
        self.inputs = {name: _input(control) for name, control in demo.controls.items()}
        for name, each in self.inputs.items():
            plays = demo.controls[name].plays
            each.observe(lambda _, plays=plays: self._moved(plays), "value")
        buttons = [
            _button(name, lambda place=place: self._jump(place(self.values)))
            for name, place in demo.points.items()
        ]
        if demo.button:
            buttons.append(_button(demo.button, self._press, button_style="primary"))
        buttons.append(_button("reset", self._reset, icon="undo"))
        if demo.own:
            upload = widgets.FileUpload(accept=".csv", description="your own CSV")
            upload.layout.width = "auto"
            upload.observe(lambda change: self._bring(*change["new"]), "value")
            buttons.append(upload)
        words = f"<b>{demo.title}.</b> <i>Predict first:</i> {demo.question}<br>{demo.goal}{about}"
        if live := demo.live:  # for a page that draws the picture itself, at once
            names = {control.label: name for name, control in demo.controls.items()}
            logs = {control.label: control.log for control in demo.controls.values()}
            known = {"live": live, "names": names, "logs": logs}
            words += f"<script type='application/json'>{json.dumps(known)}</script>"
        rows = [_row(self.inputs[name], control) for name, control in demo.controls.items()]
        opening = widgets.HTML(LARGE.format(words))
        self.children = [opening, _wrapped(rows), _wrapped(buttons), self.sentence, self.image]
        self._redraw()

    @_alone
    def _bring(self, file=None):
        """Show the same demo for the data of a file, or say why not and change nothing."""
        if file is None:
            return
        self._say("⏳ <i>Training on your data …</i>")
        try:
            X, y = read_csv(bytes(file["content"]))
            demo = self.demo.own(X, y)
        except (TypeError, ValueError) as error:
            self._say(f"<b>Not these data</b>: {escape(str(error))}")
            return
        about = f"{file['name']}: {len(X)} rows, {X.shape[1]} columns to predict {y.name!r} from"
        self.show(demo, f"<br><b>Your data:</b> {escape(about)}.")

    @property
    def values(self):
        """The values of all controls, to six digits: two ways to a rate end at the same number."""
        held = {name: each.value for name, each in self.inputs.items()}
        return {name: float(f"{v:.6g}") if type(v) is float else v for name, v in held.items()}

    @_alone
    def _jump(self, values):
        """Move some controls as one, each as far as it goes; those that the demo has."""
        self.jumping = True
        for name in values.keys() & self.inputs.keys():
            self.inputs[name].value = self.demo.controls[name].clip(values[name])
        self.jumping = False
        self._moved(plays=False)

    def _reset(self):
        self.tried = ()
        self._jump({name: control.value for name, control in self.demo.controls.items()})

    @_alone
    def _press(self):
        self.tried += (tuple(self.values.values()),)
        self._redraw(busy=self.demo.trains)

    @_alone
    def _moved(self, plays):
        """Redraw: at once, or after a rest where that trains and an event loop can wait."""
        if self.timer is not None:
            self.timer.cancel()
        if self.jumping:
            return
        busy = self.demo.trains and not self.demo.button and not plays
        if busy or plays:
            with suppress(RuntimeError):  # no loop, as in a script: nothing else will move
                wait = asyncio.get_running_loop().call_later
                self.timer = wait(REST if busy else BEAT, self._redraw, busy)
                return
        self._redraw(busy)

    @_alone
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
    kind = LogSlider if control.log else LinearSlider
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
    if not control.plays:
        return _wrapped([slider, box, refusal])
    play = widgets.Play(min=control.low, max=control.high, step=control.step, interval=400)
    widgets.link((slider, "value"), (play, "value"))
    return _wrapped([slider, box, play, refusal])


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
