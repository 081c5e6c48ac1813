"""script/check-repository finds each kind of broken promise. Method: as for the include rules, a
clean tree and one planted fault at a time. Forbidden words are put together here from two pieces,
since this file is checked too."""
import pytest

from planting import plant, run

README = "# Name\n\n```sh\nscript/server\nscript/test\n```\n\nSee [the design](docs/design.md#the-idea).\n"
CLEAN = {
    "README.md": README,
    "docs/design.md": "# The idea\n\n[back](../README.md)\n",
    ".ci/run": "#!/bin/sh\nexec script/test\n",
    "script/server": "#!/bin/sh\n",
    "script/test": "#!/bin/sh\n# --quick\n",
    "src/kernel/a.cpp": "int a() {\n  return 10'000 + '{';  // menus are an example\n}\n",
}


def long_function(lines):
    return "int b(int x) {\n" + "  x += 1;\n" * (lines - 2) + "}\n"


FAULTS = {
    "a home folder": ("docs/a.md", "see /ho" "me/someone/baedal/\n"),
    "a registry": ("docs/a.json", '"resolved": "https://regis' 'try.npmjs.org/react"\n'),
    "an open end": ("src/kernel/b.cpp", "// TO" "DO later\n"),
    "a private key": ("docs/key.pem", "-----BEGIN RSA PRIVATE " "KEY-----\n"),
    "an AWS key": ("docs/a.md", "AKIA" "ABCDEFGHIJKLMNOP\n"),
    "a password in a URL": ("docs/a.md", "postgresql://user:hunter" "2hunter@db.example/baedal\n"),
    "a dead link": ("docs/a.md", "[x](nowhere.md)\n"),
    "a dead anchor": ("docs/a.md", "[x](design.md#another-idea)\n"),
    "a dead picture": ("docs/a.md", "![x](nowhere.svg)\n"),
    "a command that is not there": ("docs/a.md", "```sh\nscript/deploy\n```\n"),
    "a flag that is not there": ("docs/a.md", "```sh\nscript/test --fast\n```\n"),
    "food in the platform": ("src/platform/b.cpp", 'auto path = menus;\n'),
    "a choice of awaits": ("src/kernel/b.cpp", "auto x = a ? co_await b() : c();\n"),
    "an older program that a step shuts out": ("src/services/a/migrations/0002_b.sql", "-- works with: 1\nDROP TABLE a;\n"),
    "an older program that a column shuts out": (
        "src/services/a/migrations/0002_b.sql", "-- works with: 1\nALTER TABLE a ADD COLUMN b TEXT NOT NULL;\n"),
    "an older program that a unique index shuts out": (
        "src/services/a/migrations/0002_b.sql", "-- works with: 1\nCREATE UNIQUE INDEX b ON a (b);\n"),
    "a long function": ("src/kernel/b.cpp", long_function(71)),
    "a long file": ("src/kernel/b.cpp", "int b;\n" * 401),
}


def test_a_clean_tree_passes(tmp_path):
    plant(tmp_path, CLEAN)
    assert run("check-repository", tmp_path) == (0, [])


@pytest.mark.parametrize("fault", FAULTS, ids=[name.replace(" ", "_") for name in FAULTS])
def test_a_planted_fault_is_found_with_its_place(tmp_path, fault):
    path, text = FAULTS[fault]
    plant(tmp_path, CLEAN | {path: text})
    code, found = run("check-repository", tmp_path)
    assert code == 1
    assert len(found) == 1, found
    assert found[0].startswith(f"{path}:")


def test_a_step_that_only_adds_may_say_so(tmp_path):
    adds = ("-- works with: 1\n-- What for.\nALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT '';\n"
            "ALTER TABLE a ADD COLUMN c BIGINT;\nCREATE TABLE d (\n  id BIGINT NOT NULL PRIMARY KEY\n);\n"
            "CREATE INDEX d_id ON d (id);\n")
    breaks = "ALTER TABLE a RENAME TO b;\n"
    plant(tmp_path, CLEAN | {"src/services/a/migrations/0002_adds.sql": adds,
                             "src/services/a/migrations/0003_breaks.sql": breaks})
    assert run("check-repository", tmp_path) == (0, [])


def test_the_checkouts_own_path_is_found(tmp_path):
    plant(tmp_path, CLEAN | {"docs/a.md": f"see {tmp_path}/build\n"})
    code, found = run("check-repository", tmp_path)
    assert code == 1
    assert any(line.startswith("docs/a.md:1: names a path of this machine") for line in found)


def test_a_function_of_seventy_lines_passes(tmp_path):
    plant(tmp_path, CLEAN | {"src/kernel/b.cpp": long_function(70)})
    assert run("check-repository", tmp_path) == (0, [])


def test_ci_that_runs_something_else_than_the_developer_is_found(tmp_path):
    plant(tmp_path, CLEAN | {".ci/run": "#!/bin/sh\nstatus=0\nscript/test || status=$?\nexit $status\n"})
    assert run("check-repository", tmp_path) == (0, [])
    plant(tmp_path, CLEAN | {".ci/run": "#!/bin/sh\nexec script/test --quick\n"})
    code, found = run("check-repository", tmp_path)
    assert (code, found) == (1, [".ci/run:1: CI must run script/test as it is"])


@pytest.mark.parametrize("command", ["script/server", "script/test"])
def test_a_readme_without_one_of_the_first_two_commands_is_found(tmp_path, command):
    plant(tmp_path, CLEAN | {"README.md": README.replace(command + "\n", "")})
    assert run("check-repository", tmp_path) == (1, [f"README.md:1: README must show `{command}` in a shell block"])
