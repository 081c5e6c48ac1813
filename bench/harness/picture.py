"""The picture of a result, drawn from its JSON: a bar for each figure that has a goal.

A bar's length says how far its figure is along the way to the goal, whichever side of it is the good
one: at the line the goal is reached, and beyond the line it is passed. The thin line through a bar's end
goes from the worst round to the best. Colours follow the reader's light or dark background.
"""
from xml.sax.saxutils import escape

LABELS = {"cpu_ratio": "CPU", "rate_ratio": "rate"}
WIDTH, LEFT, BAR_WIDTH, LINE, TOP = 820, 230, 390, 24, 44
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
    bars = [bar for line in lines for bar in bars_of(line)]
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


def bars_of(line):
    """(title, figure) for each; a line that failed or has no result is a bar without length."""
    title = f"{line['row']} {line['name']}"
    if line["reason"]:
        yield title, None, "no result" if line["correct"] else "FAIL"
        return
    for figure in line["figures"]:
        if figure["goal"] is not None:
            yield f"{title}: {LABELS.get(figure['figure'], figure['figure'])}", figure, told(figure)


def told(figure):
    return f"{figure['median']:.3g} (goal {'≥' if figure['at_least'] else '≤'} {figure['goal']:g})"


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
