"""A real API server's opinion: `kubectl apply --dry-run=server`. Nothing is kept."""
import copy
import re
import subprocess

import yaml

from .manifest import Fault
from .render import kubectl

# The same fields under their older names, for servers that do not have the present ones.
OLDER = {"autoscaling/v2": "autoscaling/v2beta2", "policy/v1": "policy/v1beta1"}
OBJECT = re.compile(r'(\w+)(?:\.[\w.]+)? "([^"]+)" is invalid|\b(\w+) in version')
NAME = re.compile(r"Name: \"([^\"]+)\"")


class Server:
    """`rewritten`: versions that this server needs replaced."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.version = self._ask("version", "-o", "json", "--request-timeout=5s")
        have = self._ask("api-versions", "--request-timeout=10s").split() if self.version else []
        self.rewritten = {new: old for new, old in OLDER.items() if new not in have and old in have}

    @property
    def is_reachable(self):
        return "serverVersion" in self.version

    @property
    def name(self):
        return (yaml.safe_load(self.version).get("serverVersion") or {}).get("gitVersion", "unknown")

    def check(self, documents):
        bodies = [self._for_it(d.body) for d in documents]
        done = self._run("apply", "--dry-run=server", "-n", self.namespace, "-f", "-", text=yaml.safe_dump_all(bodies))
        faults = [self._fault(line, documents) for line in _sentences(done.stderr)]
        if done.returncode != 0 and not faults:
            faults = [Fault("server", "?", "?", "?", done.stderr.strip() or f"exit status {done.returncode}")]
        return faults if done.returncode != 0 else []

    def _for_it(self, body):
        if body.get("apiVersion") in self.rewritten:
            body = copy.copy(body) | {"apiVersion": self.rewritten[body["apiVersion"]]}
        return body

    @staticmethod
    def _fault(line, documents):
        match = OBJECT.search(line)
        kind, name = (match[1] or match[3], match[2]) if match else (None, None)
        if not name:
            named = NAME.search(line)
            name = named[1] if named else None
        owner = next((d for d in documents if d.name == name and kind in (None, d.kind)), None) or next(
            (d for d in documents if kind == d.kind), None)
        field = re.search(r"is invalid:\s*(?:\[)?([\w.\[\]()/-]+):", line)
        return Fault("server", owner.file if owner else "?", f"{owner.kind}/{owner.name}" if owner else "?",
                     field[1] if field else "object", line)

    def _ask(self, *words):
        done = self._run(*words)
        return done.stdout if done.returncode == 0 else ""

    @staticmethod
    def _run(*words, text=None):
        return subprocess.run([*kubectl(), *words], input=text, capture_output=True, text=True, check=False)


def _sentences(text):
    """kubectl's complaints, one each, without its warnings."""
    return [" ".join(part.split()) for part in re.split(r"\n(?=\S)", text)
            if part.strip() and not part.lstrip().startswith(("Warning:", "WARNING:", "W1", "I1", "*"))]
