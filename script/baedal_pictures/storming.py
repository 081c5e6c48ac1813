"""Event storming: lanes of sticky notes. Commands and policies above an aggregate, events below it."""
from . import svg
from .svg import Canvas, line_height, must_fit, note, wrap

LEFT, SLOT, GAP = 30, 95, 7
ABOVE, BAND, BELOW = 94, 24, 62
HEAD, TITLE, LANE_GAP = 62, 40, 16
LEGEND = [("event", "event"), ("command", "command"), ("aggregate", "aggregate"), ("policy", "policy: whenever … then"),
          ("view", "read model"), ("external", "external system"), ("actor", "actor")]


def draw(picture):
    lanes = picture["lanes"]
    heights = [lane_height(lane) for lane in lanes]
    width = LEFT + picture["slots"] * SLOT + 12
    canvas = Canvas(width, HEAD + sum(heights) + LANE_GAP * len(lanes), picture["title"], picture["description"].strip())
    canvas.text(14, 28, picture["title"], 18, bold=True)
    draw_legend(canvas, 48)
    places, y = {}, HEAD
    for lane, height in zip(lanes, heights):
        draw_lane(canvas, lane, y, height, places)
        y += height + LANE_GAP
    for flow in picture["flows"]:
        draw_flow(canvas, flow, places)
    return canvas.render()


def lane_height(lane):
    below = any(note["row"] == "below" for note in lane["notes"])
    return TITLE + ABOVE + (GAP + BAND + GAP + BELOW if below else 0) + 12


def draw_legend(canvas, y):
    x = 14
    for kind, words in LEGEND:
        canvas.rect(x, y - 10, 13, 13, kind, "noterule", radius=1)
        canvas.text(x + 18, y, words, 11, fill="quiet")
        x += 34 + svg.width_of(words, 11)
    for stroke, words in (("news", "tells"), ("call", "asks and waits")):
        canvas.arrow([(x, y - 4), (x + 24, y - 4)], stroke, dash=stroke == "news")
        canvas.text(x + 30, y, words, 11, fill="quiet")
        x += 46 + svg.width_of(words, 11)


def draw_lane(canvas, lane, y, height, places):
    context = lane["context"]
    canvas.rect(8, y, canvas.width - 16, height, "lane", "rule", radius=6)
    canvas.text(16, y + 18, context, 14, bold=True)
    says_x = slot_x(lane["says_at"]) if "says_at" in lane else 26 + svg.width_of(context, 14, bold=True)
    canvas.lines(says_x, y + 18, wrap(lane["says"], lane.get("says_wide", 250), 11), 11, fill="quiet")
    above = y + TITLE
    band, below = above + ABOVE + GAP, above + ABOVE + GAP + BAND + GAP
    if "aggregate" in lane:
        part = lane["aggregate"]
        x, w = slot_x(part["from"]), (part["to"] - part["from"] + 1) * SLOT - GAP
        canvas.claim(context + "'s aggregate", x, band, w, BAND)
        canvas.rect(x, band, w, BAND, "aggregate", "noterule", radius=2)
        canvas.text(x + w / 2, band + 16.5, part["name"], 13, fill="noteink", bold=True, anchor="middle")
    for part in lane["notes"]:
        x, w = slot_x(part["slot"]), part.get("wide", 1) * SLOT - GAP
        top, h = (above, ABOVE) if part["row"] == "above" else (below, BELOW)
        if part["kind"] == "policy":
            draw_policy(canvas, part, x, top, w, h)
        else:
            note(canvas, part["kind"], x, top, w, h, part["name"], part.get("route") or part.get("says", ""))
            if "by" in part:
                draw_actor(canvas, part["by"], x, top)
        places.setdefault((context, part.get("name") or part["runs"]), []).append((x, top, w, h, part))


def draw_policy(canvas, part, x, y, w, h):
    """`whenever`, the events as small orange notes, then what runs."""
    canvas.claim("policy " + part["runs"], x, y, w, h)
    canvas.rect(x, y, w, h, "policy", "noterule", radius=2)
    small, columns = 9.5, 4 if len(part["events"]) > 3 else 1
    chip_w, chip_h = (w - 8 - 3 * (columns - 1)) / columns, 14
    for index, event in enumerate(part["events"]):
        cx, cy = x + 4 + index % columns * (chip_w + 3), y + 4 + index // columns * (chip_h + 2)
        canvas.rect(cx, cy, chip_w, chip_h, "event", "noterule", radius=1)
        must_fit(event, chip_w, small)
        canvas.text(cx + chip_w / 2, cy + 10.5, event, small, fill="noteink", anchor="middle")
    rows = -(-len(part["events"]) // columns)
    says, name = wrap(part["says"], w - 6, 10.5), wrap(part["runs"], w - 6, 12, bold=True)
    room = y + 4 + rows * (chip_h + 2)
    needs = len(name) * line_height(12) + len(says) * line_height(10.5)
    if room + needs > y + h:
        raise svg.DrawingError(f"policy {part['runs']} on {part['events']}: its text needs {needs:g} of {y + h - room:g}")
    below = canvas.lines(x + w / 2, room + (y + h - room - needs) / 2 + 10, name, 12, line_height(12), fill="noteink",
                         bold=True, anchor="middle")
    canvas.lines(x + w / 2, below, says, 10.5, line_height(10.5), fill="noteink", anchor="middle")


def draw_actor(canvas, name, x, y):
    w = svg.width_of(name, 10) + 8
    canvas.rect(x - 4, y - 9, w, 15, "actor", "noterule", radius=1)
    canvas.text(x - 4 + w / 2, y + 2, name, 10, fill="noteink", anchor="middle")


def slot_x(slot):
    return LEFT + slot * SLOT


def draw_flow(canvas, flow, places):
    """Straight down (or up) from one note to the nearest edge of the other; else by the gap between."""
    x1, y1, w1, h1, _ = place_of(flow["from"], places)
    x2, y2, w2, h2, _ = place_of(flow["to"], places, flow["from"].split("/")[1])
    stroke, dash = ("news", True) if flow["as"] == "event" else ("call", False)
    down = y2 > y1
    start, end = (x1 + w1 / 2, y1 + h1 if down else y1), (x2 + w2 / 2, y2 if down else y2 + h2)
    low, high = max(x1, x2) + 8, min(x1 + w1, x2 + w2) - 8
    if low <= high:
        x = min(max(start[0] + flow.get("shift", 0), low), high)
        points = [(x, start[1]), (x, end[1])]
    else:
        middle = start[1] + 18
        points = [start, (start[0], middle), (x2 + w2 - 10, middle), (x2 + w2 - 10, end[1])]
    canvas.arrow(points, stroke, dash)
    if "says" in flow:
        draw_label(canvas, flow["says"], points, stroke)


def draw_label(canvas, says, points, stroke):
    x, y = points[0][0], points[0][1] + (22 if points[1][1] > points[0][1] else -22)
    words = wrap(says, 90, 10)
    for index, line in enumerate(words):
        canvas.text(x + 6, y + index * 12, line, 10, fill=stroke, italic=True)


def place_of(name, places, event=None):
    """A note; of several policies that run the same, the one that has the event."""
    found = places[tuple(name.split("/"))]
    for place in found:
        if event in place[4].get("events", []):
            return place
    return found[-1] if event else found[0]
