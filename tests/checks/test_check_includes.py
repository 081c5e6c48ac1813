"""script/check-includes finds each kind of forbidden include. Method: a clean tree passes; then one
fault is planted at a time, and the check names its file and line."""
import pytest

from planting import plant, run

CLEAN = {
    "src/kernel/money.hpp": "#include <string>\n#include <boost/json/value.hpp>\n",
    "src/kernel/money.cpp": '#include "kernel/money.hpp"\n\n#include <vector>\n',
    "src/contracts/events.hpp": '#include "kernel/money.hpp"\n',
    "src/platform/http/server.hpp": '#include "kernel/money.hpp"\n',
    "src/platform/http/server.cpp": '#include "platform/http/server.hpp"\n#include <boost/beast/http.hpp>\n',
    "src/platform/store/store.hpp": '#include "kernel/money.hpp"\n',
    "src/platform/store/sqlite/sqlite_store.hpp": '#include "platform/store/store.hpp"\n#include <sqlite3.h>\n',
    "src/platform/store/lmdb/lmdb_view.hpp": '#include "platform/store/store.hpp"\n',
    "src/services/order/domain/order.hpp": '#include "kernel/money.hpp"\n',
    "src/services/order/app/ports.hpp": '#include "services/order/domain/order.hpp"\n',
    "src/services/order/app/place.hpp": '#include "services/order/app/ports.hpp"\n',
    "src/services/order/inbound/http.hpp":
        '#include "services/order/app/place.hpp"\n#include "platform/http/server.hpp"\n',
    "src/services/order/outbound/store.hpp":
        '#include "services/order/app/ports.hpp"\n#include "platform/store/store.hpp"\n',
    "src/services/order/module.hpp": '#include "services/order/inbound/http.hpp"\n',
    "src/services/menu/domain/menu.hpp": '#include "kernel/money.hpp"\n',
    "src/main/main.cpp":
        '#include "services/order/module.hpp"\n#include "platform/store/sqlite/sqlite_store.hpp"\n',
    "src/services/order/domain/order_test.cpp":
        '#include "services/order/domain/order.hpp"\n#include <gtest/gtest.h>\n',
    "src/kernel/CMakeLists.txt": "baedal_library(kernel SOURCES money.cpp DEPS Boost::json)\n",
    "src/platform/http/CMakeLists.txt": "baedal_library(http SOURCES server.cpp DEPS baedal::kernel)\n",
}

FAULTS = {
    "kernel includes platform": ("src/kernel/a.hpp", '#include "platform/http/server.hpp"\n'),
    "kernel does input and output": ("src/kernel/a.hpp", "#include <boost/asio.hpp>\n"),
    "contracts include a service": ("src/contracts/a.hpp", '#include "services/order/domain/order.hpp"\n'),
    "platform includes a service": ("src/platform/http/a.hpp", '#include "services/order/module.hpp"\n'),
    "platform includes contracts": ("src/platform/http/a.hpp", '#include "contracts/events.hpp"\n'),
    "one adapter includes another": (
        "src/platform/store/lmdb/a.hpp", '#include "platform/store/sqlite/sqlite_store.hpp"\n'),
    "a port includes its adapter": (
        "src/platform/store/a.hpp", '#include "platform/store/sqlite/sqlite_store.hpp"\n'),
    "the domain includes its app": ("src/services/order/domain/a.hpp", '#include "services/order/app/place.hpp"\n'),
    "the domain includes platform": ("src/services/order/domain/a.hpp", '#include "platform/store/store.hpp"\n'),
    "the app includes contracts": ("src/services/order/app/a.hpp", '#include "contracts/events.hpp"\n'),
    "the app includes platform": ("src/services/order/app/a.hpp", '#include "platform/store/store.hpp"\n'),
    "inbound includes outbound": ("src/services/order/inbound/a.hpp", '#include "services/order/outbound/store.hpp"\n'),
    "inbound includes the store": ("src/services/order/inbound/a.hpp", '#include "platform/store/store.hpp"\n'),
    "outbound includes a use case": ("src/services/order/outbound/a.hpp", '#include "services/order/app/place.hpp"\n'),
    "outbound chooses an adapter": (
        "src/services/order/outbound/a.hpp", '#include "platform/store/sqlite/sqlite_store.hpp"\n'),
    "a service includes another": ("src/services/order/domain/a.hpp", '#include "services/menu/domain/menu.hpp"\n'),
    "a test includes another service": (
        "src/services/order/domain/a_test.cpp", '#include "services/menu/domain/menu.hpp"\n'),
    "a module includes another service": (
        "src/services/menu/module.cpp", '#include "services/order/domain/order.hpp"\n'),
    "a file is in no room": ("src/services/order/misc/a.hpp", '#include "kernel/money.hpp"\n'),
    "a database in the domain": ("src/services/order/domain/a.hpp", "#include <sqlite3.h>\n"),
    "sockets outside runtime and http": ("src/platform/store/a.hpp", "#include <boost/asio/post.hpp>\n"),
    "the command line in a service": ("src/services/order/inbound/a.hpp", "#include <CLI/CLI.hpp>\n"),
    "googletest in the program": ("src/services/order/domain/a.hpp", "#include <gtest/gtest.h>\n"),
    "the own header is not first": (
        "src/services/order/domain/order.cpp", '#include <vector>\n#include "services/order/domain/order.hpp"\n'),
    "a relative path": ("src/services/order/domain/a.hpp", '#include "order.hpp"\n'),
    "an own header in angle brackets": ("src/services/order/domain/a.hpp", "#include <kernel/money.hpp>\n"),
}


def test_a_clean_tree_passes(tmp_path):
    plant(tmp_path, CLEAN)
    assert run("check-includes", tmp_path) == (0, [])


@pytest.mark.parametrize("fault", FAULTS, ids=[name.replace(" ", "_") for name in FAULTS])
def test_a_planted_include_is_found_with_its_place(tmp_path, fault):
    path, text = FAULTS[fault]
    plant(tmp_path, CLEAN | {path: text})
    code, found = run("check-includes", tmp_path)
    assert code == 1
    assert len(found) == 1, found
    assert found[0].startswith(f"{path}:1: ")


def test_a_planted_link_edge_in_cmake_is_found(tmp_path):
    plant(tmp_path, CLEAN | {
        "src/services/order/CMakeLists.txt":
            "baedal_library(order_domain SOURCES domain/order.cpp\n  DEPS baedal::kernel baedal::http)\n",
        "src/services/order/domain/order.cpp": '#include "services/order/domain/order.hpp"\n',
    })
    code, found = run("check-includes", tmp_path)
    assert code == 1
    assert found == ["src/services/order/CMakeLists.txt:1: DEPS baedal::http: "
                     "domain may not include platform/http/server.cpp"]


def test_an_empty_tree_is_an_error_and_not_a_pass(tmp_path):
    (tmp_path / "src").mkdir()
    assert run("check-includes", tmp_path)[0] != 0
