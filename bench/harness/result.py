"""What comes of a row's rounds: medians beside goals, as a table and as JSON."""
import dataclasses
import json
import statistics

from harness.rounds import Comparison, Goal

LABELS = {"cpu_ratio": "CPU", "rate_ratio": "rate"}


@dataclasses.dataclass(frozen=True)
class Figure:
    name: str
    median: float
    least: float
    most: float
    goal: Goal | None

    @classmethod
    def of(cls, name, values, goals):
        goal = next((goal for goal in goals if goal.figure == name), None)
        return cls(name, statistics.median(values), min(values), max(values), goal)

    @property
    def reached(self):
        """None without a goal."""
        return self.goal and self.goal.is_reached_by(self.median)

    def as_json(self):
        return {"figure": self.name, "median": round(self.median, 4), "min": round(self.least, 4),
                "max": round(self.most, 4), "goal": self.goal and self.goal.bound,
                "at_least": self.goal and self.goal.at_least, "reached": self.reached}


@dataclasses.dataclass(frozen=True)
class Line:
    """One comparison of a row, measured, or with the reason why it has no figures."""

    row: int
    name: str
    comparison: Comparison
    figures: tuple[Figure, ...] = ()
    rounds: int = 0
    dropped: int = 0
    noisy: int = 0
    correct: bool = True
    reason: str = ""  # why there are no figures

    def figure(self, name):
        return next((figure for figure in self.figures if figure.name == name), None)

    def main_figure(self):
        """Whose minimum and maximum stand beside the ratios: the rate's, else the CPU's, else the first."""
        first = self.figures[0] if self.figures else None
        return self.figure("rate_ratio") or self.figure("cpu_ratio") or first

    def as_json(self):
        def median(name):
            figure = self.figure(name)
            return figure and round(figure.median, 4)

        main = self.main_figure()
        return {"row": self.row, "name": self.name, "work": self.comparison.work,
                "peer": self.comparison.peer, "cpu_ratio": median("cpu_ratio"),
                "rate_ratio": median("rate_ratio"), "min": main and round(main.least, 4),
                "max": main and round(main.most, 4), "rounds": self.rounds, "correct": self.correct,
                "dropped": self.dropped, "noisy": self.noisy, "reason": self.reason or None,
                "figures": [figure.as_json() for figure in self.figures]}


def lines_of(row, rounds, **counts):
    """The lines of a row whose rounds are these."""
    lines = []
    for key, comparison in row.comparisons().items():
        told = [one.also[key] if key else one.figures for one in rounds]
        figures = tuple(Figure.of(name, [figures[name] for figures in told], comparison.all_goals())
                        for name in told[0])
        lines.append(Line(row.number, row.name if not key else f"{row.name} {key}", comparison, figures,
                          rounds=len(rounds), **counts))
    return lines


def lines_without(row, reason, correct, **counts):
    """The lines of a row that has no result."""
    return [Line(row.number, row.name if not key else f"{row.name} {key}", comparison, reason=reason,
                 correct=correct, **counts) for key, comparison in row.comparisons().items()]


def print_table(lines):
    print(f"\n{'row':30} {'figure':16} {'median':>8} {'min':>8} {'max':>8}   goal")
    for line in lines:
        title = f"{line.row:2} {line.name}"
        print(f"{title:30} {line.comparison.work}\n{'':30} beside {line.comparison.peer}; "
              f"{line.rounds} rounds, {line.dropped} dropped"
              + (f", {line.noisy} NOISY: do not compare these" if line.noisy else ""))
        if line.reason:
            print(f"{'':30} {'no result' if line.correct else 'FAIL'}: {line.reason}")
        for figure in line.figures:
            print(f"{'':30} {LABELS.get(figure.name, figure.name):16} {figure.median:8.3g} "
                  f"{figure.least:8.3g} {figure.most:8.3g}   {told_of_goal(figure)}".rstrip())


def told_of_goal(figure):
    if figure.goal is None:
        return ""
    if figure.reached:
        return f"{figure.goal}: reached"
    return f"{figure.goal}: missed by {abs(figure.median / figure.goal.bound - 1):.0%}"


def print_record(rounds):
    """What has no goal, of this machine now."""
    for name in rounds[0].record:
        values = [one.record[name] for one in rounds]
        print(f"  {name:44} {statistics.median(values):9.4g} {min(values):9.4g} {max(values):9.4g}")


def write_json(path, lines):
    text = json.dumps([line.as_json() for line in lines], indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
