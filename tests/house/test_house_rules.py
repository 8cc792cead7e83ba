"""Every rule of scripts/check_house.py can fail: each test breaks one rule in a small tree and sees it caught."""

import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PIL import Image

from scripts import check_house
from scripts.handbook import __main__ as pictures
from scripts.handbook import shots
from scripts.house import handbook, layout, locks, pages, translations
from scripts.house.tree import Problem, Tree
from scripts.steps import Stop

Plant = Callable[[dict[str, str]], Tree]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """`plant({path: text})` writes a small project and returns its tree."""

    def write(files: dict[str, str]) -> Tree:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Tree(tmp_path)

    return write


def places(problems: Iterable[Problem]) -> list[tuple[str, int]]:
    return [(problem.file, problem.line) for problem in problems]


class TestLayout:
    def test_site_may_not_become_a_package(self, plant):
        assert places(layout.site_is_a_source_root(plant({"site/__init__.py": ""}))) == [("site/__init__.py", 0)]

    def test_a_package_inside_site_is_no_problem(self, plant):
        assert not list(layout.site_is_a_source_root(plant({"site/zh/__init__.py": ""})))

    def test_a_module_over_the_limit_is_named_with_its_length(self, plant):
        tree = plant({"geo/long.py": "x = 1\n" * 451, "geo/fits.py": "x = 1\n" * 450})
        assert places(layout.modules_are_short(tree)) == [("geo/long.py", 451)]

    def test_generated_migrations_may_be_long(self, plant):
        assert not list(layout.modules_are_short(plant({"geo/migrations/0001_initial.py": "x = 1\n" * 900})))

    @pytest.mark.parametrize("path", ["/ro" + "ot/x.txt", "/ho" + "me/li/x", "/Us" + "ers/li/x", "/wo" + "rk/main/x"])
    def test_a_path_of_one_machine_is_found_where_it_stands(self, plant, path):
        tree = plant({"docs/a.md": f"first\nsee `{path}`\n"})
        assert places(layout.no_machine_paths(tree)) == [("docs/a.md", 2)]

    @pytest.mark.parametrize("text", ["/planner/work/3", "{url}/home/a", "https://x.cn/home/a/b", "a/root/b"])
    def test_a_url_is_not_taken_for_a_path(self, plant, text):
        assert not list(layout.no_machine_paths(plant({"docs/a.md": text})))

    def test_only_ci_may_say_where_the_real_data_are(self, plant):
        named = "PUFA_REAL_DATA=../sha" + "red/data\n"
        tree = plant({".ci/run": named, "Makefile": f"# comment\n{named}"})
        assert places(layout.only_ci_names_the_real_data(tree)) == [("Makefile", 2)]

    def test_a_switch_without_documentation_is_found_where_it_is_read(self, plant):
        read = 'a = env.text("PUFA_' + 'KNOWN")\nb = os.environ.get("PUFA_' + 'SECRET")\n'
        tree = plant({"site/config/a.py": read, "docs/operations.md": "| `PUFA_KNOWN` | x | y |\n"})
        assert places(layout.every_switch_is_documented(tree)) == [("site/config/a.py", 2)]


LOCKED = "a==1 \\\n    --hash=sha256:00\n    # via b\nb==2 \\\n    --hash=sha256:11\n"


