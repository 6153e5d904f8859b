"""What a test looks for in a demo: its controls, its picture, its words."""

import ipywidgets as widgets


def parts(widget, kind):
    """Return all widgets of a kind in a demo, in their order on the screen."""
    widget = getattr(widget, "widget", widget)
    found = [widget] if isinstance(widget, kind) else []
    for child in getattr(widget, "children", ()):
        found += parts(child, kind)
    return found


def picture(demo):
    (image,) = parts(demo, widgets.Image)
    assert bytes(image.value).startswith(b"\x89PNG")
    return bytes(image.value)


def words(demo):
    return parts(demo, widgets.HTML)[-1].value
