"""The map page: nothing from elsewhere, nothing unreviewed in public, whole in one file, drawn in a real browser."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from geo import maps, palette
from geo.examples import pengjiang
from geo.models import Area
from geo.services import layers

ROOT = Path(__file__).resolve().parents[2]
FETCHING = {"src", "href", "srcset", "poster", "action", "formaction", "data", "background", "manifest", "ping"}


class Fetches(HTMLParser):
    """Every address that the markup names, and the text of scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.addresses, self.inside, self.code = [], "", {"script": "", "style": ""}
        self.feed(text)
        self.addresses += re.findall(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""", self.code["style"])

    def handle_starttag(self, tag, attrs):
        self.inside = tag if tag in self.code else ""
        self.addresses += [value for name, value in attrs if name in FETCHING and value]
        self.addresses += [u for n, v in attrs if n == "style" for u in re.findall(r"url\(([^)]+)\)", v or "")]

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside:
            self.code[self.inside] += data


def point(lon, lat, **properties):
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": properties}


def line(*places, **properties):
    geometry = {"type": "LineString", "coordinates": [list(place) for place in places]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


SQUARE = {"type": "Polygon", "coordinates": [[[113, 22.5], [113.25, 22.5], [113.25, 22.75], [113, 22.75], [113, 22.5]]]}


@pytest.fixture
def small():
    """Layers of two routes, one stop and two places."""
    return {
        "routes": collection(
            line(
                (113.01, 22.6),
                (113.2, 22.6),
                line_name="甲路",
                name="东—西",
                score=10.0,
                trips_per_day=60,
                length_m=19000,
            ),
            line(
                (113.1, 22.51),
                (113.1, 22.7),
                line_name="乙路",
                name="南—北",
                score=90.0,
                trips_per_day=80,
                length_m=21000,
            ),
        ),
        "stops": collection(point(113.1, 22.6, name="路口", lines=["A", "B"])),
        "hotspots": collection(
            point(
                113.11,
                22.61,
                name="示例小学",
                category="school",
                persons_per_day=900,
                as_of="2026-03-01",
                basis="sample",
            ),
            point(
                113.12,
                22.62,
                name="示例医院",
                category="hospital",
                persons_per_day=2000,
                as_of="2026-02-01",
                basis="sample",
            ),
        ),
        "base": {"land": collection({"type": "Feature", "geometry": SQUARE, "properties": {"class": "land"}})},
        "boundary": collection({"type": "Feature", "geometry": SQUARE, "properties": {}}),
    }


@pytest.fixture
def area(db):
    return Area.objects.create(slug="town", name="示例镇", is_sample=False)


@pytest.fixture
def picks():
    return [
        maps.Pick(1, "shelter", "路口站·A 面", 113.1, 22.6, rows=[("花费", "¥1,200")]),
        maps.Pick(2, "body", "甲路·2 台", 113.15, 22.6, "甲路", [[[113.01, 22.6], [113.2, 22.6]]]),
    ]


def test_palette_and_tokens_agree():
    css = (ROOT / "site" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", css))
    assert {f"cat-{name}": color for name, (_shape, color) in palette.CATEGORY_STYLE.items()}.items() <= tokens.items()
    assert {f"score-{i + 1}": color for i, color in enumerate(palette.SCORE_RAMP)}.items() <= tokens.items()
    ground = {"land": palette.LAND, "block": palette.BLOCK, "green": palette.GREEN, "water": palette.WATER}
    roads = {"road": palette.ROAD, "road-edge": palette.ROAD_EDGE, "label": palette.LABEL}
    assert {f"map-{name}": color for name, color in (ground | roads).items()}.items() <= tokens.items()


def test_no_two_categories_share_a_shape_or_a_colour():
    shapes, colors = zip(*palette.CATEGORY_STYLE.values(), strict=True)
    assert len(set(shapes)) == len(shapes)
    assert len({*colors, palette.OTHER_STYLE[1]}) == len(colors) + 1
    assert set(shapes) == set(palette.SHAPE_PATHS)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60))
def test_a_better_score_never_gets_a_paler_step_and_equals_share_one(scores):
    steps = maps.score_steps(scores)
    assert steps.min() >= 0
    assert steps.max() <= 5
    order = np.argsort(scores, kind="stable")
    assert (np.diff(steps[order]) >= 0).all()
    assert all(len(set(steps[np.asarray(scores) == value])) == 1 for value in scores)


def test_six_equal_parts_use_the_whole_ramp():
    assert np.bincount(maps.score_steps(list(range(60)))).tolist() == [10] * 6


def test_the_embedded_page_fetches_only_static_files_that_exist(area, small):
    page = maps.html(maps.area_map(area, small))
    addresses = Fetches(page).addresses
    assert len(addresses) == 4
    for address in addresses:
        assert address.startswith("/static/")
        assert finders.find(address.removeprefix("/static/")), address


def test_the_file_fetches_nothing_at_all(area, small, picks):
    page = Fetches(maps.html(maps.area_map(area, small, picks), standalone=True))
    assert [a for a in page.addresses if not a.startswith(("data:", "#"))] == []
    assert any(address.startswith("data:image/png;base64,") for address in page.addresses)
    assert "sourceMappingURL" not in page.code["script"]
    assert re.search(r"Leaflet 1\.9\.4", page.code["script"])


@pytest.mark.parametrize("standalone", [False, True])
def test_none_of_folium_s_usual_companions_is_there(area, small, standalone):
    page = maps.html(maps.area_map(area, small), standalone=standalone).lower()
    for word in ("jquery", "bootstrap", "awesome", "jsdelivr", "cdnjs", "openstreetmap", "user-scalable=no"):
        assert word not in page
    assert re.search(r"\$\(", Fetches(page).code["script"]) is None


def test_a_folium_map_saved_without_our_page_still_names_no_foreign_host(area, small):
    drawn = maps.area_map(area, small)
    assert all(address.startswith("/static/") for address in Fetches(drawn.get_root().render()).addresses)


def test_names_from_data_cannot_leave_their_place(area, small):
    evil = "</script><img src=https://evil.example/x onerror=alert(1)>"
    small["hotspots"]["features"][0]["properties"]["name"] = evil
    small["routes"]["features"][0]["properties"]["line_name"] = evil
    area.name = evil
    for standalone in (False, True):
        page = maps.html(maps.area_map(area, small), standalone=standalone)
        assert "<img" not in page
        assert not [address for address in Fetches(page).addresses if "evil" in address]


def test_the_same_map_gives_the_same_bytes(area, small, picks):
    first, second = (maps.area_map(area, small, picks) for _ in range(2))
    assert maps.html(first) == maps.html(second) == maps.html(first)
    assert maps.html(first, standalone=True) == maps.html(second, standalone=True)


def test_the_public_sees_no_boundary_that_nobody_has_reviewed(area, small):
    dashed = '"dashArray": "6 4"'
    assert dashed not in maps.html(maps.area_map(area, small))
    assert dashed in maps.html(maps.area_map(area, small, staff=True))
    area.map_review_number = "粤S（2026）001号"
    assert dashed in maps.html(maps.area_map(area, small))
    area.map_review_number, area.is_sample = "", True
    assert dashed in maps.html(maps.area_map(area, small))


def test_under_the_map_stand_source_date_review_number_and_sample(area, small):
    area.sources.create(kind="hotspots", file_name="h.csv", origin="某局普查", imported_at=timezone.now())
    text = maps.area_map(area, small).page.source_line
    assert "某局普查" in text
    assert "2026-03-01" in text
    area.map_review_number, area.is_sample = "粤S（2026）001号", True
    sample = maps.area_map(area, small).page.source_line
    assert "粤S（2026）001号" in sample
    assert len(sample) > len(text)


def test_the_legend_names_the_categories_that_occur_and_grey_stands_for_the_rest(area, small):
    assert maps.area_map(area, small).page.categories == ["school", "other"]


def test_an_area_with_nothing_in_it_still_gives_a_page(area):
    empty = {name: collection() for name in ("routes", "stops", "hotspots", "boundary")}
    page = maps.html(maps.area_map(area, {**empty, "base": {}}))
    assert "PufaMap.ready" in page


def test_a_number_on_the_map_is_the_number_in_the_list(area, small, picks):
    page = maps.html(maps.area_map(area, small, picks))
    assert re.findall(r'"number": (\d)', page) == ["1", "2"]
    assert '"label": "\\u7532\\u8def"' in page


# ----- the addresses


@pytest.fixture
def planner(db):
    user = User.objects.create_user("planner", password="x")
    user.user_permissions.add(Permission.objects.get(content_type__app_label="geo", codename="view_route"))
    return user


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_login_and_a_member_without_the_right_is_refused(client, area):
    for name in ("geo:map", "geo:map_download"):
        address = reverse(name, args=["town"])
        assert client.get(address).status_code == 302
        client.force_login(User.objects.get_or_create(username="nobody")[0])
        assert client.get(address).status_code == 403
        client.logout()


def test_the_preview_has_a_policy_and_a_sandbox_of_its_own(client, area, planner):
    client.force_login(planner)
    response = client.get(reverse("geo:map", args=["town"]))
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    assert response.status_code == 200
    assert policy["sandbox"] == "allow-scripts"
    assert policy["script-src"] == "'self' 'unsafe-inline'"
    assert policy["connect-src"] == policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response["Cache-Control"]


def test_the_looser_policy_stays_on_the_preview(client, area, planner):
    client.force_login(planner)
    file = client.get(reverse("geo:map_download", args=["town"]))
    assert "unsafe" not in file["Content-Security-Policy"]
    assert file["Content-Disposition"] == 'attachment; filename="town-map.html"'
    assert client.get(reverse("geo:map", args=["nowhere"])).status_code == 404


# ----- in a browser

PAINTED = """() => [...document.querySelectorAll('canvas.leaflet-zoom-animated')].map(c => {
    const seen = new Set(), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
    for (let i = 0; i < d.length; i += 4) { if (d[i + 3] === 255) seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); }
    return [...seen];
})"""


def painted_anew(page):
    """Wait until Leaflet, which paints in animation frames, has done so."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")


