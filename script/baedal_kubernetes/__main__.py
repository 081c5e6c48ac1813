"""The command line of script/kubernetes-validate."""
import argparse
import sys
import tempfile

from . import settings
from .links import Links
from .render import EXPECTED, CannotRender, Renderer, overlays
from .schema import VERSION, CannotFetch, Schema, schema_file
from .server import Server


def main():
    options = _options()
    try:
        schema = Schema(schema_file())
    except CannotFetch as failure:
        print(f"script/kubernetes-validate: no schema: {failure}; KUBERNETES_SCHEMA may name one", file=sys.stderr)
        return 2
    server = None if options.offline else Server(options.namespace)
    reachable = server is not None and server.is_reachable
    count = 0
    with tempfile.TemporaryDirectory(prefix="baedal-kubernetes-") as work:
        renderer = Renderer(work)
        for overlay in options.overlays or overlays():
            try:
                documents = renderer.render(overlay.rstrip("/"))
            except CannotRender as failure:
                print(f"{overlay}: cannot be rendered: {failure}", file=sys.stderr)
                count += 1
                continue
            faults = check(documents, schema, server if reachable else None)
            for fault in faults:
                print(fault)
            count += len(faults)
            applied = sum(not d.outside for d in documents)
            print(f"{overlay}: {applied} objects, {len(faults)} fault{'' if len(faults) == 1 else 's'}")
    print(f"schema: Kubernetes {VERSION}; links: checked; {_words_of(server, reachable)}")
    if options.require_server and not reachable:
        print("script/kubernetes-validate: a server was required, and none answers", file=sys.stderr)
        return 1
    return 1 if count else 0


def check(documents, schema, server=None):
    """The faults of one overlay's documents. Of what others provide, only links ask."""
    links = Links(documents, settings.known())
    mine = [d for d in documents if not d.outside or d.file.endswith(EXPECTED)]
    faults = [fault for d in mine for fault in schema.check(d)]
    # Links walk along the shape that the schema has found good.
    broken = {(fault.file, fault.object) for fault in faults}
    faults += [fault for d in mine if (d.file, f"{d.kind}/{d.name}") not in broken for fault in links.check(d)]
    return faults + (server.check([d for d in documents if not d.outside]) if server else [])


def _words_of(server, reachable):
    if server is None:
        return "server: not asked (--offline)"
    if not reachable:
        return "server: none answers, not checked"
    rewritten = "".join(f", {new} asked as {old}" for new, old in server.rewritten.items())
    return f"server: {server.name}, dry run in namespace {server.namespace}{rewritten}"


def _options():
    parser = argparse.ArgumentParser(
        prog="script/kubernetes-validate",
        description="Renders overlays of deploy/kubernetes and checks each: strictly against the schema of a current "
                    f"Kubernetes ({VERSION}), what objects say of each other, and, where a server answers, by its dry run.",
        epilog="KUBECTL is the command to use, `kubectl` by default. Exit status: 0 no fault, 1 faults, 2 it cannot be told.")
    parser.add_argument("overlays", nargs="*", metavar="OVERLAY", help="folders; all overlays and migrations by default")
    parser.add_argument("--require-server", action="store_true", help="fail when no server answers")
    parser.add_argument("--offline", action="store_true", help="ask no server")
    parser.add_argument("--namespace", default="default", help="where the dry run happens")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
