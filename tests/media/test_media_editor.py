"""The caption editor: rows as typed, what is hard to read, revisions, and the same work by buttons and by keys."""

import time
from typing import Any

import pytest
from django.urls import reverse

from jobs.worker import work_once
from media import films, readability
from media.captions import Cue, Row, parse, read_rows, to_vtt
from media.models import CaptionRevision, State, Video
from trust.errors import InputError
from trust.models import AuditEvent
from trust.roles import Role, group_of, sync_roles

CUES = [Cue(0, 1000, "早上好", "旁白"), Cue(1000, 1900, "上车了\n走吧")]


@pytest.fixture
def film(upload: Any, people: Any) -> Video:
    video = films.create_film("课", upload(), name="a.mp4", user=people.editor)
    video.newest_version.mark(state=State.READY, probe={"duration_s": 2.0})
    Video.objects.filter(pk=video.pk).update(current_version=video.newest_version)
    films.save_captions(video, "zh-Hans", to_vtt(CUES), file="a.vtt", user=people.editor)
    return Video.objects.get(pk=video.pk)


@pytest.fixture
def desk(client: Any, people: Any) -> Any:
    sync_roles()
    people.editor.groups.add(group_of(Role.VIDEO_EDITOR))
    client.force_login(people.editor)
    return client


def posted(rows: list[Row], base: int = 1) -> dict[str, Any]:
    return {"base": base} | {name: [getattr(row, name) for row in rows] for name in ("start", "end", "who", "text")}


ROWS = [Row("00:00:00.000", "00:00:01.000", "旁白", "早上好"), Row("00:01.000", "00:00:01,900", "", "上车了\r\n走吧")]
BLANK = Row("", " ", "", "")


def test_rows_read_as_cues_and_blank_ones_are_passed_over() -> None:
    assert read_rows([BLANK, *ROWS, BLANK], file="a", duration_s=2) == CUES
    assert parse(to_vtt(CUES)) == CUES


def test_every_row_that_is_wrong_is_told_with_its_number() -> None:
    wrong = [
        Row("nonsense", "00:00:01.000", "", "a"),
        Row("00:00:01.000", "00:00:00.500", "", "b"),
        Row("00:00:00.000", "00:00:01.000", "", " "),
        Row("00:00:07.000", "00:00:08.000", "", "d"),
    ]
    with pytest.raises(InputError) as caught:
        read_rows(wrong, file="a", duration_s=5)
    assert [(problem.row, problem.field) for problem in caught.value.problems] == [
        (1, "time"), (2, "time"), (3, "text"), (4, "time"),
    ]  # fmt: skip
    with pytest.raises(InputError):
        read_rows([BLANK], file="a")


def test_long_lines_fast_texts_and_short_stays_are_remarked() -> None:
    cues = [
        Cue(0, 4000, "一" * 16),
        Cue(4000, 8000, "一" * 17),
        Cue(8000, 9000, "一" * 10),
        Cue(9000, 9500, "好"),
        Cue(9400, 20_000, "一\n二\n三"),
    ]
    found = readability.remarks(cues, "zh-Hans")
    assert [len(said) for said in found] == [0, 1, 1, 1, 3]
    assert "17" in found[1][0]
    assert "10" in found[2][0]


def test_latin_letters_count_half_in_chinese_and_whole_in_english() -> None:
    assert readability.cells(" QR码 ", readability.CHINESE) == 2
    assert readability.cells("QR", readability.ENGLISH) == 2
    line = [Cue(0, 5000, "a" * 40)]
    assert readability.remarks(line, "en") == [[]]
    assert len(readability.remarks(line, "zh-Hans")[0]) == 1


@pytest.mark.django_db
def test_the_editor_saves_a_revision_that_waits_for_a_second_person(film: Video, desk: Any) -> None:
    address = reverse("media_admin:edit_captions", args=[film.pk, "zh-Hans"])
    page = desk.get(address)
    assert "00:00:01.000" in page.text
    assert "走吧" in page.text
    rows = [ROWS[0], Row("00:00:01.000", "00:00:01.900", "老陈", "走吧"), BLANK]
    assert desk.post(address, posted(rows)).status_code == 302
    revision = CaptionRevision.objects.first()
    assert (revision.number, revision.is_reviewed, revision.author.username) == (2, False, "film-editor")
    assert revision.cues()[1] == Cue(1000, 1900, "走吧", "老陈")
    assert AuditEvent.objects.filter(action="captions.save").count() == 2


@pytest.mark.django_db
def test_nothing_typed_is_lost_over_an_error_or_over_another_editor(film: Video, desk: Any) -> None:
    address = reverse("media_admin:edit_captions", args=[film.pk, "zh-Hans"])
    page = desk.post(address, posted([Row("00:00:09.000", "00:00:10.000", "", "片尾之后")]))
    assert page.status_code == 200
    assert "片尾之后" in page.text
    page = desk.post(address, posted([Row("00:00:00.000", "00:00:01.000", "", "同时改")], base=0))
    assert "同时改" in page.text
    assert page.context["problems"]
    assert CaptionRevision.objects.count() == 1


