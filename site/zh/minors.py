"""Find names that look like those of minors: a name beside an age below 18, a school, or a word such as 同学.

Heuristics, not a register: they look for a surname with one or two hanzi at places where Chinese texts name a child.
小明（化名）, 张某, 王某某 and 小李 are how such people are written about, and are no hits. The strength says how
sure it is: an age beside the name is certain enough to stop a text; a school beside it is for a person to look at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zh.numerals import to_int

# The hundred and some most frequent surnames (2020 census order, public statistics), and compound ones.
# fmt: off
SURNAMES = (
    "李王张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁"
    "岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟"
    "艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎"
)
COMPOUND = ("欧阳", "上官", "司徒", "司马", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "东方", "端木")
# Hanzi that stand in given names rarely, and in what follows a surname-like hanzi often.
_NEVER_GIVEN = (
    "的是了在有和与及或不也都就被把向对从为于之其该本这那些个们应会能要须将已未所以因而但并且等中上下内"
    "外前后时月日年岁名位来去到过着得地我你他她它您某说读讲参问办做开"
)
# Words whose first hanzi is a surname and which follow 学生, 孩子 and the like.
_NOT_NAMES = frozenset((Path(__file__).parent / "data" / "not_names.txt").read_text(encoding="utf-8").split())
# fmt: on
_GIVEN = rf"[^\W\d_a-zA-Z{_NEVER_GIVEN}]"
_NAME = rf"(?:(?:{'|'.join(COMPOUND)}){_GIVEN}{{1,2}}|[{SURNAMES}]{_GIVEN}{{1,2}}?)"
_NAME_LONG = rf"(?:(?:{'|'.join(COMPOUND)}){_GIVEN}{{1,2}}|[{SURNAMES}]{_GIVEN}{{1,2}})"
_AGE = r"(?P<age>\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:周岁|岁)"
_SEX = r"(?:男|女)?[，,、]?\s*(?:汉族)?[，,、]?\s*"
_BEFORE = r"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[的是叫名为由让与和对在生童孩年子儿女学人长亲友称将给说到见请找问帮跟向被]))"

# What follows a name in a sentence, more often than it stands in one.
_AFTER = "因在于被向把和与从对说参是曾也已将就到放上打考获表来回接得当带主报受拿捡骑跑坐站写做去学帮哭笑喊告案系为"

# Named with an age: 陈一鸣（男，15岁）, 陈一鸣，今年十五岁, 15岁的陈一鸣.
_WITH_AGE = (
    re.compile(
        rf"{_BEFORE}(?P<name>{_NAME_LONG})(?:同学|小朋友)?\s*[（(，,、：:]\s*{_SEX}(?:未满(?:18|十八)(?:周)?岁[，,、]?)?(?:今年|现年|时年|年仅|当时|刚满|年满|才)?\s*{_AGE}"
    ),
    re.compile(rf"{_BEFORE}(?P<name>{_NAME})(?:今年|现年|时年|年仅|当时|刚满|才)\s*{_AGE}"),
    re.compile(
        rf"{_AGE}(?:的)?(?:男孩|女孩|男生|女生|少年|少女|学生|初中生|小学生|高中生|孩子|儿子|女儿)?"
        rf"(?P<name>{_NAME_LONG})(?=[^\u4e00-\u9fff]|[{_AFTER}])"
    ),
)
# Named as a pupil: 陈一鸣同学, 陈一鸣小朋友, 学生陈一鸣, 就读于某小学的陈一鸣, 陈一鸣就读于.
_AS_PUPIL = (
    re.compile(rf"{_BEFORE}(?P<name>{_NAME_LONG})(?=同学(?![们会校里中间])|小朋友(?!们)|小同学)"),
    re.compile(
        r"(?:学生|同学|初中生|小学生|高中生|男孩|女孩|男童|女童|少年|少女|未成年人|未成年被害人|未成年被告人"
        r"|儿子|女儿|孙子|孙女|班长)"
        rf"(?:名叫|叫做|叫|是)?(?P<name>{_NAME_LONG})"
        rf"(?=[（(，,、。；：“]|[{_AFTER}]|同学|$)"
    ),
    re.compile(
        rf"{_BEFORE}(?P<name>{_NAME})(?=(?:就读于|就读|现就读|在读|(?:是|系)?[^，。；]{{0,14}}"
        r"(?:小学|中学|初中|幼儿园|学校)(?:[一二三四五六七八九高初]?[一二三四五六]?年级|[初高][一二三])?的?"
        r"(?:学生|学童|幼儿|班)))"
    ),
)
_EXEMPT_AFTER = re.compile(r"\s*[（(](?:[^）)]{0,6})?(?:化名|假名|虚拟|示例|虚构)")


@dataclass(frozen=True)
class NamedMinor:
    """Half-open span of a name; `certain` where an age below 18 stands beside it."""

    start: int
    end: int
    certain: bool


def find_minors(text: str) -> list[NamedMinor]:
    """Names of minors in `text`, in order; none overlap, the certain ones win."""
    found: list[NamedMinor] = []
    for hit in [*_aged(text), *_pupils(text)]:
        if not any(hit.start < other.end and other.start < hit.end for other in found):
            found.append(hit)
    return sorted(found, key=lambda hit: hit.start)


def _aged(text: str) -> Iterator[NamedMinor]:
    for pattern in _WITH_AGE:
        for found in pattern.finditer(text):
            age = _age(found["age"])
            if age is not None and age < 18 and _is_name(text, found.start("name"), found["name"]):
                yield NamedMinor(*found.span("name"), certain=True)


def _pupils(text: str) -> Iterator[NamedMinor]:
    for pattern in _AS_PUPIL:
        for found in pattern.finditer(text):
            if _is_name(text, found.start("name"), found["name"]):
                yield NamedMinor(*found.span("name"), certain=False)


def _is_name(text: str, start: int, name: str) -> bool:
    if name[:2] in _NOT_NAMES or name[1:3] in _NOT_NAMES or "某" in name or name.endswith(("老师", "校长")):
        return False
    if start and text[start - 1] in "小阿老":
        return False
    return not _EXEMPT_AFTER.match(text, start + len(name))


def _age(words: str) -> int | None:
    try:
        return to_int(words)
    except ValueError:
        return None
