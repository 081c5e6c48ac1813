"""The Kubernetes objects: Services over Deployments, what they talk to below them."""
from .svg import Canvas, chip, must_fit, width_of

LEFT, PITCH, CARD = 14, 194, 168
ENTRY_Y, SERVICES_Y, CARDS_Y, CARD_H = 96, 236, 290, 132
STORES_Y, BAR_H, BAR_STEP = 478, 40, 64
PILL_H, PRODUCTION_H = 28, 120


def draw(picture):
    roles, stores = picture["roles"], picture["stores"]
    width = 2 * LEFT + PITCH * len(roles)
    production_y = STORES_Y + BAR_STEP * len(stores) + 24
    embedded_y = production_y + PRODUCTION_H
    canvas = Canvas(width, embedded_y + 92, picture["title"], picture["description"].strip())
    canvas.text(14, 28, picture["title"], 18, bold=True)
    draw_legend(canvas)
    frame(canvas, "base", ENTRY_Y - 10, CARDS_Y + CARD_H + 14)
    frame(canvas, "overlay distributed adds", STORES_Y - 26, production_y - 22, at_bottom=True)
    draw_entry(canvas, picture["entry"], width / 2)
    columns = {role["name"]: LEFT + index * PITCH + (PITCH - CARD) / 2 for index, role in enumerate(roles)}
    bars = {store["name"]: STORES_Y + index * BAR_STEP for index, store in enumerate(stores)}
    for role in roles:
        draw_connections(canvas, role, columns, bars)
    for store in stores:
        talking = [columns[role["name"]] for role in roles if store["name"] in role["talks"]]
        draw_store(canvas, store, bars[store["name"]], min(talking), max(talking) + CARD)
    draw_migration(canvas, picture["migration"], columns["mypage"], bars["postgres"])
    for role in roles:
        draw_role(canvas, role, columns[role["name"]])
    draw_production(canvas, picture["production"], production_y)
    draw_embedded(canvas, picture["embedded"], embedded_y)
    return canvas.render()


def frame(canvas, words, top, bottom, at_bottom=False):
    canvas.rect(6, top, canvas.width - 12, bottom - top, "lane", "rule", radius=6)
    canvas.text(16, bottom - 8 if at_bottom else top + 18, words, 12, fill="quiet", bold=True)


def draw_legend(canvas):
    x = 262
    for kind, words in (("command", "Service"), ("aggregate", "Deployment"), ("event", "StatefulSet"), ("view", "volume"),
                        ("policy", "autoscaler, budget"), ("external", "Job; outside"), ("card", "ConfigMap, Secret")):
        canvas.rect(x, 17, 13, 13, kind, "noterule" if kind != "card" else "line", radius=2)
        canvas.text(x + 18, 28, words, 11, fill="quiet")
        x += 32 + width_of(words, 11)


def draw_entry(canvas, entry, middle):
    chip(canvas, "actor", middle - 50, 44, 100, 24, "client")
    service_y = ENTRY_Y + 8
    canvas.arrow([(middle, 68), (middle, service_y)], "call")
    chip(canvas, "command", middle - 110, service_y, 220, PILL_H, f"Service {entry['name']}", f"{entry['service']} :8080")
    canvas.arrow([(middle, service_y + PILL_H), (middle, service_y + PILL_H + 18)], "call")
    y = service_y + PILL_H + 18
    canvas.rect(middle - 150, y, 300, 46, "aggregate", "noterule", radius=4)
    canvas.text(middle, y + 17, f"Deployment {entry['name']}", 12, fill="noteink", bold=True, anchor="middle")
    small(canvas, "card", middle - 142, y + 25, 166, ", ".join(entry["config"]))
    small(canvas, "policy", middle + 30, y + 25, 112, "budget: 1 may go")


def small(canvas, kind, x, y, w, words):
    must_fit(words, w - 4, 10)
    canvas.rect(x, y, w, 15, kind, "noterule", radius=2)
    canvas.text(x + w / 2, y + 11, words, 10, fill="ink" if kind == "card" else "noteink", anchor="middle")


def draw_role(canvas, role, x):
    middle, name = x + CARD / 2, role["name"]
    canvas.line([(canvas.width / 2, ENTRY_Y + 100), (canvas.width / 2, SERVICES_Y - 22), (middle, SERVICES_Y - 22)], "call")
    canvas.arrow([(middle, SERVICES_Y - 22), (middle, SERVICES_Y)], "call")
    chip(canvas, "command", x, SERVICES_Y, CARD, PILL_H, f"Service {name}", "ClusterIP :8080")
    canvas.arrow([(middle, SERVICES_Y + PILL_H), (middle, CARDS_Y)], "call")
    canvas.claim(f"Deployment {name}", x, CARDS_Y, CARD, CARD_H)
    canvas.rect(x, CARDS_Y, CARD, CARD_H, "aggregate", "noterule", radius=4)
    canvas.text(middle, CARDS_Y + 18, f"Deployment {name}", 12, fill="noteink", bold=True, anchor="middle")
    lines = [("card", role["config"][0] + ", " + role["config"][1]), ("card", ", ".join(role["config"][2:]))]
    if "secret" in role:
        lines.append(("card", role["secret"]))
    lines.append(("policy", "budget: 1 may go"))
    if "scales" in role:
        lines.append(("policy", "autoscaler: {} to {}".format(*role["scales"])))
    canvas.text(middle, CARDS_Y + 32, role.get("says", "1 and more"), 10.5, fill="noteink", anchor="middle")
    for index, (kind, words) in enumerate(lines):
        small(canvas, kind, x + 10, CARDS_Y + 39 + index * 18, CARD - 20, words)


