"""The Markdown of the repository says what is there: paths, tests, settings, commands, events.

Method: what a page writes in backticks as a path or as the name of a test is looked for in the tree;
generated pages are generated again; shell blocks are held against the program's own help.
"""
import functools
import re
import subprocess

import pytest

from conftest import event_schemas, load_yaml
from harness.command import ROOT, run

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
TEST_SUITE = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)", re.M)


def pages():
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
                            capture_output=True, text=True, check=True).stdout.split()
    return [name for name in sorted(listed) if (ROOT / name).is_file()]


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def prose_of(page):
    return FENCE.sub("", text_of(page))


@functools.cache
def known_tests():
    """Every test there is: test_x of pytest, Suite.name of GoogleTest."""
    names = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        names |= set(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.M))
    for pattern in ("*_test.cpp", "*_conformance.[ch]pp"):
        for file in (ROOT / "src").rglob(pattern):
            names |= {".".join(pair) for pair in TEST_SUITE.findall(file.read_text(encoding="utf-8"))}
    return names


def code_of(page):
    return re.findall(r"`([^`\n]+)`", prose_of(page))


@pytest.mark.parametrize("page", pages())
def test_every_path_a_page_names_is_there(page):
    folder = (ROOT / page).parent
    is_of_a_service = folder.parent == ROOT / "src" / "services"
    for word in code_of(page):
        if re.fullmatch(r"(?:src|tests|api|docs|script|bench|cmake)/[\w./-]+", word):
            assert (ROOT / word).exists(), f"{page} names {word}, which is not there"
        elif is_of_a_service and re.fullmatch(r"[\w./-]+(?:/|\.[ch]pp|\.yaml|\.sql)", word):
            assert (folder / word).exists(), f"{page} names {word}, which is not there"


@pytest.mark.parametrize("page", pages())
def test_every_test_a_page_names_is_there(page):
    for word in code_of(page):
        if re.fullmatch(r"test_\w+", word) or re.fullmatch(r"[A-Z]\w+\.[a-z][a-z0-9]*(_[a-z0-9]+)+", word):
            assert word in known_tests(), f"{page} names the test {word}, which is not there"


@pytest.mark.parametrize("page", pages())
def test_every_setting_a_page_names_is_there(page):
    settings = settings_of(text_of("docs/configuration.md"))
    sections = {name.split(".")[0] for name in settings}
    for word in code_of(page):
        name = word.split("=")[0].removeprefix("--")
        if re.fullmatch(r"[a-z-]+(\.[a-z-]+)+", name) and name.split(".")[0] in sections and not re.search(r"\.(\w?pp|md|db|sql|yaml|d|log|py)$", name):
            assert name in settings or name in ("http.server.requests",), f"{page} names the setting {name}, which is not there"


def settings_of(text):
    return set(re.findall(r"^\| `([^`]+)`", text, re.M))


def test_the_configuration_page_is_what_the_program_says():
    done = run("config", "docs")
    assert done.returncode == 0
    assert text_of("docs/configuration.md") == done.stdout, \
        "docs/configuration.md: write it again with `baedal config docs > docs/configuration.md`"


def test_every_baedal_command_a_page_shows_is_there():
    helps = {}

    def help_of(*words):
        if words not in helps:
            helps[words] = run(*words, "--help").stdout
        return helps[words]

    shown = 0
    for page in pages():
        for _, block in FENCE.findall(text_of(page)):
            for line in block.splitlines():
                words = re.match(r"(?:build/release/src/main/)?baedal ([a-z]+)((?: [a-z]+)*)", line)
                if not words:
                    continue
                command = words.group(1)
                assert re.search(rf"^\s+{command}\s", help_of(), re.M), f"{page}: {line}"
                for flag in re.findall(r"(?<=\s)--[a-z][\w.-]*", line.split("  ")[0]):
                    assert flag_is_known(flag, help_of(command), help_of(command, *words.group(2).split()[:1])), f"{page}: {line}"
                shown += 1
    assert shown > 10


