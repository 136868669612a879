"""The three pages in headless Chromium: what they show, by mouse, by keyboard, in both schemes; nothing else runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.browser import CONTRAST, Browser, Page
from tests.graph.test_document import graph_of
from tests.page.pages import data_of, stands_alone
from tests.report.sample import CLEAR, REPORT, one

from confiture_linter.engine.memory import open_texts
from confiture_linter.graph import render_html as graph_html
from confiture_linter.graph.document import build_graph
from confiture_linter.page import document
from confiture_linter.report import RenderOptions, load
from confiture_migrator.history import render_html as history_html
from confiture_migrator.history.values import Hook, Line, Lock

EVIL = "</script><script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\"><!--"
WIDE, NARROW = 1280, 420
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HEADING = history_html.Heading("shop", "18.0", "production", AT)
SQL = """
CREATE TABLE w_order (id int PRIMARY KEY, other int);
CREATE TABLE w_line (id int PRIMARY KEY, w_order int REFERENCES w_order);
ALTER TABLE w_order ADD FOREIGN KEY (other) REFERENCES w_line;
CREATE SCHEMA read;
CREATE VIEW read.v_order AS SELECT id FROM w_order;
CREATE VIEW read.v_deep AS SELECT id FROM read.v_order;
CREATE TABLE alone (id int);
"""


def line(number: int, **changes: Any) -> Line:
    made = Line(
        f"id{number}",
        f"{number:04}",
        f"{number:04}_step",
        "applied",
        AT + timedelta(hours=number),
        AT + timedelta(hours=number, seconds=-1),
        number * 700,
        number * 3,
        "deployer",
        "sha256:aa",
        "sha256:bb",
        "0123456789abcdef",
        "18.0",
        True,
        2,
        1,
        {"place": "m.sql:3", "seconds": 0.5},
        (Lock("public.t", "ACCESS EXCLUSIVE"), Lock("public.u", "SHARE")),
        (Hook("after_ddl", "sql", True, 4, 0.1, ""),),
        "",
        "event",
        "",
    )
    return made._replace(**changes)


LINES = (
    line(1),
    line(
        2,
        status="failed",
        duration_ms=None,
        rows=None,
        error='relation "x" does not exist',
        locks=(),
        hooks=(),
    ),
    line(10),
    line(3, status="reverted"),
)


@pytest.fixture
def at(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    """Opens a page made of text, and looks at the end whether anything was wrong with it."""
    opened: list[Page] = []

    def at(text: str, **how: Any) -> Page:
        path = tmp_path / f"page{len(opened)}.html"
        path.write_text(text, "utf-8", errors="backslashreplace")
        opened.append(browser.page(path, **how))
        return opened[-1]

    yield at
    for page in opened:
        assert page.wrongs() == []
        page.close()


def findings(report: Any = REPORT) -> str:
    return load("html")(report, RenderOptions(docs_url=""))


def history(lines: Any = LINES) -> str:
    return history_html.render(lines, HEADING)


def graph(sql: str = SQL) -> str:
    return graph_html.render(graph_of(sql))


PAGES = {"findings": findings, "history": history, "graph": graph}


@pytest.mark.parametrize("name", PAGES)
def test_stands_alone(name: str) -> None:
    stands_alone(PAGES[name]())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", PAGES)
def test_can_be_read(at: Any, name: str, width: int, scheme: str) -> None:
    page = at(PAGES[name](), width=width, scheme=scheme)
    assert page.js(CONTRAST) == []
    assert page.js("document.documentElement.scrollWidth") <= width
    unnamed = "[...document.querySelectorAll('button, input, select, a')].filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.closest('label'))).length"
    assert page.js(unnamed) == 0
    assert page.js("document.querySelectorAll('h1').length") == 1
    dark = page.js("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(20, 23, 28)") is (scheme == "dark")


def test_the_contrast_is_looked_at(at: Any) -> None:
    page = at(document("x", "t", '<h1 style="color: #999; background: #fff">pale</h1>'))
    assert [what for what, _ in page.js(CONTRAST)] == ['H1  "pale"']


# Nothing that is shown can do anything.


def test_evil_names_stay_text_in_findings(at: Any) -> None:
    text = f"select 1; -- {EVIL}\n"
    report = one(text, text.strip(), path=f"{EVIL}.sql", message=EVIL, object=EVIL, help=EVIL)
    page = at(findings(report))
    stands_alone(findings(report))
    assert page.js("document.title") == "Findings"
    assert page.js("document.images.length + document.scripts.length") == 2
    assert page.js("document.querySelector('#items .message').textContent") == EVIL
    for by in ("object", "file"):
        page.click(f"[data-by={by}]")
        assert EVIL in page.js("document.querySelector('#groups tbody').textContent")
    assert EVIL in page.js("document.querySelector('#items pre').textContent")


def test_evil_names_stay_text_in_the_graph(at: Any) -> None:
    quoted = EVIL.replace('"', '""').replace("'", "''")[:60]
    text = graph(f'CREATE TABLE "{quoted}" (id int); CREATE VIEW v AS SELECT id FROM "{quoted}";')
    stands_alone(text)
    page = at(text)
    for tab in ("object", "lanes", "impact", "order", "cycles", "outside"):
        page.click(f"#tab-{tab}")
        assert page.js("document.title") == "Schema graph"
        assert page.js("document.images.length + document.scripts.length") == 2
    assert quoted.replace('""', '"')[:20] in page.js("document.getElementById('list').textContent")


def test_evil_names_stay_text_in_the_history(at: Any) -> None:
    evil = line(1, version=EVIL, name=EVIL, error=EVIL, by=EVIL, git_commit=EVIL, plan_hash=EVIL,
                locks=(Lock(EVIL, EVIL),), hooks=(Hook(EVIL, EVIL, False, 0, 0.0, EVIL),))  # fmt: skip
    text = history_html.render((evil,), HEADING._replace(database=EVIL))
    stands_alone(text)
    page = at(text)
    assert page.js("document.title") == f"Migrations of {EVIL}"
    assert page.js("document.images.length + document.scripts.length") == 2
    assert page.js("document.querySelector('#history tbody summary').textContent") == EVIL
    assert page.js("document.querySelector('#drawing a').getAttribute('aria-label')").startswith(EVIL)


def test_data_cannot_end_its_element() -> None:
    page = document("x", EVIL, "", [EVIL, "\u2028", "&lt;", "\udcff"])
    assert data_of(page) == [EVIL, "\u2028", "&lt;", "\udcff"]
    assert page.count("</script>") == 2
    assert "<!--" not in page


# Findings.


def rows_of(page: Page, table: str) -> list[str]:
    found = page.js(
        f"[...document.querySelectorAll('#{table} tbody tr:not([hidden])')].map((r) => r.cells[0].textContent)"
    )
    return [str(each) for each in found]


def test_findings_are_grouped_filtered_and_sorted(at: Any) -> None:
    page = at(findings())
    assert page.js("document.querySelectorAll('#items > li').length") == 6  # two are suppressed
    assert "7 files" in page.js("document.getElementById('totals').textContent")
    page.click("#suppressed")
    assert page.js("document.querySelectorAll('#items > li').length") == 8
    assert "the name is older than this rule" in page.js("document.getElementById('items').textContent")
    page.click("#groups th:first-child button")
    assert page.js("[...document.querySelectorAll('#groups th')].map((h) => h.getAttribute('aria-sort'))") == [
        "ascending", "none", "none", "none", "none"]  # fmt: skip
    assert rows_of(page, "groups") == sorted(rows_of(page, "groups"))
    page.click("#groups th:first-child button")
    assert rows_of(page, "groups") == sorted(rows_of(page, "groups"), reverse=True)
    page.click("[data-by=object]")
    assert "app.order.total" in rows_of(page, "groups")
    page.js(
        "[...document.querySelectorAll('#groups button.link')].find((b) => b.textContent === 'app.order.total').click()"
    )
    assert page.js("document.querySelectorAll('#items > li').length") == 1
    assert "Change the type to numeric" in page.js("document.getElementById('items').textContent")
    assert page.js("document.querySelector('#items mark').textContent") == "total float8"
    page.js("document.activeElement.blur()")
    page.press("/")
    page.type("tenant_id")
    assert "2 findings of 8" in page.js("document.getElementById('count').textContent")
    page.click("#severities button")
    assert page.js("document.querySelector('#severities button').getAttribute('aria-pressed')") == "false"
    assert "0 findings" in page.js("document.getElementById('count').textContent")


def test_excerpts_have_the_lines_of_the_mark() -> None:
    made = data_of(findings())["findings"]
    first = made[0]["source"]
    assert first[0] == 2
    assert first[1][0] == ["", "create table app.order (", ""]
    assert first[1][2] == ["  ", "note text default 'é😀', total float8", ""]
    assert first[2] == 0
    crlf = next(each for each in made if each["rule"] == "foreign-key-missing")
    assert crlf["source"][1] == [["\t", "order_id", " int"]]
    long = data_of(findings(one("select " + "x" * 5000 + ";", "x" * 5000)))["findings"][0]["source"][1][0]
    assert sum(map(len, long)) < 420
    many = data_of(
        findings(one("select\n1,\n2,\n3,\n4,\n5,\n6,\n7,\n8;\n", "select\n1,\n2,\n3,\n4,\n5,\n6,\n7,\n8;"))
    )
    assert (len(many["findings"][0]["source"][1]), many["findings"][0]["source"][2]) == (7, 2)


def test_thousands_of_findings_come_in_batches(at: Any) -> None:
    report = one("select 1;\n", "select")
    found = report.findings[0]
    many = report._replace(
        findings=tuple(found._replace(object=f"o{n}", message=f"m{n}") for n in range(5000))
    )
    page = at(findings(many))
    assert page.js("document.querySelectorAll('#items > li').length") == 100
    page.click("#more button")
    assert page.js("document.querySelectorAll('#items > li').length") == 600
    page.js("document.getElementById('search').focus()")
    page.type("m4999")
    assert page.js("document.querySelectorAll('#items > li').length") == 1


def test_findings_of_a_clean_tree(at: Any) -> None:
    page = at(findings(CLEAR))
    assert "Nothing matches" in page.js("document.getElementById('items').textContent")
    assert "All clear" in page.js("document.getElementById('totals').textContent")


# History.


def test_history_is_there_without_javascript() -> None:
    page = history()
    for text in (
        "0001_step",
        "deployer",
        "2 up to ACCESS EXCLUSIVE",
        "relation &quot;x&quot; does not exist",
        "ACCESS EXCLUSIVE on public.t",
    ):
        assert text in page
    assert '<th scope="row">0001</th>' in page


def test_history_sorts_and_filters(at: Any) -> None:
    page = at(history())
    assert rows_of(page, "history") == ["0001", "0002", "0010", "0003"]
    page.click("#history th:nth-child(5) button")  # seconds: the longest first, what is not known last
    assert rows_of(page, "history") == ["0010", "0003", "0001", "0002"]
    page.press("Enter")  # the head has the focus
    assert rows_of(page, "history") == ["0001", "0003", "0010", "0002"]
    assert (
        page.js("document.querySelector('#history th:nth-child(5)').getAttribute('aria-sort')") == "ascending"
    )
    page.click("#history th:nth-child(4) button")
    assert rows_of(page, "history") == ["0001", "0002", "0003", "0010"]
    page.click("[data-status=applied]")
    assert rows_of(page, "history") == ["0002", "0003"]
    page.js("document.activeElement.blur()")
    page.press("/")
    page.type("does not exist")
    assert rows_of(page, "history") == ["0002"]
    assert page.js("document.getElementById('count').textContent") == "1 of 4 events"
    assert page.js("document.querySelectorAll('#drawing a').length") == 1


def test_the_timeline_leads_to_the_rows(at: Any) -> None:
    page = at(history())
    assert page.js("document.querySelectorAll('#drawing a').length") == 4
    page.js("document.querySelector('#drawing a.failed').focus()")
    page.press("Enter")
    assert page.js("document.querySelector('tr.aim').id") == "e1"
    assert page.js("document.querySelector('tr.aim details').open")
    assert page.js("document.activeElement.tagName") == "SUMMARY"


def test_an_empty_history(at: Any) -> None:
    page = at(history(()))
    assert "Nothing was done yet" in page.js("document.body.textContent")
    assert page.js("document.getElementById('timeline').hidden")


# Graph.


def test_graph_is_searched_by_keyboard(at: Any) -> None:
    page = at(graph())
    page.press("/")
    page.type("v_deep")
    assert "1 object of" in page.js("document.getElementById('count').textContent")
    page.press("Enter")
    assert "read.v_deep" in page.js("document.querySelector('main h2').textContent")
    page.press("Tab")
    page.js("document.getElementById('tab-object').focus()")
    page.press("ArrowRight")
    assert page.js("document.activeElement.id") == "tab-lanes"
    assert page.js("document.getElementById('tab-lanes').getAttribute('aria-selected')") == "true"


def test_lanes_show_cycles_and_on_click_the_impact(at: Any) -> None:
    page = at(graph())
    page.click("#tab-lanes")
    lanes = page.js("[...document.querySelectorAll('.lane')].map((l) => l.getAttribute('aria-label'))")
    assert sorted(lanes) == ["no schema", "public", "read"]
    assert lanes.index("public") < lanes.index("read")  # what is needed comes first
    named = "[...document.querySelectorAll('.lane button%s')].map((b) => b.textContent).sort()"
    assert page.js(named % ".bad") == ["w_line", "w_order"]
    page.js("[...document.querySelectorAll('.lane button')].find((b) => b.textContent === 'w_order').click()")
    assert page.js(named % ".centre") == ["w_order"]
    assert page.js(named % ".hit") == ["v_deep", "v_order", "w_line"]
    assert "refused by DROP" in page.js("document.getElementById('fallout').textContent")
    page.click("#only")
    assert page.js(named % "").count("alone") == 1
    assert page.js("[...document.querySelectorAll('.lane li:not([hidden]) button')].map((b) => b.textContent).sort()") == [
        "v_deep", "v_order", "w_line", "w_order"]  # fmt: skip
    page.click("#tab-cycles")
    assert "1 cycle" in page.js("document.querySelector('main').textContent")


def test_long_lists_are_made_in_parts(at: Any) -> None:
    views = "".join(f"CREATE VIEW v{n} AS SELECT id FROM t;" for n in range(450))
    page = at(graph(f"CREATE TABLE t (id int PRIMARY KEY);{views}"))
    page.click("#tab-impact")
    items = "document.querySelectorAll('main li').length"
    assert page.js(items) == 200
    assert "450 dependents" in page.js("document.querySelector('main').textContent")
    page.click("main button.chip")
    page.click("main button.chip")
    assert page.js(items) == 450
    assert page.js("document.querySelector('main button.chip')") is None


def test_layers_are_the_lanes(at: Any) -> None:
    config = "layers: [{name: query, paths: [r/**]}, {name: write, paths: [w/**]}]"
    files = {
        "w/t.sql": "CREATE TABLE t (id int PRIMARY KEY);",
        "r/v.sql": "CREATE VIEW v AS SELECT id FROM t;",
    }
    opened = open_texts(files, config)
    layers = opened.context.layers
    made = build_graph(
        opened.context.catalog,
        list(files),
        opened.context.text,
        layer=lambda entity: getattr(layers.of(entity), "name", ""),
    )
    page = at(graph_html.render(made))
    page.click("#tab-lanes")
    assert page.js("[...document.querySelectorAll('.lane')].map((l) => l.getAttribute('aria-label'))") == [
        "write",
        "query",
    ]
    assert "needs write (1)" in page.js("document.querySelector('.lane:last-of-type h3').textContent")
