"""The benchmarks: each file has one object ROW, found by its file's name."""
import importlib
import pkgutil


def all_rows():
    """{name: Row}, in the order of their numbers."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    rows = [importlib.import_module(f"rows.{name}") for name in names]
    found = {row.ROW.name: row.ROW for row in rows if hasattr(row, "ROW")}
    return dict(sorted(found.items(), key=lambda item: (item[1].number, item[0])))
