"""Make the copy of an executed notebook that the site shows: see `tools.site`.

Pictures become files with captions, claims get addresses, cells of imports are folded, and demos
move without a kernel, where `tools.page_sliders` can make them.
"""

import ast
import base64
import re

import nbformat

from tools.site_pictures import figure

try:
    from tools import page_sliders
except ImportError:
    page_sliders = None

CDN = "https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-svg.js"  # in the script of jupyterquiz
CLAIM = re.compile(r"✓ (.+?)(?: \(([^()]*(?:\([^()]*\)[^()]*)*)\))?")
NO_SLIDERS = "*The sliders need a running kernel: open this lesson with `make lab`.*"


def claims_of(notebook):
    """Return the sentence, and the evidence in brackets, of each claim that a notebook shows."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if match := claim_in(output):
                found[match[1]] = match[2] or ""
    return found


def claim_in(output):
    """Return the match of a claim that held, or None."""
    return CLAIM.fullmatch(output.get("data", {}).get("text/plain", "").strip())


def claim_id(sentence):
    """Return the address of a claim in its page.

    Examples
    --------
    >>> claim_id("At rate 2.01 it grows")
    'claim-at-rate-2-01-it-grows'
    """
    return "claim-" + "-".join(re.findall(r"\w+", sentence.lower()))


def only_imports(source):
    """Return whether a cell imports, and does nothing else but set the style of pictures."""
    body = ast.parse(re.sub(r"(?m)^[%!].*", "", source)).body
    names = [getattr(getattr(getattr(n, "value", 0), "func", 0), "id", "") for n in body]
    imports = [isinstance(node, ast.Import | ast.ImportFrom) for node in body]
    return sum(imports) > 1 and all(
        is_import or name == "use_course_style"
        for is_import, name in zip(imports, names, strict=True)
    )


def first_demo(notebook):
    """Return the first demo that moves on the page of a lesson, for the front page; or nothing."""
    for cell in notebook.cells:
        if "demo" in cell.metadata.get("tags", []) and "text/html" in cell.outputs[0].data:
            beside, below = f'"{page_sliders.BESIDE}/', f'"notebooks/{page_sliders.BESIDE}/'
            return cell.outputs[0].data["text/html"].replace(beside, below)
    return ""


def html_output(text):
    """Return an output of HTML."""
    return nbformat.v4.new_output("display_data", {"text/html": text})


class Lesson:
    """One notebook on its way into the site.

    Parameters
    ----------
    path : Path
    notebook : nbformat.NotebookNode
        As executed; it is changed.
    extra : Path
        The folder of files that go into the site as they are.
    """

    def __init__(self, path, notebook, extra):
        self.path, self.notebook, self.extra = path, notebook, extra
        self.pictures = 0
        (extra / "figures").mkdir(parents=True, exist_ok=True)

    def prepare(self, bar=""):
        """Return the notebook for the site, with a bar of links below its title."""
        if page_sliders:
            folder = self.extra / "notebooks"
            page_sliders.with_sliders(self.path, self.notebook, folder, run=False)
        for cell in self.notebook.cells:
            if cell.cell_type == "code":
                self.prepare_code(cell)
        first = self.notebook.cells[0]
        title, _, rest = first.source.partition("\n")
        first.source = f"{title}\n\n{bar}\n\n{rest.lstrip()}"
        return self.notebook

    def prepare_code(self, cell):
        """Change a cell of code and its outputs."""
        tags = cell.metadata.get("tags", [])
        if "demo" in tags and not cell.outputs:
            words = nbformat.v4.new_output("display_data", {"text/markdown": NO_SLIDERS})
            cell.outputs = [words]
        elif only_imports(cell.source):
            cell.metadata["tags"] = [*tags, "hide-input"]
        cell.outputs = [self.output(output) for output in cell.outputs]

    def output(self, output):
        """Return the form of one output for the site."""
        data = output.get("data", {})
        if "image/png" in data:
            self.pictures += 1
            name = self.path.stem
            return html_output(
                figure(
                    base64.b64decode(data["image/png"]),
                    output.metadata.get("image/png", {}),
                    f"{name[:2]}.{self.pictures}",
                    self.extra / "figures",
                    f"{name}_{self.pictures}",
                )
            )
        if match := claim_in(output):
            page = data["text/html"].replace("<div", f'<div id="{claim_id(match[1])}"', 1)
            return html_output(page)
        if "text/html" in data:
            data["text/html"] = data["text/html"].replace(CDN, "../_static/mathjax/tex-svg.js")
            if "<table" in data["text/html"]:
                data["text/html"] = f'<div class="scroll">{data["text/html"]}</div>'
        return output