def flag_is_known(flag, *helps):
    if any(flag in text for text in helps):
        return True
    configuration = text_of("docs/configuration.md")
    name = flag.removeprefix("--")
    # A secret may also come from a file: x.key-file.
    return any(f"`{known}`" in configuration for known in (name, name.removesuffix("-file"))) \
        or f"also `{flag}`" in configuration


def test_both_readmes_show_the_same_commands_and_pictures():
    english, korean = (FENCE.findall(text_of(page)) for page in ("README.md", "README.ko.md"))
    for language in ("sh",):
        blocks = [[body for kind, body in page if kind == language] for page in (english, korean)]
        assert blocks[0] == blocks[1]
    assert [kind for kind, _ in english] == [kind for kind, _ in korean]
    assert pictures_of("README.md") == pictures_of("README.ko.md")
    for page in ("README.md", "README.ko.md"):
        assert measured_lines(page), f"{page} shows no measured figures"
    assert measured_lines("README.md") == measured_lines("README.ko.md")


def pictures_of(page):
    return re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text_of(page))


def test_both_readmes_have_the_same_headings_and_tables():
    """Their words differ; levels, rows and columns do not, nor do the pages they lead to."""
    shapes = []
    for page in ("README.md", "README.ko.md"):
        lines = prose_of(page).splitlines()
        shapes.append([re.match(r"#+", line).group(0) if line[0] == "#" else "|" * line.count("|") for line in lines if line[:1] in ("#", "|")])
    assert shapes[0] == shapes[1]
    english, korean = ({link.replace(".ko.md", ".md") for link in re.findall(r"\]\(([^)#]+)", text_of(page))} for page in ("README.md", "README.ko.md"))
    assert english == korean


def measured_lines(page):
    return re.findall(r"\d+(?:\.\d+)? (?:ms|MiB)\b", text_of(page))


