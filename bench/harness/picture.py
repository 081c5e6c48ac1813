"""The picture of a result, drawn from its JSON: a bar for each row, of that figure of the row which is
farthest from its goal.

A bar's length says how far the figure is along the way to the goal, whichever side of it is the good one:
at the line the goal is reached, and beyond the line it is passed. The thin line through a bar's end goes
from the worst round to the best. Colours follow the reader's light or dark background.
"""
import itertools
from xml.sax.saxutils import escape

LABELS = {"cpu_ratio": "CPU", "rate_ratio": "rate"}
WIDTH, LEFT, BAR_WIDTH, LINE, TOP = 820, 160, 380, 26, 44
SHARE_MAX = 2.0  # of the goal, at the right end of the bars
STYLE = """
text{font:13px system-ui,sans-serif;fill:#24292f}
.quiet{fill:#57606a}
.reached{fill:#1a7f64}
.missed{fill:#bf6b00}
.goal{stroke:#24292f;stroke-dasharray:4 3}
.spread{stroke:#24292f}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}
.quiet{fill:#9198a1}
.reached{fill:#2ea98a}
.missed{fill:#d9822b}
.goal,.spread{stroke:#e6edf3}
}"""


def draw(lines):
    """SVG as text; `lines` are as `--json` writes them."""
    bars = [bar for _, of_row in itertools.groupby(lines, lambda line: line["row"])
            if (bar := bar_of_row(list(of_row)))]
    height = TOP + LINE * len(bars) + 14
    goal_x = LEFT + BAR_WIDTH / SHARE_MAX
    drawn = "\n".join(element for index, bar in enumerate(bars) for element in drawn_bar(bar, TOP + LINE * index))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" \
viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Each benchmark beside its goal">
<style>{STYLE}
</style>
<text x="{goal_x:.1f}" y="24" text-anchor="middle" class="quiet">goal</text>
<text x="{LEFT + BAR_WIDTH}" y="24" text-anchor="end" class="quiet">better</text>
{drawn}
<line x1="{goal_x:.1f}" y1="32" x2="{goal_x:.1f}" y2="{height - 8}" class="goal"/>
</svg>
"""


def bar_of_row(lines):
    """(title, figure, text): without a figure when the row failed or has no result, nothing when it has no
    goal."""
    title = f"{lines[0]['row']} {lines[0]['name']}"
    if lines[0]["reason"]:
        return title, None, "no result" if lines[0]["correct"] else "FAIL"
    bounded = [(line, figure) for line in lines for figure in line["figures"] if figure["goal"] is not None]
    if not bounded:
        return None
    line, figure = min(bounded, key=lambda pair: share_of_goal(pair[1]["median"], pair[1]))
    part = line["name"].removeprefix(lines[0]["name"]).strip()
    return title, figure, f"{part}: {told(figure)}" if part else told(figure)


def told(figure):
    name = LABELS.get(figure["figure"], figure["figure"])
    return f"{name} {figure['median']:.3g}, goal {'≥' if figure['at_least'] else '≤'} {figure['goal']:g}"


def share_of_goal(value, figure):
    share = value / figure["goal"] if figure["at_least"] else figure["goal"] / max(value, 1e-9)
    return min(max(share, 0.0), SHARE_MAX)


def drawn_bar(bar, top):
    title, figure, text = bar
    middle = top + LINE / 2 - 4
    yield f'<text x="{LEFT - 8}" y="{top + 13}" text-anchor="end">{escape(title)}</text>'
    yield f'<text x="{LEFT + BAR_WIDTH + 8}" y="{top + 13}" class="quiet">{escape(text)}</text>'
    if figure is None:
        return
    scale = BAR_WIDTH / SHARE_MAX
    length = share_of_goal(figure["median"], figure) * scale
    ends = [LEFT + share_of_goal(figure[name], figure) * scale for name in ("min", "max")]
    kind = "reached" if figure["reached"] else "missed"
    yield f'<rect x="{LEFT}" y="{top}" width="{length:.1f}" height="{LINE - 8}" rx="2" class="{kind}"/>'
    yield f'<line x1="{min(ends):.1f}" y1="{middle}" x2="{max(ends):.1f}" y2="{middle}" class="spread"/>'
