"""Draw a demo at chosen values of its controls, and keep the frames for the pages.

As an extension of IPython it does so wherever a notebook shows a demo: `tools.page_sliders` starts
the notebook with the folders to fill.
"""

import json
import os
import shutil
import tempfile
from hashlib import sha256
from io import BytesIO
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image

FOLDERS = "COURSE_FRAMES"  # of the environment: a list in JSON, "" for a demo that has its frames
COLORS = 128  # of a frame: half the bytes, and no difference that one sees

# Which numbers of which slider have frames: each so many steps, or these. By the demo's controls;
# what is not named keeps its first value, but a choice has all of its options.
KEPT = {
    ("learning_rate",): {"learning_rate": 4},
    ("learning_rate", "batch_size"): {"learning_rate": 8},
    ("learning_rate", "optimizer"): {"learning_rate": 6},
    ("start", "end", "smoothing"): {
        "start": (1e-6, 1e-4), "end": (0.01, 1.0, 10.0), "smoothing": 6,
    },
    ("kind", "learning_rate", "warmup", "final"): {
        "learning_rate": (0.03, 0.1, 0.3, 1.0, 3.0), "warmup": (0.0, 0.2), "final": (0.01, 0.1),
    },
    ("column", "row", "spacing", "points"): {
        "column": 3, "row": 3, "spacing": (1, 3), "points": (3, 5),
    },
    ("per_axis", "position", "width", "number"): {
        "per_axis": 1, "position": 16, "width": (0.35, 1.5),
    },
    ("tried", "rows", "number"): {"tried": (1, 2, 5, 10, 20, 50), "rows": 1, "number": (2, 3, 4)},
    ("rates", "learning_rate", "epoch"): {
        "learning_rate": (0.001, 0.1), "epoch": (1, 2, 3, 4, 5, 7, 10, 14, 19, 25, 32, 40),
    },
    ("team", "learning_rate", "number"): {
        "team": (1,), "learning_rate": 5, "number": (2, 3),
    },
}  # fmt: skip


