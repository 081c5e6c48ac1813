"""An SVG that is the same each time it is drawn: rectangles, lines, text that is known to fit.

Widths of text are those of DejaVu Sans, the widest of the fonts a reader is likely to have: what fits
in it fits in all of them. What does not fit, and what lies over something else, is an error.
"""
import functools
import re

FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif"

# name: (light, dark)
PALETTE = {
    "paper": ("#ffffff", "#0d1117"), "ink": ("#1f2328", "#e6edf3"), "quiet": ("#59636e", "#9aa4af"),
    "lane": ("#f5f7fa", "#161c24"), "rule": ("#cdd5dd", "#3a434d"), "card": ("#ffffff", "#212932"),
    "line": ("#6a7480", "#8d97a3"),
    "call": ("#2a6fb3", "#79b4ea"), "news": ("#b8651b", "#e8a05c"), "bad": ("#b3372f", "#f08a80"),
    "good": ("#2c7a3f", "#74c686"),
    # The colours of sticky notes; what is written on them is dark in both.
    "noteink": ("#1f2328", "#15191e"), "noterule": ("#00000026", "#00000055"),
    "event": ("#ffb877", "#df9a5b"), "command": ("#a3d5f7", "#7db6de"),
    "aggregate": ("#fff0a3", "#e0cf7c"), "policy": ("#dcc4f4", "#bda2da"),
    "view": ("#bfe6b9", "#97c790"), "external": ("#f9c2d6", "#de9cb4"), "actor": ("#fff7d1", "#e9dfae"),
}

NOTES = {"event", "command", "aggregate", "policy", "view", "external", "actor"}

REGULAR = [318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, *[636] * 10, 337, 337, 838, 838, 838,
           531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732,
           684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278,
           974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838]
BOLD = [348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, *[696] * 10, 400, 400, 838, 838, 838,
        580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812,
        774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343,
        1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838]


class DrawingError(Exception):
    """What was asked for cannot be drawn well: text that does not fit, notes that overlap."""


def width_of(text, size, bold=False):
    """Of one line of text, in pixels."""
    table = BOLD if bold else REGULAR
    return sum(table[ord(c) - 32] if 32 <= ord(c) < 127 else 838 for c in text) * size / 1000


def wrap(text, width, size, bold=False):
    """Lines no wider than `width`; breaks at spaces, then inside CamelCase, before / and behind _ - : ."""
    lines = []
    for word in text.split(" "):
        pieces = [word]
        if width_of(word, size, bold) > width:
            pieces = re.findall(r"/?[A-Z]?[^A-Z_\-/:.]+[_\-:.]*|/?[A-Z]+|[_\-/:.]+", word)
        for index, piece in enumerate(pieces):
            joint = "" if index else " "
            if lines and width_of(lines[-1] + joint + piece, size, bold) <= width:
                lines[-1] += joint + piece
            else:
                lines.append(piece)
    for line in lines:
        must_fit(line, width, size, bold)
    return lines


def must_fit(text, width, size, bold=False):
    if width_of(text, size, bold) > width:
        raise DrawingError(f"'{text}' is wider than {width:g} at size {size}")


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def number(value):
    return f"{value:.1f}".rstrip("0").rstrip(".")


