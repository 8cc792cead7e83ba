"""Every screen of the admin speaks Chinese and leads to no other host."""

import re

import pytest
from django.contrib.auth import get_user_model
from lxml import html

ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’]+(?:[ ,]+[A-Za-z'’]+){2,}")  # three words or more
SAID_TO_PEOPLE = re.compile(r"^(title|alt|placeholder|aria-label|data-.*(text|label|title|message|active-value))$")
IN_JSON = re.compile(r'"(?:\w*[lL]abel|\w*[tT]ext|title|heading|description)": ?"((?:[^"\\]|\\.)*)"')
NOT_READ = {"style", "svg", "code", "textarea"}
# Names of file formats, and the title that Wagtail's first migration gave a page which its log still names.
NAMES = {"AVIF, GIF, JPG, JPEG, PNG, WEBP", "CSV, XLSX, TSV", "Welcome to your new Wagtail site"}
# Django names permissions in English in the database. Roles are set by `sync_roles`; the screen is the superuser's.
IN_ENGLISH = {"wagtailusers_groups:add", "wagtailusers_groups:edit"}


def words(document):
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script":
            yield from IN_JSON.findall(element.text or "") if "json" in element.get("type", "") else []
        elif element.tag not in NOT_READ:
            yield element.text or ""
            yield from (value for name, value in element.attrib.items() if SAID_TO_PEOPLE.match(name))
        parent = element.getparent()
        if parent is None or parent.tag not in NOT_READ | {"script"}:
            yield element.tail or ""


def test_the_log_in_page_carries_the_sites_own_name(db, client):
    page = html.fromstring(client.get("/admin/login/").content)
    assert page.findtext(".//h1") == "普法直通车"
    assert page.findtext(".//title") == "登录 - 普法直通车"
    said = " ".join(words(page))
    assert "agtail" not in said
    assert "Password" not in said


@pytest.mark.parametrize("text", ["<p>Why not add one</p>", '<a title="Add a child page">x</a>'])
def test_english_is_noticed(text):
    assert ENGLISH.search(" ".join(words(html.fromstring(text))))


def test_no_screen_says_anything_in_english_or_leads_to_another_host(addresses, client):
    client.force_login(get_user_model().objects.create_superuser("root"))
    english, foreign, seen = set(), set(), 0
    for address in addresses:
        if address.name == "wagtailadmin_logout":
            continue
        response = client.get(address.path)
        if response.status_code != 200 or response.streaming or "text/html" not in response["Content-Type"]:
            continue
        document = html.fromstring(response.content) if response.content.strip() else None
        if document is None:
            continue
        seen += 1
        said = {run for text in words(document) for run in ENGLISH.findall(" ".join(text.split()))} - NAMES
        if address.name not in IN_ENGLISH:
            english |= {(address.path, run) for run in said}
        links = {link for link in document.xpath("//a/@href") if link.startswith("http")}
        foreign |= {(address.path, link) for link in links if not link.startswith("http://testserver/")}
    assert seen > 200
    assert english == set()
    assert foreign == set()
