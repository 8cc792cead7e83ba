"""Stored citations: made when a text is saved, gone when it is, and renewed with a new text of the law."""

import pytest
from django.core.management import call_command

from jobs.queue import enqueue
from jobs.worker import work_once
from lawbook.importing import import_record
from lawbook.linking import Book, relink_everything
from lawbook.links import linker_for
from lawbook.models import Article, Citation, Explanation, Law
from lawbook.sources.reading import read_source

pytestmark = pytest.mark.django_db


def explain(law, meaning, number=1, **fields):
    return Explanation.objects.create(law=law, number=number, gist="一句话", meaning=meaning, **fields)


def cited_by(obj):
    rows = Citation.objects.filter(source_type__model=obj._meta.model_name, source_id=str(obj.pk))
    return sorted((row.key, row.paragraph, row.item) for row in rows)


def test_a_law_cites_itself_from_its_import_on(flower_law):
    fourth = Article.objects.get(number=4)
    assert cited_by(fourth) == [((3, 0), 1, 2)]
    assert Citation.objects.get(source_id=str(fourth.pk)).kind == "法条"


def test_an_explanation_is_linked_when_it_is_saved(flower_law):
    explanation = explain(flower_law, "见第三条第二款、第四条，还有第九十九条；本条就是第一条。")
    assert cited_by(explanation) == [((3, 0), 2, 0), ((4, 0), 0, 0)]
    explanation.meaning = "见第五条。"
    explanation.save()
    assert cited_by(explanation) == [((5, 0), 0, 0)]
    explanation.delete()
    assert not Citation.objects.filter(source_type__model="explanation").exists()


def test_what_the_public_cannot_read_cites_nothing(flower_law, settings):
    explanation = explain(flower_law, "见第三条。")
    explanation.live = False
    explanation.save()
    assert cited_by(explanation) == []
    explanation.live = True
    explanation.save()
    assert cited_by(explanation) == [((3, 0), 0, 0)]
    settings.DEMO = False
    relink_everything()
    assert cited_by(explanation) == []


def test_a_draft_on_the_desk_does_not_change_what_is_cited(flower_law):
    explanation = explain(flower_law, "见第三条。")
    explanation.meaning = "见第四条。"
    explanation.save_revision()
    assert cited_by(explanation) == [((3, 0), 0, 0)]
    explanation.latest_revision.publish()
    assert cited_by(explanation) == [((4, 0), 0, 0)]


def test_another_law_is_linked_once_it_is_here(flower_law, write_law):
    explanation = explain(flower_law, "见《示例草地条例》第二条和示例草地条例第九条。")
    assert cited_by(explanation) == []
    body = ["第一条　草要剪短。", "第二条　草要浇水。"]
    import_record(read_source(write_law(body, contents=[], front=["示例草地条例"], name="grass.txt")), slug="grass")
    assert cited_by(explanation) == [((2, 0), 0, 0)]
    html = linker_for(explanation, flower_law).html(explanation.meaning)
    assert html == ('见<a href="/law/grass/article-2/">《示例草地条例》第二条</a>和示例草地条例第九条。')


def test_an_alias_is_a_name_of_the_law(flower_law):
    Law.objects.filter(pk=flower_law.pk).update(aliases="花木条例\n绿化条例")
    found = Book().citations_in("按照《绿化条例》第四条和花木条例第五条")
    assert [(law.slug, citation.article.number) for citation, law in found] == [("flowers", 4), ("flowers", 5)]


def test_a_new_text_takes_over_the_citations_of_the_old(flower_law, write_law):
    body = ["第一条　看第二条。", "第二条　本条例自2025年1月1日起施行。"]
    front = ["示例街区花木养护条例", "2024年12月1日示例街区居民会议第三次会议修订"]
    import_record(read_source(write_law(body, contents=[], front=front)))
    current = Article.public_objects().get(number=1)
    assert [row.source_id for row in Citation.objects.all()] == [str(current.pk)]


def test_the_command_and_the_nightly_job_find_the_same(flower_law):
    explain(flower_law, "见第三条。")
    before = list(Citation.objects.order_by("number", "source_id").values_list("law", "number", "source_id"))
    Citation.objects.all().delete()
    call_command("relink", verbosity=0)
    assert list(Citation.objects.order_by("number", "source_id").values_list("law", "number", "source_id")) == before
    Citation.objects.all().delete()
    enqueue("lawbook.relink", {})
    work_once()
    assert Citation.objects.count() == len(before)
