"""Each object against the OpenAPI schema of a current Kubernetes, strictly: no unknown field. The schema
is that of a pinned Python package, fetched once by pip, as it is kept there for this purpose."""
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import jsonschema

from .manifest import Fault
from .render import ROOT

VERSION = "1.36"
PACKAGE = "kubernetes-validate==1.36.0"
SHA256 = "fcafa2b657949a7cc7232dfb201c4d37e61b15e2f8b4936350b150be01ac5de5"
MEMBER = "kubernetes_validate/kubernetes-json-schema/v1.36.0-local-strict/_definitions.json"
QUANTITY = r"^[+-]?(\d+|\d+\.\d*|\.\d+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?\d+))?$"
# Broken into lines where kustomize makes it of a file; the server reads over that.
_DIGIT = r"[A-Za-z0-9+/][\r\n]*"
BASE64 = rf"^(?:(?:{_DIGIT}){{4}})*(?:(?:{_DIGIT}){{2}}==|(?:{_DIGIT}){{3}}=)?[\r\n]*$"


class CannotFetch(Exception):
    """Why there is no schema."""


def schema_file():
    """Where the schema lies; fetched when it is not there."""
    named = os.environ.get("KUBERNETES_SCHEMA")
    if named:
        return pathlib.Path(named)
    file = ROOT / f"build/kubernetes/schema-{VERSION}.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        _fetch(file)
    return file


def _fetch(file):
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        done = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
                               "--no-deps", "--only-binary", ":all:", "--dest", folder, PACKAGE],
                              capture_output=True, text=True, check=False)
        wheels = list(pathlib.Path(folder).glob("*.whl"))
        if done.returncode != 0 or not wheels:
            raise CannotFetch(f"pip cannot fetch {PACKAGE}: {done.stderr.strip().splitlines()[-1:]}")
        if hashlib.sha256(wheels[0].read_bytes()).hexdigest() != SHA256:
            raise CannotFetch(f"{wheels[0].name} is not the file that was pinned")
        with zipfile.ZipFile(wheels[0]) as wheel:
            part = pathlib.Path(folder, "schema.json")
            part.write_bytes(wheel.read(MEMBER))
            part.replace(file)


class Schema:
    def __init__(self, file):
        self._definitions = json.loads(pathlib.Path(file).read_text())["$defs"]
        self._kinds = {}
        for name, definition in self._definitions.items():
            for kind in definition.get("x-kubernetes-group-version-kind", []):
                version = f"{kind['group']}/{kind['version']}" if kind["group"] else kind["version"]
                self._kinds[version, kind["kind"]] = name
        self._tighten()
        self._validators = {}

    def check(self, document):
        """The faults of one document."""
        where = document.file, f"{document.kind}/{document.name}"
        key = document.body.get("apiVersion"), document.kind
        if key not in self._kinds:
            return [Fault("schema", *where, "apiVersion", f"Kubernetes {VERSION} has no {key[0]} {key[1]}")]
        return [Fault("schema", *where, _path(error), _words(error, document.kind))
                for error in self._validator(key).iter_errors(document.body)]

    def _validator(self, key):
        if key not in self._validators:
            self._validators[key] = jsonschema.Draft202012Validator(
                {"$ref": f"#/$defs/{self._kinds[key]}", "$defs": self._definitions})
        return self._validators[key]

    def _tighten(self):
        """What the API server checks of these types, and JSON schema could not say."""
        self._definitions["io.k8s.apimachinery.pkg.api.resource.Quantity"] = {
            "oneOf": [{"type": "string", "pattern": QUANTITY}, {"type": "number"}]}
        self._definitions["io.k8s.apimachinery.pkg.util.intstr.IntOrString"] = {"type": ["string", "integer"]}
        for definition in self._definitions.values():
            for field in definition.get("properties", {}).values():
                values = field.get("additionalProperties")
                for part in (field, values if isinstance(values, dict) else {}):
                    if part.get("format") == "byte":
                        part["pattern"] = BASE64


def _words(error, kind):
    """What is wrong; of a Secret without the value."""
    if kind == "Secret" and error.validator == "pattern":
        return "is no base64"
    return error.message[:240]


def _path(error):
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    return path.lstrip(".") or "top level"
