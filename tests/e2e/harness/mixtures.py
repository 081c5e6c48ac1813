"""Which service keeps its rows in which product, by the name of a mixture; and `baedal` as the suite
starts it on such a mixture:

    mixtures.py MIXTURE SERVER BINARY ARGUMENTS-OF-BAEDAL

The PostgreSQL server (named by its folder) has one login and one database for each
service. There each data folder has a schema of its own, made at its first start: a restart on the same
folder finds its rows again.
"""
import hashlib
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from harness.postgres import PostgresServer  # noqa: E402

SERVICES = ("menu", "order", "payment", "delivery", "mypage")
POSTGRES = "postgresql"
MIXTURES = {
    # One product for all of them.
    "postgres": {service: POSTGRES for service in SERVICES},
    # The seed's own: mypage on another product than all others.
    "postgres_and_lmdb": {service: POSTGRES for service in SERVICES} | {"mypage": "lmdb:mypage"},
    # Every product, and a consumer of events on each.
    "mixed": {"menu": "lmdb:menu", "order": POSTGRES, "payment": "sqlite:payment.db", "delivery": POSTGRES,
              "mypage": "sqlite:mypage"},
}


def command(mixture, server, binary):
    """What takes the arguments of `baedal` and runs it on that mixture."""
    return [sys.executable, os.path.abspath(__file__), mixture, str(server.folder), str(binary)]


def prepare(server):
    """The logins and databases that all data folders share."""
    for service in SERVICES:
        server.database(service)


def stores(mixture, server, data):
    """The settings of all stores for that data folder, as environment variables."""
    own = "data_" + hashlib.sha256(os.path.realpath(data).encode()).hexdigest()[:12]
    stores = dict(MIXTURES[mixture])
    on_server = [service for service, product in stores.items() if product == POSTGRES]
    for service in on_server:
        server.make_schema(own, service)
        stores[service] = server.url(service, own)
    return {f"BAEDAL_{service.upper()}_STORE": url for service, url in stores.items()}


def data_folder(arguments):
    """What --data says; None when it says nothing."""
    for word, following in zip(arguments, [*arguments[1:], None]):
        if word in ("--data", "--data.dir"):
            return following
    return None


def main():
    mixture, folder, binary, *arguments = sys.argv[1:]
    data = data_folder(arguments)
    if data:
        os.environ.update(stores(mixture, PostgresServer.at(folder), data))
    os.execv(binary, [binary, *arguments])


if __name__ == "__main__":
    main()