def test_every_decision_is_listed_once():
    files = sorted(file.name for file in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", text_of("docs/adr/README.md"))
    assert listed == files
    for number, file in enumerate(files, 1):
        assert file.startswith(f"{number:04}-"), file
        text = text_of(f"docs/adr/{file}")
        for heading in ("**Status**", "## Context", "## Decision", "## Consequences", "## Alternatives"):
            assert heading in text, f"{file} has no {heading}"


def test_every_runbook_and_flow_is_listed():
    for folder in ("flows", "runbooks"):
        files = {file.name for file in (ROOT / "docs" / folder).glob("*.md")} - {"README.md"}
        assert set(re.findall(r"\]\(([\w-]+\.md)\)", text_of(f"docs/{folder}/README.md"))) == files


# The text's own headings, in its order; of those that only hold others together no command is asked.
SEED_HEADINGS = [
    "# 예제 - 음식배달", "# 서비스 시나리오", "# 분석/설계", "## Event Storming 결과", "## 헥사고날 아키텍처 다이어그램 도출",
    "### 비기능 요구사항에 대한 검증", "# 구현:", "## DDD 의 적용", "## API-Gateway", "## CQRS / Meterialized View",
    "## Liveness / Readiness 설정", "## Self-Healing (Liveness)", "## Readiness", "## 폴리글랏 퍼시스턴스",
    "## 동기식 호출 과 Fallback 처리",
    "## 비동기식 호출 / 시간적 디커플링 / CB / 장애격리 / 최종 (Eventual) 일관성 테스트", "# 운영", "## 디플로이, CI/CD 설정",
    "## Persistence Volume / Persistence Volume Claim", "### 오토스케일 아웃", "## 무정지 재배포", "## AWS 모니터링"]
WITHOUT_COMMAND = {"# 분석/설계", "# 운영"}


def test_every_heading_of_the_text_it_grew_from_is_answered_in_order():
    """One level deeper here, below the page's title; each with a command to paste and what is better."""
    expected = [f"#{heading}" if heading.startswith("# ") else heading for heading in SEED_HEADINGS]
    for page in ("docs/seed.md", "docs/seed.ko.md"):
        parts = re.split(r"^(#{2,4} .+)$", text_of(page), flags=re.M)
        assert parts[1::2] == expected, page
        for heading, body in zip(SEED_HEADINGS, parts[2::2]):
            if heading not in WITHOUT_COMMAND:
                assert "```sh\n" in body, f"{page}, {heading}: no command"
    assert FENCE.findall(text_of("docs/seed.md")) == FENCE.findall(text_of("docs/seed.ko.md"))


def test_every_event_is_on_the_pages_that_show_them_all():
    for page in ("README.md", "README.ko.md", "docs/event-storming.md"):
        shown = "".join((ROOT / page).parent.joinpath(picture).read_text(encoding="utf-8")
                        for picture in pictures_of(page) if picture.endswith(".svg"))
        for event_type in event_schemas():
            assert f">{event_type}</text>" in shown, f"{page} does not show {event_type}"


def test_the_sortable_properties_of_the_pages_agree():
    """The decision's table and the OpenAPI document; the program's answers are test_collections.py's."""
    table = dict(re.findall(r"^\| (\w+) \| (`.*`) \|$", text_of("docs/adr/0013-sortable-properties.md"), re.M))
    for collection, properties in table.items():
        described = load_yaml("openapi/baedal.yaml")["paths"][f"/{collection}"]["get"]["responses"]["200"]["description"]
        assert re.findall(r"`(\w+)`", described) == re.findall(r"`(\w+)`", properties), collection


def test_every_sortable_property_of_the_sources_is_on_the_pages():
    table = dict(re.findall(r"^\| (\w+) \| (`.*`) \|$", text_of("docs/adr/0013-sortable-properties.md"), re.M))
    for collection, service in (("menus", "menu"), ("orders", "order"), ("payments", "payment"), ("deliveries", "delivery"), ("mypages", "mypage")):
        source = text_of(f"src/services/{service}/inbound/{service}_resources.cpp")
        sortable = set(re.findall(r"\{\.name = \"(\w+)\"[^}]*\.sortable = true", source))
        assert sortable == set(re.findall(r"`(\w+)`", table[collection])), collection


def kafka_metrics():
    """Those of a process whose bus is Kafka, which this one's is not: from the sources."""
    source = text_of("src/main/open_bus.cpp")
    counters = re.findall(r'\.counter\("([\w.]+)"', source)
    gauges = re.findall(r'\.gauge\("([\w.]+)", "(\w*)"', source)
    assert counters and gauges
    return {name.replace(".", "_") + "_total" for name in counters} | \
        {"_".join(filter(None, (name.replace(".", "_"), unit))) for name, unit in gauges}


def edge_metrics():
    """Those of a process with TLS and an audit log: from the sources."""
    named = re.findall(r'registry\.(counter|gauge)\(\s*\{"([\w.]+)", "(\w*)"', text_of("src/main/edge.cpp"))
    assert len(named) >= 3, named
    return {"_".join(filter(None, (name.replace(".", "_"), unit))) + ("_total" if kind == "counter" else "")
            for kind, name, unit in named}


def login_metrics():
    """Those of a gateway where people log in: from the sources."""
    named = re.findall(r'\.name = "([\w.]+)",\s*\.description = [^,]*,\s*\.counter = true', text_of("src/services/accounts/module.cpp"))
    assert named
    return {name.replace(".", "_") + "_total" for name in named}


def test_every_metric_a_page_names_is_there(story):
    lines = story.api.get("/actuator/prometheus").text.splitlines()
    there = {re.match(r"\w+", line).group(0) for line in lines if line and not line.startswith("#")}
    there |= kafka_metrics() | edge_metrics() | login_metrics()
    for page in pages():
        for word in code_of(page):
            for name in re.findall(r"(?<![\w/])baedal_[a-z_]+[a-z]\b", word):
                assert name in there, f"{page} names the metric {name}, which is not there"
