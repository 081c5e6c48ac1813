"""Services, Ingresses and NetworkPolicies: whom they choose, and on which ports."""


def service(document, links):
    selector = document.spec.get("selector")
    if not selector:
        return
    chosen = links.chosen({"matchLabels": selector})
    if not chosen:
        yield "spec.selector", "chooses no pod template"
    for index, port in enumerate(document.spec.get("ports", [])):
        target = port.get("targetPort", port.get("port"))
        for workload in chosen:
            if not workload.has_port(target):
                yield f"spec.ports[{index}].targetPort", f"no container of {workload.name} has the port {target}"


def ingress(document, links):
    for rule in document.spec.get("rules", []):
        for path in (rule.get("http") or {}).get("paths", []):
            backend = (path.get("backend") or {}).get("service") or {}
            target = links.get("Service", backend.get("name"))
            port = backend.get("port") or {}
            if not target:
                yield "spec.rules", f"no Service {backend.get('name')}"
            elif not any(port in ({"number": p.get("port")}, {"name": p.get("name")}) for p in target.spec["ports"]):
                yield "spec.rules", f"Service {target.name} has no port {next(iter(port.values()), '')}"
    for tls in document.spec.get("tls", []):
        if not links.get("Secret", tls.get("secretName")):
            yield "spec.tls", f"no Secret {tls.get('secretName')}"


def policy(document, links):
    own = links.chosen(document.spec.get("podSelector"))
    if not own:
        yield "spec.podSelector", "chooses no pod template"
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(document.spec.get(direction) or []):
            where = f"spec.{direction}[{index}]"
            chosen, is_inside = [], bool(rule.get(peers))
            for number, peer in enumerate(rule.get(peers) or []):
                if "podSelector" not in peer or "namespaceSelector" in peer:
                    is_inside = False
                    continue
                found = links.chosen(peer["podSelector"])
                if not found:
                    yield f"{where}.{peers}[{number}].podSelector", "chooses no pod template"
                chosen += found
            # A port belongs to who is called: these pods for ingress, the others for egress.
            called = own if direction == "ingress" else chosen if is_inside else []
            yield from _ports(rule, where, called)


def _ports(rule, where, called):
    for number, entry in enumerate(rule.get("ports") or []):
        port = entry.get("port")
        if called and port is not None and not any(w.has_port(port) for w in called):
            yield f"{where}.ports[{number}]", f"none of {', '.join(w.name for w in called)} has the port {port}"
