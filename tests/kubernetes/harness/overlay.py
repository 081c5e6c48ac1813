"""A kustomization of a test's own on top of one of deploy/kubernetes: its namespace, the images, and what
the test changes. It is what docs/operations.md tells a user to write, and lies below build/."""
import json
import os
import pathlib
import shutil

from .kubectl import api_versions, kubectl

ROOT = pathlib.Path(__file__).resolve().parents[3]
WORK = ROOT / "build" / "kubernetes-test"
OVERLAYS = ROOT / "deploy" / "kubernetes" / "overlays"

# Kinds that older servers know under another version, with the same fields.
OLDER = {"HorizontalPodAutoscaler": ("autoscaling/v2", "autoscaling/v2beta2"),
         "PodDisruptionBudget": ("policy/v1", "policy/v1beta1")}


def write(name, namespace, overlay, images, settings=None, patches=()):
    """The folder of the kustomization. `images`: name in the manifests → the name to pull. `settings`:
    ConfigMap → {variable: value}. `patches`: (target, strategic merge or JSON patch) pairs."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    known = api_versions()
    downgrade = [({"kind": kind}, [{"op": "replace", "path": "/apiVersion", "value": older}])
                 for kind, (newer, older) in OLDER.items() if newer not in known]
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "namespace": namespace,
        "resources": [os.path.relpath(OVERLAYS / overlay, folder)],
        "images": [{"name": plain, **split(image)} for plain, image in images.items()],
        "configMapGenerator": [{"name": config, "behavior": "merge",
                                "literals": [f"{key}={value}" for key, value in values.items()]}
                               for config, values in (settings or {}).items()],
        "patches": [{"target": target, "patch": json.dumps(patch)} for target, patch in [*patches, *downgrade]],
    }
    (folder / "kustomization.yaml").write_text(json.dumps(kustomization, indent=2))  # JSON is YAML
    return folder


def split(image):
    name, _, tag = image.rpartition(":")
    return {"newName": name, "newTag": tag}


def apply(folder):
    return kubectl("apply", "-k", folder, seconds_max=180)
