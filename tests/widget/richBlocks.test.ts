import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { beforeAll, describe, expect, test } from "vitest";
import { RichBlocks } from "../../src/client/blocks/RichBlocks.tsx";
import type { Block, ChartBlock, TableBlock } from "../../src/protocol/blocks.ts";
import { blockWords, speakMore } from "../../widget/texts/more/moreTexts.ts";
import { speak } from "../../widget/texts/texts.ts";

beforeAll(async () => {
  await speak("en");
  await speakMore();
});

/** As the chat draws them, without the classes. */
function drawn(block: Block, language = "en"): string {
  const html = renderToString(h(RichBlocks, { blocks: [block], words: blockWords(), language, buttons: () => null, form: "answered" }));
  return html.replace(/ (class|dir)="[^"]*"/g, "");
}

const cells = (html: string, tag: string) =>
  [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>(.*?)</${tag}>`, "gs"))].map(([, text]) => text);

describe("a table in the chat", () => {
  const table: TableBlock = {
    type: "table",
    columns: [
      { name: "Order", type: "text" },
      { name: "Total", type: "money" },
    ],
    rows: [
      ["4711", "12.50"],
      ["<b>4712</b> & more", "7"],
    ],
    truncated: false,
  };

  test("has a head of its columns and a row for each, whatever stands in them", () => {
    const html = drawn(table);
    expect(cells(html, "th")).toEqual(["Order", "Total"]);
    expect(html.match(/<th scope="col"/g)).toHaveLength(2);
    expect(cells(html, "td")).toEqual(["4711", "12.50", "&lt;b>4712&lt;/b> &amp; more", "7"]);
    expect(html).toContain('aria-label="Table: Order, Total"');
    expect(html).not.toContain(blockWords().truncated);
  });

  test("can be scrolled by the keyboard, and puts numbers to the end", () => {
    const html = renderToString(
      h(RichBlocks, { blocks: [table], words: blockWords(), language: "en", buttons: () => null, form: "answered" }),
    );
    expect(html).toMatch(/<section class="sb-wide" tabindex="0"/);
    expect([...html.matchAll(/<(?:th|td)[^>]*class="sb-number"[^>]*>(.*?)</g)].map(([, text]) => text)).toEqual(["Total", "12.50", "7"]);
  });

  test("says that there is more where it was cut, and stands without rows", () => {
    expect(drawn({ ...table, truncated: true })).toContain(blockWords().truncated);
    expect(cells(drawn({ ...table, rows: [] }), "td")).toEqual([]);
  });
});

describe("a chart in the chat", () => {
  const bars = (html: string) => [...html.matchAll(/x="([^"]+)%" width="([^"]+)%"/g)].map(([, x, width]) => [Number(x), Number(width)]);
  const chart = (values: number[], more: Partial<ChartBlock> = {}): ChartBlock => ({
    type: "chart",
    labels: values.map((_, index) => `${index + 1}`),
    series: [{ name: "Orders", values }],
    ...more,
  });

  test("is a table of labels and values to who can't see the bars", () => {
    const html = drawn(chart([1234.5, 2], { title: "Orders a week" }));
    expect(cells(html, "figcaption")).toEqual(["Orders a week"]);
    expect(html).toContain('aria-label="Chart: Orders a week"');
    expect(cells(html, "th")).toEqual(["1", "2"]);
    expect(cells(html, "td").filter((text) => !text?.includes("svg"))).toEqual(["1,234.5", "2"]);
    expect(html.match(/<svg[^>]*aria-hidden="true"/g)).toHaveLength(2);
  });

  test.each<[string, number[], number[][]]>([
    [
      "from zero to the largest",
      [50, 100, 0],
      [
        [0, 50],
        [0, 100],
        [0, 0],
      ],
    ],
    [
      "to both sides of zero",
      [-25, 75],
      [
        [0, 25],
        [25, 75],
      ],
    ],
    [
      "back from zero",
      [-10, -5],
      [
        [0, 100],
        [50, 50],
      ],
    ],
    [
      "of nothing",
      [0, 0],
      [
        [0, 0],
        [0, 0],
      ],
    ],
  ])("draws bars %s", (_, values, places) => {
    expect(bars(drawn(chart(values)))).toEqual(places);
  });

  test("names its series where there are several, and writes numbers as the reader does", () => {
    const html = drawn(
      chart([], {
        labels: ["May"],
        series: [
          { name: "Orders", values: [1234.5] },
          { name: "Returns", values: [3] },
        ],
      }),
      "de",
    );
    expect(cells(html, "small")).toEqual([" Orders", " Returns"]);
    expect(html).toContain("1.234,5");
    expect(html).not.toContain("figcaption");
  });
});

test("a block that isn't known is passed over: the text is complete without", () => {
  const unknown: Block = { type: "happening", what: "joined", values: [] };
  expect(drawn(unknown)).toBe("");
});
