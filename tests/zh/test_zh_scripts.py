"""Simplified to traditional in texts and pages, folding for search, and who reads what."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zh.markup import html_to_traditional
from zh.scripts import TableError, fold, prefers_traditional, read_table, to_traditional
from zh.tokens import highlight_spans, index_text, query_text


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("社区矫正对象", "社區矯正對象"),
        ("公里和里程", "公里和里程"),
        ("这里、村里、心里、邻里", "這裏、村裏、心裏、鄰里"),
        ("只有一只船只能开", "只有一隻船只能開"),
        ("干部干扰干净的饼干，若干干涉", "幹部干擾乾淨的餅乾，若干干涉"),
        ("皇后以后", "皇后以後"),
        ("头发发现", "頭髮發現"),
        ("行政复议、恢复、复印、答复、死刑复核", "行政復議、恢復、複印、答覆、死刑覆核"),
        ("公布、发布、宣布", "公布、發布、宣布"),
        ("批准标准", "批准標準"),
        ("制定制度，制作制品", "制定制度，製作製品"),
        ("征收、征求、长征", "徵收、徵求、長征"),
        ("台风刮倒平台，他去台山", "颱風颳倒平台，他去台山"),
        ("年满十四周岁，四周岁，一周", "年滿十四周歲，四周歲，一週"),
        ("合并执行并处罚款", "合併執行並處罰款"),
        ("系指关系，但系初犯，联系", "係指關係，但係初犯，聯繫"),
        ("说明税务、户口、脱离、群众、阅读", "說明稅務、戶口、脫離、群眾、閱讀"),
        ("二维码 QR24", "二維碼 QR24"),
        ("", ""),
    ],
)
def test_words_are_chosen_by_their_context(simplified, traditional):
    assert to_traditional(simplified) == traditional


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("证人参加诉讼，第三人参与，工会党参加", "證人參加訴訟，第三人參與，工會黨參加"),
        ("逃逸致人受伤", "逃逸致人受傷"),
        ("可以向应当到场的人", "可以向應當到場的人"),
        ("管理发生变化，处理发现", "管理發生變化，處理發現"),
        ("不得采取，不得采用", "不得採取，不得採用"),
        ("要求签订，以下签署", "要求簽訂，以下簽署"),
        ("玩忽职守", "玩忽職守"),
        ("违背他的意思", "違背他的意思"),
        ("手续干扰", "手續干擾"),
        ("余某和范某，其余某些规范某种做法", "余某和范某，其餘某些規範某種做法"),
    ],
)
def test_neighbours_do_not_tear_a_word_apart(simplified, traditional):
    assert to_traditional(simplified) == traditional


def test_a_term_of_the_table_wins_over_the_dictionary(tmp_path):
    table = tmp_path / "terms.tsv"
    table.write_text("# why\n\n复议\t復議\n", encoding="utf-8")
    assert read_table(table) == {"复议": "復議"}


@pytest.mark.parametrize("row", ["复议 復議", "复议\t復議案", "\t復議", "复议\t復議\n复议\t複議"])
def test_a_row_that_cannot_be_used_is_named(tmp_path, row):
    table = tmp_path / "terms.tsv"
    table.write_text(f"# terms\n{row}\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"terms\.tsv, line [23]"):
        read_table(table)


@given(st.text(alphabet="社区矫正里只干发后台制复并参人加公布余某说税 a1<&\ue000\x1e\n", max_size=60))
def test_conversion_keeps_every_place(text):
    assert len(to_traditional(text)) == len(text)
    assert [c for c in to_traditional(text) if c.isascii()] == [c for c in text if c.isascii()]


@given(st.text())
def test_folding_keeps_every_place_and_settles_at_once(text):
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "words",
    [
        "社区矫正对象", "死刑复核与答复", "了解借口", "销毁诋毁", "公里里面", "头发发展", "群众说税务脱离户口",
        "联系关系系统", "台风平台柜台", "干部干净", "心愿意志日志", "皇后以后", "着手显著", "什么",
    ],
)  # fmt: skip
def test_what_a_page_shows_in_traditional_finds_the_page(words):
    assert fold(to_traditional(words)) == fold(words)
    assert set(query_text(to_traditional(words)).split()) <= set(index_text(words).split())


@pytest.mark.parametrize(
    "query", ["社區矯正", "社区矫正", "社區", "外出請假", "第24條", "第２４條", "第二十四條", "24條", "裡", "裏"]
)
def test_a_query_in_either_script_finds_text_in_either(query):
    for text in ("社区矫正对象外出请假，依照第二十四条，家里", "社區矯正對象外出請假，依照第二十四條，家裡"):
        assert set(query_text(query).split()) <= set(index_text(text).split())


def test_marks_stand_in_the_original_text():
    text = "ＡＢＣ㎡社区矫正，第２４条"
    assert [text[a:b] for a, b in highlight_spans(text, "社區矯正")] == ["社区矫正"]
    assert [text[a:b] for a, b in highlight_spans(text, "第24條")] == ["第２４条"]
    text = "他回到家裏了"
    assert [text[a:b] for a, b in highlight_spans(text, "家里")] == ["家裏"]


@pytest.mark.parametrize(
    ("header", "traditional"),
    [
        ("", False),
        ("*", False),
        ("en-US,en;q=0.9", False),
        ("zh-CN,zh;q=0.9", False),
        ("zh", False),
        ("zh-SG", False),
        ("zh-TW,zh;q=0.9,en;q=0.8", True),
        ("zh-HK", True),
        ("zh-MO", True),
        ("zh-hant", True),
        ("zh_TW", True),
        ("zh-Hant-CN", True),
        ("zh-Hans-HK", False),
        ("zh-CN,zh-TW;q=0.9", False),
        ("zh-CN;q=0.5,zh-TW;q=0.9", True),
        ("en-US, zh-HK;q=0.4, zh-CN;q=0.3", True),
        ("zh-TW;q=0, zh-CN;q=0.1", False),
        ("zh-TW;q=x, zh-CN", False),
        ("zh-TW;q=nan", False),
        ("yue", True),
        ("yue-Hans-CN", False),
        ("en-HK", False),
        (",;=,zh-TW;;q", True),
    ],
)
def test_the_first_chinese_that_a_reader_names_decides(header, traditional):
    assert prefers_traditional(header) is traditional


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        # words that people read
        ("<p>社区<b>矫正</b></p>", "<p>社區<b>矯正</b></p>"),
        ("<p>头<mark>发</mark>，一<em>只</em>船</p>", "<p>頭<mark>髮</mark>，一<em>隻</em>船</p>"),
        ("<li>头</li><li>发现</li>", "<li>頭</li><li>發現</li>"),
        ("<title>说明 &amp; 条</title>", "<title>說明 &amp; 條</title>"),
        ("<p>&ldquo;说&rdquo;&nbsp;&lt;条&gt;</p>", "<p>&ldquo;說&rdquo;&nbsp;&lt;條&gt;</p>"),
        ("<p>&#26465;与&#x6761;，&#65;条</p>", "<p>條與條，&#65;條</p>"),
        ("<p>1 < 2 条<3</p>", "<p>1 < 2 條<3</p>"),
        ("<option value='x'>条</option>", "<option value='x'>條</option>"),
        ("<button value='条'>条</button>", "<button value='条'>條</button>"),
        ("<noscript><p>条</p></noscript>", "<noscript><p>條</p></noscript>"),
        # attributes
        ("<img alt='条' title=\"条\" src='/条.jpg'>", "<img alt='條' title=\"條\" src='/条.jpg'>"),
        ("<a TITLE=条 href=/条/?q=条>条</a>", "<a TITLE=條 href=/条/?q=条>條</a>"),
        ("<input aria-label='条' placeholder='条' value='条' name='条'>",
         "<input aria-label='條' placeholder='條' value='条' name='条'>"),
        ("<p title='a > 条' data-x='条' id=条 class=条>条", "<p title='a > 條' data-x='条' id=条 class=条>條"),
        ("<p title = '&quot;条&quot;'>条", "<p title = '&quot;條&quot;'>條"),
        ("<p title>条", "<p title>條"),
        ("<p title=''alt='条'>", "<p title=''alt='條'>"),
        ("<meta name=description content='条'>", "<meta name=description content='條'>"),
        ("<meta content='条' property='og:title'>", "<meta content='條' property='og:title'>"),
        ("<meta http-equiv='x' content='条'>", "<meta http-equiv='x' content='条'>"),
        ("<meta property='og:image' content='https://x/条.png'>", "<meta property='og:image' content='https://x/条.png'>"),
        # the page's language, and elements in one of their own
        ("<html lang=\"zh-Hans\"><p>条", "<html lang=\"zh-Hant\"><p>條"),
        ("<html class=a lang=zh-CN data-x=1>条", "<html class=a lang=zh-Hant data-x=1>條"),
        ("<html lang=en>条", "<html lang=en>条"),
        ("<a lang='zh-Hans' title='条'>简体</a>条", "<a lang='zh-Hans' title='条'>简体</a>條"),
        ("<div lang=ja><p>条<br>国</p>条</div>条", "<div lang=ja><p>条<br>国</p>条</div>條"),
        ("<div translate=no>条<div>条</div>条</div>条", "<div translate=no>条<div>条</div>条</div>條"),
        ("<b class='a notranslate'>条</b>条", "<b class='a notranslate'>条</b>條"),
        ("<ul><li lang=ja>条<li>条</ul>", "<ul><li lang=ja>条<li>條</ul>"),
        ("<p translate=no>条<p>条", "<p translate=no>条<p>條"),
        ("<select><option>条<option value=1>条</select>", "<select><option>条<option value=1>條</select>"),
        ("<img translate=no alt=条>条", "<img translate=no alt=条>條"),
        # never touched
        ("<textarea title='条'>条<b>条</textarea>条", "<textarea title='條'>条<b>条</textarea>條"),
        ("<script>var x = '条 <b>条</b>'</script>条", "<script>var x = '条 <b>条</b>'</script>條"),
        ("<STYLE>a::after{content:'条'}</STYLE >条", "<STYLE>a::after{content:'条'}</STYLE >條"),
        ("<script>'</scripts>条'</script>条", "<script>'</scripts>条'</script>條"),
        ("<!-- 条 > 条 -->条<!--->条<!-->条", "<!-- 条 > 条 -->條<!--->條<!-->條"),
        ("<!doctype 条><?条?>条</ 条>条", "<!doctype 条><?条?>條</ 条>條"),
        ("<svg><![CDATA[条>条]]><title>条</title><text/>条</svg><![CDATA[条>条]]>",
         "<svg><![CDATA[条>条]]><title>條</title><text/>條</svg><![CDATA[条>條]]>"),
        ("<p>条</p><!-- 条", "<p>條</p><!-- 条"),
        ("<p>条</p><a title='条", "<p>條</p><a title='条"),
        ("条</p></div></b>条", "條</p></div></b>條"),
        ("\r\n<p >\t条\r\n</p\n>", "\r\n<p >\t條\r\n</p\n>"),
        ("<p>plain</p>", "<p>plain</p>"),
    ],
)  # fmt: skip
def test_only_words_change_in_a_page(page, expected):
    assert html_to_traditional(page) == expected


def ld(body):
    return f'<script type="application/ld+json">{body}</script>'


def test_the_strings_of_structured_data_are_words():
    page = ld('{"@id":"/条/","条":"说明","n":1,"inLanguage":"zh-Hans","list":["条\\n\\"条\\"","https://x/条"]}')
    assert html_to_traditional(page) == ld(
        '{"@id":"/条/","条":"說明","n":1,"inLanguage":"zh-Hant","list":["條\\n\\"條\\"","https://x/条"]}'
    )


@pytest.mark.parametrize("body", ['{"a":"条\\u003c/script\\u003e说"}', '{"a":"\\u6761\\u003c"}'])
def test_escaped_structured_data_stays_escaped(body):
    out = html_to_traditional(f"说{ld(body)}")
    inside = re.search(r"json\">(.*)</script>$", out)[1]
    assert "<" not in inside
    assert json.loads(inside)["a"] == to_traditional(json.loads(body)["a"])


class Events(HTMLParser):
    """A page as the standard library reads it: the oracle for our own reader."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.seen = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append(("start", tag, attrs))

    def handle_endtag(self, tag):
        self.seen.append(("end", tag))

    def handle_comment(self, data):
        self.seen.append(("comment", data))

    def handle_decl(self, decl):
        self.seen.append(("decl", decl))

    def handle_data(self, data):
        self.seen.append(("data", data))


