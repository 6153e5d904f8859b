"""Demos as pieces of a page: which frames there are, what they say, what a page holds of them."""

import json
import re
import shutil
from base64 import b64decode
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sklearn.linear_model import SGDRegressor

from course_utils import demos
from course_utils.demos import live, schedules
from course_utils.demos.controls import Choice, Slider
from course_utils.demos.demo import Demo
from course_utils.plotting.style import alt_text, set_alt_text
from tools import page_frames, page_sliders, site
from tools.site_lessons import Lesson, first_demo

X = np.random.default_rng(0).normal(size=(30, 2))
DATA = X, X @ [1.0, -1.0], (X, X @ [1.0, -1.0])
DOUBLED = "from course_utils.demos import bowl_demo\n\nbowl_demo(curvature=2 * half)"


def small_demo(broken=False):
    """Return a demo that draws fast: two controls, one of them at times idle, and a named point."""

    def drawing(figure, tries, kind, learning_rate, share):
        if broken and learning_rate > 0.5:
            raise RuntimeError("no picture")
        ax = figure.add_subplot()
        share = 0.0 if kind == "none" else share
        ax.plot([0, learning_rate], [0, share])
        set_alt_text(ax, f"A line to {learning_rate:.3g} and {share:.3g}.")
        return f"It is <b>{learning_rate:.3g}</b> and {share:.3g} & < 9 after {len(tries)} tries."

    return Demo(
        "Small",
        "is 1 < 2?",
        "Goal: 3 & more.",
        {
            "kind": Choice("kind", ("none", ("with a share", "some")), "some"),
            "learning_rate": Slider("rate", -2, 0, 0.1),
            "share": Slider("share", 0.0, 1.0, 0.5, 0.25, False, lambda now: now["kind"] == "none"),
        },
        drawing,
        {
            "odd": lambda now: {"learning_rate": 0.123, "share": 7.0},
            "rounded": lambda now: {"learning_rate": float(np.float32(0.01))},
        },
        trains=True,
    )


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """Keep frames in a folder of the test."""
    monkeypatch.setattr(page_sliders, "FRAMES", tmp_path / "frames")
    return tmp_path / "frames"


@pytest.fixture(scope="module", autouse=True)
def few_frames():
    """Give the small demo few frames."""
    with pytest.MonkeyPatch.context() as patch:
        few = {"learning_rate": 20, "share": (1.0,)}
        patch.setitem(page_frames.KEPT, ("kind", "learning_rate", "share"), few)
        yield


@pytest.fixture(scope="module")
def small(few_frames, tmp_path_factory):
    """Return the folder with the frames of the small demo."""
    folder = tmp_path_factory.mktemp("frames") / "small_1-a"
    page_frames.save(small_demo(), folder)
    return folder


def test_each_frame_says_what_the_demo_draws(small):
    known, demo = json.loads((small / "demo.json").read_text()), small_demo()
    lists = {control["name"]: control["values"] for control in known["controls"]}
    assert lists == {
        "kind": ["none", "some"],
        "learning_rate": pytest.approx([0.01, 0.1, 0.123, 1]),
        "share": [0.5, 1.0],
    }
    everything = page_frames.combinations({name: (all_, ()) for name, all_ in lists.items()})
    assert len(known["frames"]) == len(everything) == 16
    for values, (file, words, alt) in zip(everything, known["frames"], strict=True):
        figure = Figure()
        said = demo.draw(figure, page_frames.tries_before(demo, everything, values), **values)
        if values["kind"] == "some":  # an idle slider changes nothing, so nothing is drawn anew
            assert known["texts"][words] == said
        assert known["texts"][alt] == alt_text(figure)
        assert (small / known["files"][file]).read_bytes()[8:12] == b"WEBP"
    pictures = [known["files"][file] for file, _, _ in known["frames"]]
    assert len(set(pictures)) == len(known["files"]) == len(list(small.glob("*.webp"))) == 12
    odd, rounded = known["points"]
    assert odd == {"name": "odd", "to": point_of(everything)}
    assert [everything[to]["learning_rate"] for to in rounded["to"]] == [0.01] * len(everything)


def point_of(everything):
    """Return where the named point leads from each frame."""
    there = {
        (now["kind"], now["learning_rate"], now["share"]): i for i, now in enumerate(everything)
    }
    return [there[now["kind"], 0.123, 1.0] for now in everything]