def draw_connections(canvas, role, columns, bars):
    x = columns[role["name"]]
    to_bars = [name for name in role["talks"] if name in bars]
    for name in to_bars:
        at = x + CARD * (0.3 if name == next(iter(bars)) else 0.7)
        canvas.arrow([(at, CARDS_Y + CARD_H), (at, bars[name])], "news" if name == "kafka" else "call")
    for name in role["talks"]:
        if name in columns:
            right = columns[name] > x
            start, end = (x + CARD, columns[name]) if right else (x, columns[name] + CARD)
            bend, goal = (start + end) / 2, SERVICES_Y + PILL_H / 2
            canvas.arrow([(start, CARDS_Y + 20), (bend, CARDS_Y + 20), (bend, goal), (end, goal)], "call")


def draw_store(canvas, store, y, left, right):
    canvas.claim(f"StatefulSet {store['name']}", left, y, right - left, BAR_H)
    canvas.rect(left, y, right - left, BAR_H, "event", "noterule", radius=4)
    canvas.rect(left + 8, y + 7, 172, BAR_H - 14, "command", "noterule")
    canvas.text(left + 94, y + 24, f"Service {store['name']}", 11, fill="noteink", bold=True, anchor="middle")
    canvas.text((left + right) / 2, y + 18, f"StatefulSet {store['name']}", 12.5, fill="noteink", bold=True, anchor="middle")
    canvas.text((left + right) / 2, y + 32, store["says"], 10.5, fill="noteink", anchor="middle")
    canvas.rect(right - 118, y + 7, 110, BAR_H - 14, "view", "noterule")
    canvas.text(right - 63, y + 24, f"volume {store['volume']}", 11, fill="noteink", anchor="middle")


def draw_migration(canvas, migration, x, y):
    """Run before pods change, on the same databases; beside the bar it talks to."""
    w = 96
    chip(canvas, "external", x, y, w, BAR_H, f"Job {migration['job']}", "before an update")
    canvas.arrow([(x, y + BAR_H / 2), (x - PITCH + CARD, y + BAR_H / 2)], "call")


def draw_production(canvas, production, y):
    frame(canvas, "overlay production, in place of distributed; overlay ingress", y - 14, y + PRODUCTION_H - 22)
    views = production["views"]
    top, x = y + 16, 28
    chip(canvas, "command", x, top, 168, 36, f"Ingress {production['ingress']}", "TLS, before its Service", claim="ingress")
    canvas.arrow([(x + 168, top + 18), (x + 192, top + 18)], "call")
    chip(canvas, "command", x + 192, top, 138, 36, "Service gateway", "ClusterIP", claim="production gateway")
    x = 392
    chip(canvas, "event", x, top, 186, 36, f"StatefulSet {views['name']}", f"{views['replicas']} views, volume {views['volume']} each")
    chip(canvas, "command", x + 194, top, 160, 36, f"Service {views['service']}".replace("Service ", ""), "Service without an address")
    for index, name in enumerate(production["outside"]):
        chip(canvas, "external", 768 + index * 108, top, 100, 36, name, "outside, TLS")
    canvas.text(28, top + 66, "autoscalers, up at once and down slowly:", 10.5, fill="quiet")
    x = 276
    for name, (low, high) in production["scales"].items():
        words = f"{name}: {low} to {high}"
        w = width_of(words, 10) + 14
        small(canvas, "policy", x, top + 55, w, words)
        x += w + 8


def draw_embedded(canvas, embedded, y):
    frame(canvas, "overlay embedded, instead of all of these", y - 14, y + 82)
    y, x = y + 22, 40
    boxes = [("actor", "client", 100), ("command", f"Service {embedded['service']}", 170),
             ("aggregate", f"Deployment {embedded['deployment']}", 340), ("view", f"volume {embedded['volume']}", 170)]
    for index, (kind, words, w) in enumerate(boxes):
        chip(canvas, kind, x, y, w, 40, words, embedded["says"] if kind == "aggregate" else "", claim=f"embedded {words}")
        if index < len(boxes) - 1:
            canvas.arrow([(x + w, y + 20), (x + w + 44, y + 20)], "call")
        x += w + 44
