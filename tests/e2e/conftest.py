"""Fixtures: the real program on a free port and an empty data folder, one per test file unless a
test starts its own. Every server a test started is stopped at its end, and must end well."""
import pathlib

import pytest

from harness.command import command
from harness.server import Server

SEED_MODE = ("--http.links", "service", "--http.representation", "seed")


def pytest_report_header():
    return f"program under test: {' '.join(command())}"


class Launcher:
    """Makes servers, each with its own data folder below one temporary folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.servers = []

    def __call__(self, *flags, data=None, **options):
        server = self.prepare(*flags, data=data, **options)
        return server.start()

    def prepare(self, *flags, data=None, **options):
        """A server that is not started yet."""
        data = data or self.folder / f"data-{len(self.servers) + 1}"
        server = Server(data, *flags, **options)
        self.servers.append(server)
        return server

    def stop_all(self):
        failures = []
        for server in self.servers:
            try:
                server.stop()
            except AssertionError as failure:
                failures.append(str(failure))
        assert not failures, "\n".join(failures)


@pytest.fixture
def launch(tmp_path):
    launcher = Launcher(tmp_path)
    yield launcher
    launcher.stop_all()


@pytest.fixture(scope="module")
def module_launch(tmp_path_factory):
    launcher = Launcher(tmp_path_factory.mktemp("servers"))
    yield launcher
    launcher.stop_all()


@pytest.fixture(scope="module")
def server(module_launch, request):
    """The file's shared server; SERVER_FLAGS of the test file are its flags."""
    server = module_launch(*getattr(request.module, "SERVER_FLAGS", ()))
    server.api.await_up()
    return server


@pytest.fixture(scope="module")
def api(server):
    return server.api
