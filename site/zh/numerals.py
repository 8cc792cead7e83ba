"""Chinese numerals, and the numbers of articles: 第二百五十三条之一 ⇄ (253, 1)."""

import re
from typing import NamedTuple

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
HANZI_DIGITS = "零一二三四五六七八九"
NUMERAL = r"[0-9０-９零〇一二两三四五六七八九十百千万]+"
_ARTICLE = re.compile(rf"第?\s*({NUMERAL})\s*[条條](?:\s*之\s*({NUMERAL}))?")
_SLUG = re.compile(r"article-([1-9][0-9]*)(?:-([1-9][0-9]*))?")


class ArticleNumber(NamedTuple):
    """The place of an article in its law. Sorts as statutes do: 253 < 253-1 < 253-2 < 254."""

    number: int
    suffix: int = 0  # 之一 → 1; 0 for a plain article

    @property
    def label(self) -> str:
        """As statutes write it: 第二百五十三条之一."""
        return f"第{to_hanzi(self.number)}条" + (f"之{to_hanzi(self.suffix)}" if self.suffix else "")

    @property
    def slug(self) -> str:
        """As our addresses write it: article-253-1."""
        return f"article-{self.number}" + (f"-{self.suffix}" if self.suffix else "")


def to_int(text: str) -> int:
    """Read a numeral in hanzi, ASCII digits or full-width digits.

    Units (二百五十三) and bare digits (二〇二〇) are both read. Raises ValueError where it is neither.
    """
    text = text.strip()
    if not text:
        raise ValueError("an empty text is not a number")
    if text.isdecimal():
        return int(text)
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    if any(c not in DIGITS and c not in UNITS and c != "万" for c in text):
        raise ValueError(f"{text!r} is not a number")
    high, ten_thousand, low = text.rpartition("万")
    value = _add_up(high) * 10_000 + _add_up(low) if ten_thousand else _add_up(low)
    # Lenient so far: what to_hanzi would not write back (十十, 二百五, 一百零) is a slip, not a number.
    usual = text.replace("两", "二").replace("〇", "零")
    usual = usual[1:] if usual.startswith("一十") else usual
    if value >= 100_000_000 or to_hanzi(value) != usual:
        raise ValueError(f"{text!r} is not a number")
    return value


def _add_up(text: str) -> int:
    total, digit = 0, 1
    for c in text:
        if c in UNITS:
            total, digit = total + digit * UNITS[c], 0
        else:
            digit = DIGITS.get(c, 0)
    return total + (digit if text and text[-1] in DIGITS else 0)


def to_hanzi(value: int) -> str:
    """Write 0 … 99,999,999 as statutes do: 十, 一百零一, 一百一十, 一万零五."""
    if not 0 <= value < 100_000_000:
        raise ValueError(f"{value} is outside 0 … 99,999,999")
    high, low = divmod(value, 10_000)
    if not high:
        text = _hanzi_below_ten_thousand(low)
        return text.removeprefix("一") if text.startswith("一十") else text
    gap = "零" if 0 < low < 1000 else ""
    return to_hanzi(high) + "万" + gap + (_hanzi_below_ten_thousand(low) if low else "")


def _hanzi_below_ten_thousand(value: int) -> str:
    if value == 0:
        return "零"
    out, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            out += ("零" if gap else "") + HANZI_DIGITS[digit] + name
            gap = False
        else:
            gap = bool(out)
    return out


def to_full_width(text: str) -> str:
    """ASCII digits to full-width ones: 24 → ２４."""
    return text.translate({ord("0") + i: 0xFF10 + i for i in range(10)})


def article_number(text: str) -> ArticleNumber | None:
    """The article that the whole of `text` names (第二百五十三条之一, ２４条, 24, article-24), or None."""
    text = text.strip()
    if slug := _SLUG.fullmatch(text):
        return ArticleNumber(int(slug[1]), int(slug[2] or 0))
    if text.isdecimal():
        return ArticleNumber(int(text)) if int(text) else None
    found = _ARTICLE.fullmatch(text)
    if not found:
        return None
    return read_article(found[1], found[2])


def read_article(number: str, suffix: str | None) -> ArticleNumber | None:
    """Two numerals to an article number; None where either is no positive number."""
    try:
        key = ArticleNumber(to_int(number), to_int(suffix) if suffix else 0)
    except ValueError:
        return None
    return key if key.number > 0 and (key.suffix > 0 or not suffix) else None
