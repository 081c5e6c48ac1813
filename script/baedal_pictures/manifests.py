"""What deploy/kubernetes says: its objects and connections, and the picture of them held against it."""
import re

import yaml

from .check import differ
from .facts import YAML

# Of these nothing may be missing; others (ServiceAccounts, ConfigMaps, network policies) belong to them.
DRAWN_KINDS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service", "Ingress", "HorizontalPodAutoscaler",
               "PodDisruptionBudget", "PersistentVolumeClaim"}
SHORT = {"HorizontalPodAutoscaler": "autoscaler", "PodDisruptionBudget": "disruption budget", "PersistentVolumeClaim": "volume claim"}


def documents(root, folder):
    """The objects of a folder's files; patches and kustomizations are none."""
    for file in sorted((root / "deploy/kubernetes" / folder).rglob("*.yaml")):
        for document in yaml.load_all(file.read_text(encoding="utf-8"), Loader=YAML):
            if isinstance(document, dict) and document.get("kind") in DRAWN_KINDS and "spec" in document:
                yield document


def named(kind, name):
    return f"{SHORT.get(kind, kind)} {name}"


def objects(root, *folders):
    return {named(document["kind"], document["metadata"]["name"]) for folder in folders for document in documents(root, folder)}


def find(root, folder, kind, name):
    for document in documents(root, folder):
        if (document["kind"], document["metadata"]["name"]) == (kind, name):
            return document["spec"]
    return {}


def hosts(root, config_maps):
    """The other objects that the settings of these ConfigMaps name in URLs."""
    found = set()
    for name in config_maps:
        file = root / "deploy/kubernetes/base/config" / f"{name.removeprefix('baedal-')}.env"
        settings = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        found |= set(re.findall(r"(?:http|kafka|postgresql)://(?:\w+@)?([a-z-]+)[:/]", "\n".join(settings)))
    return found


def check(root, picture):
    entry, roles, stores, embedded = (picture[key] for key in ("entry", "roles", "stores", "embedded"))
    base = {named(kind, role["name"]) for role in [entry, *roles] for kind in ("Deployment", "Service", "PodDisruptionBudget")}
    base |= {named("HorizontalPodAutoscaler", role["name"]) for role in roles if "scales" in role}
    yield from differ("in base:", base, objects(root, "base"))
    yield from differ("in distributed:", {named(kind, store["name"]) for store in stores for kind in ("StatefulSet", "Service")},
                      objects(root, "overlays/distributed"))
    alone = {named("Deployment", embedded["deployment"]), named("Service", embedded["service"]),
             named("PersistentVolumeClaim", embedded["volume"])}
    yield from differ("in embedded:", alone, objects(root, "overlays/embedded"))
    if find(root, "base", "Service", entry["name"]).get("type") != entry["service"]:
        yield f"Service {entry['name']} is drawn as a {entry['service']}, and is none"
    for store in stores:
        claims = find(root, "overlays/distributed", "StatefulSet", store["name"]).get("volumeClaimTemplates", [])
        yield from differ(f"volume of {store['name']}:", [store["volume"]], [claim["metadata"]["name"] for claim in claims])
    for role in [entry, *roles]:
        yield from check_deployment(root, role)


def check_deployment(root, role):
    name = role["name"]
    pod = find(root, "base", "Deployment", name).get("template", {}).get("spec")
    if pod is None:
        return
    sources = pod["containers"][0]["envFrom"]
    maps = [source["configMapRef"]["name"] for source in sources if "configMapRef" in source]
    yield from differ(f"ConfigMap of {name}:", role["config"], maps)
    secrets = [source["secretRef"]["name"] for source in sources if "secretRef" in source]
    yield from differ(f"Secret of {name}:", [role["secret"]] if "secret" in role else [], secrets)
    first = [container["name"] for container in pod.get("initContainers", ())]
    yield from differ(f"before {name}:", [role["init"]] if "init" in role else [], first)
    if "talks" in role:
        yield from differ(f"{name} talks to", role["talks"], hosts(root, maps))
    if "scales" in role:
        autoscaler = find(root, "base", "HorizontalPodAutoscaler", name)
        if [autoscaler.get("minReplicas"), autoscaler.get("maxReplicas")] != role["scales"]:
            yield f"{name} is drawn to scale {role['scales']}, and does not"
