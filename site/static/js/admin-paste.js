/* Paste from Word and WPS: headings, lists, links and tables stay, styles go.
 *
 * Both write lists as paragraphs with a typed bullet, headings of levels that our pages do not have, and tables that
 * a paragraph cannot hold. What is pasted is put into plain HTML before Wagtail's editor reads it. A table becomes
 * lines of cells with | between them, which is how our table block is written: pasted into a row of that block, each
 * line becomes a row.
 */
(() => {
  "use strict";
  const OFFICE = /mso-|class=["']?Mso|urn:schemas-microsoft-com|<table/i;
  const HEADINGS = { H1: "h2", H2: "h2", H3: "h3", H4: "h3", H5: "h3", H6: "h3" };
  const NUMBERED = /^[(（]?(\d+|[a-z]|[ivx]+)[.)）、．]/i;
  const SAFE_LINK = /^(https?:|mailto:|tel:|\/|#)/i;
  const MOST_ROWS = 60;

  const text = (node) => node.textContent.replace(/[\s\u00a0]+/g, " ").trim();

  const styleOf = (node) => (node.getAttribute && node.getAttribute("style")) || "";

  /** What stands inside a paragraph: text, bold and links; everything else is taken out of its wrapping. */
  function inline(node, out) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        out.append(child.data.replace(/[\s\u00a0]+/g, " "));
      } else if (child.nodeType === Node.ELEMENT_NODE && !/mso-list:\s*ignore/i.test(styleOf(child))) {
        const name = child.nodeName;
        const bold = /^(B|STRONG)$/.test(name) || /font-weight:\s*(bold|[6-9]00)/i.test(styleOf(child));
        const link = name === "A" && SAFE_LINK.test(child.getAttribute("href") || "");
        if (/^(STYLE|SCRIPT|META|LINK|TITLE|IMG|O:P)$/.test(name)) continue;
        if (name === "BR") {
          out.append(document.createElement("br"));
        } else if (bold || link) {
          const kept = document.createElement(link ? "a" : "b");
          if (link) kept.setAttribute("href", child.getAttribute("href"));
          inline(child, kept);
          out.append(kept);
        } else {
          inline(child, out);
        }
      }
    }
    return out;
  }

  /** The lines of a table, a cell that spans columns followed by empty ones. */
  function tableLines(table) {
    return [...table.rows].map((row) =>
      [...row.cells]
        .flatMap((cell) => [text(cell).replace(/[|｜]/g, "/"), ...Array(Math.max(cell.colSpan, 1) - 1).fill("")])
        .join(" | "),
    );
  }

  function isNumbered(paragraph) {
    const marker = paragraph.querySelector("[style*='mso-list:Ignore' i], [style*='mso-list: Ignore' i]");
    return Boolean(marker) && NUMBERED.test(text(marker));
  }

  const levelOf = (paragraph) => Number((/mso-list:[^;]*level(\d)/i.exec(styleOf(paragraph)) || [0, 1])[1]);

  function blocks(node, out) {
    for (const child of node.childNodes) {
      if (child.nodeType !== Node.ELEMENT_NODE) {
        if (child.nodeType === Node.TEXT_NODE && child.data.trim()) {
          out.append(Object.assign(document.createElement("p"), { textContent: child.data.trim() }));
        }
        continue;
      }
      const name = child.nodeName;
      if (name === "TABLE") {
        for (const line of tableLines(child)) {
          out.append(Object.assign(document.createElement("p"), { textContent: line }));
        }
      } else if (HEADINGS[name]) {
        const heading = document.createElement(HEADINGS[name]);
        heading.textContent = text(inline(child, document.createElement("p")));
        if (heading.textContent) out.append(heading);
      } else if (name === "UL" || name === "OL") {
        const list = document.createElement(name);
        for (const item of child.querySelectorAll("li")) list.append(inline(item, document.createElement("li")));
        out.append(list);
      } else if (name === "P" && /mso-list:\s*l\d/i.test(styleOf(child))) {
        const kind = isNumbered(child) ? "OL" : "UL";
        // A deeper item keeps the kind of the list that it stands in: our pages have lists of one level.
        const last = out.lastElementChild;
        const goesOn = last && /^(UL|OL)$/.test(last.nodeName) && (last.nodeName === kind || levelOf(child) > 1);
        const list = goesOn ? last : out.appendChild(document.createElement(kind));
        list.append(inline(child, document.createElement("li")));
      } else if (name === "P" || !child.querySelector("p, h1, h2, h3, h4, h5, h6, ul, ol, table, div")) {
        if (/^(STYLE|SCRIPT|META|LINK|TITLE|XML)$/.test(name)) continue;
        const paragraph = inline(child, document.createElement("p"));
        if (text(paragraph)) out.append(paragraph);
      } else {
        blocks(child, out);
      }
    }
    return out;
  }

  const parse = (html) => new DOMParser().parseFromString(html, "text/html").body;

  /** Into the rich text editor: the same paste once more, with plain HTML. */
  function pasteAgain(event, html) {
    const data = new DataTransfer();
    const clean = blocks(parse(html), document.createElement("div"));
    data.setData("text/html", clean.innerHTML);
    data.setData("text/plain", event.clipboardData.getData("text/plain") || clean.textContent);
    const again = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    if (!again.clipboardData || !again.clipboardData.getData("text/html")) return; // this browser cannot: as it comes
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.dispatchEvent(again);
  }

  function type(input, value) {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Into a row of a table block: a row for each line, this one first. */
  function fillRows(event, list, lines) {
    event.preventDefault();
    event.stopImmediatePropagation();
    type(event.target, lines[0]);
    const inputs = () => [...list.querySelectorAll("input[type=text]")];
    for (const line of lines.slice(1, MOST_ROWS)) {
      const before = new Set(inputs());
      const buttons = list.querySelectorAll("[data-streamfield-list-add]");
      if (!buttons.length) return;
      buttons[buttons.length - 1].click();
      const added = inputs().find((input) => !before.has(input));
      if (!added) return;
      type(added, line);
    }
  }

  document.addEventListener(
    "paste",
    (event) => {
      const html = event.clipboardData?.getData("text/html");
      if (!html || !OFFICE.test(html)) return; // what pasteAgain sends holds nothing of an office any more
      const rows = event.target.closest?.("[data-contentpath=rows]");
      if (rows && event.target.matches("input[type=text]")) {
        const table = parse(html).querySelector("table");
        if (table && table.rows.length) fillRows(event, rows, tableLines(table));
      } else if (event.target.closest?.(".Draftail-Editor, .public-DraftEditor-content")) {
        pasteAgain(event, html);
      }
    },
    true,
  );
})();
