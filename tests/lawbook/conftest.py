"""An invented law, in every layout that the readers know."""

import docx
import pytest

TITLE = "示例街区花木养护条例"
ADOPTED = "2024年3月12日示例街区居民会议第二次会议通过"
FRONT = [TITLE, ADOPTED]
CONTENTS = ["目　录", "第一章　总则", "第二章　浇水和修剪", "第一节　浇水", "第二节　修剪", "第三章　附则"]
BODY = [
    "第一章　总则",
    "第一条　为了让街区的花木长得好，住得舒心，定下这个示例。",
    "第二条　街区里的树、花、草，都照本条例养护。",
    "住户自己阳台上的盆栽不在此列，第五条另有说法的除外。",
    "第二章　浇水和修剪",
    "第一节　浇水",
    "第三条　浇水看天看土，做到下列几样：",
    "（一）清早或者傍晚浇；",
    "（二）土还湿着就不浇；",
    "（三）下雨那天停浇。",
    "雨天以后连着晴三天，再照前款办。",
    "第三条之一　用积下来的雨水浇花，另给一面小红旗。",
    "第二节　修剪",
    "第四条　修剪要用干净的剪刀，依照本条例第三条第一款第（二）项看过土再动手。",
    "第五条　阳台的枝条伸到别家窗前的，主人自己剪。",
    "第三章　附则",
    "第六条　本条例自2024年5月1日起施行。",
]


def plain(body=BODY, contents=CONTENTS, front=FRONT):
    return "\n".join([*front, "", *([*contents, ""] if contents else []), *body, ""])


def markdown_headings(body=BODY):
    """`# title`, `## chapter`, double spaces, comments and a list of contents."""
    out = [f"# {TITLE}", "", ADOPTED, "", "<!-- INFO END -->", "", "## 目录", ""]
    out += [f"- [{line}](#x)" for line in CONTENTS[1:]] + [""]
    for line in body:
        mark = {"章": "## ", "节": "### "}.get(line[2:3] if line.startswith("第") else "", "")
        out += [mark + line.replace("　", "  " if mark else " "), ""]
    return "\n".join(out)


def markdown_bold(body=BODY):
    """Front matter, bold article numbers, full-width spaces."""
    out = ["---", "sidebar: auto", "---", "", f"# {TITLE}", "", ADOPTED, ""]
    for line in body:
        number, space, rest = line.partition("　")
        if number.endswith(("章", "节")):
            out += [f"## {line}", ""]
        elif space and number.startswith("第"):
            out += [f"**{number}**　{rest}", ""]
        else:
            out += [line, ""]
    return "\n".join(out)


def word(path, body=BODY):
    document = docx.Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph(f"（{ADOPTED}）")
    for line in [*CONTENTS, *body]:
        number, space, rest = line.partition("　")
        paragraph = document.add_paragraph()
        paragraph.add_run(number).bold = True
        paragraph.add_run(space + rest)
    document.save(path)
    return path


@pytest.fixture
def law_files(tmp_path):
    """One path a layout, all of the same law."""
    files = {"headings.md": markdown_headings(), "bold.md": markdown_bold(), "plain.txt": plain()}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "office.txt").write_text(plain().replace("\n", "\r\n"), encoding="gb18030")
    word(tmp_path / "law.docx")
    return {path.name: path for path in sorted(tmp_path.iterdir())}


@pytest.fixture
def write_law(tmp_path):
    """`write_law(body)`: an official-style text file of these lines."""

    def write(body=BODY, *, contents=CONTENTS, front=FRONT, name="law.txt"):
        path = tmp_path / name
        path.write_text(plain(body, contents, front), encoding="utf-8")
        return path

    return write


@pytest.fixture
def flower_law(db, write_law):
    """The invented law on the site."""
    from lawbook.importing import import_record
    from lawbook.models import Law
    from lawbook.sources.reading import read_source

    import_record(read_source(write_law()), slug="flowers")
    return Law.objects.get(slug="flowers")


@pytest.fixture
def corpus():
    """The installed corpus; skipped where `make law` has not been run."""
    from lawbook.sources.corpus import find_corpus

    path = find_corpus()
    if path is None:
        pytest.skip("the corpus is not installed: `make law`")
    return path


NEW_BODY = [
    *BODY[:4],
    *BODY[4:6],
    "第三条　浇水看天看土，做到下列几样：",
    "（一）天黑以后浇；",
    *BODY[8:11],
    BODY[11],
    "第二节　修剪",
    "第四条　阳台的枝条伸到别家窗前的，主人自己剪。",
    "第三章　附则",
    "第五条　给认真养护的住户发一盆茉莉，名单贴在门口的布告栏里。",
    "第六条　本条例自2025年1月1日起施行。",
]


@pytest.fixture
def new_text(flower_law, write_law):
    """A second text of the invented law, from 2025-01-01: one article changed, one gone, one new, one renumbered."""
    from lawbook.importing import import_record
    from lawbook.models import LawVersion
    from lawbook.sources.reading import read_source

    front = [TITLE, "2024年12月1日示例街区居民会议第三次会议修订"]
    import_record(read_source(write_law(NEW_BODY, contents=[], front=front, name="new.txt")))
    return LawVersion.objects.get(effective_on="2025-01-01")
