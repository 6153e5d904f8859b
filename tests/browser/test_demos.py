"""The demos as a learner meets them: Run All, then a slider moves and the picture follows."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from watching import BYTES, wait_for

from course_utils import demos
from tools.execute import KERNEL

pytestmark = pytest.mark.browser

# All demos stand in the notebook of the instructor; the first lessons show them in place.
FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = [FOLDER / "instructor_demos.ipynb", *sorted(FOLDER.glob("0[0-2]_*.ipynb"))]
RUN_SECONDS = 300
PICTURE_SECONDS = 30

SMALL_DEMO = """
import io
import ipywidgets
import matplotlib
from matplotlib.figure import Figure

rate = ipywidgets.FloatLogSlider(value=0.01, min=-4, max=0, continuous_update=False)
critical = ipywidgets.Button(description="critical")
image = ipywidgets.Image(format="png")

def draw(change=None):
    figure = Figure(figsize=(3, 2))
    figure.add_subplot().bar([0], [rate.value])
    png = io.BytesIO()
    figure.savefig(png)
    image.value = png.getvalue()

rate.observe(draw, "value")
critical.on_click(lambda button: setattr(rate, "value", 0.5))
draw()
ipywidgets.VBox([ipywidgets.HBox([rate, critical]), image])
"""

OWN_DATA = """
from sklearn.linear_model import SGDRegressor

from course_utils import load_bmi
from course_utils.demos import eta0_demo, own_data

data = own_data(*load_bmi(verbose=False))
eta0_demo(SGDRegressor(learning_rate="constant"), *data, epochs=5)
"""


def run_all(page, lab, name):
    """Open a notebook, run all of its cells and wait until the last has its number."""
    page.goto(lab.address(name))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=90_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")

    def done():
        texts = prompts.all_inner_texts()
        return texts and all(text.strip("[]: \n").isdigit() for text in texts)

    wait_for(page, done, RUN_SECONDS, f"{name} to run (a cell failed, or takes long)")


def assert_clean(page):
    """No cell shows an error, and nothing was written to stderr."""
    for kind in ("error", "stderr"):
        shown = page.locator(f'[data-mime-type="application/vnd.jupyter.{kind}"]')
        assert shown.all_inner_texts() == []


class Demo:
    """A cell with controls and one picture."""

    def __init__(self, page, cell):
        self.page = page
        self.cell = cell
        self.image = cell.locator("img.widget-image").first

    def picture(self):
        """Return the bytes of the picture, once it stands there with a width."""
        self.image.wait_for(timeout=PICTURE_SECONDS * 1000)
        return wait_for(
            self.page, lambda: self.image.evaluate(BYTES), PICTURE_SECONDS, "the picture of a demo"
        )

    def changed(self, before, what):
        """Return the picture after it has changed."""
        return wait_for(
            self.page,
            lambda: (now := self.picture()) != before and now,
            PICTURE_SECONDS,
            f"the picture to change after {what}",
        )

    def move_slider(self, before):
        """Press an arrow key on the first slider, away from its nearer end; return the picture.

        The widgets of a browser keep a second key back until the kernel has answered the first,
        and would send it after a button that is pressed meanwhile: so one key at a time.
        """
        handle = self.cell.locator(".noUi-handle").first
        low, now, high = (
            float(handle.get_attribute(f"aria-value{name}")) for name in ("min", "now", "max")
        )
        handle.focus()
        self.page.keyboard.press("ArrowRight" if now < (low + high) / 2 else "ArrowLeft")
        return self.changed(before, "an arrow key on its slider")


def assert_accessible(demo):
    """The picture says what it shows, each box what it is for, and the sliders stand in line."""
    assert len(demo.image.get_attribute("title") or "") > 20
    boxes = demo.cell.locator(".widget-text input").all()
    assert all("type a number" in (box.get_attribute("title") or "") for box in boxes)
    tracks = demo.cell.locator(".noUi-base").all()
    assert len({round(track.bounding_box()["width"]) for track in tracks}) == 1


def demo_cells(notebook):
    """Return the places of the cells tagged as demos."""
    cells = enumerate(notebook.cells)
    return [place for place, cell in cells if "demo" in cell.metadata.get("tags", [])]


def try_demos(page, lab, screens, notebook, name):
    """Run a notebook, then move and press what each of its demos offers."""
    places = demo_cells(notebook)
    lab.add(notebook, name)
    run_all(page, lab, name)
    assert_clean(page)
    for number, place in enumerate(places, start=1):
        demo = Demo(page, page.locator(".jp-Notebook .jp-Cell").nth(place))
        demo.cell.scroll_into_view_if_needed()
        if name != "small.ipynb":
            assert_accessible(demo)
        before = demo.move_slider(demo.picture())
        demo.cell.screenshot(path=screens / f"{name.removesuffix('.ipynb')}_{number}.png")
        for button in demo.cell.locator("button.widget-button").all():
            before = demo.move_slider(demo.move_slider(before))
            button.click()
            before = demo.changed(before, f"the button {button.inner_text()!r}")
    assert_clean(page)


def test_small_demo(page, lab, screens):
    cell = new_code_cell(SMALL_DEMO.strip(), metadata={"tags": ["demo"]})
    notebook = new_notebook(cells=[cell], metadata={"kernelspec": KERNEL})
    try_demos(page, lab, screens, notebook, "small.ipynb")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_demos(page, lab, screens, path):
    try_demos(page, lab, screens, nbformat.read(path, as_version=4), path.name)


def test_a_demo_takes_a_table_of_ones_own(page, lab):
    tagged = new_code_cell(OWN_DATA.strip(), metadata={"tags": ["demo"]})
    lab.add(new_notebook(cells=[tagged], metadata={"kernelspec": KERNEL}), "own.ipynb")
    run_all(page, lab, "own.ipynb")
    text = "ones,tens,sum\n" + "".join(f"{n % 7},{n},{n + n % 3}\n" for n in range(60))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="your own CSV").click()
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": text.encode()}
    chooser.value.set_files(file)
    page.get_by_text("mine.csv: 60 rows, 2 columns to predict 'sum' from").wait_for()
    assert_clean(page)


def test_instructor_demos_are_complete():
    code = "\n".join(
        cell.source
        for cell in nbformat.read(FOLDER / "instructor_demos.ipynb", as_version=4).cells
        if cell.cell_type == "code"
    )
    assert [name for name in demos.__all__ if f"{name}(" not in code] == []