class Canvas:
    """What is drawn, in order. `claim` keeps an area for one thing."""

    def __init__(self, width, height, title, description):
        self.width, self.height = width, height
        self.title, self.description = title, description
        self.items, self.claims, self.used = [], [], {"paper"}

    def claim(self, what, x, y, w, h):
        """Says that the area belongs to `what`; an error when some of it belongs to another."""
        if x < 0 or y < 0 or x + w > self.width or y + h > self.height:
            raise DrawingError(f"{what} is outside the picture")
        for other, ox, oy, ow, oh in self.claims:
            if x < ox + ow and ox < x + w and y < oy + oh and oy < y + h:
                raise DrawingError(f"{what} lies over {other}")
        self.claims.append((what, x, y, w, h))

    def rect(self, x, y, w, h, fill, stroke=None, radius=3, dash=False, thick=1):
        self._add("rect", f'x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}" rx="{radius}"',
                  fill, stroke, dash, thick)

    def polygon(self, points, fill, stroke=None, thick=1):
        self._add("polygon", f'points="{self._points(points)}"', fill, stroke, False, thick)

    def line(self, points, stroke, dash=False, thick=1.4):
        self._add("polyline", f'points="{self._points(points)}"', None, stroke, dash, thick)

    def ellipse(self, x, y, rx, ry, fill, stroke=None):
        self._add("ellipse", f'cx="{number(x)}" cy="{number(y)}" rx="{number(rx)}" ry="{number(ry)}"', fill, stroke, False, 1)

    def arrow(self, points, stroke, dash=False, open_head=False, thick=1.4):
        """A line with its head at the last point."""
        (x1, y1), (x2, y2) = points[-2:]
        length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 0.001)
        dx, dy = (x2 - x1) / length, (y2 - y1) / length
        back = (x2 - 7 * dx, y2 - 7 * dy)
        left, right = ((back[0] - 3.6 * side * dy, back[1] + 3.6 * side * dx) for side in (1, -1))
        if open_head:
            self.line(points, stroke, dash, thick)
            self.line([left, (x2, y2), right], stroke, False, thick)
        else:
            self.line([*points[:-1], back], stroke, dash, thick)
            self.polygon([left, (x2, y2), right], stroke)

    def text(self, x, y, text, size=12, fill="ink", bold=False, anchor="start", italic=False):
        self.used.add(fill)
        style = "".join([' font-weight="600"' if bold else "", ' font-style="italic"' if italic else "",
                         f' text-anchor="{anchor}"' if anchor != "start" else ""])
        self.items.append(f'<text x="{number(x)}" y="{number(y)}" font-size="{size}" class="{fill}"{style}>{escape(text)}</text>')

    def upward(self, x, y, text, size=12, fill="ink"):
        """Text that is read from below, its middle at the point."""
        self.used.add(fill)
        self.items.append(f'<text transform="translate({number(x)} {number(y)}) rotate(-90)" font-size="{size}" '
                          f'class="{fill}" text-anchor="middle">{escape(text)}</text>')

    def lines(self, x, y, lines, size=12, leading=None, **style):
        """Lines below each other, the first one's base at `y`; the base of the next one."""
        for line in lines:
            self.text(x, y, line, size, **style)
            y += leading or size * 1.25
        return y

    def render(self):
        colours = {name: PALETTE[name] for name in sorted(self.used)}
        light, dark = ("".join(f".{name}{{fill:{pair[i]}}}.s-{name}{{stroke:{pair[i]}}}" for name, pair in colours.items())
                       for i in (0, 1))
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" width="{self.width}" '
            f'height="{self.height}" role="img" aria-labelledby="title desc" font-family="{FONT}">',
            f"<title id=\"title\">{escape(self.title)}</title>", f"<desc id=\"desc\">{escape(self.description)}</desc>",
            f"<style>polyline{{fill:none}}{light}@media (prefers-color-scheme:dark){{{dark}}}</style>",
            f'<rect class="paper" width="{self.width}" height="{self.height}" rx="6"/>', *self.items, "</svg>", ""])

    @staticmethod
    def _points(points):
        return " ".join(f"{number(x)},{number(y)}" for x, y in points)

    def _add(self, element, shape, fill, stroke, dash, thick):
        classes = [fill] if fill else []
        extra = "" if fill or element == "polyline" else ' fill="none"'
        if fill:
            self.used.add(fill)
        if stroke:
            self.used.add(stroke)
            classes.append(f"s-{stroke}")
            extra += f' stroke-width="{thick}"' + (' stroke-dasharray="5 4"' if dash else "")
        self.items.append(f'<{element} {shape} class="{" ".join(classes)}"{extra}/>')


def chip(canvas, kind, x, y, w, h, name, says="", size=11, claim=None):
    """A small box: one line in bold, and perhaps one below it."""
    canvas.claim(claim or name, x, y, w, h)
    canvas.rect(x, y, w, h, kind, "noterule" if kind in NOTES else "rule", radius=3)
    ink, small = ("noteink", "noteink") if kind in NOTES else ("ink", "quiet")
    must_fit(name, w - 4, size, bold=True)
    must_fit(says, w - 4, size - 1.5)
    middle = y + h / 2 + size * 0.36
    canvas.text(x + w / 2, middle - (size * 0.52 if says else 0), name, size, fill=ink, bold=True, anchor="middle")
    if says:
        canvas.text(x + w / 2, middle + size * 0.62, says, size - 1.5, fill=small, anchor="middle")


@functools.cache
def line_height(size):
    return round(size * 1.22, 1)


def note(canvas, kind, x, y, w, h, name, says="", size=12):
    """A sticky note: its name in bold, what it says below, both in the middle."""
    canvas.claim(name, x, y, w, h)
    canvas.rect(x, y, w, h, kind, "noterule", radius=2)
    title = wrap(name, w - 8, size, bold=True)
    small = size - 1.5
    body = [line for part in says.split("\n") for line in wrap(part, w - 8, small)] if says else []
    total = len(title) * line_height(size) + len(body) * line_height(small)
    if total > h - 2:
        raise DrawingError(f"{name}: its text needs {total:g} of {h:g}")
    top = y + (h - total) / 2 + size * 0.9
    below = canvas.lines(x + w / 2, top, title, size, line_height(size), fill="noteink", bold=True, anchor="middle")
    canvas.lines(x + w / 2, below - 1, body, small, line_height(small), fill="noteink", anchor="middle")
