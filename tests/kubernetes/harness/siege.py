"""siege in the pod `tools`, for as long as a block runs."""
import contextlib
import shlex
import threading

from .kubectl import eventually

SECONDS_MAX = 1200


class Siege(threading.Thread):
    """Of one line of siege's, or of several in turn. `figures` afterwards: {"transactions": …,
    "availability": …}, as siege counts them."""

    def __init__(self, system, clients, *urls, pace="-b"):
        super().__init__()
        self.system, self.figures, self.failure = system, None, None
        self.line = (f"printf '%s\\n' {' '.join(map(shlex.quote, urls))} > /tmp/urls; "
                     f"siege -c{clients} -t{SECONDS_MAX}S {pace} --content-type application/json "
                     f'-H "Authorization: Bearer $(cat /tmp/token)" -f /tmp/urls')

    def run(self):
        try:
            self.figures = figures_of(self.system.in_tools(
                f"{self.line} > /tmp/siege.log; grep -v '^HTTP/' /tmp/siege.log | tail -40", seconds_max=SECONDS_MAX + 60))
        except Exception as failure:  # pylint: disable=broad-exception-caught
            self.failure = failure

    def __enter__(self):
        self.start()
        eventually(lambda: self.system.in_tools("pgrep -x siege", check=False).returncode == 0, 30)
        return self

    def __exit__(self, *_):
        self.system.in_tools("pkill -INT -x siege", check=False)
        self.join()
        if self.failure:
            raise self.failure


def figures_of(text):
    """Whether siege writes JSON or for people."""
    figures = {}
    for line in text.splitlines():
        name, colon, rest = line.partition(":")
        words = rest.split()
        with contextlib.suppress(ValueError, IndexError):
            if colon:
                figures[name.strip(' \t{"').lower().replace(" ", "_")] = float(words[0].rstrip(","))
    assert "availability" in figures, text
    return figures
