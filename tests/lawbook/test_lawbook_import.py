"""From a file to the tables: once, whole or not at all, and said in words."""

import datetime
import importlib.util
import io
import re
import sqlite3

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from lawbook.examples import community_correction_law
from lawbook.models import Article, Citation, Division, Explanation, Item, Law, LawVersion, Paragraph, Status
from lawbook.sources import corpus as corpus_module
from trust.models import AuditEvent

pytestmark = pytest.mark.django_db

BODY = ["第一条　浇水有规矩，早晚浇。", "第二条　剪刀要洗净。", "第三条　本条例自2024年5月1日起施行。"]


def run(*args, **options):
    out = io.StringIO()
    call_command("import_law", *args, stdout=out, **options)
    return out.getvalue()


def counts():
    return [model.objects.count() for model in (Law, LawVersion, Division, Article, Paragraph, Item)]


def test_a_law_comes_in_with_all_its_parts(law_files):
    run(str(law_files["law.docx"]), slug="flowers")
    assert counts() == [1, 1, 5, 7, 9, 3]
    version = LawVersion.objects.get()
    assert (version.status, version.adopted_on, version.effective_on) == (
        "in_force",
        datetime.date(2024, 3, 12),
        datetime.date(2024, 5, 1),
    )
    assert Article.objects.get(number=3, suffix=1).label == "第三条之一"


def test_the_same_text_from_any_layout_is_one_version(law_files):
    run(str(law_files["plain.txt"]), slug="flowers")
    before = [Article.objects.order_by("pk").first().pk, *counts()]
    for path in law_files.values():
        run(str(path))
    assert [Article.objects.order_by("pk").first().pk, *counts()] == before


def test_a_changed_text_is_another_version_and_the_old_one_stays(write_law):
    run(str(write_law(BODY, contents=[])), slug="flowers")
    changed = [BODY[0].replace("早晚浇", "天天浇"), BODY[2].replace("三", "二", 1), "第三条　落叶要扫净。"]
    said = run(str(write_law(changed, contents=[])))
    assert LawVersion.objects.count() == 2
    assert "~ 第一条：[-早晚-]{+天天+}" in said
    assert "~ 第二条" in said
    assert Article.objects.filter(number=1).count() == 2


def test_new_and_lost_articles_are_named(write_law):
    run(str(write_law(BODY, contents=[])), slug="flowers")
    said = run(str(write_law([BODY[0], "第一条之一　新来的。"], contents=[])))
    assert "+ 新增第一条之一" in said
    assert "- 删去第三条" in said


def test_a_dry_run_says_it_all_and_changes_nothing(write_law):
    said = run(str(write_law()), slug="flowers", dry_run=True)
    assert "7" in said
    assert counts() == [0] * 6


def test_a_broken_file_changes_nothing_and_is_told_by_row(write_law):
    run(str(write_law()), slug="flowers")
    before = counts()
    with pytest.raises(CommandError, match=r"6[^\n]*第三条[^\n]*接下来是第二条"):
        run(str(write_law(["第一条　浇水有规矩。", "", "第三条　剪刀要洗净。"], contents=[])))
    assert counts() == before


LINES = ["第一条　浇水有规矩。", "第二条　剪刀要洗净。", "第三条　落叶要扫净。"]
#: What is broken: its lines, and what the refusal must say: the row, what was found, what was expected.
BROKEN = {
    "a gap": ([LINES[0], LINES[2]], r"第 5 行[^\n]*第三条[^\n]*接下来是第二条"),
    "a repeat": ([*LINES[:2], LINES[1]], r"第 6 行[^\n]*第二条"),
    "no first article": (LINES[1:], r"第 4 行[^\n]*第二条[^\n]*第一条"),
    "an article without words": ([LINES[0], "第二条", LINES[2]], r"第 5 行[^\n]*第二条"),
    "a machine's summary": ([LINES[0], "摘要：本条说的是浇水。", *LINES[1:]], r"第 5 行[^\n]*摘要"),
    "a machine's remark": ([*LINES, "以上内容由人工智能生成，仅供参考。"], r"第 7 行[^\n]*人工智能"),
    "a link": ([*LINES, "原文见 https://example.org/law 网页。"], r"第 7 行[^\n]*example\.org"),
    "chapters out of order": (["第二章　剪", LINES[0], "第一章　浇", LINES[1]], r"第 4 行[^\n]*第二章"),
    "a chapter of nothing": (["第一章　总", "第二章　剪", LINES[0]], r"第 4 行[^\n]*第一章"),
    "items out of order": (["第一条　做到：", "（一）浇水；", "（三）修剪。"], r"第 6 行[^\n]*（三）"),
    "a sentence cut off": (["第一条　浇水有规矩，土还湿着就", LINES[1]], r"第 4 行[^\n]*"),
    "no article at all": ([], r"条"),
}


def everything():
    """All that an import may change, row by row."""
    models = (Law, LawVersion, Division, Article, Paragraph, Item, Citation)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_each_of_a_dozen_broken_files_is_refused_in_words_and_changes_nothing(flower_law, write_law):
    before = everything()
    for what, (body, words) in BROKEN.items():
        with pytest.raises(CommandError) as refusal:
            run(str(write_law(body, contents=[], name="broken.txt")))
        assert re.search(words, str(refusal.value)), (what, str(refusal.value))
        assert "broken.txt" in str(refusal.value), what
        assert everything() == before, what


