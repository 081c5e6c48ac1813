"""Holds the sources of the pictures against the code. Each function yields what is not so."""
import re

from . import facts

SERVICES = ("menu", "order", "payment", "delivery", "mypage")
STEP_KEYS = {"call", "reply", "lost", "event", "does", "note", "frame", "says", "from", "to", "over", "bad"}


def differ(what, drawn, there):
    """Both ways: drawn but not there, there but not drawn."""
    for name in sorted(set(drawn) - set(there)):
        yield f"{what} {name} is drawn, and the code has none"
    for name in sorted(set(there) - set(drawn)):
        yield f"{what} {name} of the code is not drawn"


def check_event_storming(root, picture):
    lanes = {lane["context"]: lane for lane in picture["lanes"]}
    yield from differ("context", lanes, SERVICES)
    roles = facts.roles(root)
    told = [note["name"] for lane in lanes.values() for note in lane["notes"] if note["kind"] == "event"]
    yield from differ("event", told, facts.events(root))
    yield from differ("event schema", told, facts.event_schemas(root))
    routes = facts.routes(root)
    for name, lane in lanes.items():
        yield from check_lane(root, name, lane, roles[name])
        for note in lane["notes"]:
            if "route" in note and note["route"] not in routes:
                yield f"route {note['route']} is drawn, and the API has none"
    yield from check_flows(picture, lanes, roles)


def check_lane(root, name, lane, role):
    notes = lane["notes"]

    def of_kind(kind):
        return [note["name"] for note in notes if note["kind"] == kind]

    yield from differ(f"{name}'s event", of_kind("event"), role["publishes"])
    drawn = [(event, note["runs"]) for note in notes if note["kind"] == "policy" for event in note["events"]]
    whenever = [f"whenever {event}: {runs}" for event, runs in drawn]
    yield from differ(f"{name}'s policy", whenever, [f"whenever {event}: {runs}" for event, runs in facts.policies(root, name)])
    named = {*of_kind("command"), *of_kind("view"), *(runs for _, runs in drawn)} | \
        {note["by"] for note in notes if note.get("by", "").endswith("Worker")}
    there = facts.aggregate(root, name)
    readable = facts.replicas(root, name) | (set() if facts.has_domain(root, name) else {there})
    yield from differ(f"{name}'s use case or read model", named, facts.use_cases(root, name) | readable)
    for query in facts.queries(root, name) - set(of_kind("view")):
        yield f"{name}'s {query} is drawn as something else than a read model"
    if facts.has_domain(root, name) and lane.get("aggregate", {}).get("name") != there:
        yield f"{name}'s aggregate {there} of the code is not drawn"
    providers = {port for port in facts.ports(root, name) if port.endswith("Provider")}
    yield from differ(f"{name}'s external system", of_kind("external"), providers)


def check_flows(picture, lanes, roles):
    asked = set()
    for flow in picture["flows"]:
        (source, name), (target, runs) = flow["from"].split("/"), flow["to"].split("/")
        notes = [note for note in lanes[target]["notes"] if runs in (note.get("name"), note.get("runs"))]
        if flow["as"] == "call":
            asked.add((source, target))
        elif not any(name in note.get("events", ()) for note in notes):
            yield f"an arrow from {flow['from']} to {flow['to']} is drawn, and no such policy"
    there = {(name, other) for name, role in roles.items() for other in role["needs"]}
    yield from differ("call", [" asks ".join(pair) for pair in asked], [" asks ".join(pair) for pair in there])


