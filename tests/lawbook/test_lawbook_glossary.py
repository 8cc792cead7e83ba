"""Terms: on their page, in explanations, in the admin, and from the starter file."""

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lawbook import examples
from lawbook.importing import import_record
from lawbook.models import Citation, Explanation, GlossaryTerm
from lawbook.signing import sign
from lawbook.sources.reading import read_source
from trust.approvals import OwnWork
from trust.errors import InputError
from trust.roles import Role, group_of, sync_roles

pytestmark = pytest.mark.django_db
ARTICLE = "/law/flowers/article-3/"


@pytest.fixture
def terms(flower_law):
    rows = [
        ("花木", "", "树、花和草。见第二条。"),
        ("花木养护", "养护花木", "浇水和修剪。"),
        ("雨水", "", "天上落下来的水。"),
    ]
    return [
        GlossaryTerm.objects.create(
            term=term, other_forms=forms, meaning=meaning, law=flower_law, number=2, order=order
        )
        for order, (term, forms, meaning) in enumerate(rows, 1)
    ]


@pytest.fixture
def explained(flower_law):
    return Explanation.objects.create(
        law=flower_law,
        number=3,
        gist="花木怎么浇水",
        who="花木养护的住户，也就是给花木浇水的人；花木养护要耐心。",
        meaning="花木渴了才浇。雨水也行，见第三条之一。",
        note="养护花木不用自来水<b>。",
    )


def page_of(client, url=ARTICLE):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def marked(html):
    return re.findall(r'<a class="term" href="[^"]+" data-term="[^"]+">([^<]+)</a>', html)


def test_terms_become_links_to_the_glossary_without_a_script(client, terms, explained):
    page = page_of(client)
    link = f'<a class="term" href="/law/glossary/#t{terms[0].pk}" data-term="term-{terms[0].pk}">花木</a>'
    assert link in page
    assert f'id="term-{terms[0].pk}"' in page
    assert f'id="t{terms[0].pk}"' in page_of(client, "/law/glossary/")


def test_the_longest_form_wins_and_only_the_first_place_in_a_section_is_marked(client, terms, explained):
    who, meaning = page_of(client).split('<div class="note">')[0].split("<h3>")[1:3]
    assert marked(who) == ["花木养护", "花木"]
    assert marked(meaning) == ["花木", "雨水"]


def test_another_form_leads_to_the_same_term(client, terms, explained):
    note = page_of(client).split('<div class="note">')[1].split("</div>")[0]
    assert f'data-term="term-{terms[1].pk}">养护花木</a>不用自来水&lt;b&gt;' in note


def test_official_words_and_links_hold_no_term(client, terms, explained, flower_law):
    GlossaryTerm.objects.create(term="第三条", meaning="不该标出来。", law=flower_law)
    page = page_of(client)
    official = page.split('class="official"')[1].split("</section>")[0]
    assert "雨" in official
    assert marked(official) == []
    assert '<a href="/law/flowers/article-3-1/">第三条之一</a>' in page
    assert "第三条</a>之一" not in page


def test_an_article_with_terms_still_takes_four_queries(client, terms, explained):
    client.get(ARTICLE)
    with CaptureQueriesContext(connection) as queries:
        client.get(ARTICLE)
    assert len([query for query in queries if '"lawbook_' in query["sql"]]) <= 4


def test_the_glossary_takes_two_queries_and_links_what_it_cites(client, terms):
    client.get("/law/glossary/")
    with CaptureQueriesContext(connection) as queries:
        page = page_of(client, "/law/glossary/")
    assert len([query for query in queries if '"lawbook_' in query["sql"]]) <= 2
    assert '见<a href="/law/flowers/article-2/">第二条</a>' in page
    assert Citation.objects.get(source_type__model="glossaryterm").kind == "术语"
    assert "也写作：" in page
    assert re.findall(r'<a href="#t\d+">([^<]+)</a>', page) == ["花木", "花木养护", "雨水"]


def test_unsigned_terms_carry_their_mark_in_a_demo_and_are_not_served_in_production(client, terms, explained, settings):
    settings.DEMO = True
    assert page_of(client, "/law/glossary/").count("示例·待审核") == 3
    settings.DEMO = False
    Explanation.objects.update(signed=True, reviewed_on="2026-01-01")
    assert "术语还在整理" in page_of(client, "/law/glossary/")
    page = page_of(client)
    assert "花木渴了才浇" in page
    assert marked(page) == []
    assert not GlossaryTerm.public_objects().exists()


