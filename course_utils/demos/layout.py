"""What every demo is made of: sliders, buttons, and one picture that is redrawn."""

from io import BytesIO

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from course_utils.plotting.style import course_rc
from course_utils.validation import as_data, check_builder, check_pair


def lay_out(draw, goal, **controls):
    """Lay out the controls over one picture that is redrawn whenever one of them changes."""
    image = widgets.Image(format="png", layout=widgets.Layout(max_width="100%"))
    readout = widgets.HTML()

    def redraw(_=None):
        values = {name: _source(control).value for name, control in controls.items()}
        with mpl.rc_context(course_rc()):
            figure = Figure(figsize=(13, 5), layout="none")
            figure.subplots_adjust(left=0.075, right=0.96, bottom=0.15, top=0.88, wspace=0.2)
            words = draw(figure, **values)
            image.value = _png(figure)
        readout.value = f"<div style='font-size:1.25em;line-height:1.5'>{words}</div>"

    for control in controls.values():
        _source(control).observe(redraw, names="value")
    redraw()
    title = widgets.HTML(f"<div style='font-size:1.25em'>{goal}</div>")
    return widgets.VBox([title, *controls.values(), readout, image])


def check_live(build_model, x, y, validation_data):
    """Raise an error unless a network can be trained and measured on these."""
    check_builder(build_model)
    check_pair(validation_data)
    as_data(x, y, validation_data)


def log_slider(name, low, high, value, **options):
    """Return a slider whose scale is logarithmic; `low` and `high` are exponents of ten."""
    return widgets.FloatLogSlider(
        value=value,
        min=low,
        max=high,
        step=0.01,
        description=name,
        readout_format=".3g",
        **slider_looks(),
        **options,
    )


def counted_button(name):
    """Return a button in a box that counts its clicks, as a control of the layout."""
    count = widgets.IntText(value=0, layout=widgets.Layout(display="none"))
    button = widgets.Button(
        description=name, button_style="primary", layout=widgets.Layout(width="auto")
    )
    button.on_click(lambda _: setattr(count, "value", count.value + 1))
    return widgets.HBox([count, button])


def slider_looks(label="9em"):
    """Return the style and the layout that sliders share, so that they stand in line."""
    return {
        "style": {"description_width": label},
        "layout": widgets.Layout(width="34em"),
    }


def rate_control(low, high, value, named_points, **options):
    """Return a log slider for the rate with a box to type in and buttons that jump."""
    slider = log_slider("learning rate", low, high, value, readout=False, **options)
    # A box for numbers would make 1 of a typed "0,1" before Python sees it.
    box = widgets.Text(continuous_update=False, layout=widgets.Layout(width="7em"))
    refusal = widgets.HTML()
    box.observe(lambda typed: _follow(slider, refusal, typed["new"]), names="value")
    widgets.dlink((slider, "value"), (box, "value"), _to_read)
    buttons = []
    for name, point in named_points.items():
        button = widgets.Button(description=name, layout=widgets.Layout(width="auto"))
        button.on_click(
            lambda _, point=point: setattr(
                slider,
                "value",
                float(np.clip(point() if callable(point) else point, 10**low, 10**high)),
            )
        )
        buttons.append(button)
    return widgets.HBox(
        [slider, box, *buttons, refusal], layout=widgets.Layout(flex_flow="row wrap")
    )


def _to_read(rate):
    return f"{rate:.4g}"


def _follow(slider, refusal, typed):
    """Move the slider to a typed rate, or say why not; the box's own rounding is no new rate."""
    refusal.value = ""
    if typed == _to_read(slider.value):
        return
    low, high = slider.base**slider.min, slider.base**slider.max
    try:
        rate = float(typed)
    except ValueError:
        rate = np.nan
    if low <= rate <= high:
        slider.value = rate
    elif "," in typed:
        refusal.value = "Write the rate with a point and no comma, such as 0.1; it has not changed."
    else:
        refusal.value = f"Write a number from {low:.4g} to {high:.4g}; the rate has not changed."


def _source(control):
    """Return the slider of a control, whether it stands alone or with its box and buttons."""
    return control.children[0] if isinstance(control, widgets.HBox) else control


def _png(figure):
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
