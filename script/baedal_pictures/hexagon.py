"""The hexagons: a row for each service, between what calls it on the left and what is behind it on the
right; the bus lies around all of them, from the outboxes back to the event handlers."""
from .svg import Canvas, chip

HTTP_X, BUS_X, ARM = 14, 46, 22
INBOUND_X, INBOUND_W = 90, 150
HEX_LEFT, HEX_RIGHT, TIP = 256, 648, 34
USES_X, USES_W, CORE_X, PORTS_X, PORTS_W = 292, 118, 464, 526, 122
OUT_X, OUT_W, BEHIND_X, BEHIND_W = 682, 142, 846, 116
RIGHT_BUS_X, WIDTH = 984, 1020
HEAD, PITCH, CHIP, ROW_HEAD, ROW_TAIL, ROW_GAP = 74, 32, 28, 30, 12, 14


def draw(picture):
    services = picture["services"]
    heights = [row_height(service) for service in services]
    bottom = HEAD + sum(heights) + ROW_GAP * len(services)
    canvas = Canvas(WIDTH, bottom + 40, picture["title"], picture["description"].strip())
    canvas.text(14, 28, picture["title"], 18, bold=True)
    canvas.arrow([(300, 24), (326, 24)], "line")
    canvas.text(332, 28, "calls", 11, fill="quiet")
    canvas.arrow([(380, 24), (406, 24)], "line", dash=True)
    canvas.text(412, 28, "fills a port", 11, fill="quiet")
    for x, words in ((INBOUND_X + INBOUND_W / 2, "inbound"), (CORE_X - 12, "use cases, domain, ports"),
                     (OUT_X + OUT_W / 2, "outbound"), (BEHIND_X + BEHIND_W / 2, "behind it")):
        canvas.text(x, HEAD - 12, words, 12, fill="quiet", anchor="middle")
    draw_arms(canvas, bottom)
    y = HEAD
    for service, height in zip(services, heights):
        draw_service(canvas, service, y, height)
        y += height + ROW_GAP
    return canvas.render()


def row_height(service):
    rows = max(len(service["inbound"]), len(service["uses"]), sum(len(port["by"]) for port in service["ports"]))
    return ROW_HEAD + rows * PITCH + ROW_TAIL


def draw_arms(canvas, bottom):
    canvas.rect(HTTP_X, HEAD, ARM, bottom - HEAD - ROW_GAP, "command", "noterule")
    canvas.upward(HTTP_X + 15, (HEAD + bottom) / 2, "HTTP: customers, shops, couriers; the gateway passes them on", 12, "noteink")
    left, right, low = BUS_X, RIGHT_BUS_X, bottom + 4
    canvas.polygon([(left, HEAD), (left + ARM, HEAD), (left + ARM, low), (right, low), (right, HEAD), (right + ARM, HEAD),
                    (right + ARM, low + 24), (left, low + 24)], "event")
    canvas.text(WIDTH / 2, low + 16.5, "the bus: a Kafka topic, or the log of one process; key = order id, in order per key", 12,
                fill="noteink", anchor="middle")
    canvas.upward(left + 15, (HEAD + bottom) / 2, "each event, once", 12, "noteink")
    canvas.upward(right + 15, (HEAD + bottom) / 2, "relay: every outbox row, in commit order", 12, "noteink")


def draw_service(canvas, service, y, height):
    middle = y + height / 2
    canvas.polygon([(HEX_LEFT, middle), (HEX_LEFT + TIP, y), (HEX_RIGHT - TIP, y), (HEX_RIGHT, middle),
                    (HEX_RIGHT - TIP, y + height), (HEX_LEFT + TIP, y + height)], "lane", "line", thick=1.6)
    canvas.text(CORE_X, y + 20, service["name"], 14, bold=True, anchor="middle")
    content = y + ROW_HEAD, height - ROW_HEAD - ROW_TAIL
    for row, name in zip(rows_of(len(service["uses"]), *content), service["uses"]):
        chip(canvas, "card", USES_X, row + 2, USES_W, CHIP - 4, name, claim=f"{service['name']}: {name}")
    draw_core(canvas, service["core"], content[0] + content[1] / 2)
    draw_inbound(canvas, service, y, height, content)
    draw_outbound(canvas, service, content)


def draw_core(canvas, name, y):
    w, h, tip = 92, 58, 16
    left, right = CORE_X - w / 2, CORE_X + w / 2
    canvas.polygon([(left, y), (left + tip, y - h / 2), (right - tip, y - h / 2), (right, y), (right - tip, y + h / 2),
                    (left + tip, y + h / 2)], "aggregate", "noterule")
    canvas.text(CORE_X, y + 4.5, name, 13, fill="noteink", bold=True, anchor="middle")