class TestLocks:
    def test_a_clean_lock_passes(self, plant):
        assert not list(locks.python_locks_carry_hashes_and_no_address(plant({"requirements-dev.txt": LOCKED})))

    @pytest.mark.parametrize("where", ["start", "end"])
    def test_a_package_without_hash_is_found(self, plant, where):
        text = f"c==3\n{LOCKED}" if where == "start" else f"{LOCKED}c==3\n"
        problems = list(locks.python_locks_carry_hashes_and_no_address(plant({"requirements.txt": text})))
        assert [problem.text.split()[0] for problem in problems] == ["c==3"]
        assert problems[0].line == (1 if where == "start" else 6)

    @pytest.mark.parametrize(
        "line", ["--index-url x", "--extra-index-url x", "--find-links /w", "-i x", "d @ https://x"]
    )
    def test_an_address_in_a_python_lock_is_found(self, plant, line):
        tree = plant({"requirements.txt": f"{line}\n{LOCKED}"})
        assert ("requirements.txt", 1) in places(locks.python_locks_carry_hashes_and_no_address(tree))

    @pytest.mark.parametrize(
        ("entry", "problem"),
        [
            ({"version": "1", "integrity": "sha512-0", "resolved": "x"}, "download address"),
            ({"version": "https://example.cn/a.tgz", "integrity": "sha512-0"}, "download address"),
            ({"version": "1"}, "no integrity"),
        ],
    )
    def test_npm_lock_faults_are_found(self, plant, entry, problem):
        lock = json.dumps({"packages": {"": {}, "node_modules/a": entry}}, indent=1)
        problems = list(locks.npm_lock_carries_hashes_and_no_address(plant({"package-lock.json": lock})))
        assert len(problems) == 1
        assert problem in problems[0].text

    @staticmethod
    def project(count: int) -> dict[str, str]:
        names = ", ".join(f'"p{number}>=1"' for number in range(count))
        return {
            "pyproject.toml": f"[project]\ndependencies = [{names}]\noptional-dependencies = {{dev = ['tool>=1']}}\n",
            "package.json": json.dumps({"dependencies": {"leaflet": "1"}, "devDependencies": {"axe": "1"}}),
        }

    def test_one_dependency_too_many_is_refused(self, plant):
        assert not list(locks.dependencies_are_few(plant(self.project(23))))
        assert len(list(locks.dependencies_are_few(plant(self.project(24))))) == 1

    def test_dependencies_and_their_rows_must_be_the_same_set(self, plant):
        rows = "| `p0` | why |\n| `tool` | why |\n| `axe` | why |\n| `gone` | why |\n"
        problems = list(locks.dependencies_are_accounted_for(plant({**self.project(1), "docs/dependencies.md": rows})))
        assert [problem.text.split()[0] for problem in problems] == ["leaflet", "gone"]


class TestPages:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("site/templates/a.html", '<p>a</p>\n<script src="https://static.example.com/a.js"></script>'),
            ("site/templates/a.html", '<p>a</p>\n<img src="//img.example.com/a.png">'),
            ("site/static/a.css", "a {}\n@import url(https://fonts.example.com/a.css);"),
            ("campaigns/static/a.js", "let a;\nfetch(`https://tiles.example.com/${a}`);"),
        ],
    )
    def test_a_foreign_host_is_found(self, plant, name, text):
        assert places(pages.no_foreign_hosts(plant({name: text}))) == [(name, 2)]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("site/templates/a.html", '<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
            ("site/templates/a.html", '<a class="b" href="https://example.gov.cn/">官网</a>'),
            ("site/templates/a.html", "{# see https://example.com/a #}<!-- https://example.com -->"),
            ("site/static/a.js", "a = b; //example.com is a comment\n"),
        ],
    )
    def test_names_links_and_comments_are_not_requests(self, plant, name, text):
        assert not list(pages.no_foreign_hosts(plant({name: text})))

    @pytest.mark.parametrize(
        "text",
        [
            "<script>a()</script>",
            "<style>a {}</style>",
            '<p style="color: red">',
            '<button type="button" onclick="a()">',
            '<a href="javascript:a()">',
        ],
    )
    def test_inline_code_on_a_public_page_is_found_on_its_line(self, plant, text):
        tree = plant({"site/pages/templates/pages/a.html": f"<p>a</p>\n{text}\n"})
        assert places(pages.no_inline_code(tree)) == [("site/pages/templates/pages/a.html", 2)]

    @pytest.mark.parametrize(
        "text",
        [
            '<script src="/a.js" defer></script>',
            '<script type="application/ld+json">{}</script>',
            '{% extends "wagtailadmin/base.html" %}<script>a()</script>',
            '<p data-style="a" class="style">',
        ],
    )
    def test_files_data_and_admin_pages_are_let_off(self, plant, text):
        assert not list(pages.no_inline_code(plant({"site/pages/templates/pages/a.html": text})))


CODE = (
    'from django.utils.translation import gettext as _\n\n\ndef greet(name):\n    return _("Hello %(name)s") % name\n'
)
GOOD = 'msgid "Hello %(name)s"\nmsgstr "你好，%(name)s"\n'


