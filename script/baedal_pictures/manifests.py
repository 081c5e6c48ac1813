"""What deploy/kubernetes says: its objects and connections, and the picture of them held against it."""
import re

import yaml

from .check import differ
from .facts import YAML

# Of these nothing may be missing; ServiceAccounts, ConfigMaps and Secrets belong to them.
DRAWN_KINDS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service", "Ingress", "HorizontalPodAutoscaler",
               "PodDisruptionBudget", "PersistentVolumeClaim"}
SHORT = {"HorizontalPodAutoscaler": "autoscaler", "PodDisruptionBudget": "disruption budget", "PersistentVolumeClaim": "volume claim"}


def documents(root, folder, kinds=frozenset(DRAWN_KINDS)):
    """The objects of these kinds in a folder's files; patches and kustomizations are none."""
    for file in sorted((root / "deploy/kubernetes" / folder).rglob("*.yaml")):
        for document in yaml.load_all(file.read_text(encoding="utf-8"), Loader=YAML):
            if isinstance(document, dict) and document.get("kind") in kinds and "spec" in document:
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


def apps(selector):
    """The values of the label app that a selector takes in."""
    found = {selector["matchLabels"]["app"]} if "app" in selector.get("matchLabels", {}) else set()
    return found | {app for part in selector.get("matchExpressions", ()) if part["key"] == "app" for app in part["values"]}


def allowed(root, way, other_end, *folders):
    """(from, to) of what network policies let out (egress, to) or in (ingress, from)."""
    pairs = set()
    for document in (document for folder in folders for document in documents(root, folder, {"NetworkPolicy"})):
        for rule in document["spec"].get(way, ()):
            here = apps(document["spec"]["podSelector"])
            there = {app for end in rule.get(other_end, ()) for app in apps(end.get("podSelector", {}))}
            pairs |= {(a, b) if way == "egress" else (b, a) for a in here for b in there if a != b}
    return {" to ".join(pair) for pair in pairs}


def drawn_objects(picture):
    """folder -> what is drawn of it."""
    entry, roles, production, embedded = (picture[key] for key in ("entry", "roles", "production", "embedded"))
    base = {named(kind, role["name"]) for role in [entry, *roles] for kind in ("Deployment", "Service", "PodDisruptionBudget")}
    base |= {named("HorizontalPodAutoscaler", role["name"]) for role in roles if "scales" in role}
    here = {role["name"] for role in roles if "scales" in role}  # in base already, patched
    views = production["views"]
    return {
        "base": base,
        "overlays/distributed": {named(kind, store["name"]) for store in picture["stores"] for kind in ("StatefulSet", "Service")},
        "overlays/production": {named("HorizontalPodAutoscaler", name) for name in set(production["scales"]) - here},
        "components/mypage-instances": {named("StatefulSet", views["name"]), named("Service", views["service"])},
        "components/migration": {named("Job", picture["migration"]["job"])},
        "components/ingress": {named("Ingress", production["ingress"])},
        "overlays/embedded": {named("Deployment", embedded["deployment"]), named("Service", embedded["service"]),
                              named("PersistentVolumeClaim", embedded["volume"])},
    }


def check(root, picture):
    entry, roles, stores, production = (picture[key] for key in ("entry", "roles", "stores", "production"))
    drawn = drawn_objects(picture)
    for folder, names in drawn.items():
        yield from differ(f"in {folder}:", names, objects(root, folder))
    yield from differ("in deploy/kubernetes:", set().union(*drawn.values()), objects(root, "."))
    if find(root, "base", "Service", entry["name"]).get("type") != entry["service"]:
        yield f"Service {entry['name']} is drawn as a {entry['service']}, and is none"
    for folder, store in [("overlays/distributed", store) for store in stores] + [("components/mypage-instances", production["views"])]:
        there = find(root, folder, "StatefulSet", store["name"])
        yield from differ(f"volume of {store['name']}:", [store["volume"]],
                          [claim["metadata"]["name"] for claim in there.get("volumeClaimTemplates", [])])
        if there.get("replicas", 1) != store.get("replicas", 1):
            yield f"{store['name']} is drawn {store.get('replicas', 1)} times, and is there {there.get('replicas', 1)} times"
    for role in [entry, *roles]:
        yield from check_deployment(root, role)
    yield from check_scales(root, "overlays/production", {name: bounds for name, bounds in production["scales"].items()
                                                          if not any(role["name"] == name and "scales" in role for role in roles)})
    yield from check_scales(root, "base", {role["name"]: role["scales"] for role in roles if "scales" in role})
    yield from check_ways(root, picture)


def check_scales(root, folder, scales):
    for name, bounds in scales.items():
        autoscaler = find(root, folder, "HorizontalPodAutoscaler", name)
        if [autoscaler.get("minReplicas"), autoscaler.get("maxReplicas")] != bounds:
            yield f"{name} is drawn to scale {bounds}, and does not"


def check_ways(root, picture):
    """Arrows are what network policies allow, seen from both ends."""
    arrows = {f"{picture['entry']['name']} to {role['name']}" for role in picture["roles"]}
    arrows |= {f"{role['name']} to {other}" for role in picture["roles"] for other in role["talks"]}
    arrows |= {f"{picture['migration']['job']} to {other}" for other in picture["migration"]["talks"]}
    folders = ("base", "overlays/distributed")
    yield from differ("way out", arrows, allowed(root, "egress", "to", *folders))
    yield from differ("way in", arrows, allowed(root, "ingress", "from", *folders))


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
    if "talks" in role:
        yield from differ(f"{name} talks to", role["talks"], hosts(root, maps))
