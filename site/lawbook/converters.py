"""Path parts of the law book: article-253-1, 2026-11-01, and d12 for the twelfth heading."""

from datetime import date

from zh.numerals import ArticleNumber, article_number


class ArticleConverter:
    regex = r"article-[1-9][0-9]{0,4}(?:-[1-9][0-9]{0,2})?"

    def to_python(self, value: str) -> ArticleNumber:
        key = article_number(value)
        if key is None:
            raise ValueError(value)
        return key

    def to_url(self, value: ArticleNumber) -> str:
        return value.slug


class DayConverter:
    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # a ValueError, as for 2026-02-30, is a page that is not there

    def to_url(self, value: date) -> str:
        return value.isoformat()


class HeadingConverter:
    """The place of a heading among all headings of a text, as in its anchor."""

    regex = r"d[1-9][0-9]{0,4}"

    def to_python(self, value: str) -> int:
        return int(value[1:])

    def to_url(self, value: int) -> str:
        return f"d{value}"
