"""Print the Binder link of this repository, made from its remote: ``make binder-link``."""

import re
import subprocess
import sys
from urllib.parse import quote

START = "notebooks/00_start_here.ipynb"
HOSTS = {"github.com": "gh", "gitlab.com": "gl"}
REMOTE = re.compile(r"(?:https://(?:[^/@]+@)?|ssh://git@|git@)([^/:]+)[/:](.+?)(?:\.git)?/?")


def binder_link(remote):
    """Return the link that opens the first lesson on Binder.

    Parameters
    ----------
    remote : str
        The address of a repository on GitHub or GitLab, in its https or ssh form.

    Raises
    ------
    ValueError
        If the address is of another kind.
    """
    match = REMOTE.fullmatch(remote)
    if not match or match[1] not in HOSTS:
        raise ValueError(
            f"No Binder link for the remote {remote!r}: use a public repository on GitHub or "
            "GitLab, named by its https or ssh address."
        )
    host = HOSTS[match[1]]
    path = match[2] if host == "gh" else quote(match[2], safe="")
    return f"https://mybinder.org/v2/{host}/{path}/HEAD?urlpath=lab/tree/{START}"


def main():
    """Print the link of the remote called origin, or say what to do."""
    command = ["git", "remote", "get-url", "origin"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(
            "No remote called origin. Push the course to a public repository first:\n"
            "  git remote add origin https://github.com/OWNER/NAME.git\n"
            "  git push -u origin HEAD"
        )
    try:
        print(binder_link(result.stdout.strip()))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
