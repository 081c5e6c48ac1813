"""The pipeline's file is sound, and what it runs are this repository's own scripts, with options that
they have: nothing that only the pipeline can do."""
import os
import re
import shlex
import subprocess

import jsonschema
import pytest
import yaml

from containers import ROOT

FILE = ROOT / ".github" / "workflows" / "ci.yaml"
TEXT = FILE.read_text()
PERMISSIONS = {"type": "object", "additionalProperties": {"enum": ["read", "write", "none"]}}
CONCURRENCY = {"type": "object", "required": ["group"], "additionalProperties": False,
               "properties": {"group": {"type": "string"}, "cancel-in-progress": {}}}
# Of GitHub's syntax, what is used here.
SCHEMA = {
    "type": "object",
    "required": ["name", "on", "permissions", "jobs"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "on": {"type": "object", "additionalProperties": False, "properties": {
            "pull_request": {"type": ["object", "null"]},
            "push": {"type": "object", "additionalProperties": False, "properties": {
                "branches": {"type": "array", "items": {"type": "string"}},
                "tags": {"type": "array", "items": {"type": "string"}}}}}},
        "permissions": PERMISSIONS,
        "concurrency": CONCURRENCY,
        "env": {"type": "object"},
        "jobs": {"type": "object", "minProperties": 1, "additionalProperties": {
            "type": "object",
            "required": ["runs-on", "timeout-minutes", "steps"],
            "additionalProperties": False,
            "properties": {
                "if": {"type": "string"}, "needs": {"type": "string"},
                "runs-on": {"type": "string", "pattern": r"^ubuntu-\d\d\.\d\d$"},
                "timeout-minutes": {"type": "integer", "maximum": 90},
                "permissions": PERMISSIONS, "environment": {"type": "string"}, "concurrency": CONCURRENCY,
                "steps": {"type": "array", "minItems": 1, "items": {
                    "type": "object",
                    "oneOf": [{"required": ["run"]}, {"required": ["uses"]}],
                    "additionalProperties": False,
                    "properties": {"name": {"type": "string"}, "if": {"type": "string"}, "run": {"type": "string"},
                                   "uses": {"type": "string"}, "with": {"type": "object"}, "env": {"type": "object"}},
                }},
            },
        }},
    },
}


@pytest.fixture(scope="module", name="workflow")
def _workflow():
    read = yaml.safe_load(TEXT)
    read["on"] = read.pop(True)  # YAML 1.1 takes the word for a boolean
    return read


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def commands(workflow):
    return [step["run"] for step in steps(workflow) if "run" in step]


def test_it_has_the_shape_of_a_workflow(workflow):
    jsonschema.validate(workflow, SCHEMA)
    for name, job in workflow["jobs"].items():
        assert job.get("needs") in (None, *(other for other in workflow["jobs"] if other != name))


def test_it_tests_and_builds_and_deploys(workflow):
    assert list(workflow["jobs"]) == ["test", "image", "deploy"]
    assert workflow["jobs"]["image"]["needs"] == "test" and workflow["jobs"]["deploy"]["needs"] == "image"
    run = "\n".join(commands(workflow))
    for script in (".ci/run", "script/image", "script/deploy"):
        assert script in run


def test_each_command_is_a_script_of_the_repository_with_options_it_has(workflow):
    assert commands(workflow)
    for command in commands(workflow):
        assert "\n" not in command.strip() and not re.search(r"[;&|<>`]|\$\(", command), command
        words = shlex.split(command)
        while words:
            script = ROOT / words[0]
            assert re.match(r"(script|\.ci)/", words[0]) and os.access(script, os.X_OK), command
            if words[0] == "script/in-debian":  # runs what follows
                words = words[1:]
                continue
            options = [word.partition("=")[0] for word in words[1:] if word.startswith("-")]
            if options:
                told = subprocess.run([script, "--help"], capture_output=True, text=True, check=True).stdout
                assert not [option for option in options if not re.search(rf"{option}\b", told)], command
            break


def test_what_others_wrote_is_pinned_by_commit(workflow):
    for step in steps(workflow):
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
            assert re.search(re.escape(step["uses"]) + r" # v\d+\.\d+\.\d+$", TEXT, re.M)


def test_its_rights_are_few(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    extra = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert extra == {"image": {"contents": "read", "packages": "write"}}
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_nobodys_words_become_commands(workflow):
    """A branch's name or a title put into a command by the pipeline would be run by the shell."""
    assert not [command for command in commands(workflow) if "${{" in command]
    assert "pull_request_target" not in workflow["on"]


def test_a_pull_request_pushes_and_deploys_nothing(workflow):
    for step in workflow["jobs"]["image"]["steps"]:
        if "--push" in step.get("run", "") or "login" in step.get("uses", ""):
            assert step["if"] == "github.event_name == 'push'"
    assert workflow["jobs"]["deploy"]["if"].startswith("github.event_name == 'push'")
    assert workflow["jobs"]["deploy"]["environment"] == "production"


def test_the_clusters_secret_goes_to_the_deployment_alone(workflow):
    for name, job in workflow["jobs"].items():
        secrets = set(re.findall(r"secrets\.(\w+)", str(job)))
        assert secrets <= {"deploy": {"KUBECONFIG"}, "image": {"GITHUB_TOKEN"}}.get(name, set())


def test_what_is_deployed_is_what_was_pushed(workflow):
    tag = '"$IMAGE:$GITHUB_SHA"'
    pushed = [command for command in commands(workflow) if "--push" in command]
    deployed = [command for command in commands(workflow) if command.startswith("script/deploy")]
    assert len(pushed) == len(deployed) == 1
    assert f"--tag {tag}" in pushed[0] and f"--image {tag}" in deployed[0]
    overlay = shlex.split(deployed[0])[shlex.split(deployed[0]).index("--overlay") + 1]
    assert (ROOT / "deploy" / "kubernetes" / "overlays" / overlay / "kustomization.yaml").is_file()