def test_a_draft_of_a_term_is_served_nowhere(client, terms):
    GlossaryTerm.objects.filter(pk=terms[2].pk).update(live=False)
    assert "雨水" not in page_of(client, "/law/glossary/")


def test_a_second_person_signs_a_term_and_a_change_takes_the_signature_off(terms, client, settings):
    sync_roles()
    users = {}
    for name, role in (("writer", Role.EDITOR), ("checker", Role.FIRST_REVIEWER)):
        users[name] = get_user_model().objects.create_user(name, password="x")
        users[name].groups.add(group_of(role))
    terms[0].save_revision(user=users["writer"]).publish()
    term = GlossaryTerm.objects.get(pk=terms[0].pk)
    with pytest.raises(OwnWork):
        sign(term, users["writer"])
    client.force_login(users["checker"])
    assert "树、花和草" in client.get(reverse("lawbook_sign_term", args=[term.pk])).content.decode()
    client.post(reverse("lawbook_sign_term", args=[term.pk]))
    term.refresh_from_db()
    assert term.signed
    assert term.reviewer == "checker"
    settings.DEMO = False
    assert "checker" in page_of(client, "/law/glossary/")
    term.meaning = "别的意思。"
    term.save_revision(user=users["writer"]).publish()
    assert not GlossaryTerm.objects.get(pk=term.pk).signed


def test_no_term_is_marked_inside_the_title_of_a_law(client, terms, flower_law):
    Explanation.objects.create(
        law=flower_law, number=3, gist="花木怎么浇水", who="《花木养护法》说的人。", meaning="先看雨水。"
    )
    assert marked(page_of(client)) == ["雨水"]


def test_editors_find_the_glossary_in_the_admin(client, terms):
    sync_roles()
    editor = get_user_model().objects.create_user("writer", password="x")
    editor.groups.add(group_of(Role.EDITOR))
    client.force_login(editor)
    viewset = GlossaryTerm.snippet_viewset
    assert "花木养护" in client.get(reverse(viewset.get_url_name("list"))).content.decode()
    assert client.get(reverse(viewset.get_url_name("edit"), args=[terms[0].pk])).status_code == 200


def test_no_law_can_take_the_address_of_the_glossary(flower_law, write_law):
    record = read_source(write_law(front=["示例草地条例"], contents=[], name="grass.txt"))
    with pytest.raises(InputError):
        import_record(record, slug="glossary")
    flower_law.slug = "glossary"
    with pytest.raises(Exception, match="另有用途"):
        flower_law.full_clean()


@pytest.fixture
def starter_file(tmp_path, monkeypatch):
    path = tmp_path / "glossary.json"
    monkeypatch.setattr(examples, "GLOSSARY", path)

    def write(entries):
        path.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")

    return write


def test_the_starter_glossary_comes_once_and_keeps_an_editors_words(flower_law, starter_file):
    entry = {"term": "花木", "also": ["花草树木", "绿化"], "meaning": "树、花和草。", "article": "第二条"}
    starter_file([entry, {"term": "住户", "also": [], "meaning": "住在这里的人。", "article": "第九十九条"}])
    examples.terms_of(flower_law)
    first, second = GlossaryTerm.objects.all()
    assert (first.forms, first.key, first.order, first.signed) == (["花草树木", "绿化"], (2, 0), 1, False)
    assert second.key is None  # the law has no such article
    GlossaryTerm.objects.filter(pk=first.pk).update(meaning="编辑改过。")
    examples.terms_of(flower_law)
    assert [term.meaning for term in GlossaryTerm.objects.all()] == ["编辑改过。", "住在这里的人。"]


def test_a_starter_file_with_a_number_that_is_none_is_refused(flower_law, starter_file):
    starter_file([{"term": "花木", "meaning": "树、花和草。", "article": "二条条"}])
    with pytest.raises(ValueError, match="二条条"):
        examples.terms_of(flower_law)


def test_without_a_starter_file_there_are_no_terms(flower_law, starter_file):
    assert examples.terms_of(flower_law) == []
