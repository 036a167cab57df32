import { describe, expect, it } from "vitest";
import { type Inline, type Part, parseMarkdown } from "../../src/client/markdown.ts";
import { withSmileys } from "../../src/client/smileys.ts";

function inline(pieces: readonly Inline[]): string {
  return pieces
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if ("href" in piece) return `<a ${piece.href}>${piece.text}</a>`;
      return piece.kind === "code" ? `<code>${piece.code}</code>` : `<${piece.kind}>${inline(piece.inside)}</${piece.kind}>`;
    })
    .join("");
}
function drawn(part: Part): string {
  if (part.kind === "text") return inline(part.inside);
  if (part.kind === "code") return `<pre>${part.code}</pre>`;
  return `<list ${part.start ?? "-"}>${part.items.map((pieces) => `<li>${inline(pieces)}</li>`).join("")}</list>`;
}

describe("the marks that a chat knows", () => {
  it.each([
    ["plain", "plain"],
    ["a **bold** word", "a <bold>bold</bold> word"],
    ["*it* and _it_", "<italic>it</italic> and <italic>it</italic>"],
    ["**bold *both* bold**", "<bold>bold <italic>both</italic> bold</bold>"],
    ["2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"],
    ["** not ** bold", "** not ** bold"],
    ["`a **b** :)`", "<code>a **b** :)</code>"],
    ["- one\n- *two*", "<list -><li>one</li><li><italic>two</italic></li></list>"],
    ["3. three\n4. four", "<list 3><li>three</li><li>four</li></list>"],
    ["before\n- one\nafter", "before<list -><li>one</li></list>after"],
    ["```js\na < b\n```", "<pre>a < b</pre>"],
    ["``` never closed", "``` never closed"],
    ["[shop](https://shop.example/a)", "<a https://shop.example/a>shop</a>"],
    ["see https://shop.example/a_b_c.", "see <a https://shop.example/a_b_c>https://shop.example/a_b_c</a>."],
    ["well :) and :-( <3", "well 🙂 and 🙁 ❤️"],
  ])("%j", (text, expected) => {
    expect(parseMarkdown(text).map(drawn).join("")).toBe(expected);
  });

  it.each([
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>)",
    "[x](//evil.example)",
    "[x](https://)",
    '<img src=x onerror="alert(1)">',
    "&lt;script&gt;",
    "[a](https://x.example<script>)",
  ])("%j is no link", (text) => {
    expect(
      parseMarkdown(text)
        .map(drawn)
        .join("")
        .replaceAll(/<a https:\/\/x\.example\/>https:\/\/x\.example<\/a>/g, "https://x.example"),
    ).toBe(text);
  });

  it("takes no time over what looks like marks", () => {
    const begun = performance.now();
    for (const text of ["**a".repeat(1300), "*a ".repeat(1300), "[a](".repeat(1000), "`".repeat(4000), "_".repeat(4000)])
      parseMarkdown(text);
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it("leaves a smiley that is part of a word", () => {
    expect(withSmileys("http://x:D a:) (:) :)")).toBe("http://x:D a:) (:) 🙂");
  });
});
