"""Settings of Baedal in a container's environment, by docs/configuration.md."""
import re

from .render import ROOT

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_TAKES_FILE = "_FILE"


def known(path=ROOT / "docs/configuration.md"):
    """Environment name -> default, of every setting; a secret also by its file."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 6 or not cells[1].startswith("`"):
            continue
        names = re.findall(r"`(BAEDAL_[A-Z0-9_]+)`", cells[2])
        for name in names:
            found[name] = cells[4].strip("`")
            if cells[5].endswith("Secret."):
                found[name + _TAKES_FILE] = ""
    return found


def seconds(text):
    """A duration of the settings: 250ms, 30s, 5m; None when it is none."""
    match = re.fullmatch(r"(\d+)(ms|s|m|h|d)", str(text))
    return int(match[1]) * _UNITS[match[2]] if match else None


def addresses(name, value):
    """(host, port) of every server that a setting names."""
    if not name.startswith("BAEDAL_"):
        return []
    found = []
    for host, port in re.findall(r"(?:https?|postgresql)://(?:[^/@,\s]*@)?([a-z0-9.-]+):(\d+)", str(value)):
        found.append((host, int(port)))
    for brokers in re.findall(r"kafka://([^/\s]+)", str(value)):
        found += [(host, int(port)) for host, port in re.findall(r"([a-z0-9.-]+):(\d+)", brokers)]
    return found
