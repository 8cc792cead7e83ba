"""What a phone has to load for a page, everything included, as it comes over the wire."""

from playwright.sync_api import Page, Response

from scripts.temporary_site import TemporarySite

ARTICLE = "/law/community-correction/article-24/"
LIMIT_BYTES = 60 * 1024


def weigh(page: Page, url: str) -> dict[str, int]:
    """Bytes of each answer, headers and compressed body, by address."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  Playwright wraps no built-in method
    page.goto(url, wait_until="networkidle")
    sizes = {answer.url: answer.request.sizes() for answer in answers if not answer.url.startswith("data:")}
    return {address: size["responseBodySize"] + size["responseHeadersSize"] for address, size in sizes.items()}


def test_an_article_weighs_at_most_sixty_kilobytes(starter_site: TemporarySite, phone_page: Page) -> None:
    weights = weigh(phone_page, starter_site.url + ARTICLE)
    kinds = {address.rpartition(".")[2] for address in weights}
    assert {"css", "js", "svg"} <= kinds, f"something was not counted: {sorted(weights)}"
    # A picture that a page shows twice comes once over the wire: what asks for it again weighs nothing.
    assert all(size for address, size in weights.items() if address.endswith((".css", ".js", "/")))
    assert sum(weights.values()) <= LIMIT_BYTES, weights


def test_styles_and_scripts_come_compressed(starter_site: TemporarySite, phone_page: Page) -> None:
    encodings: dict[str, str] = {}
    phone_page.on("response", lambda answer: encodings.update({answer.url: answer.headers.get("content-encoding", "")}))
    phone_page.goto(starter_site.url + ARTICLE, wait_until="networkidle")
    texts = [address for address in encodings if address.endswith((".css", ".js", "/"))]
    assert len(texts) >= 4
    assert {encodings[address] for address in texts} == {"gzip"}
