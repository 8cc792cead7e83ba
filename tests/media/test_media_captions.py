"""Captions: what is read from WebVTT and SRT, and what is said about a broken file."""

from pathlib import Path

import pytest
from PIL import ImageFont

from media import ass, glyphs
from media.captions import Cue, decode, parse, to_transcript, to_vtt
from trust.errors import InputError

FONT = Path(__file__).parents[2] / "node_modules/@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf"

VTT = """WEBVTT - 示例

NOTE 这是说明
两行说明

STYLE
::cue { color: red }

1
00:00.500 --> 00:02.000 line:90% align:center
<v 旁白>早上七点，<b>站台</b>上。

00:00:02.000 --> 00:00:04.250
老陈：先请假 &amp; 再走
第二行
"""


def test_webvtt_is_read_with_speakers_and_without_markup() -> None:
    cues = parse(VTT)
    assert cues == [
        Cue(500, 2000, "早上七点，站台上。", "旁白"),
        Cue(2000, 4250, "先请假 & 再走\n第二行", "老陈"),
    ]


def test_srt_is_read_like_webvtt() -> None:
    srt = "1\r\n00:00:00,500 --> 00:00:02,000\r\n旁白：你好\r\n\r\n2\r\n00:01:02,000 --> 01:00:04,250\r\n再见\r\n"
    assert parse(srt) == [Cue(500, 2000, "你好", "旁白"), Cue(62_000, 3_604_250, "再见")]


def test_what_is_written_reads_back_equal() -> None:
    cues = parse(VTT)
    assert parse(to_vtt(cues)) == cues
    assert to_vtt(parse(to_vtt(cues))) == to_vtt(cues)


def test_markup_in_text_cannot_become_markup_in_the_file() -> None:
    written = to_vtt([Cue(0, 1000, "<script>&", "a<b")])
    assert "<script>" not in written
    assert parse(written)[0].text == "<script>&"


def test_every_problem_has_its_row() -> None:
    text = (
        "WEBVTT\n\n00:00:01.000 --> 00:00:00.500\n倒着\n\n00:00:02.000 --> 00:00:03.000\n\n"
        "00:61:00.000 --> 00:62:00.000\n坏时间\n\n没有时间的一段\n\n00:00:01.000 --> 00:00:09.000\n太长\n"
    )
    with pytest.raises(InputError) as caught:
        parse(text, file="片.vtt", duration_s=5)
    assert [(problem.row, problem.field) for problem in caught.value.problems] == [
        (3, "time"), (6, "text"), (8, "time"), (11, "time"), (13, "time"),
    ]  # fmt: skip
    assert all(problem.file == "片.vtt" for problem in caught.value.problems)


def test_cues_out_of_order_are_told() -> None:
    text = "00:00:05.000 --> 00:00:06.000\n后\n\n00:00:01.000 --> 00:00:02.000\n先\n"
    with pytest.raises(InputError) as caught:
        parse(text)
    assert caught.value.problems[0].row == 4


@pytest.mark.parametrize("text", ["", "WEBVTT\n", "WEBVTT\n\nNOTE nothing\n"])
def test_no_cue_at_all_is_a_problem(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_chinese_tools_are_decoded(encoding: str) -> None:
    assert parse(decode(VTT.encode(encoding), "a.vtt"))[0].who == "旁白"


def test_the_transcript_has_a_line_for_each_cue() -> None:
    assert to_transcript(parse(VTT)) == "0:00  旁白：早上七点，站台上。\n0:02  老陈：先请假 & 再走第二行\n"


def test_a_character_without_a_glyph_is_found() -> None:
    assert glyphs.missing("社区矫正，A·1", FONT) == []
    assert glyphs.missing("笑脸😀与\ue000\ue000", FONT) == ["😀", "\ue000"]


def test_the_cmap_agrees_with_what_pillow_draws() -> None:
    face = ImageFont.truetype(str(FONT), 40)
    nothing = bytes(face.getmask("\U000e0fff"))
    for char in "蓬江区司法局矫㐂€→":
        drawn = bytes(face.getmask(char)) != nothing
        assert drawn == (not glyphs.missing(char, FONT)), char


def test_lines_break_at_punctuation_and_never_before_a_closing_mark() -> None:
    face = ImageFont.truetype(str(FONT), 40)
    lines = ass.wrap("每个人情况不同，所以一人一个方案，谁也不会落下。", face, 500)
    assert "".join(lines) == "每个人情况不同，所以一人一个方案，谁也不会落下。"
    assert lines[0] == "每个人情况不同，"
    assert all(face.getlength(line) <= 500 for line in lines)
    tight = ass.wrap("一二三四五六七八九十一二。三", face, 40 * 12 + 10)
    assert not any(line[0] in ass.NOT_FIRST for line in tight)


def test_commands_in_captions_are_defused_for_libass() -> None:
    document = ass.document([Cue(0, 1000, "{\\fs200}大字")], ass.Frame(1280, 720, 0.05), FONT, family="Noto Sans SC")
    assert document.splitlines()[-1].endswith("｛＼fs200｝大字")


def test_a_caption_of_three_lines_is_refused() -> None:
    with pytest.raises(ass.TooLong):
        ass.document([Cue(0, 1000, "长" * 60)], ass.Frame(1280, 720, 0.05), FONT, family="Noto Sans SC")
