"""What is in a file but is not statute: machine summaries, remarks, links. Found, so that it can be refused."""

import re

# A line that opens like this speaks about the law; the law never does.
_OPENING = re.compile(
    r"""^[\s*_#>【\[（(]*(?:
        (?:本[法条章]|全文|内容|AI|智能|一句话)?\s*(?:摘要|导读|概述|要点|总结|小结|关键词|解读|释义|点评|速览|提示)
            \s*(?:[】\]）)]|[:：]|$)
      | 以下(?:是|为)(?:对|本|该|关于)?.{0,12}(?:摘要|总结|概述|解读|要点)
      | (?:编者|编辑|整理者|译者)(?:按|注)
      | (?:总的来说|综上所述|简而言之|总而言之|希望(?:以上|对您|对你|这)|如果您(?:需要|有)|如需(?:更多|进一步))
      | (?:本文|以上内容|此内容)(?:由|仅供|来自|根据)
      | (?:来源|责任编辑|发布时间|浏览次数|点击数|免责声明|相关阅读)\s*[:：]
    )""",
    re.VERBOSE,
)
_ANYWHERE = re.compile(
    r"作为(?:一个|一名)?\s*(?:AI|人工智能|语言模型)|由\s*(?:AI|人工智能|大模型)[^。]{0,8}(?:生成|整理|总结)|AI\s*(?:生成|摘要|总结)"
    r"|https?://|www\.|[A-Za-z]{2,}\s+[A-Za-z]{2,}\s+[A-Za-z]{2,}|[\U0001F300-\U0001FAFF\u2600-\u27BF]"
)


def speaks_about_the_law(text: str) -> bool:
    """True where a line is a summary, remark, source line, link or ornament, not the text of a statute."""
    return bool(_OPENING.search(text) or _ANYWHERE.search(text))
