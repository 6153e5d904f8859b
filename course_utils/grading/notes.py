"""The voice of the teaching wing: one quiet line, HTML in a notebook and plain text elsewhere."""

import html
import re

# Mid-tones that stand out on a light and on a dark page. The mark says the same without colour.
COLORS = {"✓": "#1f8a4c", "✗": "#b8690a", "…": "#3b7dd8", "?": "#3b7dd8"}


class Note:
    """A mark, a text, and a detail in a softer tone, for ``IPython.display.display``."""

    def __init__(self, mark, text, detail=""):
        self.mark = mark
        self.text = text
        self.detail = detail

    def __repr__(self):
        return f"{self.mark} {self.text}" + (f" ({self.detail})" if self.detail else "")

    def _repr_html_(self):
        detail = f' <span style="opacity: 0.7">({inline(self.detail)})</span>'
        return (
            '<div style="font-size: 1.2em; line-height: 1.5; padding-left: 1.4em;'
            ' text-indent: -1.4em">'
            f'<b style="color: {COLORS[self.mark]}">{self.mark}</b> '
            f"{inline(self.text)}{detail if self.detail else ''}</div>"
        )


def inline(text):
    """Return `text` as safe HTML, with `` `code` `` set as code and line breaks kept."""
    escaped = html.escape(text, quote=False)
    coded = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escaped)
    return coded.replace("\n", "<br>")
