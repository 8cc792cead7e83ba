"""Nothing that the admin can say is said in English: Wagtail's own Chinese, and ours where it has none."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import trans_real

from scripts.house.translations import entries, is_empty, read
from scripts.house.tree import Tree
from scripts.steps import ROOT

BORROWED = ROOT / "site/borrowed/locale/zh_Hans/LC_MESSAGES"
# What of Wagtail is installed (its other parts have catalogues of their own, which nobody is shown).
PARTS = ["", *(f"{name.removeprefix('wagtail.').replace('.', '/')}/" for name in settings.INSTALLED_APPS
               if name.startswith("wagtail."))]  # fmt: skip
# Ours says these in its own words for the whole product, the admin's lists and forms included.
OURS_ON_PURPOSE = {
    "All", "Account", "Approve", "Comment",
    "Approved", "Created", "Document", "Documents", "Locked", "Log out", "Name", "Next",
    "Previous", "Summary", "Updated", "collection", "comment", "created at", "height", "locked", "name", "pages",
    "revision", "site name", "width",
}  # fmt: skip


def folder_of(package):
    return Path(find_spec(package).submodule_search_locations[0])


def said_by(path):
    return entries(read_po(path.open("rb")))


def packages_strings(name):
    """Every string of the parts in use, with the Chinese its package brings: `{key: message or None}`."""
    strings = {}
    for part in PARTS:
        locale = folder_of("wagtail") / part / "locale"
        if (locale / "en/LC_MESSAGES" / name).is_file():
            chinese = said_by(path) if (path := locale / "zh_Hans/LC_MESSAGES" / name).is_file() else {}
            for entry in said_by(locale / "en/LC_MESSAGES" / name):
                held = chinese.get(entry)
                held = held if held and not held.fuzzy and not is_empty(held) else None
                strings[entry] = strings.get(entry) or held
    if name == "django.po":  # its Chinese is called zh_CN, where Django does not look
        strings |= dict.fromkeys(said_by(folder_of("django_filters") / "locale/zh_CN/LC_MESSAGES" / name))
    return strings


def known_strings(domain):
    """Keys for which the running product has Chinese."""
    if domain == "django":
        catalog = trans_real.translation("zh-hans")._catalog
    else:
        paths = [str(folder_of("wagtail") / "admin/locale")]
        catalog = trans_real.DjangoTranslation("zh-hans", domain=domain, localedirs=paths)._catalog
    keys = {key[0] if isinstance(key, tuple) else key for key in catalog.keys()}  # noqa: SIM118
    return {tuple(key.split("\x04", 1)) if "\x04" in key else ("", key) for key in keys}


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_string_of_the_parts_in_use_has_chinese(domain):
    wanted = packages_strings(f"{domain}.po")
    assert len(wanted) > 80
    assert sorted(wanted.keys() - known_strings(domain)) == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_borrowed_strings_are_still_said_by_a_package_that_has_no_chinese_for_them(domain):
    strings = packages_strings(f"{domain}.po")
    borrowed = set(entries(read(BORROWED / f"{domain}.po")))
    assert sorted(borrowed - strings.keys()) == [], "no package says these any more"
    assert sorted(entry for entry in borrowed if strings[entry]) == [], "the package has its own Chinese now"


def test_an_app_never_changes_what_the_admin_says_by_accident():
    """Django merges all catalogues: an app's “New” would stand on Wagtail's buttons too."""
    wagtails = packages_strings("django.po")
    clashes = set()
    for name in Tree(ROOT).of(".po", under=("campaigns", "media", "geo", "site")):
        if name.startswith("site/borrowed/"):
            continue
        for entry, message in entries(read(ROOT / name)).items():
            theirs = wagtails.get(entry)
            if theirs and theirs.string != message.string and entry[1] not in OURS_ON_PURPOSE:
                clashes.add((name, entry, theirs.string, message.string))
    assert clashes == set()
