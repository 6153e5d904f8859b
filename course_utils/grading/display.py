"""How claims, feedback and quizzes are shown: text in a terminal, HTML in a notebook."""

import html
import re

# Mid-tones that stand out on a light and on a dark page. The mark says the same without colour.
COLORS = {"✓": "#1f8a4c", "✗": "#b8690a", "…": "#3b7dd8", "?": "#3b7dd8"}


class Shown:
    """Text with a richer form beside it, for ``IPython.display.display``.

    Parameters
    ----------
    text : str
        What a terminal prints.
    **rich : callable
        ``html=`` or ``markdown=`` return what a notebook shows; called only there.
    """

    def __init__(self, text, **rich):
        self.text = text
        self.rich = rich

    def __repr__(self):
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {f"text/{kind}": make() for kind, make in self.rich.items()}


def note(mark, text, detail=""):
    """Return one line with a coloured mark, a text, and a detail in a softer tone."""
    detail = f"({detail})" if detail else ""
    soft = f' <span style="opacity: 0.7">{inline(detail)}</span>' if detail else ""
    page = (
        '<div style="font-size: 1.2em; line-height: 1.5; padding-left: 1.4em; text-indent: -1.4em">'
        f'<b style="color: {COLORS[mark]}">{mark}</b> {inline(text)}{soft}</div>'
    )
    return Shown(f"{mark} {text} {detail}".rstrip(), html=lambda: page)


def inline(text):
    """Return `text` as safe HTML, with `` `code` `` set as code and line breaks kept."""
    coded = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return coded.replace("\n", "<br>")
