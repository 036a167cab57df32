import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createChartDrawer } from "../../src/channels/charts/chartPicture.ts";
import { chartSvg } from "../../src/channels/charts/chartSvg.ts";
import { chartWords } from "../../src/channels/charts/chartWords.ts";
import type { ChartBlock } from "../../src/protocol/blocks.ts";

const draw = createChartDrawer();
const many = (count: number, series = 1) => ({
  labels: Array.from({ length: count }, (_, index) => `Label ${index}`),
  series: Array.from({ length: series }, (_, place) => ({
    name: `series ${place}`,
    values: Array.from({ length: count }, (_, index) => Math.sin(index + place) * 100),
  })),
});
const of = (labels: string[], values: number[], more: Partial<ChartBlock> = {}): ChartBlock => ({
  type: "chart",
  labels,
  series: [{ name: "orders", values }],
  ...more,
});
const chart = (more: Partial<ChartBlock>): ChartBlock => ({ type: "chart", ...many(3), ...more });

const drawn: [what: string, chart: ChartBlock][] = [
  ["bars", of(["North", "South"], [3, -4], { title: "Orders" })],
  ["bars of several series", chart(many(4, 5))],
  ["more rows than are looked at", chart(many(100, 5))],
  ["lines of a year in eight series", chart({ ...many(366, 8), look: "lines" })],
  ["lines that need scales of their own", chart({ look: "lines", series: [...many(3).series, { name: "b", values: [1e6, 2e6, 3e6] }] })],
  ["one point", of(["2026-01-01"], [1], { look: "lines" })],
  ["nothing but noughts", of(["a", "b"], [0, 0])],
  ["nothing but noughts in lines", of(["a", "b"], [0, 0], { look: "lines" })],
  ["numbers far apart", of(["a", "b"], [1e99, -1e-99])],
  ["markup", of(["<script>alert(1)</script>", '"&amp;]]><image href="file:///etc/passwd"/>'], [1, 2], { title: "</svg><svg>" })],
  ["letters that XML doesn't have", of(["\u0000\u001b[31m", "\ud800", "\ufffe\u202e"], [1, 2, 3], { title: "\u0007" })],
  ["words from right to left, and of others", of(["שלום 12 abc", "مرحبا بالعالم", "Ελλάδα", "Україна", "😀"], [1, 2, 3, 4, 5])],
  ["labels of 10,000 letters", of(["x".repeat(10_000), "W ".repeat(5000)], [1, 2], { title: "t".repeat(10_000) })],
];

describe("a chart's picture", () => {
  it.each(drawn)("of %s is a PNG with something on it, as wide as services show it", async (_, one) => {
    const png = await draw(one);
    const picture = sharp(png);
    const { format, width, height } = await picture.metadata();
    expect({ format, width }).toEqual({ format: "png", width: 1024 });
    expect(height).toBeLessThan(2000);
    const { channels } = await sharp(await picture.flatten({ background: "#ffffff" }).toBuffer()).stats();
    expect(Math.max(...channels.map(({ min, max }) => max - min))).toBeGreaterThan(100);
  });

  it.each<[string, ChartBlock]>([
    ["nothing", chart({ labels: [], series: [] })],
    ["no series", chart({ series: [] })],
    ["10,000 points", chart(many(10_000))],
    ["nine series", chart(many(2, 9))],
    ["what is no number", of(["a"], [Number.NaN])],
    ["what JSON made null of", JSON.parse(JSON.stringify(of(["a"], [Number.POSITIVE_INFINITY])))],
    ["what no scale has", of(["a", "b"], [1e308, -1e308])],
    ["what is too small for one", of(["a"], [5e-324])],
    ["series without all values", of(["a", "b"], [1])],
    ["letters that the font lacks", of(["東京"], [1])],
  ])("of %s is none: it stays in letters", async (_, one) => {
    expect(await draw(one)).toBeUndefined();
  });

  it("is drawn beside other work: the process goes on meanwhile", async () => {
    await draw(chart(many(3)));
    let turns = 0;
    let ended = false;
    const picture = draw(chart({ ...many(365, 8), look: "lines" })).finally(() => {
      ended = true;
    });
    while (!ended) {
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await picture).toBeDefined();
    expect(turns).toBeGreaterThan(10);
  });

  it("is drawn once, however often it is asked for, also at once", async () => {
    const one = of(["once"], [Math.random()]);
    const [first, second] = await Promise.all([draw(one), draw({ ...one })]);
    expect(second).toBe(first);
    expect(await draw(one)).toBe(first);
  });

  it("has nothing of its words as markup, and refers to nothing", () => {
    const svg = chartSvg(of(["<script>alert(1)</script>", "]]><!ENTITY x>"], [1, 2], { title: '<image href="http://x/"/>' })) ?? "";
    expect(
      [...svg.matchAll(/<([a-z!?]+)/gi)]
        .map(([, name]) => name)
        .filter((name) => !["svg", "rect", "text", "g", "line"].includes(name ?? "")),
    ).toEqual([]);
    expect(svg.replaceAll(/>[^<]*</g, "><")).not.toMatch(/\b(?:href|url\(|on\w+=)/);
  });
});

describe("what a chart says to who doesn't see it", () => {
  it("is its title, its series and all its numbers", () => {
    expect(chartWords(of(["North", "South"], [3, 4.5], { title: "Orders" }), 2000)).toBe("Orders (orders). North: 3; South: 4.5");
    expect(chartWords(chart({ ...many(2, 2), title: "Two" }), 2000)).toMatch(
      /^Two \(series 0, series 1\)\. Label 0: series 0 0, series 1 /,
    );
  });

  it("is never longer than it may be, and says how much is missing", () => {
    for (const most of [100, 500, 2000]) {
      const words = chartWords(chart({ ...many(366, 8), title: "x".repeat(5000) }), most);
      expect(words.length).toBeLessThanOrEqual(most);
      expect(words).toMatch(/; and \d+ more$/);
    }
  });
});