def test_tries_are_all_rates_up_to_this_one(small):
    demo = small_demo()
    chosen = page_frames.spread_all(demo)
    everything = page_frames.combinations(chosen)
    tries = page_frames.tries_before(demo, everything, everything[0])
    assert {rate for _, rate, _ in tries} == {0.01}
    assert (everything[0]["learning_rate"], len(tries)) == (0.01, 3)


def test_a_fragment_is_whole(small, tmp_path):
    html = page_sliders.put(small, tmp_path / "page")
    page = BeautifulSoup(html, "html.parser")
    (element,) = page.find_all("course-demo")
    demo = small_demo()
    first = {name: control.value for name, control in demo.controls.items()}
    assert element.img["alt"] == "A line to 0.1 and 0.5."
    assert (element.img["width"], element.img["height"]) == ("1155", "430")
    assert element.find(class_="demo-sentence").b.text == "0.1"
    assert "is 1 < 2?" in element.find(class_="demo-words").text
    assert "Goal: 3 & more." in element.find(class_="demo-words").text
    assert "every rate up to yours" in element.find(class_="demo-note").text
    data = json.loads(element.find("script", type="application/json").string)
    at = [control["values"][control["at"]] for control in data["controls"]]
    assert at == list(first.values())
    links = [
        element.img["src"],
        page.link["href"],
        *(tag["src"] for tag in page("script", src=True)),
    ]
    links += [data["folder"] + name for name in data["files"]]
    assert [link for link in links if not (tmp_path / "page" / link).exists()] == []
    assert not any("//" in link or link.startswith("/") for link in links)


def test_an_exported_lesson_holds_its_frames(small, kept):
    cells = [new_code_cell("story_demo()", metadata={"tags": ["demo"]}) for _ in range(2)]
    first, _ = page_sliders.places(Path("01_some"), new_notebook(cells=cells)).values()
    shutil.copytree(small, first.folder)
    resources = {"metadata": {"name": "01_some"}}
    nb, _ = page_sliders.SlidersInOneFile().preprocess(new_notebook(cells=cells), resources)
    assert nb.cells[1].outputs == []
    html = nb.cells[0].outputs[0].data["text/html"]
    page = BeautifulSoup(html, "html.parser")
    data = json.loads(page.find("script", type="application/json").string)
    assert page.img["src"] in data["files"]
    assert b64decode(data["files"][0].partition(",")[2])[8:12] == b"WEBP"
    assert page(src=re.compile("^(?!data:)")) == page(href=True) == []
    assert "customElements.define" in html


def test_a_page_may_hold_what_it_holds(root, small, tmp_path):
    html = page_sliders.put(small, tmp_path)
    own = [
        (root / "site" / name).stat().st_size
        for name in (*page_sliders.SCRIPTS, page_sliders.STYLE)
    ]
    assert sum(own) < 40_000
    pictures = [path.stat().st_size for path in small.glob("*.webp")]
    assert max(pictures) < 25_000  # so that 120 of them stay below 3 MB
    assert len(html) < 20_000


def test_a_picture_that_fails_leaves_nothing_behind(kept):
    with pytest.raises(RuntimeError, match="no picture"):
        page_frames.save(small_demo(broken=True), kept / "small_1-b")
    assert list(kept.iterdir()) == []


def test_new_frames_replace_the_old_ones_of_the_demo(kept):
    demo = demos.bowl_demo()
    for name in ("small_1-b", "small_1-c"):
        page_frames.save(demo, kept / name)
    assert [path.name for path in kept.iterdir()] == ["small_1-c"]


def every_demo(monkeypatch):
    """Return all demos of the course that have frames, by a stand-in for their training."""

    def untrained(words, controls, *_, points=(), **__):
        return Demo(*words, controls, None, dict(points), trains=True)

    monkeypatch.setattr(live, "live_demo", untrained)
    monkeypatch.setattr(live, "check_network", lambda *_: None)
    rates = {"SGD": 0.01, "SGD(momentum=0.9)": 0.01}
    monkeypatch.setattr(
        live, "make_optimizer", lambda name: SimpleNamespace(learning_rate=rates.get(name, 0.001))
    )
    model, lines = SGDRegressor(learning_rate="constant"), {"baselines": {"a": 0.4}}
    yield demos.eta0_demo(model, *DATA)
    yield demos.keras_demo(None, *DATA, **lines)
    yield demos.effective_rate_demo(None, *DATA)
    yield demos.optimizer_demo(None, *DATA)
    yield demos.range_test_demo(model, *DATA, epochs=1, batch_size=8, repeats=1)
    yield demos.grid_demo()
    yield demos.random_search_demo()
    yield demos.luck_demo()
    yield demos.goldilocks_demo()


