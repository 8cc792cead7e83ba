"""Where a text names an article."""

import pytest

from zh.citations import find_citations


def read(text, names=()):
    return [(text[c.start : c.end], c.law, tuple(c.article), c.paragraph, c.item) for c in find_citations(text, names)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("见第二十四条。", [("第二十四条", None, (24, 0), None, None)]),
        ("见第24条。", [("第24条", None, (24, 0), None, None)]),
        ("见第２４條第２項", [("第２４條第２項", None, (24, 0), None, 2)]),
        ("按本法第十三条第一款第(二)项", [("本法第十三条第一款第(二)项", None, (13, 0), 1, 2)]),
        ("《花木法》第七十六条", [("《花木法》第七十六条", "花木法", (76, 0), None, None)]),
        ("《花木法》（2020年修订）第七条", [("《花木法》（2020年修订）第七条", "花木法", (7, 0), None, None)]),
        ("第二百五十三条之一", [("第二百五十三条之一", None, (253, 1), None, None)]),
        ("根据本办法第三条", [("本办法第三条", "本办法", (3, 0), None, None)]),
        ("《花木法》出台以后，该法第八条", [("该法第八条", "花木法", (8, 0), None, None)]),
        ("该法第八条", [("该法第八条", "该法", (8, 0), None, None)]),
    ],
)
def test_an_article_is_found_with_its_law_paragraph_and_item(text, expected):
    assert read(text) == expected


def test_a_list_keeps_its_law_until_another_is_named():
    law = [
        (found[1], found[2][0]) for found in read("《花木法》第七条、第八条和第九条，另见本法第三条；《草地法》第一条")
    ]
    assert law == [("花木法", 7), ("花木法", 8), ("花木法", 9), (None, 3), ("草地法", 1)]


def test_a_new_sentence_means_the_law_at_hand_again():
    assert [found[1] for found in read("《花木法》第七条规定了浇水。第八条是另一回事")] == ["花木法", None]


def test_paragraphs_and_items_of_one_article_are_told_apart():
    assert [found[2:] for found in read("第七条第一款、第三款第（一）项和第（二）项")] == [
        ((7, 0), 1, None),
        ((7, 0), 3, 1),
        ((7, 0), 3, 2),
    ]


def test_a_known_name_is_recognised_without_title_marks():
    assert read("违反花木法第七条的", ["花木法"]) == [("花木法第七条", "花木法", (7, 0), None, None)]


def test_an_unknown_law_is_never_taken_for_the_law_at_hand():
    assert all(found[1] is not None for found in read("违反草地法第七条、依照湿地条例第八条"))


@pytest.mark.parametrize("text", ["乘坐第三条线路", "第二条款项", "第三条街", "这是第一条消息", "第零条", "三条腿", ""])
def test_an_ordinal_with_a_measure_word_is_no_citation(text):
    assert read(text) == []
