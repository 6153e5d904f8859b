"""Sphinx extension: the texts of all pages as one script, for the excerpts of the search."""

import json
import re
from html import escape
from pathlib import Path

from docutils import nodes

UNSEEN = re.compile(r"(?s)<(script|style)\b.*?</\1>|<[^>]*>")


def text_of(node):
    """Return the text of a part of a page; sections keep the address that a result links to."""
    if isinstance(node, nodes.raw):
        return UNSEEN.sub(" ", node.astext())
    if isinstance(node, nodes.definition_list_item) and node[0]["ids"]:
        return f'<p id="{node[0]["ids"][0]}">{escape(node.astext(), quote=False)}</p>'
    if isinstance(node, nodes.section):
        inner = " ".join(text_of(child) for child in node.children)
        return f'<section id="{node["ids"][0]}">{inner}</section>'
    if isinstance(node, nodes.Element) and any(
        next(node.findall(kind), None) for kind in (nodes.section, nodes.raw, nodes.term)
    ):
        return " ".join(text_of(child) for child in node.children)
    return escape(node.astext(), quote=False)


def collect(app, name, template, context, doctree):
    """Keep the text of one page."""
    if doctree is not None:
        app.course_texts[name] = f'<div role="main">{text_of(doctree)}</div>'


def write(app, error):
    """Write the texts beside the search."""
    if error is None:
        script = f"const EXCERPTS = {json.dumps(app.course_texts, ensure_ascii=False)};\n"
        Path(app.outdir, "_static", "excerpts.js").write_text(script, encoding="utf-8")


def setup(app):
    """Follow the pages as they are written, in one process."""
    app.course_texts = {}
    app.connect("html-page-context", collect)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
