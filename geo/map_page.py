"""The page around a folium map: our legend and source line, and Leaflet as links or written in."""

import base64
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from branca.element import Element
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from jinja2 import Template

from geo import palette
from geo.models import Category

LEAFLET_JS, LEAFLET_CSS = "vendor/leaflet/leaflet.js", "vendor/leaflet/leaflet.css"
MAP_JS, MAP_CSS = "geo/map.js", "geo/map.css"
_URL = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")
_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".gif": "image/gif", ".jpg": "image/jpeg"}


@dataclass(frozen=True)
class Page:
    """What the page says beside the map."""

    title: str
    source_line: str
    is_sample: bool = False
    note: str = ""
    categories: list[str] = field(default_factory=list)  # values of Category, in legend order
    has_scores: bool = False
    has_picks: bool = False


class _Raw(Element):
    """Text as it is: branca would read braces in a script as template code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_kwargs: Any) -> str:
        return self.text


_PAGE = Template(
    """<!doctype html>
<html lang="{{ this.language }}">
<head>
<meta charset="utf-8">
<title>{{ this.title|e }}</title>
<meta name="robots" content="noindex">
{{ this.header.render(**kwargs) }}
</head>
<body>
{{ this.before }}
<main class="pm-stage">
{{ this.html.render(**kwargs) }}
<noscript><p class="pm-none">{{ this.without_script|e }}</p></noscript>
</main>
{{ this.after }}
<script>
{{ this.script.render(**kwargs) }}
</script>
</body>
</html>
"""
)


def page_html(drawn: Any, *, standalone: bool) -> str:
    """The map's page. Raises FileNotFoundError where a static file is missing, which `npm ci` brings."""
    page: Page = drawn.page
    figure: Any = drawn.get_root()
    _number_elements(figure)
    figure._template = _PAGE
    for part in (figure.header, figure.html, figure.script):
        part._children.clear()  # folium fills them anew, and would fill them twice
    figure.title = page.title
    figure.language = (get_language() or "zh-hans").replace("zh-hans", "zh-Hans").replace("zh-hant", "zh-Hant")
    context = _context(page, standalone)
    figure.before = render_to_string("geo/map_head.html", context)
    figure.after = render_to_string("geo/map_foot.html", context)
    figure.without_script = _("The map needs JavaScript; the same content stands in the lists.")
    if standalone:
        drawn.default_js, drawn.default_css = [], []
        for name in (LEAFLET_CSS, MAP_CSS):
            figure.header.add_child(_Raw(f"<style>{_css(name)}</style>"), name=name)
        for name in (LEAFLET_JS, MAP_JS):
            figure.header.add_child(_Raw(f"<script>{_script(name)}</script>"), name=name)
    else:
        drawn.default_js = [(name, static(name)) for name in (LEAFLET_JS, MAP_JS)]
        drawn.default_css = [(name, static(name)) for name in (LEAFLET_CSS, MAP_CSS)]
    return str(figure.render())


def _context(page: Page, standalone: bool) -> dict[str, Any]:
    labels = {**dict(Category.choices)}
    items = []
    for category in page.categories:
        shape, color = palette.CATEGORY_STYLE.get(category, palette.OTHER_STYLE)
        items.append({"label": labels[category], "color": color, "d": palette.SHAPE_PATHS[shape]})
    return {
        "title": page.title,
        "note": page.note,
        "is_sample": page.is_sample,
        "source_line": page.source_line,
        "standalone": standalone,
        "categories": items,
        "has_picks": page.has_picks,
        "has_scores": page.has_scores,
        "pick": palette.PICK,
        "edge": palette.EDGE,
        "ramp": [{"x": i * 16, "color": color} for i, color in enumerate(palette.SCORE_RAMP)],
    }


def _number_elements(root: Any) -> None:
    """Names by place in the tree instead of at random: the same map gives the same bytes, and renders twice alike."""
    if getattr(root, "numbered", False):
        return
    root.numbered = True
    stack, count = [root], 0
    while stack:
        element = stack.pop()
        element._id = f"{count:03d}"
        count += 1
        stack.extend(reversed(element._children.values()))


def _bytes(name: str) -> bytes:
    """A static file as it lies in the sources, or as it was collected."""
    found = finders.find(name)
    if found:
        return Path(found).read_bytes()
    with staticfiles_storage.open(name) as handle:
        return bytes(handle.read())


def _script(name: str) -> str:
    text = _bytes(name).decode("utf-8")
    text = re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
    return text.replace("</script", "<\\/script")


def _css(name: str) -> str:
    """The sheet with every picture that it names as a data URI."""
    folder = name.rpartition("/")[0]

    def inline(match: re.Match[str]) -> str:
        target = f"{folder}/{match[1]}"
        kind = _TYPES[Path(target).suffix.lower()]
        return f"url(data:{kind};base64,{base64.b64encode(_bytes(target)).decode('ascii')})"

    text = _URL.sub(inline, _bytes(name).decode("utf-8"))
    return text.replace("</style", "<\\/style")
