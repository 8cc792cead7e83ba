"""Find names that look like those of minors: a name beside an age below 18, a school, or a word such as 同学.

Heuristics, not a register: they look for names (zh.names) at places where Chinese texts name a child. 小明（化名）,
张某, 王某某 and 小李 are how such people are written about, and are no hits. The strength says how sure it is: an age
or a year of birth beside the name is certain enough to stop a text; a school beside it is for a person to look at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zh.names import TITLE, Name, is_whole, name_at
from zh.numerals import to_int

ADULT = 18
# What is read at once. A run without an end is cut: the work grows with the square of a sentence, not of a text.
_SENTENCE = re.compile(r"[^。！？；\n]{0,400}[。！？；\n]|[^。！？；\n]{1,400}")

# ── what stands before a name ──
_CHILD = (
    "未成年社区矫正对象|未成年犯罪嫌疑人|未成年被害人|未成年被告人|未成年嫌疑人|未成年当事人|未成年证人|未成年对象|未成年子女|未成年犯"
    "|涉罪未成年人|未成年人|被监护人|留守儿童|困境儿童|少先队员|学习委员|体育委员|文艺委员|劳动委员|课代表|初中生|小学生|高中生|中学生"
    "|中职生|技校生|职高生|在校生|毕业生|学生|同学|男生|女生|男孩|女孩|男童|女童|学童|儿童|幼儿|男婴|女婴|孤儿|少年|少女|小朋友|小孩"
    "|小姑娘|小伙伴|小队长|小主持人|小志愿者|小记者|小选手|小演员|小作者|小歌手|小画家|小法官|小宣讲员|双胞胎|新生|同桌|班长|孩子"
    "|独生子|独生女|儿子|女儿(?!童)|长子|次子|幼子|长女|次女|幼女|养子|养女|继子|继女|孙子|孙女|外孙女|外孙|侄子|侄女|外甥女|外甥|儿|女"
)
_GRADE = (
    r"(?:(?:[一二三四五六七八九]|[1-9])年级|初[一二三]|高[一二三]|[大中小]班)"
    r"(?:[（(]?[\d一二三四五六七八九十]{1,2}[）)]?班)?"
)
_SCHOOL = r"(?:小学|中学|初中|高中|幼儿园|职中|职校|技校|职业学校|学校)"
_CHILD_HERE = _CHILD.removesuffix("|儿|女")
_PARTY = r"(?:犯罪嫌疑人|嫌疑人|被告人|被害人|受害人|当事人|证人|对象|乘客|患者|读者|观众|选手|居民)"
_NOUN = re.compile(rf"(?:{_CHILD_HERE}){_PARTY}?(?:名叫|叫做|叫|名为|是|[：:“「])?\s*")
_OF_NOUN = re.compile(rf"(?:{_CHILD_HERE})的")
_CLASS = re.compile(rf"(?:{_GRADE}|{_SCHOOL})的(?:学生)?|{_GRADE}(?:学生)?")
_CALLED = re.compile(
    r"(?:名叫|叫做|名为|取名|名字叫|自称(?:名叫|叫|是)?|名字是|真名|本名|(?:真实)?姓名(?:是|为|[：:])?|(?<=[我他她]|个|名|生|孩)叫)[：:“「\s]*"
)
_KIN_CALLED = re.compile(
    r"(?:妈妈|爸爸|父亲|母亲|老师|爷爷|奶奶|丈夫|妻子|校长|公司|学校|小学|中学|品牌|故事|课程)(?:的)?(?:名字)?$"
)
_ABOUT_A_CHILD = re.compile(rf"{_CHILD_HERE}|{_SCHOOL}|{_GRADE}")
# Where a name may begin that nothing announces.
_START = re.compile(
    r"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[的是叫名为由让与对年女人亲友称将给说到见请找问帮向被同及以把者员从和跟了象告害子孙陪着时姐弟哥妹生过为决]))(?=[\u4e00-\u9fff]{2})"
)
_ANYWHERE = re.compile(r"(?=[\u4e00-\u9fff]{2})")

# ── what stands after a name ──
_AGE = r"(?P<age>\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:周岁|虚岁|岁)"
_YOUNGER = r"(?:不满|未满|不到|还不到|还没到|未到|尚未满|没满)"
_NOW = r"(?:今年|现年|时年|年仅|当时|刚刚|刚满|年满|不满|未满|不到|还不到|还没到|将满|只有|才|仅|刚|已满|已|也|还|快)"
_SEX = r"(?:[，,、\s]*(?:性别[：:]?)?(?:男|女)(?:性|孩|生|童)?)?(?:[，,、\s]*汉族)?[，,、\s]*"
_TAG = r"(?:同学|小朋友)?\s*[（(，,、：:\s]\s*"
_WHEN = r"(?:(?:犯罪|作案|案发|事发|被害|当|到案|离家|入学|报名)时|因(?:为)?|由于)?(?:年龄)?"
_LISTED = r"(?:(?:、[\u4e00-\u9fff]{2,4}){0,5}(?:等)?(?:[\d二两三四五六七八九十]{1,2}人)?(?:均|都|皆))?"
_AGED_AFTER = re.compile(
    rf"(?:{_TAG}{_SEX}(?:未满(?:18|十八)(?:周)?岁[，,、]?)?(?:年龄[：:]?\s*)?{_NOW}{{0,3}}|{_LISTED}{_WHEN}{_NOW}{{0,3}})"
    rf"(?:过(?:完|了)?|度过了?)?\s*{_AGE}"
)
_UNDER_AGE = re.compile(rf"(?:{_TAG})?{_LISTED}{_WHEN}{_NOW}{{0,2}}{_YOUNGER}(?:18|十八)(?:周)?岁")
_YOUNG_AFTER = re.compile(r"(?:年仅|年方|年才|刚满|才满)(?P<age>\d{1,2}|[一二三四五六七八九十]{1,3})(?=[，,。；])")
_TABLE_AGE = re.compile(rf"{_SEX}年龄[：:]?\s*(?P<age>\d{{1,2}})(?!\d)")
_BORN_AFTER = re.compile(
    rf"{_TAG}{_SEX}(?:生于|出生于)?(?P<year>(?:19|20)\d\d)年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?(?:出生|生|[）)，,。])"
)
# 15岁的陈一鸣; 15岁的初二女生陈一鸣.
_AGED_BEFORE = re.compile(r"(?:半|多)?的?(?:名叫|叫做|叫)?")
_AGED_BEFORE_MORE = re.compile(
    rf"(?:半|多)?的?[^，。；、（）\d]{{0,8}}?(?:(?:{_CHILD}){_PARTY}?|{_PARTY})(?:名叫|叫做|叫)?"
)
_AGED_LATER = re.compile(rf"[^。；！？\n]{{0,40}}?[，,](?:他|她|孩子)(?:{_NOW}){{1,3}}\s*{_AGE}")
_AGES_AFTER = (_AGED_AFTER, _TABLE_AGE, _YOUNG_AFTER)
_AS_PUPIL = re.compile(r"同学(?![们会校里中间])|小朋友(?!们)|小同学|小选手|小记者|小志愿者")
_AT_SCHOOL = re.compile(
    r"[，,、（(]?(?:男|女)?[，,、]?(?:今年|现在|目前|刚刚|当时|现|还|正|刚|时|将|要|已)?"
    r"(?:就读于|就读|在读|转入|考入|考上|升入|升上|入读|读|上|念|升|考)"
    rf"[^，,。；（）]{{0,12}}?(?:{_SCHOOL}|{_GRADE}|[一二三四五六七八九]年级|小学|初中)"
)
_IS_PUPIL = re.compile(
    rf"(?:是|系|为|[，,（(])(?:我?们?[^，,。；（）]{{0,16}}?)(?:{_SCHOOL}|{_GRADE})[^，,。；）)]{{0,6}}?(?:学生|学童|幼儿|新生|[）)])"
    rf"|[（(](?:{_GRADE}|[小初高中]\w?[中学]?学?生)[）)]|(?:是|系)(?:一名|个|名)?(?:{_GRADE}|小学|初中|高中)?(?:学生|小学生|初中生|高中生)"
)
_WARD = re.compile(r"的(?:监护人|法定代理人|班主任)")
_MUM = re.compile(r"的(?:爸爸|妈妈|班主任|同桌|外婆|外公|奶奶|爷爷)")
_PARENT = re.compile(r"的(?:父母|爸爸|妈妈|父亲|母亲|家长|奶奶|爷爷|外婆|外公|家人|同桌|学校|老师)")
_IS_ADULT = re.compile(rf"[，,（(]?(?:现)?(?:是|系|为|任|担任)[^，,。；]{{0,14}}?(?:{TITLE})")
_IN_CHILDHOOD = re.compile(
    r"作业|课堂|课文|放学|上课|逃学|辍学|就读|班主任|监护|抚养|同班|同桌|中考|寒假|暑假|儿童节|家庭教育|红领巾|压岁钱|校服|校园|孩子|父母|离家|走失|走丢|法定代理|年幼|从小|小时候|长大|帮教|涉罪"
    rf"|{_CHILD_HERE}|{_SCHOOL}|{_GRADE}"
)
# Who is grown, or no person: a parent, a party, a road, a school of that name.
_GROWN_AFTER = re.compile(
    r"[路街巷镇村]|.(?:[路街巷镇村区校站店]|社区|小学|中学|幼儿园|带着|领着|抱着|牵着|陪着|带|领|陪|抱|经营|诉|夫妇|夫妻|一家|的(?:儿|女|孩|孙|妻|丈))"
)
_GROWN_BEFORE = re.compile(
    rf"(?:{TITLE}|原告|被告(?!人)|申请人|负责人|员工|业主|负责|主讲|邀请|主持|由|团的)[^，,。；！？：:“”为给向对把与和将让被跟称说着了]{{0,5}}$"
)
_AND = re.compile(r"(?:、|和|与|及|以及|还有)")


@dataclass(frozen=True)
class NamedMinor:
    """Half-open span of a name; `certain` where an age below 18 or a year of birth stands beside it."""

    start: int
    end: int
    certain: bool


def find_minors(text: str, *, year: int | None = None) -> list[NamedMinor]:
    """Names of minors in `text`, in order; none overlap, the certain ones win.

    `year` is the present one: who was born less than 18 years before is a minor. Without it years of birth say nothing.
    """
    return [
        NamedMinor(piece.start() + hit.start, piece.start() + hit.end, hit.certain)
        for piece in _SENTENCE.finditer(text)
        for hit in _in_sentence(piece[0], year)
    ]


def _in_sentence(text: str, year: int | None) -> list[NamedMinor]:
    found: list[NamedMinor] = []
    for hit in [
        *_aged(text),
        *_born(text, year),
        *_nouns(text),
        *_called(text),
        *_unannounced(text),
        *_among_children(text),
    ]:
        for each in (hit, *_listed_with(text, hit)):
            if not any(each.start < other.end and other.start < each.end for other in found):
                found.append(each)
    return sorted(found, key=lambda hit: hit.start)


def _aged(text: str) -> Iterator[NamedMinor]:
    """陈一鸣（男，15岁）, 陈一鸣今年十五岁, 15岁的陈一鸣, 15岁的男孩陈一鸣."""
    for name in _starts(text, named=True):
        ages = [said["age"] for way in _AGES_AFTER if (said := way.match(text, name.end))]
        if any(map(_is_minor, ages)) or _UNDER_AGE.match(text, name.end):
            yield NamedMinor(name.start, name.end, certain=True)
    for said in re.finditer(_AGE, text):
        found = _AGED_BEFORE.match(text, said.end())
        while found is not None and _is_minor(said["age"]):
            if (who := name_at(text, found.end())) is not None:
                yield NamedMinor(who.start, who.end, certain=True)
                break
            found = _AGED_BEFORE_MORE.match(text, said.end()) if found.re is _AGED_BEFORE else None


def _born(text: str, year: int | None) -> Iterator[NamedMinor]:
    """陈一鸣（男，2012年5月出生）."""
    if year is None:
        return
    for name in _starts(text, named=True):
        said = _BORN_AFTER.match(text, name.end)
        if said and 0 <= year - int(said["year"]) < ADULT:
            yield NamedMinor(name.start, name.end, certain=True)


def _nouns(text: str) -> Iterator[NamedMinor]:
    """学生陈一鸣, 女儿陈一鸣, 三年级（2）班的陈一鸣."""
    for pattern in (_NOUN, _CLASS):
        for noun in pattern.finditer(text):
            if (name := name_at(text, noun.end())) is not None and not _is_adult(text, name.end):
                yield NamedMinor(name.start, name.end, certain=False)
    for noun in _OF_NOUN.finditer(text):  # 还是初中生的陈一鸣
        if (name := name_at(text, noun.end())) is not None and is_whole(text, name):
            yield NamedMinor(name.start, name.end, certain=False)


def _called(text: str) -> Iterator[NamedMinor]:
    """名叫陈一鸣的孩子: where the sentence is about a child."""
    for said in _CALLED.finditer(text):
        name = name_at(text, said.end(), named=True)
        if (
            name is None
            or _is_adult(text, name.end)
            or _KIN_CALLED.search(text[max(0, said.start() - 6) : said.start()])
        ):
            continue
        if _ABOUT_A_CHILD.search(text) or _some_age(text):
            yield NamedMinor(name.start, name.end, certain=False)


def _unannounced(text: str) -> Iterator[NamedMinor]:
    """陈一鸣同学, 陈一鸣就读于示例小学, 陈一鸣的班主任."""
    for name in _starts(text):
        after = [pattern.match(text, name.end) for pattern in (_AS_PUPIL, _AT_SCHOOL, _IS_PUPIL, _WARD)]
        said = _AGED_LATER.match(text, name.end)
        mum = _MUM.match(text, name.end) and is_whole(text, name)
        parent = _PARENT.match(text, name.end) and _ABOUT_A_CHILD.search(text)
        if _is_adult(text, name.end):
            continue
        if any(after) or mum or parent or (said and _is_minor(said["age"])):
            yield NamedMinor(name.start, name.end, certain=False)


def _among_children(text: str) -> Iterator[NamedMinor]:
    """陪陈一鸣写作业，孩子笑了: a whole name in a sentence about a child, of whom nothing says that they are grown."""
    for name in [*_starts(text), *_starts(text, anywhere=True)]:
        if not is_whole(text, name) or _is_adult(text, name.end) or _GROWN_AFTER.match(text, name.end - 1):
            continue
        if _IN_CHILDHOOD.search(text) and not _GROWN_BEFORE.search(text[: name.start]):
            yield NamedMinor(name.start, name.end, certain=False)


def _starts(text: str, *, named: bool = False, anywhere: bool = False) -> Iterator[Name]:
    """Every name that nothing announces; `named` where what follows will tell, `anywhere` within words too."""
    for place in (_ANYWHERE if anywhere else _START).finditer(text):
        if (name := name_at(text, place.start(), named=named)) is not None:
            yield name


def _listed_with(text: str, hit: NamedMinor) -> Iterator[NamedMinor]:
    """陈一鸣、林小雨和王可: those in one list with a minor."""
    end = hit.end
    while (said := _AND.match(text, end)) and (name := name_at(text, said.end())) is not None:
        yield NamedMinor(name.start, name.end, certain=False)
        end = name.end


def _some_age(text: str) -> bool:
    return any(_is_minor(said["age"]) for said in re.finditer(_AGE, text))


def _is_adult(text: str, end: int) -> bool:
    """Whether what follows a name says that it is an adult's: an age, a profession."""
    said = _AGED_AFTER.match(text, end)
    return bool(said and not _is_minor(said["age"])) or _IS_ADULT.match(text, end) is not None


def _is_minor(age: str) -> bool:
    try:
        return to_int(age) < ADULT
    except ValueError:
        return False