def number_of(color):
    return int(color.removeprefix("#"), 16)


@pytest.mark.e2e
@pytest.mark.parametrize("width", [1280, 375])
def test_the_file_opens_from_disk_without_a_network_and_draws_everything(new_page, axe, db, tmp_path, width):
    area = pengjiang()
    shown = layers(area)
    for i, feature in enumerate(shown["routes"]["features"]):
        feature["properties"]["score"] = float(i)
    stop = shown["stops"]["features"][40]["geometry"]["coordinates"]
    way = shown["routes"]["features"][4]["geometry"]["coordinates"]
    picks = [
        maps.Pick(1, "shelter", "示例站·A 面", *stop, rows=[("花费", "¥12,600")]),
        maps.Pick(2, "screen", "示例3路·15 秒", *way[len(way) // 3], "示例3路", [way]),
    ]
    file = tmp_path / "map.html"
    file.write_text(maps.html(maps.area_map(area, shown, picks), standalone=True), encoding="utf-8")
    page = new_page(width=width, height=800, offline=True)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    painted_anew(page)
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert said == []

    painted = {color for canvas in page.evaluate(PAINTED) for color in canvas}
    marks = [color for _shape, color in palette.CATEGORY_STYLE.values()]
    for color in (*marks, *palette.SCORE_RAMP[1:], palette.LAND, palette.WATER, palette.GREEN, palette.PICK_SCREEN):
        assert number_of(color) in painted, color

    assert page.locator(".pm-badge").all_inner_texts() == ["1", "2·示例3路"]
    assert page.locator(".pm-source").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first = page.locator(".pm-pick").filter(has=page.locator(".pm-badge", has_text=re.compile("^1$")))
    first.focus()
    page.keyboard.press("Enter")
    page.locator(".pm-card h2", has_text="示例站·A 面").wait_for()
    assert page.locator(".pm-card dd").first.inner_text() == "¥12,600"
    page.wait_for_function("getComputedStyle(document.querySelector('.leaflet-popup')).opacity === '1'")
    assert axe(page) == []


def test_a_layer_switched_off_is_gone_and_comes_back_at_the_right_size(new_page, db, tmp_path):
    area = pengjiang()
    shown = layers(area)
    file = tmp_path / "map.html"
    file.write_text(maps.html(maps.area_map(area, shown), standalone=True), encoding="utf-8")
    page = new_page(offline=True)
    page.goto(file.as_uri())
    painted_anew(page)
    mall = number_of(palette.CATEGORY_STYLE["mall"][1])
    boxes = page.locator(".leaflet-control-layers-overlays input")
    assert boxes.count() == 3
    boxes.nth(2).uncheck()
    painted_anew(page)
    assert mall not in {color for canvas in page.evaluate(PAINTED) for color in canvas}
    boxes.nth(2).check()
    painted_anew(page)
    assert mall in {color for canvas in page.evaluate(PAINTED) for color in canvas}


@pytest.fixture
def preview(site_server, client, planner, settings):
    """Address of the sample area's preview, and the cookie of a planner for it."""
    pengjiang()
    client.force_login(planner)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    address = site_server.url + reverse("geo:map", args=["pengjiang"])
    return address, {"name": cookie.key, "value": cookie.value, "url": site_server.url}


def test_the_preview_draws_under_its_own_policy(preview, page, no_foreign_requests):
    address, cookie = preview
    page.context.add_cookies([cookie])
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    painted_anew(page)
    painted = {color for canvas in page.evaluate(PAINTED) for color in canvas}
    assert {number_of(palette.CATEGORY_STYLE["mall"][1]), number_of(palette.WATER)} <= painted
    assert said == []


def test_the_preview_can_reach_nothing_of_the_site_and_has_no_barrier(preview, browser, axe):
    # A context without the checks of `page`: what is tried here is meant to be refused, and axe reads the sheets.
    address, cookie = preview
    context = browser.new_context()
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("self.origin") == "null"
    assert page.evaluate("fetch('/admin/').then(() => 'read', () => 'refused')") == "refused"
    assert axe(page) == []
    context.close()


def test_the_preview_draws_in_a_frame_of_a_page_of_ours(preview, page):
    address, cookie = preview
    page.context.add_cookies([cookie])
    page.goto(address.replace("/geo/pengjiang/map/", "/admin/login/"))
    page.evaluate(
        """address => { const f = document.createElement('iframe'); f.setAttribute('sandbox', 'allow-scripts');
        f.width = 800; f.height = 500; f.src = address; document.body.replaceChildren(f); }""",
        address,
    )
    frame = page.frame_locator("iframe")
    frame.locator("canvas.leaflet-zoom-animated").first.wait_for()
    assert frame.locator(".pm-legend li").count() >= 5
