"""Write what axe-core found into the site's page on accessibility: after ``make browser``."""

import re
from collections import Counter
from html import escape
from pathlib import Path

START, END = "<!-- audit -->", "<!-- end of the audit -->"


def statement(version, pages, looks, found):
    """Return what was tested and found, as HTML.

    Parameters
    ----------
    version : str
        Of axe-core.
    pages : int
        How many pages were opened.
    looks : list of str
        In which each page was tried, such as "light, 1280 × 720".
    found : list of (str, str)
        The impact and the name of the rule of each finding, counted once for each page and look.

    Examples
    --------
    >>> statement("4.0", 2, ["light"], [])
    '<p>axe-core 4.0 opened all 2 pages in 1 look (light) and found nothing.</p>'
    """
    many = f"{len(looks)} look{'s' * (len(looks) > 1)} ({'; '.join(map(escape, looks))})"
    text = f"axe-core {escape(version)} opened all {pages} pages in {many} and found nothing"
    if not found:
        return f"<p>{text}.</p>"
    rows = "".join(
        f"<li>{escape(rule)} ({escape(impact)}): {count} times</li>"
        for (impact, rule), count in sorted(Counter(found).items())
    )
    grave = [impact for impact, _ in found if impact in ("serious", "critical")]
    verdict = f"{len(grave)} findings" if grave else "nothing"
    return (
        f"<p>{text.removesuffix('nothing')}{verdict} that it calls serious or critical. "
        f"The rest, counted once for each page and look:</p><ul>{rows}</ul>"
    )


def write(site, text):
    """Put a statement into the page of a built site."""
    path = Path(site, "accessibility.html")
    page = path.read_text(encoding="utf-8")
    if START not in page:
        raise ValueError(f"{path} has no place for the statement; build it with make site.")
    path.write_text(
        re.sub(f"(?s)({START}).*({END})", lambda m: f"{m[1]}\n{text}\n{m[2]}", page),
        encoding="utf-8",
    )
