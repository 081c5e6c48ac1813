SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def pytest_sessionfinish(session, exitstatus):
    """A run of nothing but skipped tests is told to ctest as what it is."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    ran = sum(len(reporter.stats.get(kind, ())) for kind in ("passed", "failed", "error"))
    if exitstatus == 0 and ran == 0:
        session.exitstatus = SKIPPED