class TestTranslations:
    """Each with a fresh extraction by Django, so slow by the standard of this file: about half a second."""

    @staticmethod
    def tree(plant: Plant, po: str) -> Tree:
        return plant(
            {
                "geo/apps.py": "",
                "geo/greet.py": CODE,
                "geo/locale/zh_Hans/LC_MESSAGES/django.po": f"{translations.HEADER}\n#, python-format\n{po}",
            }
        )

    def test_a_complete_file_passes(self, plant):
        assert not list(translations.files_are_complete(self.tree(plant, GOOD)))

    @pytest.mark.parametrize(
        ("po", "words"),
        [
            (GOOD.replace("你好，%(name)s", ""), "has no Chinese"),
            (GOOD.replace("你好，%(name)s", " "), "has no Chinese"),
            (f"#, fuzzy\n{GOOD}", "fuzzy"),
            (f'{GOOD}\nmsgid "Bye"\nmsgstr "再见"\n', "no longer in the code"),
            (GOOD.replace("，%(name)s", "，%(nam)s"), "argument 'nam'"),
            (f'{GOOD}msgstr "twice', "syntax error"),
            (f'{GOOD}\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "一"\nmsgstr[1] "二"\n', "cannot be read"),
        ],
        ids=["empty", "blank", "fuzzy", "left over", "placeholder", "broken", "plural forms"],
    )
    def test_a_fault_of_the_file_is_found(self, plant, po, words):
        problems = list(translations.files_are_complete(self.tree(plant, po)))
        assert any(words in problem.text and problem.file.endswith("django.po") for problem in problems)

    def test_a_string_without_entry_is_found_where_the_code_says_it(self, plant):
        problems = list(translations.files_are_complete(self.tree(plant, "")))
        assert [(problem.file, problem.line) for problem in problems] == [("geo/greet.py", 5)]

    def test_an_app_without_any_translation_file_is_found(self, plant):
        problems = list(translations.files_are_complete(plant({"geo/apps.py": "", "geo/greet.py": CODE})))
        assert places(problems) == [("geo/greet.py", 5)]

    def test_two_apps_that_say_one_string_differently_are_found(self, plant):
        files = {
            "geo/locale/zh_Hans/LC_MESSAGES/django.po": f'{translations.HEADER}\nmsgid "Place"\nmsgstr "热点"\n',
            "media/locale/zh_Hans/LC_MESSAGES/django.po": f'{translations.HEADER}\nmsgid "Place"\nmsgstr "地点"\n',
        }
        problems = list(translations.one_wording_for_all_apps(plant(files)))
        assert [problem.file for problem in problems] == ["media/locale/zh_Hans/LC_MESSAGES/django.po"]


class TestHandbook:
    def test_a_picture_and_the_text_that_shows_it_pass(self, plant):
        tree = plant({"docs/handbook/a.md": "![名单](images/a.png)\n", "docs/handbook/images/a.png": "x"})
        assert not list(handbook.pictures_and_texts_agree(tree))

    def test_a_picture_that_is_not_there_is_found_where_it_is_shown(self, plant):
        tree = plant({"docs/handbook/a.md": "first\n![名单](images/a.png)\n"})
        assert places(handbook.pictures_and_texts_agree(tree)) == [("docs/handbook/a.md", 2)]

    def test_a_picture_without_words_is_found(self, plant):
        tree = plant({"docs/handbook/a.md": "![](images/a.png)\n", "docs/handbook/images/a.png": "x"})
        assert places(handbook.pictures_and_texts_agree(tree)) == [("docs/handbook/a.md", 1)]

    def test_a_picture_that_no_text_shows_is_found_and_so_is_a_heavy_one(self, plant):
        tree = plant({"docs/handbook/images/a.png": "x" * (152 * 1024)})
        problems = [problem.text for problem in handbook.pictures_and_texts_agree(tree)]
        assert len(problems) == 2, problems
        assert "no handbook shows it" in problems[0]
        assert "at most 150 KB" in problems[1]

    def test_a_wide_noisy_picture_is_made_small_enough(self):
        noise = Image.effect_noise((1280, 600), 90).convert("RGB")
        out = io.BytesIO()
        noise.save(out, "PNG")
        made = shots.small(out.getvalue())
        assert len(made) <= shots.MOST_BYTES
        assert Image.open(io.BytesIO(made)).width >= shots.LEAST_WIDTH

    def test_every_module_of_pictures_names_each_once(self):
        named = [shot.name for found in pictures.shots_of([]).values() for shot in found]
        assert named
        assert len(named) == len(set(named))

    def test_a_module_that_does_not_exist_is_refused(self):
        with pytest.raises(Stop, match="nosuch"):
            pictures.shots_of(["nosuch"])


def test_every_check_of_the_house_modules_is_run():
    """A check that nobody lists would hold nothing."""
    written = {
        value
        for module in (handbook, layout, locks, pages, translations)
        for name, value in vars(module).items()
        if callable(value)
        and not name.startswith("_")
        and getattr(value, "__annotations__", {}).get("tree") is Tree
        and "Problem" in str(value.__annotations__.get("return"))
    }
    assert written == set(check_house.CHECKS)
