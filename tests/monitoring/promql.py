"""As much of PromQL as it takes to know which metrics and labels an expression names."""
import collections
import re

Selector = collections.namedtuple("Selector", "metric matchers")  # matchers: (label, operator, value)
Named = collections.namedtuple("Named", "selectors grouping")

STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
MATCHER = re.compile(r'\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*,?')
GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
NAME = re.compile(r"(?<![\w:.])([a-zA-Z_:][\w:]*)\s*(\{)?")
KEYWORDS = {"by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool", "offset"}


def named_in(expression):
    """The selectors of an expression, and the labels it groups by."""
    grouping = set()

    def take(match):
        grouping.update(label.strip() for label in match.group(1).split(",") if label.strip())
        return " "

    text = GROUPING.sub(take, expression)
    text = re.sub(r"\[[^\]]*\]", " ", text)
    selectors, at = [], 0
    while match := NAME.search(text, at):
        name, at = match.group(1), match.end()
        if match.group(2):
            end = _end_of_matchers(text, at)
            selectors.append(Selector(name, tuple(MATCHER.findall(text[at:end]))))
            at = end
        elif name not in KEYWORDS and not text[at:].startswith("(") and not _inside_string(text, match.start()):
            selectors.append(Selector(name, ()))
    return Named(selectors, grouping)


def _end_of_matchers(text, start):
    blanked = STRING.sub(lambda match: "_" * len(match.group(0)), text)
    return blanked.index("}", start)


def _inside_string(text, position):
    return any(match.start() < position < match.end() for match in STRING.finditer(text))
