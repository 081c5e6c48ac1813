"""Sequences: who calls whom, who tells whom, and in frames what can be otherwise.

Steps: `call`, `reply`, `lost` (from, to) with what is said; `event` from one to several; `does`: what one
does by itself; `note` across several; `frame` with its cases, each with steps of its own.
"""
from .svg import Canvas, line_height, width_of, wrap

MARGIN, TOP, SIZE, SMALL = 16, 56, 11.5, 10.5
HEAD_H, STEP = 30, 13


class Sequence:
    """One picture under way: `y` is where the next step goes."""

    def __init__(self, picture):
        self.picture, self.people = picture, picture["participants"]
        self.pitch = picture.get("pitch", 150)
        width = 2 * MARGIN + len(self.people) * self.pitch
        self.canvas = Canvas(width, 10000, picture["title"], picture["description"].strip())
        self.x = {person["id"]: MARGIN + self.pitch * (index + 0.5) for index, person in enumerate(self.people)}
        self.y = TOP + HEAD_H + 12

    def draw(self):
        self.canvas.text(MARGIN, 28, self.picture["title"], 18, bold=True)
        behind = len(self.canvas.items)
        self.draw_heads(TOP)
        self.draw_steps(self.picture["steps"], 0)
        bottom = self.y + 6
        lifelines = Canvas(0, 0, "", "")
        for x in self.x.values():
            lifelines.line([(x, TOP + HEAD_H), (x, bottom)], "rule", thick=1.2)
        self.canvas.items[behind:behind] = lifelines.items
        self.canvas.used |= lifelines.used
        self.draw_heads(bottom)
        self.canvas.height = round(bottom + HEAD_H + 14)
        return self.canvas.render()

    def draw_heads(self, y):
        for person in self.people:
            w = self.pitch - 24
            kind = {"actor": "actor", "external": "external"}.get(person.get("is"), "aggregate")
            self.canvas.rect(self.x[person["id"]] - w / 2, y, w, HEAD_H, kind, "noterule", radius=4)
            self.canvas.text(self.x[person["id"]], y + 19.5, person.get("name", person["id"]), 12.5, fill="noteink", bold=True,
                             anchor="middle")

    def draw_steps(self, steps, depth):
        for step in steps:
            kind = next(name for name in ("call", "reply", "lost", "event", "does", "note", "frame") if name in step)
            getattr(self, "draw_" + kind)(step, depth)

    def draw_call(self, step, _):
        self.draw_message(step["call"], step["says"], "call")

    def draw_reply(self, step, _):
        self.draw_message(step["reply"], step["says"], "bad" if step.get("bad") else "good", dash=True)

    def draw_lost(self, step, _):
        start, end = (self.x[name] for name in step["lost"])
        way = 1 if end > start else -1
        self.draw_message(step["lost"], step["says"], "bad", dash=True, end=end - way * 16)
        x, y = end - way * 10, self.y - STEP
        for slope in (1, -1):
            self.canvas.line([(x - 5, y - 5 * slope), (x + 5, y + 5 * slope)], "bad", thick=2)

    def draw_message(self, pair, says, colour, dash=False, end=None):
        start, goal = (self.x[name] for name in pair)
        lines = wrap(says, abs(goal - start) - 14, SIZE)
        below = self.canvas.lines((start + goal) / 2, self.y + 9, lines, SIZE, line_height(SIZE), anchor="middle")
        y = below - line_height(SIZE) + 7
        self.canvas.arrow([(start, y), (end or goal, y)], colour, dash)
        self.y = y + STEP

    def draw_event(self, step, _):
        """One line in the colour of events, with a head at each who takes it in."""
        start, goals = self.x[step["from"]], [self.x[name] for name in step["to"]]
        y, name = self.y + 10, step["event"]
        w = width_of(name, SIZE, bold=True) + 10
        for side in ([goal for goal in goals if goal > start], [goal for goal in goals if goal < start]):
            for goal in side:
                self.canvas.arrow([(start, y), (goal, y)], "news", open_head=True, thick=1.6)
        nearest = min(goals, key=lambda goal: abs(goal - start))
        middle = (start + nearest) / 2
        self.canvas.rect(middle - w / 2, y - 9, w, 18, "event", "noterule", radius=2)
        self.canvas.text(middle, y + 4, name, SIZE, fill="noteink", bold=True, anchor="middle")
        if "says" in step:
            far = max(goals, key=lambda goal: abs(goal - start))
            x = far + 8 if far > start else far - 8
            self.canvas.text(x, y + 4, step["says"], SMALL, fill="quiet", italic=True, anchor="start" if far > start else "end")
        self.y = y + 9 + STEP - 3

    def draw_does(self, step, _):
        x, w = self.x[step["does"]], self.pitch - 14
        lines = wrap(step["says"], w - 8, SMALL)
        h = len(lines) * line_height(SMALL) + 8
        self.canvas.rect(x - w / 2, self.y, w, h, "card", "bad" if step.get("bad") else "rule")
        self.canvas.lines(x, self.y + SMALL + 4, lines, SMALL, line_height(SMALL), anchor="middle")
        self.y += h + STEP - 4

    def draw_note(self, step, _):
        left, right = (self.x[name] for name in (step["over"][0], step["over"][-1]))
        x, w = left - self.pitch / 2 + 8, right - left + self.pitch - 16
        lines = wrap(step["note"], w - 10, SMALL)
        h = len(lines) * line_height(SMALL) + 8
        self.canvas.rect(x, self.y, w, h, "lane", "rule", dash=True)
        self.canvas.lines(x + w / 2, self.y + SMALL + 4, lines, SMALL, line_height(SMALL), fill="quiet", anchor="middle")
        self.y += h + STEP - 4

    def draw_frame(self, step, depth):
        inset = 6 + 5 * depth
        x, w, top = inset, self.canvas.width - 2 * inset, self.y
        for index, case in enumerate(step["frame"]):
            if index:
                self.canvas.line([(x, self.y), (x + w, self.y)], "line", dash=True, thick=1)
            colour = "bad" if case.get("bad") else "good"
            self.canvas.rect(x + 6, self.y + 6, 4, 14, colour, radius=1)
            self.canvas.text(x + 15, self.y + 17, case["when"], 12, fill=colour, bold=True)
            self.y += 30
            self.draw_steps(case["steps"], depth + 1)
            self.y += 2
        self.canvas.rect(x, top, w, self.y - top, None, "line", radius=5)
        self.y += STEP


def draw(picture):
    return Sequence(picture).draw()
