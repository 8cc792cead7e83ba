"""Documents other than pages, from simplified into traditional script."""

from hypothesis import given
from hypothesis import strategies as st

from zh.markup import xml_to_traditional


def test_a_feed_is_converted_in_its_text_and_nowhere_else():
    head = '<?xml version="1.0"?><feed xml:lang="zh-Hans"><!-- 条 -->'
    feed = f"""{head}<title a="条>" b='条'>第24条 &amp; 头发</title><x/></feed>"""
    assert xml_to_traditional(feed) == feed.replace("第24条 &amp; 头发", "第24條 &amp; 頭髮")


@given(st.text(st.sampled_from("<>&\"'= /!-[]?条头发a\n")))
def test_a_damaged_feed_keeps_its_other_characters(text):
    back = str.maketrans("條頭髮發", "条头发发")
    assert xml_to_traditional(text).translate(back) == text
