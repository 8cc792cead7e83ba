"""The lint that keeps statute text out of the project."""

import pytest

from scripts import check_statute_text as lint

# Invented, and long enough for a run.
STATUTE = "街区里的花木由住户轮流浇水修剪，落叶每天清扫，枯枝及时拿走，不得堆在楼道和消防通道里面。"
OTHER = "今天下午三点在街区活动室开茶话会，欢迎各位邻居带上自己家的点心和小朋友一起来坐坐聊聊。"


@pytest.fixture
def known():
    return lint.statute_hashes([STATUTE])


def test_a_copied_sentence_is_found_with_its_line(known):
    assert lint.shared_runs(f"# 说明\n\n{STATUTE}\n", known) == [
        (3, "街区里的花木由住户轮流浇水修剪落叶每天清扫枯枝及时")
    ]


@pytest.mark.parametrize("joint", ["\n", " ", "，", '",\n    "', "**"])
def test_it_is_found_however_it_is_broken(known, joint):
    assert lint.shared_runs(STATUTE[:12] + joint + STATUTE[12:], known)


def test_the_shortest_run_is_twenty_five(known):
    hanzi = "".join(char for char in STATUTE if char >= "\u4e00" and char <= "\u9fff")
    assert not lint.shared_runs(f"甲{hanzi[:24]}乙", known)
    assert lint.shared_runs(f"甲{hanzi[:25]}乙", known)


def test_runs_do_not_go_from_one_article_into_the_next():
    known = lint.statute_hashes([STATUTE[:20], STATUTE[20:40]])
    assert not lint.shared_runs(STATUTE, known)


def test_our_own_words_pass(known):
    assert not lint.shared_runs(OTHER, known)
    assert not lint.shared_runs("", known)


def test_a_planted_copy_in_a_file_is_told_by_file_and_line(tmp_path, known):
    (tmp_path / "page.html").write_text(f"<p>好</p>\n<p>{STATUTE}</p>\n", encoding="utf-8")
    (tmp_path / "own.md").write_text(OTHER, encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0" + STATUTE.encode())
    found = lint.check(sorted(tmp_path.iterdir()), known, tmp_path)
    assert len(found) == 1
    assert found[0].startswith("page.html:2: statute text: 街区里的花木")


def test_without_a_statute_it_fails_unless_told_not_to(monkeypatch, capsys):
    monkeypatch.setattr(lint, "find_corpus", lambda: None)
    assert lint.main([]) == 1
    assert lint.main(["--allow-missing"]) == 0
    assert "make law" in capsys.readouterr().err


def test_a_real_article_would_be_found(corpus):
    texts = list(lint.statute_texts(corpus))
    known = lint.statute_hashes(texts)
    longest = max(texts, key=len)
    assert lint.shared_runs(longest[10:200], known)


def test_the_project_holds_no_statute_text(corpus):
    assert lint.main([]) == 0
