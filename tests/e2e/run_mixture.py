"""Runs test files of this folder with the services' stores on a mixture of products (see
harness/mixtures.py), on a PostgreSQL server of its own:

    run_mixture.py MIXTURE [PYTEST ARGUMENTS]
"""
import os
import shlex
import sys

import pytest

from harness import mixtures
from harness.command import command
from harness.postgres import PostgresServer

# In these tests it is the program that crashes, not this server: it need not sync.
SETTINGS = ("fsync=off",)


def main():
    mixture, *arguments = sys.argv[1:]
    os.environ.pop("BAEDAL_E2E_COMMAND", None)
    binary, = command()
    with PostgresServer(*SETTINGS) as server:
        mixtures.prepare(server)
        os.environ["BAEDAL_E2E_COMMAND"] = shlex.join(mixtures.command(mixture, server, binary))
        return pytest.main(["-q", "-p", "no:cacheprovider", *arguments])


if __name__ == "__main__":
    sys.exit(main())
