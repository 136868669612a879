"""dot, mermaid and html: goldens of a small schema, names that need escaping, limits."""

from tests.graph.test_document import graph_of
from tests.page.pages import data_of, stands_alone

from confiture_linter.graph import render_dot, render_html, render_mermaid
from confiture_linter.graph.narrow import neighbourhood, of_kinds

SMALL = graph_of(
    """CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW "v ""<x>" AS SELECT id FROM t;
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; END $$;
"""
)

DOT = r"""digraph schema {
  rankdir=LR;
  node [fontname="sans-serif", fontsize=10];
  edge [fontname="sans-serif", fontsize=8];
  subgraph cluster_0 {
    label="public";
    "function:public.f()" [label="f", shape=ellipse, tooltip="function:public.f() schema.sql:3"];
    "table:public.t" [label="t", shape=box, tooltip="table:public.t schema.sql:1"];
    "view:public.v \"<x>" [label="v \"<x>", shape=box, tooltip="view:public.v \"<x> schema.sql:2", style="rounded"];
  }
  "function:public.f()" -> "table:public.t" [label="writes", style=dashed];
  "view:public.v \"<x>" -> "table:public.t" [label="reads"];
}
"""

MERMAID = """flowchart LR
  subgraph g0["public"]
    n0(["f"])
    n1["t"]
    n2("v #34;#60;x#62;")
  end
  n0 -.->|writes| n1
  n2 -->|reads| n1
"""


def test_dot() -> None:
    assert render_dot.render(SMALL) == DOT


def test_mermaid() -> None:
    assert render_mermaid.render(SMALL) == MERMAID


def test_mermaid_says_what_it_leaves_out() -> None:
    views = "".join(f"CREATE VIEW v{n} AS SELECT 1 AS x FROM t;" for n in range(501))
    text = render_mermaid.render(graph_of(f"CREATE TABLE t (id int); {views}"))
    assert text.count("-->") == render_mermaid.LIMIT
    assert "500 of 501 edges shown: narrow with --object NAME" in text


def test_mermaid_marks_cycles() -> None:
    graph = graph_of(
        "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);"
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;"
    )
    assert "  class n0,n1 cycle\n" in render_mermaid.render(graph)


def test_html_stands_alone_and_cannot_be_broken_out_of() -> None:
    page = render_html.render(graph_of("CREATE TABLE \"</script><script>alert('x')\" (id int);"))
    stands_alone(page)
    assert data_of(page)["nodes"][0][3] == "</script><script>alert('x')"


def test_neighbourhood_and_kinds() -> None:
    graph = graph_of(
        "CREATE TABLE a (id int); CREATE VIEW b AS SELECT id FROM a; CREATE VIEW c AS SELECT id FROM b;"
    )
    assert [n.name for n in neighbourhood(graph, ["table:public.a"], 1).nodes] == ["a", "b"]
    assert [n.name for n in neighbourhood(graph, ["table:public.a"], 2).nodes] == ["a", "b", "c"]
    assert [n.name for n in of_kinds(graph, {"view"}).nodes] == ["b", "c"]
    assert len(of_kinds(graph, {"view"}).edges) == 1
