"""What the real program says of itself: metric -> label -> values."""
import collections
import re

LINE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')


class Scrape:
    """Of one process or of several, put together."""

    def __init__(self, *texts):
        self.metrics = collections.defaultdict(lambda: collections.defaultdict(set))
        self.samples = []  # (metric, labels, value)
        for text in texts:
            for line in text.splitlines():
                match = LINE.match(line)
                if match:
                    self._add(match.group(1), dict(LABEL.findall(match.group(2) or "")), float(match.group(3)))

    def _add(self, metric, labels, value):
        self.samples.append((metric, labels, value))
        known = self.metrics[metric]
        for label, text in labels.items():
            known[label].add(text)

    def __contains__(self, metric):
        return metric in self.metrics

    def labels(self, metric):
        return set(self.metrics[metric])

    def values(self, metric, label):
        return self.metrics[metric][label]

    def has_series(self, metric, wanted):
        return any(name == metric and wanted.items() <= labels.items() for name, labels, _ in self.samples)
