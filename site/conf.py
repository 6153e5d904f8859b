"""How Sphinx makes the pages of the course. ``make site`` copies this beside what it prepared."""

import re
import sys
from pathlib import Path

from docutils.nodes import SkipNode

HERE = Path(__file__).parent
MATHJAX = "mathjax/tex-svg.js"
sys.path.insert(0, str(HERE))
WITH_MATHJAX = (HERE / "_static" / MATHJAX).exists()

project = "Learning rates, by experiment"
html_title = project
language = "en"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc", "excerpts"]
nb_execution_mode = "off"  # what is shown is what the committed notebooks hold
nb_code_prompt_show = "Show the imports"
nb_code_prompt_hide = "Hide the imports"
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
myst_update_mathjax = False
numpydoc_show_class_members = False
autodoc_inherit_docstrings = False  # those of libraries link into their own manuals
autodoc_default_options = {
    "members": True,
    "exclude-members": "set_fit_request, set_score_request, set_partial_fit_request",
}
autodoc_typehints = "none"
templates_path = ["_templates"]
exclude_patterns = ["README.md"]

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_extra_path = ["extra"]
html_context = {"default_mode": "auto"}
html_css_files = ["course.css"]
html_js_files = [("course.js", {"defer": "defer"})]
html_sidebars = {
    "**": ["navbar-logo.html", "search-words.html", "page-toc.html", "sbt-sidebar-nav.html"]
}
html_theme_options = {
    "home_page_in_toc": False,
    "secondary_sidebar_items": [],  # what is on a page stands at the left: pictures need the room
    "navbar_persistent": [],
    "use_download_button": False,  # each lesson has its own links: the notebook itself, not a copy
    "max_navbar_depth": 1,  # the theme's buttons that unfold more have no name
    "show_toc_level": 1,
    "announcement": ""
    if WITH_MATHJAX
    else "Formulas stand here as they are typed, in TeX: MathJax was missing when this was built.",
    "footer_content_items": ["about.html"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

mathjax_path = MATHJAX
mathjax_options = {"async": None}  # before the quizzes, whose script asks for its version
# The menu would load parts of MathJax that are not here.
mathjax3_config = {"options": {"enableMenu": False}, "svg": {"fontCache": "local"}}


def as_typed(self, node):
    """Write a formula as its TeX source."""
    self.body.append(f'<code class="tex">{self.encode(node.astext())}</code>')
    raise SkipNode


# A fold gets its name from its words, and a reference is no item of a list.
UNFIT = re.compile(
    r' aria-label="Toggle hidden content"| role="doc-biblioentry"| role="list"(?= class="citation)'
)


def mend(app, name, template, context, doctree):
    """Take away what confuses screen readers."""
    context["body"] = UNFIT.sub("", context.get("body", ""))


def setup(app):
    """Change what the theme does, and give formulas a form where MathJax is missing."""
    app.connect("html-page-context", mend)
    if not WITH_MATHJAX:
        app.add_html_math_renderer("typed", (as_typed, None), (as_typed, None))
        app.config.html_math_renderer = "typed"