def test_a_failure_halfway_leaves_nothing(write_law, monkeypatch):
    def fail(rows):
        raise RuntimeError("disk full")

    monkeypatch.setattr(Item.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        run(str(write_law()), slug="flowers")
    assert counts() == [0] * 6


def test_a_new_law_needs_an_address(write_law):
    with pytest.raises(CommandError, match="--slug"):
        run(str(write_law()))
    with pytest.raises(CommandError, match="--slug"):
        run(str(write_law()), slug="花木")
    assert counts() == [0] * 6


def test_an_address_belongs_to_one_law(flower_law, write_law):
    other = write_law(BODY, contents=[], front=["示例草地条例"], name="grass.txt")
    with pytest.raises(CommandError, match="flowers"):
        run(str(other), slug="flowers")
    run(str(other), slug="grass")
    assert sorted(Law.objects.values_list("slug", "is_default")) == [("flowers", True), ("grass", False)]


def test_finer_headings_are_taken_over_without_touching_the_words(write_law):
    run(str(write_law(BODY, contents=[])), slug="flowers")
    before = list(Article.objects.values_list("pk", "label"))
    said = run(str(write_law(["第一章　总则", *BODY], contents=[])))
    assert "编章节" in said
    assert list(Article.objects.values_list("pk", "label")) == before
    assert {article.division.title for article in Article.objects.select_related("division")} == {"总则"}


def test_a_moved_article_is_told_as_moved(write_law):
    run(str(write_law(BODY, contents=[])), slug="flowers")
    said = run(str(write_law(["第一条　新来的一条，讲落叶。", BODY[0].replace("一", "二", 1)], contents=[])))
    assert "~ 第二条（原第一条）" in said
    assert "+ 新增第一条" in said


def test_all_listed_laws_come_at_once_and_the_second_time_change_nothing(corpus):
    said = run("corpus", all_listed=True)
    assert "新增 9" in said
    laws = {law.slug: law for law in Law.objects.all()}
    assert {slug: law.versions.count() for slug, law in laws.items()} == {
        "community-correction": 1,
        "criminal-law": 1,
        "criminal-procedure": 1,
        "prison-law": 2,
        "protection-of-minors": 1,
        "prevention-of-juvenile-crime": 1,
        "public-security-penalties": 1,
        "legal-aid": 1,
    }
    assert laws["community-correction"].is_default
    assert laws["prison-law"].topic == "criminal"
    assert Citation.objects.filter(law=laws["criminal-law"]).exists()  # one law names another
    before = counts()
    again = run("corpus", all_listed=True)
    assert "新增 0，更新 0，未变 9" in again
    assert counts() == before


def test_a_dry_run_of_all_laws_changes_nothing(corpus):
    assert "新增 9" in run("corpus", all_listed=True, dry_run=True)
    assert counts() == [0] * 6


def test_a_law_keeps_the_address_that_it_has(corpus):
    run("corpus", title="社区矫正法", slug="correction")
    run("corpus", all_listed=True)
    assert Law.objects.get(title__endswith="社区矫正法").slug == "correction"


def test_what_a_corpus_has_not_is_said(tmp_path):
    path = tmp_path / "laws.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE laws (law_id TEXT, law_name TEXT)")
    said = run(str(path), all_listed=True)
    assert "刑法：这个语料库里没有。" in said
    assert counts() == [0] * 6


def test_a_corpus_that_is_none_is_refused(tmp_path):
    path = tmp_path / "laws.db"
    path.write_bytes(b"not a database at all")
    with pytest.raises(CommandError, match="SQLite"):
        run(str(path), all_listed=True)
    with pytest.raises(CommandError, match=r"gone\.db"):
        run(str(tmp_path / "gone.db"), all_listed=True)


def test_without_the_corpus_the_command_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CommandError, match="make law"):
        run("corpus", title="社区矫正法", slug="x")


def test_a_corpus_needs_a_title(tmp_path):
    with pytest.raises(CommandError, match="--title"):
        run(str(tmp_path / "laws.db"), slug="x")


def test_every_import_is_in_the_trail(write_law):
    run(str(write_law()), slug="flowers")
    event = AuditEvent.objects.filter(action="law.import").latest("pk")
    assert event.detail["created"] == 1


def test_official_words_cannot_be_saved_again(flower_law):
    for part in (Article, Paragraph, Item, Division):
        with pytest.raises(PermissionDenied):
            part.objects.first().save()


def test_the_law_of_the_starter_site_comes_whole(corpus):
    law = community_correction_law()
    version = law.versions.get()
    assert version.articles.count() == 63
    assert version.divisions.count() == 9
    assert version.status_on(datetime.date(2020, 6, 30)) == Status.FUTURE
    assert version.status_on(datetime.date(2020, 7, 1)) == Status.IN_FORCE
    assert law.explanations.count() >= 12
    assert not law.explanations.filter(signed=True).exists()


def test_the_example_can_be_made_twice_and_keeps_an_editors_words(corpus):
    community_correction_law()
    Explanation.objects.filter(number=24).update(gist="编辑改过的一句话")
    community_correction_law()
    assert Explanation.objects.get(number=24).gist == "编辑改过的一句话"
    assert LawVersion.objects.count() == 1


def test_the_example_is_none_without_a_corpus(monkeypatch):
    monkeypatch.setattr(corpus_module.importlib.util, "find_spec", lambda name: None)
    assert community_correction_law() is None


@pytest.mark.parametrize(("title", "slug", "versions"), [("刑法", "criminal", 1), ("监狱法", "prison", 2)])
def test_large_laws_and_two_versions_come_from_the_corpus(corpus, title, slug, versions):
    run("corpus", title=title, slug=slug)
    law = Law.objects.get(slug=slug)
    assert law.versions.count() == versions
    if slug == "prison":
        assert [law.version_on(datetime.date(*day)).articles.count() for day in ((2026, 10, 31), (2026, 11, 1))] == [
            78,
            121,
        ]
    else:
        assert law.versions.get().status_today == Status.AMENDED
        assert Article.objects.filter(suffix__gt=0).count() == 53