def assert_few_and_enough(demo):
    chosen = page_frames.spread_all(demo)
    assert tuple(demo.controls) in page_frames.KEPT
    counts = {name: len(values) for name, (values, _) in chosen.items()}
    assert max(counts.values()) <= 50
    assert 20 <= np.prod(list(counts.values())) <= 120, counts
    for name, control in demo.controls.items():
        values, texts = chosen[name]
        assert control.value in values
        assert len(values) == len(texts) == len(set(texts))
    main = page_frames.KEPT[tuple(demo.controls)]
    for name in main:
        if isinstance(main[name], int) and isinstance(demo.controls[name], Slider):
            assert chosen[name][0][0] == pytest.approx(demo.controls[name].ends[0])


def test_demos_have_few_frames_and_each_first_value(monkeypatch):
    found = list(every_demo(monkeypatch))
    assert len(found) == 9
    for demo in found:
        assert_few_and_enough(demo)


def test_a_schedule_has_few_frames_too(monkeypatch):
    pytest.importorskip("keras")
    monkeypatch.setattr(schedules, "check_network", lambda *_: None)
    monkeypatch.setattr(schedules, "check_model_fits", lambda *_: None)
    assert_few_and_enough(demos.schedule_demo(None, *DATA))


@pytest.mark.parametrize(
    ("source", "alone"),
    [
        ("story_demo()", True),
        ("from course_utils.demos import momentum_demo\n\nmomentum_demo()", True),
        ("bowl_demo(curvature=float(2))", True),
        ("grid_demo(flat[0], 'eta0', 'alpha')", False),
        ("eta0_demo(model, **scaled)", False),
    ],
)
def test_what_a_cell_needs_is_known(source, alone):
    assert page_sliders.stands_alone(source) == alone


def test_the_key_changes_with_the_code_before_a_demo(kept):
    def folders(*sources):
        cells = [new_code_cell(source) for source in sources]
        for cell in cells[1:]:
            cell.metadata["tags"] = ["demo"]
        path = kept / "02_some.ipynb"
        found = page_sliders.places(path, new_notebook(cells=cells))
        return {name: place.folder.name for name, place in found.items()}

    one, other = (folders(f"x = {n}", "story_demo()", "bowl_demo(x)") for n in (1, 2))
    assert list(one) == list(other) == ["02_some_1", "02_some_2"]
    assert one["02_some_1"] == other["02_some_1"]
    assert one["02_some_2"] != other["02_some_2"]


def test_frames_are_those_of_the_data_that_are_found(kept, monkeypatch):
    folders = []
    for data in ("bundled", "auto", ""):
        monkeypatch.setenv("COURSE_DATA", data)
        monkeypatch.setenv("COURSE_DATA_DIR", str(kept))
        folders.append(page_sliders.place_of("story_demo").folder)
    monkeypatch.setenv("COURSE_SEED", "1")
    assert len(set(folders)) == 1
    assert page_sliders.place_of("story_demo").folder not in folders


@pytest.mark.parametrize("name", ["blue_demo", "99_none_1", "00_start_here_9", "story"])
def test_a_name_that_is_not_there_is_explained(name):
    with pytest.raises(ValueError, match="give a function such as 'story_demo', or a notebook"):
        page_sliders.fragment(name, "anywhere")


def test_a_page_of_make_run_has_sliders_and_a_second_run_draws_nothing(
    kept, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    tagged = new_code_cell(DOUBLED, metadata={"tags": ["demo"]})
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / "07_some.ipynb"
    cells = [new_markdown_cell("# 07 · Some"), new_code_cell("half = 0.5"), tagged]
    nbformat.write(new_notebook(cells=cells), path)
    (place,) = page_sliders.places(path, nbformat.read(path, as_version=4)).values()
    assert place.frames(run=False) is None
    ((_, notebook),) = site.executed([path])
    prepared = Lesson(path, notebook, tmp_path / "extra").prepare()
    html = prepared.cells[-1].outputs[0].data["text/html"]
    demo = BeautifulSoup(html, "html.parser").find("course-demo")
    assert (tmp_path / "extra" / "notebooks" / demo.img["src"]).exists()
    assert page_sliders.drawing(path) == {}
    assert f'"notebooks/{demo.img["src"]}"' in first_demo(prepared)
