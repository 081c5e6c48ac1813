"""All pictures: what draws each kind, and what holds it against the code."""
import yaml

from . import check, hexagon, kubernetes, manifests, sequence, storming, system
from .facts import YAML, text_of
from .svg import DrawingError

DRAW = {"event-storming": storming.draw, "hexagon": hexagon.draw, "kubernetes": kubernetes.draw, "sequence": sequence.draw,
        "system": system.draw}

CHECKS = {**check.CHECKS, "kubernetes": manifests.check}


def sources(root):
    return sorted((root / "docs" / "pictures").glob("*.yaml"))


def read(source):
    return yaml.load(source.read_text(encoding="utf-8"), Loader=YAML)


def drawn(picture):
    try:
        return DRAW[picture["kind"]](picture)
    except (KeyError, StopIteration) as missing:
        raise DrawingError(f"it needs {missing}, and has none") from missing


def draw_all(root):
    for source in sources(root):
        try:
            source.with_suffix(".svg").write_text(drawn(read(source)), encoding="utf-8")
        except DrawingError as error:
            raise SystemExit(f"{source.relative_to(root)}: {error}") from error


def faults(root):
    """One line for each thing that is not so."""
    found, pictures = [], {source: read(source) for source in sources(root)}
    kinds = {picture["kind"] for picture in pictures.values()}
    found += [f"docs/pictures: there is no picture of the kind {kind}" for kind in sorted(set(DRAW) - kinds)]
    for source, picture in pictures.items():
        name = source.relative_to(root)
        found += [f"{name}: {fault}" for fault in CHECKS[picture["kind"]](root, picture)]
        found += [f"{name}: {fault}" for fault in check_drawing(root, source, picture)]
    found += [f"docs/pictures: {fault}" for fault in check.check_all_sequences(
        root, [picture for picture in pictures.values() if picture["kind"] == "sequence"])]
    for svg in sorted((root / "docs" / "pictures").glob("*.svg")):
        if svg.with_suffix(".yaml") not in pictures:
            found.append(f"{svg.relative_to(root)}: has no source")
    return found


def check_drawing(root, source, picture):
    """The SVG beside the source is what would be drawn, and some page shows it."""
    svg = source.with_suffix(".svg")
    try:
        fresh = drawn(picture)
    except DrawingError as error:
        yield str(error)
        return
    if not svg.is_file() or svg.read_text(encoding="utf-8") != fresh:
        yield f"{svg.name} is not what is drawn from it: run script/pictures"
    if not any(f"pictures/{svg.name})" in text for text in pages(root)):
        yield f"no page shows {svg.name}"


def pages(root):
    return [text_of(page) for page in [*root.glob("*.md"), *(root / "docs").rglob("*.md")]]