def spread(control, kept=None):
    """Return the values that a control takes on a page, and their texts; the first one included.

    `kept` are these values, or a whole number of steps from one to the next.
    """
    if hasattr(control, "options"):
        pairs = [option if isinstance(option, tuple) else (str(option), option)
                 for option in control.options]  # fmt: skip
        if isinstance(kept, int):
            pairs = pairs[len(pairs) // 2 % kept :: kept]
        elif kept:
            pairs = [pair for pair in pairs if pair[1] in kept]
        return [value for _, value in pairs], [text for text, _ in pairs]
    if isinstance(kept, int):
        low, high = control.low, control.high
        at = np.arange(low, high + control.step / 2, kept * control.step).round(9)
        kept = 10.0**at if control.log else at
    values = [control.value]
    for value in map(control.clip, () if kept is None else kept):
        if not np.isclose(value, values, rtol=1e-6, atol=1e-12).any():
            values.append(value)
    values.sort()
    return values, [f"{value:.4g}" for value in values]


def nearest(value, values):
    """Return which of the values is this one, but for rounding: a rate may come from Keras."""
    return value if value in values else min(values, key=lambda other: abs(other - value))


def spread_all(demo):
    """Return for each control of a demo its values on a page, and their texts."""
    kept = KEPT.get(tuple(demo.controls), {})
    if demo.recipe:  # what is computed on the page costs nothing there
        kept = dict.fromkeys(demo.controls, 1)
    chosen = {name: spread(control, kept.get(name)) for name, control in demo.controls.items()}
    targets = [] if demo.recipe else [
        place(values) for values in combinations(chosen) for place in demo.points.values()
    ]  # fmt: skip
    for name in {name for target in targets for name in target} & set(chosen):
        values = {demo.controls[name].clip(target[name]) for target in targets if name in target}
        chosen[name] = spread(demo.controls[name], [*chosen[name][0], *values])
    return chosen


def combinations(chosen):
    """Return all values together, as dictionaries; those of the first control vary slowest."""
    lists = (values for values, _ in chosen.values())
    return [dict(zip(chosen, values, strict=True)) for values in product(*lists)]


def without_idle(demo, values):
    """Return the values of the controls that do something, in order."""
    controls = demo.controls.items()
    return tuple(
        None if not hasattr(control, "options") and control.idle(values) else values[name]
        for name, control in controls
    )


def tries_before(demo, everything, now):
    """Return the tries that a frame shows: what was pressed, or all rates up to this one.

    So a rate that moves to the right uncovers the map of a demo that trains.
    """
    if demo.button:
        return [tuple(now.values())]
    if not demo.trains or "learning_rate" not in now:
        return []
    return [
        tuple(values.values())
        for values in everything
        if values["learning_rate"] <= now["learning_rate"] and values != now
    ]


def note(demo):
    """Return what a page says of the tries of its frames."""
    if demo.button:
        return f"On this page each choice shows what “{demo.button}” gives as the first try."
    plays = any(control.plays for control in demo.controls.values())
    if demo.trains and "learning_rate" in demo.controls and not plays:
        return "On this page every rate up to yours counts as tried. Start at the left."
    return ""


def as_webp(png):
    """Return a picture as WebP without loss, but for the number of its colours."""
    picture, buffer = Image.open(BytesIO(png)).convert("RGB"), BytesIO()
    picture.quantize(COLORS).convert("RGB").save(buffer, "WEBP", lossless=True, quality=60)
    return buffer.getvalue(), picture.size


def record(demo, folder):
    """Draw the frames of a demo into a folder; return what a page needs to know of them.

    A demo with a recipe needs but its still picture. Equal pictures become one file.
    """
    chosen = spread_all(demo)
    first = {name: control.value for name, control in demo.controls.items()}
    everything = [first] if demo.recipe else combinations(chosen)
    files, texts, frames = {}, {}, {}
    for values in everything:
        seen = without_idle(demo, values)
        if seen not in frames:
            png, sentence, alt = demo.frame(tries_before(demo, everything, values), **values)
            webp, size = as_webp(png)
            name = f"{sha256(webp).hexdigest()[:20]}.webp"
            (folder / name).write_bytes(webp)
            frames[seen] = [
                files.setdefault(name, len(files)),
                texts.setdefault(sentence, len(texts)),
                texts.setdefault(alt, len(texts)),
            ]
    controls = []
    for name, control in demo.controls.items():
        values, words = chosen[name]
        slider = not hasattr(control, "options")
        controls.append({
            "name": name, "label": control.label, "values": values, "texts": words,
            "at": values.index(control.value), "log": slider and control.log,
            "kind": "range" if slider or control.kind == "SelectionSlider" else "radio",
            "ends": list(control.ends) if slider else None, "plays": control.plays,
        })  # fmt: skip
    points = [{"name": name} for name in demo.points]
    if not demo.recipe:
        for point, place in zip(points, demo.points.values(), strict=True):
            point["to"] = [
                everything.index(now | {
                    name: nearest(demo.controls[name].clip(value), chosen[name][0])
                    for name, value in place(now).items()
                })
                for now in everything
            ]  # fmt: skip
    return {
        "title": demo.title, "question": demo.question, "goal": demo.goal, "note": note(demo),
        "size": size, "still": everything.index(first),
        "controls": controls, "points": points, "files": list(files), "texts": list(texts),
        "frames": [frames[without_idle(demo, values)] for values in everything],
        "live": demo.live,
    }  # fmt: skip


def save(demo, folder):
    """Draw the frames of a demo into a new folder, which is there whole or not at all."""
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=".half-", dir=folder.parent))
    try:
        known = record(demo, half)
        (half / "demo.json").write_text(json.dumps(known, default=float), encoding="utf-8")
        half.chmod(0o755)
        if not folder.exists():
            for old in folder.parent.glob(f"{folder.name.rpartition('-')[0]}-*"):
                shutil.rmtree(old)
            half.replace(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def load_ipython_extension(shell):
    """Save the frames of each demo that a notebook shows, instead of showing it."""
    folders = iter(json.loads(os.environ[FOLDERS]))

    def keep(demo):
        if folder := next(folders, ""):
            save(demo, folder)
        return {"text/plain": demo.title}

    formatter = shell.display_formatter.mimebundle_formatter
    formatter.for_type_by_name("course_utils.demos.demo", "Demo", keep)
