"""Overlays, rendered by kustomize out of a copy of the tree, in which passwords and keys nobody has
made yet are made up. The origin of each object is kept."""
import dataclasses
import os
import pathlib
import shlex
import shutil
import subprocess

import yaml

from .manifest import Document

ROOT = pathlib.Path(__file__).resolve().parents[2]
TREE = pathlib.Path("deploy/kubernetes")
ORIGIN = "config.kubernetes.io/origin"
EXPECTED = "secrets.example.yaml"
MADE_HERE = ("distributed", "embedded")  # their secrets, by script/kubernetes-secrets


class CannotRender(Exception):
    """kustomize's own sentence, or that there is none."""


def kubectl():
    """The command, as words."""
    return shlex.split(os.environ.get("KUBECTL", "kubectl"))


def overlays(root=ROOT):
    """All that is meant to be applied."""
    return sorted(str(file.parent.relative_to(root)) for folder in ("overlays", "migration")
                  for file in (root / TREE / folder).glob("*/kustomization.yaml"))


class Renderer:
    def __init__(self, work, root=ROOT):
        """`work`: an empty folder to work in; `root`: the checkout that is looked at."""
        self.work = pathlib.Path(work).resolve()
        self.tree = self.work / TREE
        shutil.copytree(root / TREE, self.tree)
        subprocess.run([ROOT / "script/kubernetes-secrets", *(self.tree / "overlays" / name for name in MADE_HERE)],
                       check=True, stdout=subprocess.DEVNULL)

    def render(self, overlay):
        """The documents of one overlay (its path in the checkout), and those it expects of others. A
        migration expects what it leaves out of its overlay."""
        documents = self._documents(overlay)
        if overlay.startswith(str(TREE / "migration")):
            have = {(d.kind, d.name) for d in documents}
            documents += [dataclasses.replace(d, outside=True) for below in self._below(self.work / overlay)
                          for d in self._documents(os.path.relpath(below, self.work)) if (d.kind, d.name) not in have]
        return documents + self._expected(self.work / overlay)

    def _documents(self, overlay):
        wrapper = self.work / "wrapper"
        wrapper.mkdir(exist_ok=True)
        (wrapper / "kustomization.yaml").write_text(yaml.safe_dump({
            "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
            "buildMetadata": ["originAnnotations"], "resources": [f"../{overlay}"]}))
        return [self._document(body) for body in yaml.safe_load_all(self._kustomize(wrapper)) if body]

    def _kustomize(self, folder):
        words = [*kubectl(), "kustomize", str(folder)]
        if not shutil.which(words[0]) and shutil.which("kustomize"):
            words = ["kustomize", "build", str(folder)]
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=False)
        except OSError as error:
            raise CannotRender(f"{words[0]} cannot be run ({error.strerror}): install kubectl 1.27 or newer, "
                               "or name one in KUBECTL") from error
        if done.returncode != 0:
            raise CannotRender(done.stderr.strip().replace(str(self.work) + "/", ""))
        return done.stdout

    def _document(self, body):
        annotations = body["metadata"].get("annotations", {})
        origin = yaml.safe_load(annotations.pop(ORIGIN, "{}")) or {}
        if not annotations:
            body["metadata"].pop("annotations", None)
        path = origin.get("path") or origin.get("configuredIn") or "?"
        return Document(body, os.path.relpath(os.path.normpath(self.work / "wrapper" / path), self.work))

    def _expected(self, folder):
        """What an overlay, or one it builds upon, says that others provide."""
        found = []
        file = folder / EXPECTED
        if file.exists():
            found += [Document(body, str(file.relative_to(self.work)), outside=True)
                      for body in yaml.safe_load_all(file.read_text())]
        for below in self._below(folder):
            found += self._expected(below)
        return found

    @staticmethod
    def _below(folder):
        """The folders that an overlay builds upon."""
        kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text())
        resources = [(folder / resource).resolve() for resource in kustomization.get("resources", [])]
        return [resource for resource in resources if resource.is_dir()]