def draw_inbound(canvas, service, y, height, content):
    for row, adapter in zip(rows_of(len(service["inbound"]), *content), service["inbound"]):
        middle = row + CHIP / 2
        says = adapter.get("says") or ({"http": service["route"], "bus": "events"}[adapter["from"]])
        chip(canvas, "card", INBOUND_X, row, INBOUND_W, CHIP, adapter["name"], says, claim=f"{service['name']}: {adapter['name']}")
        source = {"http": HTTP_X + ARM, "bus": BUS_X + ARM}.get(adapter["from"])
        if source == HTTP_X + ARM:  # over the bus's arm, not into it
            canvas.line([(source, middle), (BUS_X - 1, middle)], "call")
            source = BUS_X + ARM
        if source:
            canvas.arrow([(source, middle), (INBOUND_X, middle)], "news" if adapter["from"] == "bus" else "call")
        edge = HEX_LEFT + TIP * abs(middle - y - height / 2) / (height / 2)
        canvas.arrow([(INBOUND_X + INBOUND_W, middle), (edge, middle)], "line")


def draw_outbound(canvas, service, content):
    ports, row_index = service["ports"], 0
    rows = rows_of(sum(len(port["by"]) for port in ports), *content)
    behind = {}
    for port in ports:
        mine = rows[row_index:row_index + len(port["by"])]
        row_index += len(mine)
        middle = (mine[0] + mine[-1] + CHIP) / 2
        chip(canvas, "view", PORTS_X, middle - CHIP / 2 + 2, PORTS_W, CHIP - 4, port["name"], claim=f"{service['name']}: {port['name']}")
        for row, adapter in zip(mine, port["by"]):
            chip(canvas, "card", OUT_X, row + 2, OUT_W, CHIP - 4, adapter)
            canvas.arrow([(OUT_X, row + CHIP / 2), (PORTS_X + PORTS_W + 12, row + CHIP / 2), (PORTS_X + PORTS_W, middle)], "line", dash=True)
        key = port.get("behind") or port["name"]
        first, last, _ = behind.get(key, (mine[0], 0, None))
        behind[key] = (first, mine[-1] + CHIP, behind[key][2] if key in behind else port)
    for what, (top, low, port) in behind.items():
        canvas.arrow([(OUT_X + OUT_W, (top + low) / 2), (BEHIND_X, (top + low) / 2)], "line")
        draw_behind(canvas, what, top, low - top, service, port)


def draw_behind(canvas, what, y, h, service, port):
    if what == "store":
        draw_store(canvas, service, y, h)
        return
    if "contract" in port:
        local, remote = port["contract"]
        chip(canvas, "card", BEHIND_X, y, BEHIND_W, h, local, f"or {remote}", 10.5, claim=f"behind {port['name']}")
    else:
        chip(canvas, {"provider": "external", "bus": "event"}.get(what, "card"), BEHIND_X, y, BEHIND_W, h,
             what, port.get("says", ""), claim=f"behind {service['name']}'s {port['name']}")
    if what == "bus":
        canvas.arrow([(RIGHT_BUS_X, y + h / 2), (BEHIND_X + BEHIND_W, y + h / 2)], "news")


def draw_store(canvas, service, y, h):
    x, w, lid = BEHIND_X, BEHIND_W, 6
    canvas.claim(f"the store of {service['name']}", x, y, w, h)
    canvas.rect(x, y + lid, w, h - 2 * lid, "card", "line", radius=0)
    canvas.ellipse(x + w / 2, y + h - lid, w / 2, lid, "card", "line")
    canvas.rect(x + 0.7, y + lid, w - 1.4, h - 2 * lid, "card", radius=0)
    canvas.ellipse(x + w / 2, y + lid, w / 2, lid, "card", "line")
    product, _, name = service["store"].partition(":")
    canvas.text(x + w / 2, y + 26, name, 11, bold=True, anchor="middle")
    canvas.text(x + w / 2, y + 38, {"sqlite": "SQLite, PostgreSQL", "lmdb": "LMDB"}[product], 9.5, fill="quiet", anchor="middle")
    if service.get("outbox"):
        canvas.rect(x + 26, y + 42, w - 52, 14, "event", "noterule", radius=1)
        canvas.text(x + w / 2, y + 52.5, "outbox", 10, fill="noteink", anchor="middle")
        canvas.arrow([(x + w - 26, y + 49), (RIGHT_BUS_X, y + 49)], "news")


def rows_of(count, y, height):
    """The tops of `count` chips, spread in the middle of the height."""
    top = y + (height - count * PITCH) / 2 + (PITCH - CHIP) / 2
    return [top + index * PITCH for index in range(count)]