def check_hexagon(root, picture):
    roles = facts.roles(root)
    services = {service["name"]: service for service in picture["services"]}
    yield from differ("service", services, roles)
    calls = facts.contract_fillers(root)
    drawn_calls = set()
    for name, service in services.items():
        role = roles[name]
        for key, there in (("route", role["path"]), ("store", role["store"]), ("outbox", bool(role["publishes"]))):
            if service.get(key, type(there)()) != there:
                yield f"{name}'s {key} is drawn as {service.get(key)}, and is {there}"
        yield from differ(f"{name}'s inbound adapter", [part["name"] for part in service["inbound"]], facts.inbound(root, name))
        yield from check_inside(root, name, service)
        fillers = facts.fillers(root, name)
        yield from differ(f"{name}'s port", [port["name"] for port in service["ports"]], fillers)
        for port in service["ports"]:
            yield from differ(f"adapter of {port['name']}", port["by"], fillers.get(port["name"], ()))
            drawn_calls |= set(port.get("contract", ()))
    yield from differ("adapter of a call between services", drawn_calls, set().union(*calls.values()))


def check_inside(root, name, service):
    if name == "gateway":
        routing = facts.classes(root, "src/services/gateway/routing")
        for part in service["uses"]:
            if part not in routing:
                yield f"gateway's {part} is drawn, and the code has none"
        return
    yield from differ(f"{name}'s use case", service["uses"], facts.use_cases(root, name))
    if service["core"] != facts.aggregate(root, name):
        yield f"{name}'s aggregate {facts.aggregate(root, name)} of the code is not drawn"


def check_system(root, picture):
    roles = facts.roles(root)
    services = {service["name"]: service for service in picture["services"]}
    yield from differ("service", services, set(roles) - {"gateway"})
    for name, service in services.items():
        role = roles[name]
        yield from differ(f"{name} tells", service["tells"], role["publishes"])
        yield from differ(f"{name} hears", service["hears"], role["listens"])
        yield from differ(f"{name} asks", service.get("asks", ()), role["needs"])
        if service["store"] != role["store"]:
            yield f"{name}'s store is drawn as {service['store']}, and is {role['store']}"


def steps_of(steps):
    for step in steps:
        yield step
        for case in step.get("frame", ()):
            yield from steps_of(case["steps"])


def check_sequence(root, picture):
    roles, routes, codes = facts.roles(root), facts.routes(root), facts.problem_codes(root)
    people = {person["id"] for person in picture["participants"]}
    for person in picture["participants"]:
        if "is" not in person and person["id"] not in roles:
            yield f"{person['id']} is drawn, and no such role"
    for step in steps_of(picture["steps"]):
        for key in set(step) - STEP_KEYS:
            yield f"a step says '{key}', which means nothing"
        for name in {*step.get("call", ()), *step.get("reply", ()), *step.get("lost", ()), *step.get("over", ())} - people:
            yield f"{name} takes part, and is not among the participants"
        if "event" in step:
            yield from check_told(step, roles)
        said = step.get("says", "")
        for route in re.findall(r"(?:GET|POST|PUT|PATCH|DELETE) /\S*", said):
            if route not in routes:
                yield f"route {route} is drawn, and the API has none"
        for code in re.findall(r"\b[45]\d\d ([a-z]+(?:-[a-z]+)+)", said + " " + step.get("note", "")):
            if code not in codes:
                yield f"problem code {code} is drawn, and the code has none"
        for event in re.findall(r"\+ ([A-Z]\w+)", said):
            if event not in roles.get(step.get("does"), {}).get("publishes", ()):
                yield f"{step.get('does')} commits {event}, which it does not publish"


def check_told(step, roles):
    if step["event"] not in roles.get(step["from"], {}).get("publishes", ()):
        yield f"{step['from']} tells {step['event']}, which it does not publish"
    for listener in step["to"]:
        if step["event"] not in roles.get(listener, {}).get("listens", ()):
            yield f"{listener} is told {step['event']}, which it does not listen to"


def check_all_sequences(root, pictures):
    """Together they show every event of an order's life."""
    told = {step["event"] for picture in pictures for step in steps_of(picture["steps"]) if "event" in step}
    there = {event for name, role in facts.roles(root).items() if name != "menu" for event in role["publishes"]}
    yield from differ("event in the sequences", told, there)


CHECKS = {"event-storming": check_event_storming, "hexagon": check_hexagon, "system": check_system, "sequence": check_sequence}
