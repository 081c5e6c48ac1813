"""What the code says of itself, read from its sources: events, roles, use cases, policies, ports and who
fills them, routes, problem codes. Each function takes the root of the checkout."""
import functools
import re

import yaml

CLASS = re.compile(r"^class (\w+)(?: final)?(?: :[^{;]*)? \{", re.M)
DERIVED = re.compile(r"^class (?:\w+::)?(\w+)(?: final)? : public ((?:\w+::)*)(\w+)", re.M)
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SUPPORT = re.compile(r"_test\.|test_support|_fixture|/(testing|conformance)/")


def text_of(file):
    status = file.stat()
    return _text_of(file, status.st_mtime_ns, status.st_size)


@functools.cache
def _text_of(file, _changed, _size):
    return file.read_text(encoding="utf-8")


def headers(folder, pattern="*.hpp"):
    """The files of one room, without what is there for tests."""
    return [file for file in sorted(folder.rglob(pattern)) if not SUPPORT.search(file.as_posix())]


def service(root, name):
    return root / "src" / "services" / name


def events(root):
    return set(re.findall(r'string_view k\w+ = "(\w+)";', text_of(root / "src/contracts/events.hpp")))


def event_schemas(root):
    return {file.name.removesuffix(".schema.json") for file in (root / "api/events").glob("*.schema.json")}


def roles(root):
    """name -> path, listens, publishes, needs, store: the table of src/main/roles.hpp."""
    text = text_of(root / "src/main/roles.hpp")
    arrays = {name: [word.strip(' "').removeprefix("k") if word.strip().startswith("k") else word.strip(' "')
                     for word in re.sub(r"\s+", " ", body).split(",")]
              for name, body in re.findall(r"array<Words, \d+> (k\w+)\{(.*?)\};", text, re.S)}
    lists = r"(\{\}|role_table::k\w+),\s*" * 3
    found = re.findall(r'\{"(\w+)",\s*"[^"]*",\s*"([^"]*)",\s*' + lists + r'"([^"]*)"\}', text)
    return {name: {"path": path, "listens": arrays.get(listens.removeprefix("role_table::"), []),
                   "publishes": arrays.get(publishes.removeprefix("role_table::"), []),
                   "needs": arrays.get(needs.removeprefix("role_table::"), []), "store": store}
            for name, path, listens, publishes, needs, store in found}


def use_cases(root, name):
    """The classes of a service's app/ but for its ports."""
    return {found for file in headers(service(root, name) / "app") if file.name != "ports.hpp"
            for found in CLASS.findall(text_of(file))}


def queries(root, name):
    return {found for found in use_cases(root, name) if found.endswith("Queries")}


def policies(root, name):
    """(event, class that is run) of each subscription."""
    found = set()
    for file in headers(service(root, name) / "inbound", "*_events.cpp"):
        text = text_of(file)
        signature = re.search(r"void register_events\(([^)]*)\)", text).group(1)
        runs = {variable: type_name for type_name, variable in re.findall(r"(\w+)& (\w+)", signature)}
        for event, variable in re.findall(r"subscriber\.on\(\s*(?:contracts::event::)?k(\w+),\s*\[&(\w+)\]", text):
            found.add((event, runs[variable]))
        if "event_types()" in text:
            types = re.search(r"kTypes\b[^{]*\{(.*?)\};", text_of(file.with_name("change_codec.cpp")), re.S).group(1)
            variable = re.search(r"subscriber\.on_all\(event_types\(\), \[&(\w+)\]", text).group(1)
            found |= {(event, runs[variable]) for event in re.findall(r"k(\w+)", types)}
    return found


def aggregate(root, name):
    """The struct of domain/ (or view/) that the service is named after."""
    for room in ("domain", "view"):
        for file in headers(service(root, name) / room):
            if re.search(rf"^(?:struct|class) {name.capitalize()} \{{", text_of(file), re.M):
                return name.capitalize()
    return None


def has_domain(root, name):
    return (service(root, name) / "domain").is_dir()


def replicas(root, name):
    return {table for file in headers(service(root, name) / "outbound")
            for table in re.findall(r'store::Table k\w+\{"(\w+_replica)"', text_of(file))}


def ports(root, name):
    """The interfaces of app/ports.hpp; the gateway's are in routing/upstream.hpp."""
    file = service(root, name) / ("routing/upstream.hpp" if name == "gateway" else "app/ports.hpp")
    return {found for found in CLASS.findall(text_of(file))
            if re.search(rf"virtual ~{found}\(\)", text_of(file))}


def fillers(root, name):
    """port -> the classes that fill it."""
    found = {port: set() for port in ports(root, name)}
    for room in ("outbound", "inbound"):
        for file in headers(service(root, name) / room, "*.[hc]pp"):
            for derived, _, base in DERIVED.findall(text_of(file)):
                if base in found:
                    found[base].add(derived)
    return found


def contract_fillers(root):
    """call between services -> the classes that answer it, here or over HTTP."""
    found = {name: set() for name in CLASS.findall(text_of(root / "src/contracts/commands.hpp"))}
    for file in headers(root / "src/services"):
        for derived, space, base in DERIVED.findall(text_of(file)):
            if space == "contracts::" and base in found:
                found[base].add(derived)
    return found


def inbound(root, name):
    """Classes of inbound/, and files that register handlers or routes; not what fills a port."""
    fills = set().union(*fillers(root, name).values())
    found = set()
    for file in headers(service(root, name) / "inbound"):
        text = text_of(file)
        found |= set(CLASS.findall(text)) - fills
        if re.search(r"^void (register_events|add_\w+_route)\(", text, re.M):
            found.add(file.stem)
    return found


def classes(root, folder):
    return {found for file in headers(root / folder) for found in re.findall(r"^(?:class|struct) (\w+)", text_of(file), re.M)}


def routes(root):
    """"METHOD /path" of the OpenAPI document."""
    return _routes_of(text_of(root / "api/openapi/baedal.yaml"))


@functools.cache
def _routes_of(text):
    paths = yaml.load(text, Loader=YAML)["paths"]
    return {f"{method.upper()} {path}" for path, item in paths.items() for method in item if method != "parameters"}


def problem_codes(root):
    """Words in quotes that look like a code; what begins with a hyphen has the name of a role before it."""
    words = set().union(*(_codes_of(text_of(file)) for file in headers(root / "src", "*.cpp")))
    return words | {role + word for role in roles(root) for word in words if word.startswith("-")}


@functools.cache
def _codes_of(text):
    return set(re.findall(r'"([a-z]*(?:-[a-z]+)+)"', text))
