"""A QR code as inline SVG: one path, no style, scalable."""

from functools import lru_cache

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of white around the code, as ISO/IEC 18004 asks


def qr_svg(url: str, label: str) -> SafeString:
    """The code of `url` at error level M; `label` is what a screen reader says."""
    size, path = _drawn(url)
    return format_html(
        '<svg class="qr" viewBox="-{q} -{q} {s} {s}" role="img" aria-label="{label}">'
        '<rect x="-{q}" y="-{q}" width="{s}" height="{s}" fill="#fff"/><path fill="#101828" d="{path}"/></svg>',
        q=QUIET,
        s=size,
        label=label,
        path=path,
    )


@lru_cache(maxsize=2048)
def _drawn(url: str) -> tuple[int, str]:
    """Side in modules, white included, and the path. Kept: the search for a mask is a fifth of an article."""
    matrix = segno.make(url, error="m", micro=False).matrix
    runs: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return len(matrix) + 2 * QUIET, "".join(runs)
