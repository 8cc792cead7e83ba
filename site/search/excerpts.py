"""What matched, shown in the original text."""

from collections.abc import Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from zh.scripts import fold
from zh.spacing import close_up, narrow
from zh.tokens import highlight_spans

BEFORE, AFTER = 24, 72
_STOPS = "。！？；"


def spans(text: str, query: str, also: Sequence[str] = ()) -> list[tuple[int, int]]:
    """Where the query shows in `text`, and words that mean the same where they stand whole."""
    found = highlight_spans(text, query) if query else []
    plain = fold(narrow(text))
    for word in also:
        if fold(narrow(word)) in plain:
            found += highlight_spans(text, word)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def marked(text: str, query: str, also: Sequence[str] = ()) -> SafeString:
    """`text`, escaped, with what matches in <mark>."""
    parts: list[str] = []
    end = 0
    for start, stop in spans(text, query, also):
        parts += [escape(text[end:start]), format_html("<mark>{}</mark>", text[start:stop])]
        end = stop
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def excerpt(text: str, query: str, also: Sequence[str] = ()) -> SafeString:
    """About a hundred characters around the first match, from the original text, from a stop where one is near."""
    text = close_up(text)
    found = spans(text, query, also)
    first = found[0][0] if found else 0
    start = max(0, first - BEFORE)
    for stop_mark in _STOPS:
        start = max(start, text.rfind(stop_mark, start, first) + 1)
    start += len(text[start:first]) - len(text[start:first].lstrip())
    stop = min(len(text), max(first + AFTER, start + AFTER))
    lead, tail = "…" if start else "", "…" if stop < len(text) else ""
    return format_html("{}{}{}", lead, marked(text[start:stop].rstrip(), query, also), tail)