@pytest.mark.django_db
def test_another_language_begins_empty_and_an_unknown_one_is_not_there(film: Video, desk: Any) -> None:
    english = reverse("media_admin:edit_captions", args=[film.pk, "en"])
    assert desk.get(english).context["base"] == 0
    desk.post(english, posted([Row("00:00:00.000", "00:00:01.500", "", "Good morning")], base=0))
    assert film.caption_tracks.get(language="en").latest_revision().cues()[0].text == "Good morning"
    assert desk.get(reverse("media_admin:edit_captions", args=[film.pk, "xx"])).status_code == 404


@pytest.mark.django_db
def test_only_film_editors_edit_captions(film: Video, client: Any, django_user_model: Any) -> None:
    sync_roles()
    reader = django_user_model.objects.create_user("auditor")
    reader.groups.add(group_of(Role.AUDITOR))
    client.force_login(reader)
    address = reverse("media_admin:edit_captions", args=[film.pk, "zh-Hans"])
    assert client.get(address).status_code == 302
    client.post(address, posted(ROWS))
    assert CaptionRevision.objects.count() == 1


# The test server sends files whole, without ranges, which Chromium does not seek in.
SEEKABLE = """async () => {
  const film = document.querySelector("video"), answer = await fetch(film.src);
  film.src = URL.createObjectURL(await answer.blob());
}"""


def value(page: Any, place: int, name: str) -> str:
    typed: str = page.locator(f"[data-cues] li:nth-child({place}) [name={name}]").input_value()
    return typed


def wait_for(page: Any, expression: str) -> None:
    deadline = time.monotonic() + 20
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)


@pytest.mark.usefixtures("no_foreign_requests")
def test_captions_are_cut_joined_and_moved_by_mouse_and_by_keyboard(
    site_server: Any, page: Any, desk: Any, upload: Any, people: Any
) -> None:
    video = films.create_film("课", upload(), name="a.mp4", user=people.editor)
    films.save_captions(video, "zh-Hans", to_vtt(CUES), file="a.vtt", user=people.editor)
    work_once()
    session = desk.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site_server.url}])
    page.goto(site_server.url + reverse("media_admin:edit_captions", args=[video.pk, "zh-Hans"]))
    assert page.locator("[data-cue]").count() == 2

    page.locator("[data-cues] li:nth-child(1) textarea").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Alt+Enter")  # split after the first of three characters
    assert page.locator("[data-cue]").count() == 3
    assert [value(page, 1, "text"), value(page, 2, "text")] == ["早", "上好"]
    assert value(page, 1, "end") == value(page, 2, "start") == "00:00:00.333"
    assert value(page, 2, "who") == "旁白"
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+KeyM")
    assert [value(page, 1, "text"), value(page, 1, "end")] == ["早\n上好", "00:00:01.000"]

    page.click("[data-cues] li:nth-child(2) [data-do=split]")
    page.fill("[data-shift-by]", "-100")
    page.locator("[data-cues] li:nth-child(2) textarea").focus()
    page.click("[data-shift=rest]")
    assert value(page, 2, "start") == "00:00:00.900"
    assert value(page, 1, "start") == "00:00:00.000"
    assert page.locator("[data-remarks][data-bad]").count() >= 1  # it now begins before the first has ended
    page.keyboard.press("Alt+Period")
    assert value(page, 2, "start") == "00:00:01.000"

    page.evaluate(SEEKABLE)
    wait_for(page, "document.querySelector('video').readyState >= 2")
    page.evaluate("document.querySelector('video').currentTime = 1.5")
    wait_for(page, "!document.querySelector('video').seeking && document.querySelector('video').currentTime === 1.5")
    wait_for(page, "document.querySelector('[data-now]').textContent === '上车了\\n走吧'")
    page.locator("[data-cues] li:nth-child(3) textarea").focus()
    page.keyboard.press("Alt+BracketRight")
    assert value(page, 3, "end") == "00:00:01.500"
    page.fill("[data-cues] li:nth-child(1) textarea", "一" * 20)
    assert "20" in page.locator("[data-cues] li:nth-child(1) [data-remarks]").inner_text()
    page.click("[data-cues] li:nth-child(3) [data-do=remove]")
    page.click("[data-add]")
    assert page.locator("[data-cue]").count() == 3
    assert value(page, 3, "start") == "00:00:01.500"
    page.keyboard.type("再见")
    page.fill("[data-cues] li:nth-child(3) [name=end]", "00:00:02.000")
    page.click("[data-cue-desk] button[type=submit]")
    page.wait_for_load_state()
    cues = CaptionRevision.objects.first().cues()
    assert [cue.text for cue in cues] == ["一" * 20, "上车了", "再见"]
    assert CaptionRevision.objects.first().number == 2
