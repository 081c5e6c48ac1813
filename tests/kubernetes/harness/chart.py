"""What the autoscaler did, over time, as an SVG: replicas wanted and ready, and what it went by."""

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 340, 56, 70, 46, 58
STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #333 } .small { font-size: 11px; fill: #666 }
.title { font-size: 15px; font-weight: 600 } .grid { stroke: #ddd } .load { fill: #e9eef6 }
.wanted { stroke: #2563a8; fill: none; stroke-width: 1.5; stroke-dasharray: 5 3 }
.ready { stroke: #2563a8; fill: none; stroke-width: 2.5 } .cpu { stroke: #c2571a; fill: none; stroke-width: 1.5 }
.target { stroke: #c2571a; stroke-width: 1; stroke-dasharray: 2 4 } .blue { fill: #2563a8 } .orange { fill: #c2571a }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .small { fill: #aaa } .grid { stroke: #444 }
  .load { fill: #263040 } .wanted, .ready { stroke: #78aee8 } .blue { fill: #78aee8 }
  .cpu, .target { stroke: #e8955c } .orange { fill: #e8955c } }
</style>"""


class Plot:
    """Seconds to the right, values of two scales upwards."""

    def __init__(self, samples, target):
        self.samples, self.end = samples, samples[-1]["seconds"] or 1
        self.percent_max = max(target * 2, *(sample["percent"] or 0 for sample in samples))
        self.replicas_max = max(10, *(sample["wanted"] for sample in samples))

    def x(self, seconds):
        return round(LEFT + (WIDTH - LEFT - RIGHT) * seconds / self.end, 1)

    @staticmethod
    def y(value, top):
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 1)

    def steps(self, name):
        points, last = [], None
        for sample in self.samples:
            at = self.y(sample[name], self.replicas_max)
            if last not in (None, at):
                points.append(f"{self.x(sample['seconds'])},{last}")
            points.append(f"{self.x(sample['seconds'])},{at}")
            last = at
        return " ".join(points)

    def percents(self):
        return " ".join(f"{self.x(sample['seconds'])},{self.y(sample['percent'], self.percent_max)}"
                        for sample in self.samples if sample["percent"] is not None)


def autoscale_svg(samples, load, target):
    """`samples`: {"seconds", "wanted", "ready", "percent"} each; `load`: (from, to) in seconds; `target`:
    the percentage the autoscaler keeps."""
    plot = Plot(samples, target)
    left, right = plot.x(load[0]), plot.x(load[1])
    at = plot.y(target, plot.percent_max)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t">',
             '<title id="t">Replicas of delivery and their use of processor time, over time</title>', STYLE,
             '<text class="title" x="16" y="24">kubectl autoscale deploy delivery --min=1 --max=10 --cpu-percent=15</text>',
             f'<rect class="load" x="{left}" y="{TOP}" width="{round(right - left, 1)}" height="{HEIGHT - TOP - BOTTOM}"/>',
             f'<text class="small" x="{left + 6}" y="{TOP + 14}">siege -c100</text>',
             *axes(plot),
             f'<line class="target" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at}" y2="{at}"/>',
             f'<polyline class="cpu" points="{plot.percents()}"/>',
             f'<polyline class="wanted" points="{plot.steps("wanted")}"/>',
             f'<polyline class="ready" points="{plot.steps("ready")}"/>',
             f'<text x="{LEFT}" y="{HEIGHT - 10}"><tspan class="blue">━ pods ready   ┅ pods wanted</tspan>'
             f'<tspan class="orange" dx="24">━ processor time, of what is requested   ┈ target {target} %</tspan></text>',
             "</svg>"]
    return "\n".join(lines) + "\n"


def axes(plot):
    for replicas in range(0, plot.replicas_max + 1, 2):
        at = plot.y(replicas, plot.replicas_max)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at}" y2="{at}"/>'
        yield f'<text class="blue" x="{LEFT - 8}" y="{at + 4}" text-anchor="end">{replicas}</text>'
    for percent in range(0, int(plot.percent_max) + 1, step(plot.percent_max)):
        yield f'<text class="orange" x="{WIDTH - RIGHT + 8}" y="{plot.y(percent, plot.percent_max) + 4}">{percent} %</text>'
    for seconds in range(0, int(plot.end) + 1, step(plot.end)):
        yield f'<text class="small" x="{plot.x(seconds)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{seconds} s</text>'


def step(span):
    """That gives at most nine marks."""
    return next(size for size in (5, 10, 20, 50, 100, 200, 500, 1000, 2000) if span / size <= 9 or size == 2000)
