"""The picture of a record: memory, descriptors and latency over time, one under the other."""
from baedal_soak.verdict import role_of

WIDTH, HEIGHT, LEFT, TOP, GAP = 900, 150, 70, 40, 50
COLOURS = {"gateway": "#1b6ca8", "order": "#c2410c", "payment": "#15803d", "delivery": "#7e22ce",
           "mypage": "#b45309", "menu": "#64748b", "p50": "#1b6ca8", "p99": "#c2410c"}


def drawn(record):
    slices = record["slices"]
    panels = [("memory (anonymous), MiB", of_roles(slices, "memory", 1 << 20)), ("descriptors", of_roles(slices, "descriptors", 1)),
              ("latency of an order, ms", latencies(slices))]
    height = TOP + len(panels) * (HEIGHT + GAP)
    title = (f"{record['rate']:.0f} orders a second, half the capacity; {record['restarts']} restarts; "
             f"{record['orders']} orders; {record['taken']}")
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + LEFT + 120} {height}" '
             'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="white"/>',
             f'<text x="{LEFT}" y="20" font-weight="bold">{title}</text>']
    for number, (name, lines) in enumerate(panels):
        parts += panel(name, lines, TOP + number * (HEIGHT + GAP), slices[-1]["at"])
    return "\n".join([*parts, "</svg>"]) + "\n"


def of_roles(slices, gauge, unit):
    """{role: [(at, largest value of its instances)]}"""
    lines = {}
    for part in slices:
        of_role = {}
        for name, values in part["processes"].items():
            if gauge in values:
                role = role_of(name)
                of_role[role] = max(of_role.get(role, 0), values[gauge] / unit)
        for role, value in of_role.items():
            lines.setdefault(role, []).append((part["at"], value))
    return lines


def latencies(slices):
    return {name: [(part["at"], part["load"]["latency"][name] / 1000) for part in slices] for name in ("p50", "p99")}


def panel(name, lines, top, until):
    most = max((value for line in lines.values() for _, value in line), default=1) or 1
    parts = [f'<text x="{LEFT}" y="{top + 14}">{name}</text>',
             f'<text x="{LEFT - 8}" y="{top + 24}" text-anchor="end">{most:.0f}</text>',
             f'<text x="{LEFT - 8}" y="{top + HEIGHT}" text-anchor="end">0</text>',
             f'<path d="M{LEFT},{top + 18} V{top + HEIGHT} H{LEFT + WIDTH}" fill="none" stroke="#94a3b8"/>',
             f'<text x="{LEFT + WIDTH}" y="{top + HEIGHT + 16}" text-anchor="end">{until / 60:.0f} min</text>']
    for place, (role, line) in enumerate(sorted(lines.items())):
        points = " ".join(f"{LEFT + at / until * WIDTH:.1f},{top + HEIGHT - value / most * (HEIGHT - 20):.1f}"
                          for at, value in line)
        colour = COLOURS.get(role, "#334155")
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<text x="{LEFT + WIDTH + 8}" y="{top + 30 + place * 17}" fill="{colour}">{role}</text>')
    return parts
