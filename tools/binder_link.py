"""Print links that open the course elsewhere, made from this repository's remote.

``make binder-link`` prints the one for Binder; ``make binder-link HUB=https://hub.example.edu`` the
one that copies the course into each student's folder on a JupyterHub with nbgitpuller.
"""

import re
import subprocess
import sys
from urllib.parse import quote, urlencode, urlsplit

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


def hub_link(remote, hub):
    """Return the nbgitpuller link that fetches the course, or its news, and opens it on a hub.

    Parameters
    ----------
    remote : str
        The address of a public repository, in its https or ssh form.
    hub : str
        The address of the JupyterHub; nbgitpuller must be installed there.

    Raises
    ------
    ValueError
        If one of the addresses is of another kind.
    """
    match, parts = REMOTE.fullmatch(remote), urlsplit(hub)
    if not match:
        raise ValueError(
            f"No hub link for the remote {remote!r}: use a public repository, named by its https "
            "or ssh address."
        )
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"HUB is {hub!r}; give its address, such as https://hub.example.edu.")
    name = match[2].rpartition("/")[2]
    query = {"repo": f"https://{match[1]}/{match[2]}", "urlpath": f"lab/tree/{name}/{START}"}
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(query)}"


def main(hub=""):
    """Print a link of the remote called origin, for Binder or a hub, or say what to do."""
    command = ["git", "remote", "get-url", "origin"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(
            "No remote called origin. Push the course to a public repository first:\n"
            "  git remote add origin https://github.com/OWNER/NAME.git\n"
            "  git push -u origin HEAD"
        )
    try:
        remote = result.stdout.strip()
        print(hub_link(remote, hub) if hub else binder_link(remote))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
