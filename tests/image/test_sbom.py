"""The bill of materials is valid CycloneDX, and says of every file in the image whose it is."""
import hashlib
import json
import re

import jsonschema
import pytest

# The fields that CycloneDX 1.5 requires, and of the others the shapes of those used.
SCHEMA = {
    "type": "object",
    "required": ["bomFormat", "specVersion", "version", "metadata", "components", "dependencies"],
    "additionalProperties": False,
    "properties": {
        "bomFormat": {"const": "CycloneDX"},
        "specVersion": {"const": "1.5"},
        "version": {"type": "integer", "minimum": 1},
        "metadata": {
            "type": "object",
            "additionalProperties": False,
            "required": ["timestamp", "component"],
            "properties": {
                "timestamp": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                "component": {"$ref": "#/definitions/component"},
            },
        },
        "components": {"type": "array", "minItems": 1, "uniqueItems": True,
                       "items": {"$ref": "#/definitions/component"}},
        "dependencies": {
            "type": "array",
            "items": {
                "type": "object", "required": ["ref"], "additionalProperties": False,
                "properties": {"ref": {"type": "string"}, "dependsOn": {"type": "array", "uniqueItems": True}},
            },
        },
    },
    "definitions": {
        "component": {
            "type": "object",
            "required": ["type", "name", "version", "bom-ref", "purl"],
            "additionalProperties": False,
            "properties": {
                "type": {"enum": ["application", "library"]},
                "bom-ref": {"type": "string", "minLength": 1},
                "name": {"type": "string", "minLength": 1},
                "version": {"type": "string", "minLength": 1},
                "purl": {"type": "string", "pattern": r"^pkg:(deb/debian|npm|generic)/[A-Za-z0-9.%+-]+@[^?]+"},
                "hashes": {"type": "array", "items": {
                    "type": "object", "required": ["alg", "content"],
                    "properties": {"alg": {"const": "SHA-256"}, "content": {"pattern": "^[0-9a-f]{64}$"}}}},
                "licenses": {"type": "array"},
                "properties": {"type": "array", "items": {"type": "object", "required": ["name", "value"]}},
                "evidence": {"type": "object", "required": ["occurrences"], "properties": {
                    "occurrences": {"type": "array", "items": {"type": "object", "required": ["location"]}}}},
            },
        },
    },
}


@pytest.fixture(scope="module", name="sbom")
def _sbom(files):
    return json.loads(files["/usr/share/doc/baedal/sbom.cdx.json"][1])


def locations(component):
    return [found["location"] for found in component.get("evidence", {}).get("occurrences", [])]


def test_it_is_valid(sbom):
    jsonschema.validate(sbom, SCHEMA)
    references = [component["bom-ref"] for component in [sbom["metadata"]["component"], *sbom["components"]]]
    assert len(references) == len(set(references))
    assert {entry["ref"] for entry in sbom["dependencies"]} == set(references)


def test_every_object_in_the_image_is_of_a_listed_package(sbom, files):
    objects = {name for name in files if re.search(r"\.so(\.|$)", name)}
    owned = {location for component in sbom["components"] for location in locations(component)}
    assert owned == objects | {"/etc/ssl/certs/ca-certificates.crt"}


def of_debian(sbom):
    return [component for component in sbom["components"] if component["purl"].startswith("pkg:deb/")]


def test_versions_are_those_dpkg_says(sbom, files):
    for component in of_debian(sbom):
        status = files[f"/var/lib/dpkg/status.d/{component['name']}"][1].decode()
        assert re.search(r"^Version: (.*)$", status, re.M).group(1) == component["version"]
        assert "\nStatus: install ok installed\n" in status


def test_what_is_compiled_in_is_listed_too(sbom):
    usage = {component["name"]: component["properties"][0]["value"] for component in sbom["components"]}
    assert usage["libboost1.81-dev"] == usage["libcli11-dev"] == "compiled-in"
    assert usage["libc6"] == usage["librdkafka1"] == usage["libpq5"] == usage["libargon2-1"] == "inside"


def test_what_the_pages_are_made_of_is_listed_with_its_licence(sbom, files):
    made_of = {component["name"]: component for component in sbom["components"] if component["purl"].startswith("pkg:npm/")}
    assert set(made_of) == {"react", "react-dom", "scheduler"}
    licences = files["/usr/share/doc/baedal/licences-of-the-pages"][1].decode()
    for name, component in made_of.items():
        assert component["properties"] == [{"name": "baedal:usage", "value": "in-pages"}]
        assert component["licenses"] == [{"license": {"id": "MIT"}}]
        assert re.search(rf"^{name}\n\nMIT License$", licences, re.M)


def test_every_package_comes_with_its_licence(sbom, files):
    for component in of_debian(sbom):
        assert f"/usr/share/doc/{component['name']}/copyright" in files


def test_the_program_is_the_one_it_names(sbom, files):
    digest = hashlib.sha256(files["/baedal"][1]).hexdigest()
    assert sbom["metadata"]["component"]["hashes"][0]["content"] == digest
