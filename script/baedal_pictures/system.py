"""The system on one page: the gateway above the services, the bus below them."""
from .svg import Canvas, chip, must_fit, width_of, wrap

LEFT, PITCH, BOX = 10, 196, 152
GATEWAY_Y, SERVICE_Y, SERVICE_H = 92, 196, 86
CHIPS_Y, CHIP_W, CHIP_H, CHIP_STEP = 302, 94, 15, 18
PRODUCTS = {"sqlite": "SQLite or PostgreSQL", "lmdb": "LMDB, its own"}


def draw(picture):
    services = picture["services"]
    rows = max(max(len(service["tells"]), len(service["hears"])) for service in services)
    bus_y = CHIPS_Y + rows * CHIP_STEP + 36
    width = 2 * LEFT + PITCH * len(services)
    canvas = Canvas(width, bus_y + 42, picture["title"], picture["description"].strip())
    canvas.text(14, 28, picture["title"], 18, bold=True)
    draw_legend(canvas)
    chip(canvas, "actor", width / 2 - 60, 40, 120, 26, "client", size=12)
    canvas.arrow([(width / 2, 66), (width / 2, GATEWAY_Y)], "call")
    chip(canvas, "card", LEFT + 22, GATEWAY_Y, width - 2 * LEFT - 44, 40, "gateway", "routes by path to the services", size=13)
    canvas.rect(LEFT, bus_y, width - 2 * LEFT, 30, "event", "noterule")
    canvas.text(width / 2, bus_y + 19.5, picture["bus"], 12.5, fill="noteink", bold=True, anchor="middle")
    for index, service in enumerate(services):
        draw_service(canvas, service, LEFT + index * PITCH, bus_y)
    places = {service["name"]: LEFT + index * PITCH + (PITCH - BOX) / 2 for index, service in enumerate(services)}
    for service in services:
        for other, says in service.get("asks", {}).items():
            draw_question(canvas, places[service["name"]], places[other], says)
    return canvas.render()


def draw_legend(canvas):
    x = 100
    for kind, words in (("event", "tells"), ("paper", "hears")):
        canvas.rect(x, 16, 22, 13, kind, "news" if kind == "paper" else "noterule", radius=1)
        canvas.text(x + 28, 26.5, words, 11, fill="quiet")
        x += 50 + width_of(words, 11)
    canvas.arrow([(x, 22.5), (x + 24, 22.5)], "call")
    canvas.text(x + 30, 26.5, "asks and waits", 11, fill="quiet")


def draw_service(canvas, service, x, bus_y):
    middle, left = x + PITCH / 2, x + (PITCH - BOX) / 2
    canvas.arrow([(middle, GATEWAY_Y + 40), (middle, SERVICE_Y)], "call")
    canvas.claim(service["name"], left, SERVICE_Y, BOX, SERVICE_H)
    canvas.rect(left, SERVICE_Y, BOX, SERVICE_H, "aggregate", "noterule", radius=4)
    canvas.text(middle, SERVICE_Y + 19, service["name"], 14, fill="noteink", bold=True, anchor="middle")
    must_fit(service["says"], BOX - 8, 11)
    canvas.text(middle, SERVICE_Y + 34, service["says"], 11, fill="noteink", anchor="middle")
    draw_store(canvas, service["store"], left + 10, SERVICE_Y + 44, BOX - 20, 36)
    for events, side, up in ((service["tells"], 0, False), (service["hears"], 1, True)):
        if events:
            draw_events(canvas, events, x + 3 + side * (CHIP_W + 2), up, bus_y, service["name"])


def draw_store(canvas, url, x, y, w, h):
    product, _, name = url.partition(":")
    canvas.rect(x, y + 5, w, h - 10, "card", "noterule", radius=0)
    canvas.ellipse(x + w / 2, y + h - 5, w / 2, 4, "card")
    canvas.ellipse(x + w / 2, y + 5, w / 2, 4, "card", "noterule")
    canvas.text(x + w / 2, y + 19, name, 10.5, bold=True, anchor="middle")
    canvas.text(x + w / 2, y + 31, PRODUCTS[product], 10, fill="quiet", anchor="middle")


def draw_events(canvas, events, x, up, bus_y, name):
    middle, low = x + CHIP_W / 2, CHIPS_Y + len(events) * CHIP_STEP
    for index, event in enumerate(events):
        y = CHIPS_Y + index * CHIP_STEP
        canvas.claim(f"{name}: {event}", x, y, CHIP_W, CHIP_H)
        canvas.rect(x, y, CHIP_W, CHIP_H, "paper" if up else "event", "news" if up else "noterule", radius=1)
        must_fit(event, CHIP_W - 6, 9)
        canvas.text(middle, y + 11, event, 9, fill="ink" if up else "noteink", anchor="middle")
    if up:
        canvas.line([(middle, bus_y), (middle, low - 2)], "news")
        canvas.arrow([(middle, CHIPS_Y - 1), (middle, SERVICE_Y + SERVICE_H)], "news")
    else:
        canvas.line([(middle, SERVICE_Y + SERVICE_H), (middle, CHIPS_Y - 1)], "news")
        canvas.arrow([(middle, low - 2), (middle, bus_y)], "news")


def draw_question(canvas, asker, asked, says):
    y, right = SERVICE_Y + 20, asked > asker
    start, end = (asker + BOX, asked) if right else (asker, asked + BOX)
    canvas.arrow([(start, y), (end, y)], "call", thick=2)
    lines = wrap(says, PITCH - 60, 10.5)
    canvas.lines((start + end) / 2, SERVICE_Y - 12 - 13 * (len(lines) - 1), lines, 10.5, 13, fill="call", italic=True, anchor="middle")
