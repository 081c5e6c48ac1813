"""Which processes there are, and how each is configured: the one place that says so."""
import dataclasses
import os
import pathlib

SERVICES = ("menu", "delivery", "payment", "order", "mypage")
SHARED_DATABASE = ("menu", "delivery", "payment", "order")  # mypage: a view of its own per instance
NEIGHBOURS = {"order": ("menu", "delivery")}  # whom a role calls

# Settings about the connections of clients: for the gateway, which alone has any.
EDGE = ("gateway.", "http.address", "http.body-", "http.connections-max", "http.header-",
        "http.idle-timeout", "http.trusted-proxies", "http.write-timeout")


@dataclasses.dataclass(frozen=True)
class Options:
    """What can be chosen. `name` is the topic and the beginning of the databases' and groups' names,
    so that several systems can share servers."""
    data: pathlib.Path
    port: int = 0  # of the gateway; 0: a free one
    binary: pathlib.Path = None
    name: str = "baedal"
    copies: dict = dataclasses.field(default_factory=dict)  # instances by role, where not two
    flags: tuple = ()  # further settings, for all or, if of the edge, for the gateway
    role_flags: dict = dataclasses.field(default_factory=dict)  # further settings by role
    stores: dict = dataclasses.field(default_factory=dict)  # by role, where not the usual

    def instances_of(self, role):
        return 1 if role == "gateway" else self.copies.get(role, 2)

    def database(self, role):
        return role if self.name == "baedal" else f"{self.name}_{role}"


def instance_names(options):
    names = [f"{role}-{number}" for role in SERVICES for number in range(1, options.instances_of(role) + 1)]
    return [*names, "gateway"]


def role_of(name):
    return name.rsplit("-", 1)[0]


def command_of(name, options, ports, kafka, postgres):
    """The command line of one instance."""
    role = role_of(name)
    # Open to everybody on this machine; a --profile among the flags comes later and is heard instead.
    words = [options.binary, "serve", "--profile", "dev", "--role", role, "--port", str(ports[name]),
             "--data", options.data / "instances" / name]
    if role == "gateway":
        return words + _gateway_flags(options, ports) + [*options.flags, *options.role_flags.get(role, ())]
    words += ["--messaging.bus", f"kafka://{kafka.address}/{options.name}",
              "--kafka.instance-id", name, "--kafka.group-prefix", f"{options.name}-",
              "--http.trusted-proxies", "127.0.0.0/8"]
    store = options.stores.get(role, "postgresql" if role in SHARED_DATABASE else "")
    if store == "postgresql":
        words += [f"--{role}.store", postgres.database(options.database(role))]
    elif store:
        words += [f"--{role}.store", store]
    for neighbour in NEIGHBOURS.get(role, ()):
        words += [f"--{neighbour}.url", ",".join(urls_of(neighbour, options, ports))]
    return words + [*without_edge(options.flags), *options.role_flags.get(role, ())]


def environment_of(name, options, postgres):
    """Ours, without settings of the program in it, and with the login of this role alone."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BAEDAL_")}
    return kept | postgres.environment(options.database(role_of(name)))


def urls_of(role, options, ports):
    return [f"http://127.0.0.1:{ports[f'{role}-{number}']}"
            for number in range(1, options.instances_of(role) + 1)]


def without_edge(flags):
    """The settings that are not of the gateway alone. A flag is `--name value` or `--name=value`."""
    kept, skip_value = [], False
    for index, flag in enumerate(flags):
        if skip_value:
            skip_value = False
        elif flag.startswith("--") and flag[2:].startswith(EDGE):
            skip_value = "=" not in flag and index + 1 < len(flags)
        else:
            kept.append(flag)
    return kept


def _gateway_flags(options, ports):
    flags = []
    for role in SERVICES:
        for url in urls_of(role, options, ports):
            flags.append(f"{role}={url}")
    return ["--gateway.instances", ",".join(flags)]
