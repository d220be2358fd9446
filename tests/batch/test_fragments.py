"""The second wall: fragments lose what runs, loads or redirects; tables get a container."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.batch.fragments import safe_fragment


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "<script src=https://example.com/x.js></script>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<svg onload=alert(1)></svg>",
        "<a href=' java\nscript:alert(1)'>x</a>",
        "<a href=data:text/html,x>x</a>",
        "<meta http-equiv=refresh content='0;url=https://example.com'>",
        "<link rel=stylesheet href=//example.com/x.css>",
        "<base href=https://example.com>",
        "<form action=https://example.com><button formaction=javascript:x>go</button></form>",
        "<noembed><img title='</noembed><img src=x onerror=alert(1)>'></noembed>",
        "<style>a { } </style><img src=x onerror=alert(1)>",
        "<plaintext>",
        "<scr<script>ipt>alert(1)</script>",
    ],
)
def test_nothing_runs_loads_or_redirects(hostile: str) -> None:
    cleaned = safe_fragment(hostile).lower()
    for trace in ("<script", "<iframe", "<img src=x", " onerror=", " onload=", "http-equiv", "<link", "<base", "<form"):
        assert trace not in cleaned
    assert "javascript:" not in cleaned
    assert "=https://example" not in cleaned.replace('"', "")


def test_what_views_display_stays() -> None:
    shown = '<p class="kam-answer">A &amp; B &lt;x&gt;</p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'
    assert safe_fragment(shown) == shown.replace("viewBox", "viewbox").replace("/></svg>", "></path></svg>")
    assert safe_fragment('<a href="https://example.com">x</a>') == '<a href="https://example.com">x</a>'
    assert (
        safe_fragment('<img src="data:image/png;base64,AA" alt="x">') == '<img src="data:image/png;base64,AA" alt="x">'
    )


def test_a_table_gets_one_container_and_keeps_its_own() -> None:
    assert safe_fragment("<table><tr><td>1</table>", "Accounts") == (
        '<div class="table-scroll" role="region" tabindex="0" aria-label="Accounts"><table><tr><td>1</td></tr></table></div>'
    )
    own = '<div class="kam-table"><table></table></div>'
    assert safe_fragment(own) == own
    assert safe_fragment("<table><tr><td><table></table></table>").count("table-scroll") == 1


def test_what_is_dropped_takes_along_what_is_in_it_and_nothing_else() -> None:
    assert safe_fragment("<b>a<object><i>x</b></object>c</b>d") == "<b>ac</b>d"
    assert safe_fragment("<object>x<object>y</object>z</object>w</object>v") == "wv"
    assert safe_fragment("<p><em>a</p>b") == "<p><em>a</em></p>b"


def test_a_fragment_cannot_close_what_is_around_it() -> None:
    assert safe_fragment("</div></main>a<b>c") == "a<b>c</b>"


@given(st.text(alphabet="<>/\"'=ab scriptonerror!-&;"))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = safe_fragment(text)
    assert safe_fragment(once) == once
