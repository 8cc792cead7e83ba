"""What comes from Word and WPS by the clipboard keeps headings, lists, links and tables, and drops its styles."""

import json

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import Page

from pages.examples import build_site
from pages.models import ContentPage

WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15">
<style>p.MsoNormal {mso-style-unhide:no; color:red}</style></head>
<body lang=ZH-CN><!--StartFragment-->
<h1 style='mso-pagination:widow-orphan'><span style='font-family:黑体;color:#C00000'>报到要带什么<o:p></o:p></span></h1>
<p class=MsoNormal style='text-indent:21.0pt'><span style='color:red;background:yellow'>到司法所报到，</span><b><span
 style='font-size:16pt'>先打电话</span></b><span lang=EN-US>。</span><a href="https://www.example.cn/"><span
 style='color:blue'>查电话</span></a><a href="file:///C:/tmp/x.docx">附件</a></p>
<p class=MsoListParagraph
 style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
 style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span></span><![endif]>
身份证</p>
<p class=MsoListParagraph style='margin-left:42.0pt;mso-list:l0 level2 lfo1'><span
 style='mso-list:Ignore'>o<span>&nbsp;</span></span>户口簿</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span
 style='mso-list:Ignore'>1.<span>&nbsp;</span></span>先登记</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span
 style='mso-list:Ignore'>2.<span>&nbsp;</span></span>再签字</p>
<h4 style='mso-outline-level:4'>小节</h4>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>街道</p></td><td><p class=MsoNormal>电话</p></td></tr>
<tr><td><p class=MsoNormal>示例街道</p></td><td><p class=MsoNormal>0750-0000000</p></td></tr></table>
<p class=MsoNormal>完。</p><!--EndFragment--></body></html>
"""
WPS = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=ProgId content=Word.Document>
<style>p.MsoNormal{mso-style-name:正文;text-align:justify}</style></head><body>
<h2><b><span style="mso-spacerun:'yes';font-family:黑体;mso-font-kerning:1.0pt">一、时间</span></b></h2>
<p class=MsoNormal><span style="mso-spacerun:'yes';font-size:10.5000pt">每周三上午</span><span
 style="font-weight:bold">九点</span></p>
<p class=MsoNormal style="mso-list:l0 level1 lfo1;"><![if !supportLists]><span><span
 style="mso-list:Ignore;">（1）<span>&nbsp;</span></span></span><![endif]><span>带笔</span></p>
<p class=MsoNormal style="mso-list:l0 level1 lfo1;"><span style="mso-list:Ignore;">（2）</span><span>带证件</span></p>
</body></html>
"""
PASTE = """([selector, html]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "…");
  const target = document.querySelector(selector);
  target.focus();
  target.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def editor(site_server, page):
    """The editor of a page with an empty text block and a table block."""
    build_site()
    held = ContentPage.objects.filter(pk__in=Page.objects.live()).first()
    held.body = [("text", ""), ("table", {"caption": "示例", "rows": ["甲 | 乙", "一 | 二"]})]
    held.save_revision().publish()
    get_user_model().objects.create_superuser("root", password="only-in-this-test")
    page.goto(f"{site_server.url}/admin/login/")
    page.fill("[name=username]", "root")
    page.fill("[name=password]", "only-in-this-test")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    page.goto(f"{site_server.url}/admin/pages/{held.pk}/edit/")
    page.wait_for_selector(".public-DraftEditor-content")
    return page


def pasted(editor, html):
    editor.evaluate(PASTE, [".public-DraftEditor-content", html])
    editor.wait_for_function(
        '() => (document.querySelector(\'[name=body-0-value]\').value.match(/"text":"[^"]+/g) || []).length > 2'
    )
    content = json.loads(editor.input_value("[name=body-0-value]"))
    return content, [(block["type"], block["text"]) for block in content["blocks"]]


def bold(content, text):
    block = next(block for block in content["blocks"] if text in block["text"])
    return [
        block["text"][r["offset"] : r["offset"] + r["length"]]
        for r in block["inlineStyleRanges"]
        if r["style"] == "BOLD"
    ]


def test_from_word(editor):
    content, blocks = pasted(editor, WORD)
    assert blocks == [
        ("header-two", "报到要带什么"),
        ("unstyled", "到司法所报到，先打电话。查电话附件"),
        ("unordered-list-item", "身份证"),
        ("unordered-list-item", "户口簿"),
        ("ordered-list-item", "先登记"),
        ("ordered-list-item", "再签字"),
        ("header-three", "小节"),
        ("unstyled", "街道 | 电话"),
        ("unstyled", "示例街道 | 0750-0000000"),
        ("unstyled", "完。"),
    ]
    assert bold(content, "到司法所") == ["先打电话"]
    assert [e["data"]["url"] for e in content["entityMap"].values()] == ["https://www.example.cn/"]
    styles = {r["style"] for block in content["blocks"] for r in block["inlineStyleRanges"]}
    assert styles == {"BOLD"}


def test_from_wps(editor):
    content, blocks = pasted(editor, WPS)
    assert blocks == [
        ("header-two", "一、时间"),
        ("unstyled", "每周三上午九点"),
        ("ordered-list-item", "带笔"),
        ("ordered-list-item", "带证件"),
    ]
    assert bold(content, "每周三") == ["九点"]


def test_a_table_goes_row_by_row_into_the_table_block(editor):
    editor.evaluate(PASTE, ["[data-contentpath=rows] input[type=text]", WORD.replace("完。", "")])
    rows = editor.eval_on_selector_all(
        "[data-contentpath=rows] input[type=text]", "inputs => inputs.map(input => input.value)"
    )
    assert sorted(rows) == sorted(["街道 | 电话", "示例街道 | 0750-0000000", "一 | 二"])
