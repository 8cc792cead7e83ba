"""Citations in safe HTML become links; nothing else changes."""

import pytest
from django.template import Context, Template

from lawbook.html_links import link_citations_html
from lawbook.links import Linker, linker_for
from lawbook.models import Citation, Explanation, GlossaryTerm

pytestmark = pytest.mark.django_db
SECOND = '<a href="/law/flowers/article-2/">第二条</a>'


@pytest.fixture
def linker(flower_law):
    """Knows 第二条 and 第三条 of the invented law."""
    rows = [Citation(law=flower_law, number=number, suffix=0) for number in (2, 3)]
    return Linker(flower_law, rows)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>见第二条。</p>", f"<p>见{SECOND}。</p>"),
        ("见第二条", f"见{SECOND}"),
        ('<p class="a">第二条</p><!-- 第二条 -->', f'<p class="a">{SECOND}</p><!-- 第二条 -->'),
        ("<p>甲 &amp; 乙 &lt;第二条&gt;</p>", f"<p>甲 &amp; 乙 &lt;{SECOND}&gt;</p>"),
        ("<p>第&#20108;条</p>", f"<p>{SECOND}</p>"),
        (
            "<p>第三条第一款第（二）项</p>",
            '<p><a href="/law/flowers/article-3/#p1-i2">第三条第一款第（二）项</a></p>',
        ),
        ('<p>见<b>第二条</b>、<img src="x.png" alt="第二条"><br>末</p>', None),
    ],
)
def test_text_is_linked_and_markup_stays(linker, before, after):
    after = after or before.replace("<b>第二条</b>", f"<b>{SECOND}</b>")
    assert link_citations_html(before, linker) == after


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="/x/">看第二条</a>',
        '<a href="/x/">看<b>第二条</b></a>',
        "<h2>第二条</h2>",
        "<code>第二条</code>",
        "<script>var a = '第二条';</script>",
        "<textarea>第二条</textarea>",
        "<button>第二条</button>",
        "<svg><text>第二条</text></svg>",
        "<p>第九条和第二条线路</p>",
        '<p title="第二条">没有</p>',
        "<p>《另一部<b>条例</b>》第二条</p>",
        "<p>第二<b>条</b></p>",
    ],
)
def test_what_must_not_be_linked_is_not(linker, markup):
    assert link_citations_html(markup, linker) == markup


def test_links_go_on_after_a_closed_part(linker):
    assert link_citations_html("<h2>第二条</h2><p>第二条</p>", linker) == f"<h2>第二条</h2><p>{SECOND}</p>"
    assert link_citations_html("<h2>第二条</h2>", linker, headings=True) == f"<h2>{SECOND}</h2>"


def test_a_list_of_articles_across_tags_belongs_to_the_law_named_first(linker, flower_law):
    markup = "<p>《示例街区花木养护条例》第二条、<em>第三条</em></p>"
    assert link_citations_html(markup, linker).count("<a ") == 2


def test_an_object_with_nothing_to_link_comes_out_as_it_was(flower_law):
    assert link_citations_html("<p>第二条</p>", Linker(flower_law, [])) == "<p>第二条</p>"


def test_the_filters_serve_templates(flower_law, django_assert_num_queries):
    term = GlossaryTerm.objects.create(term="花木", meaning="见第二条。\n<b>", law=flower_law)
    template = Template(
        "{% load lawbook_tags citation_links %}"
        "{{ html|linked_html:linker }}|{{ term.meaning|citations_of:term }}|{{ html|html_citations_of:term }}"
    )
    context = Context({"html": "<p>第二条</p>", "linker": linker_for(term), "term": term})
    with django_assert_num_queries(1):  # once for all texts of an object
        shown = template.render(context)
    assert shown == f"<p>{SECOND}</p>|见{SECOND}。<br>&lt;b&gt;|<p>{SECOND}</p>"


def test_an_explanations_own_text_is_linked_by_its_stored_rows(flower_law):
    explanation = Explanation.objects.create(law=flower_law, number=1, gist="一", meaning="见第二条和第九十九条。")
    assert link_citations_html("<p>第二条，第三条</p>", linker_for(explanation)) == f"<p>{SECOND}，第三条</p>"
