"""Find where a text names an article of a law: 第24条, 本法第十三条第一款第（二）项, 《刑法》第七十六条、第七十七条."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zh.numerals import NUMERAL, ArticleNumber, read_article, to_int
from zh.spacing import HANZI

_TITLE = r"[《〈](?P<title>[^《》〈〉\n]{1,60})[》〉](?:\s*[（(][^（）()\n]{1,30}[）)])?"
# A law named without 《》 ends in one of these words, right before 第.
_KINDS = "法|法典|条例|规定|办法|细则|规则|解释|决定|章程"
_BARE = rf"(?P<bare>[{HANZI}]{{0,30}}(?:{_KINDS}))(?:\s*[（(][^（）()\n]{{1,30}}[）)])?"
_ARTICLE = rf"第\s*(?P<number>{NUMERAL})\s*[条條](?:\s*之\s*(?P<suffix>[一二三四五六七八九十]+))?"
# 第三条线路, 第二条款: an ordinal with a measure word, not an article.
_NOT_A_LAW = r"(?![款线路街河桥船]|消息|建议|意见|理由|措施|经验|标准|新闻)"
_PARAGRAPH = rf"\s*第\s*(?P<paragraph>{NUMERAL})\s*款"
_ITEM = rf"\s*第?\s*[（(]?\s*(?P<item>{NUMERAL})\s*[）)]?\s*[项項]"
_JOIN = r"\s*(?:、|；|，|,|和|或者|或|及|以及|与|至|到|—|-|~)\s*"

_LAW = re.compile(rf"(?:{_TITLE}|{_BARE})\s*(?={_ARTICLE})")
_CITATION = re.compile(rf"{_ARTICLE}{_NOT_A_LAW}(?:{_PARAGRAPH})?(?:{_ITEM})?")
_MORE_PARAGRAPHS = re.compile(rf"{_JOIN}(?P<span>{_PARAGRAPH}(?:{_ITEM})?)")
_MORE_ITEMS = re.compile(rf"{_JOIN}(?P<span>{_ITEM})")
_JOINED = re.compile(_JOIN)
_QUOTED = re.compile(r"《([^《》\n]{1,60})》")
_POINTING = re.compile(rf"(本|该|同|上述)(?:{_KINDS})$")
_THIS_LAW = ("本法", "本法典")


@dataclass(frozen=True)
class Citation:
    """One article named in a text; `start` and `end` are the half-open span of the words that name it.

    `law` is the title or short name as written, without 《》; None where the text means the law at hand
    (本法第二条, 第二条).
    """

    start: int
    end: int
    law: str | None
    article: ArticleNumber
    paragraph: int | None = None
    item: int | None = None


def find_citations(text: str, names: Iterable[str] = ()) -> list[Citation]:
    """Every citation in `text`, in order.

    Lists (第一条、第二条; 第一款和第三款) give one each, ranges their two ends. `names` are the titles and short
    names of known laws: they say where the name of a law without 《》 begins (依照刑法第二条). A name that is not
    known comes back as its sentence has it, so that it is never taken for another law.
    """
    known = sorted(names, key=len, reverse=True)
    out: list[Citation] = []
    law: str | None = None  # of the list that is being read
    last_end = -1
    for found in _CITATION.finditer(text):
        article = read_article(found["number"], found["suffix"])
        if article is None or found.start() < last_end:
            continue
        start = found.start()
        if name := _law_before(text, start):
            start, law = _read_name(name, known, text)
        elif not (last_end >= 0 and _JOINED.fullmatch(text, last_end, start)):
            law = None
        head = Citation(start, found.end(), law, article, _number(found["paragraph"]), _number(found["item"]))
        out += [head, *_continued(text, head)]
        last_end = out[-1].end
    return out


def _law_before(text: str, at: int) -> re.Match[str] | None:
    """The law named right before index `at`."""
    window = max(0, at - 110)
    best = None
    for found in _LAW.finditer(text, window, min(len(text), at + 24)):
        if found.end() == at:
            best = found
    return best


def _read_name(found: re.Match[str], known: list[str], text: str) -> tuple[int, str | None]:
    """Where the citation begins, and the law that it names."""
    if found["title"]:
        return found.start(), found["title"].strip()
    bare, end = found["bare"], found.end("bare")
    for name in known:
        if bare.endswith(name):
            return end - len(name), name
    if pointing := _POINTING.search(bare):
        start = found.start("bare") + pointing.start()
        if pointing[0] in _THIS_LAW:
            return start, None
        if pointing[1] == "本":  # 本办法: a text of its own that is none of our laws
            return start, pointing[0]
        earlier = _QUOTED.findall(text, 0, start)
        return start, earlier[-1] if earlier else pointing[0]
    return found.start("bare"), bare


def _continued(text: str, head: Citation) -> Iterator[Citation]:
    """第一条第二款、第三款: further paragraphs or items of the same article."""
    last = head
    while True:
        if last.paragraph and (more := _MORE_PARAGRAPHS.match(text, last.end)):
            paragraph, item = _number(more["paragraph"]), _number(more["item"])
        elif last.item and (more := _MORE_ITEMS.match(text, last.end)):
            paragraph, item = last.paragraph, _number(more["item"])
        else:
            return
        last = Citation(more.start("span"), more.end(), head.law, head.article, paragraph, item)
        yield last


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return to_int(text) or None
    except ValueError:
        return None