WORDS = st.text(alphabet="条说国里 &<'\"=x", max_size=6)
ATTRIBUTES = st.lists(
    st.tuples(st.sampled_from(["title", "alt", "href", "data-x", "value"]), st.text(alphabet="条说> /='x", max_size=5)),
    max_size=3,
    unique_by=lambda pair: pair[0],
)
PIECES = st.recursive(
    st.one_of(
        WORDS.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
        WORDS.map(lambda text: f"<!--{text.replace('-', '')}x-->"),
        st.just("<br>"),
        st.just("<textarea>条<说</textarea>"),
        st.just("<script>if (a<b) '条'</script>"),
    ),
    lambda inner: st.tuples(st.sampled_from(["p", "div", "span", "mark"]), ATTRIBUTES, st.lists(inner, max_size=4)).map(
        lambda made: (
            "<"
            + " ".join([made[0], *(f'{key}="{value}"' for key, value in made[1])])
            + ">"
            + "".join(made[2])
            + f"</{made[0]}>"
        )
    ),
    max_leaves=12,
)


@given(PIECES)
def test_nothing_but_words_differs_to_the_standard_librarys_reader(page):
    before, after = Events(page).seen, Events(html_to_traditional(page)).seen
    assert len(before) == len(after)
    raw = ""
    for old, new in zip(before, after, strict=True):
        if old[0] == "start":
            raw = old[1] if old[1] in {"textarea", "script"} else raw
            assert new[1] == old[1]
            expected = [(k, fold(v) if k in {"title", "alt"} else v) for k, v in old[2]]
            assert [(k, fold(v) if k in {"title", "alt"} else v) for k, v in new[2]] == expected
        elif old[0] == "data" and not raw:
            assert fold(new[1]) == fold(old[1])
        else:
            raw = "" if old[0] == "end" else raw
            assert new == old


@given(st.text(alphabet="<>!-/ab=\"' 条说&#;[]", max_size=60))
def test_a_damaged_page_comes_through_whole(page):
    out = html_to_traditional(page)
    assert fold(re.sub(r"&#\d+;", "", out)) == fold(re.sub(r"&#\d+;", "", page))


def test_a_damaged_page_costs_no_more_than_a_whole_one():
    for page in ("<a " + "x=1 " * 20_000 + "条", "<a " + "'" * 40_000 + "条", "条<" * 20_000, "<!--" * 20_000 + "条"):
        start = time.process_time()
        html_to_traditional(page)
        assert time.process_time() - start < 1


def test_threads_share_the_dictionary():
    texts = [f"<p>社区矫正对象第{n}条说明里面</p>" for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(html_to_traditional, texts)) == [html_to_traditional(text) for text in texts]
