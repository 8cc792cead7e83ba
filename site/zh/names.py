"""Find where a Chinese personal name may stand: a surname, one or two characters of a given name, a word's end.

No register of names and no dictionary: surnames, the characters that given names are made of, words that begin like a
name and are none, and the characters that begin what follows a name. Whoever asks knows from the words around it
whether a name is to be expected, and says how sure it must be.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_DATA = Path(__file__).parent / "data"


def _read(name: str) -> str:
    return (_DATA / name).read_text(encoding="utf-8")


SURNAMES = frozenset("".join(_read("surnames.txt").split()))
COMPOUND = frozenset(_read("compound_surnames.txt").split())
# Characters that given names are commonly made of.
GIVEN = frozenset("".join(_read("given.txt").split()))
# Words that begin with what could be a surname and are no name.
NOT_NAMES = frozenset(_read("not_names.txt").split())
# Hanzi that stand in given names rarely, and in what follows a surname-like hanzi often.
NEVER_GIVEN = frozenset(
    "的是了在有与及或不也都就被把向对从为于之其该本这那些个们应会要须将已未所以因而但并且等上下内"
    "外前后时日岁名位来去到过着地我你他她它您某说读讲参问办做开给跟让使受由均"
)
# What follows a name in a sentence, more often than it stands in one.
_AFTER = frozenset(
    "的因在于被向把和与及或从对说参是曾也已将就到放上打考获表来回接得当带主报受拿捡骑跑坐站写做去学帮哭笑喊告案系为有没不"
    "很又再还都只却便跟给以由会想要敢自遭随同而并且总刚先今现读升入住患吃喝玩跳走离失摔掉收送交找问答看听感觉认服犯偷抢"
    "伤死演唱领举捧第拨背抱用拍低抬拉叫借投扶跌迷踢画练爬躲逃辍旷转才年按采一由代均患成"
)
_HANZI = re.compile(r"[\u4e00-\u9fff]")
# Two characters that are usual in given names, and are a common word together.
_PAIRS_OF_WORDS = frozenset(
    [
        "学生",
        "儿童",
        "福利",
        "权益",
        "重新",
        "一家",
        "一起",
        "一同",
        "一样",
        "全家",
        "春天",
        "秋天",
        "冬天",
        "天空",
        "海水",
        "文明",
        "文学",
        "文艺",
        "学习",
        "成立",
        "成长",
    ]
)
# What adults are called; beside a name it says that the name is no child's.
TITLE = (
    "老师|教师|教练|班主任|校长|园长|院长|民警|警官|警察|法官|检察官|律师|所长|局长|主任|科长|处长|书记|站长|队长|社工|矫正官"
    "|工作人员|志愿者|家长|父亲|母亲|爸爸|妈妈|爸|妈|爷爷|奶奶|外公|外婆|姥姥|姥爷|叔叔|阿姨|舅舅|姑姑|监护人|医生|护士|专家|教授|记者"
    "|作家|同志|先生|女士|讲师|辅导员|调解员|网格员|人民陪审员|审判员|审判长|书记员|村民|居民|司机|经理|老板|店主|师傅|(?<!课)代表|(?<![习育艺动])委员|干部"
    "|主席|会长|部长|厅长|省长|市长|县长|区长|镇长|村长|支书|组长|保安|导师|馆长|社长|主编|馆员|演员|诗人|英雄|烈士|模范"
)
_TITLE_BEFORE = re.compile(rf"(?<![小被])(?:{TITLE})(?:叫|名叫|是)?$")
_TITLE_AFTER = re.compile(rf"(?:{TITLE}|总(?=[，。说])|氏|姓)")
_ROLE_AFTER = re.compile(r"家[里中访的人属]|同学|小朋友|小同学|小选手|小记者|小志愿者|家长|班主任|年龄")
_PUPIL_AFTER = re.compile(r"(?:同学|小朋友)(?!们)")
_MADE_UP = re.compile(r"\s*[（(][^）)]{0,6}?(?:化名|假名|虚拟|示例|虚构)")


@dataclass(frozen=True)
class Name:
    """Half-open span of what may be a name."""

    start: int
    end: int


def name_at(text: str, start: int, *, named: bool = False) -> Name | None:
    """The name that begins at `start`, if one may. `named`: the words beside it say that it is a name (名叫…, …，15岁).

    小李, 阿强, 张某 and a name that is marked as made up （化名） are how people are written about who must not be
    named; a name beside a title (王老师, 民警王芳) is an adult's. None for all of these.
    """
    if start and text[start - 1] in "小阿老":
        return None
    head = 2 if text[start : start + 2] in COMPOUND else 1
    if head == 1 and text[start : start + 1] not in SURNAMES:
        return None
    sure = named or any(_PUPIL_AFTER.match(text, start + head + more) for more in (1, 2))
    if (text[start : start + 2] in NOT_NAMES and not sure) or _is_word(text[start + 1 : start + 3]):
        return None
    end = _end_of(text, start + head, named=sure)
    if not end or _TITLE_AFTER.match(text, end) or _TITLE_BEFORE.search(text[max(0, start - 8) : start]):
        return None
    return None if _MADE_UP.match(text, end) else Name(start, end)


def is_whole(text: str, name: Name) -> bool:
    """Whether it is as whole as a name can be: surname and two characters that are usual in given names."""
    given = text[name.end - 2 : name.end]
    return name.end - name.start >= 3 and all(char in GIVEN for char in given) and given not in _PAIRS_OF_WORDS


def _is_word(chars: str) -> bool:
    """Whether it is a word and no given name: 卓越 is either, and passes."""
    return chars in NOT_NAMES and not all(char in GIVEN for char in chars)


def _end_of(text: str, start: int, *, named: bool) -> int:
    """Where the given name that begins at `start` ends; 0 where none does.

    Two characters that are usual in names, where a word may end behind them; one; then two that are usual, whatever
    follows; then two of which one is usual.
    """
    one, two = text[start : start + 1], text[start : start + 2]
    two_fit = len(two) == 2 and _fits(two)
    usual = [char in GIVEN for char in two]
    if two_fit and all(usual) and (named or _closes(text, start + 2)):
        return start + 2
    if one and _fits(one) and (usual[0] or named) and _closes(text, start + 1):
        return start + 1
    if two_fit and all(usual):
        return start + 2
    if two_fit and any(usual) and _closes(text, start + 2):
        return start + 2
    return 0


def _fits(given: str) -> bool:
    return all(_HANZI.match(char) and char not in NEVER_GIVEN for char in given)


def _closes(text: str, end: int) -> bool:
    """Whether a word may end here: at the end, before what is no hanzi, before what commonly follows a name."""
    following = text[end : end + 1]
    return (
        not following or not _HANZI.match(following) or following in _AFTER or _ROLE_AFTER.match(text, end) is not None
    )
