import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AutomationRequest } from "../../automations/contract.ts";
import { automations } from "../../automations/index.ts";
import { mat } from "../../automations/mat/mat.ts";
import { reverse } from "../../automations/reverse/reverse.ts";
import { changeWords } from "../../automations/words.ts";

/** A sentence, reversed, and matted. */
const sentences: [name: string, sentence: string, reversed: string, matted: string][] = [
  ["two words", "hello world", "world hello", "mat mat"],
  ["one word", "hello", "hello", "mat"],
  ["nothing", "", "", ""],
  ["spaces only", " \t\n ", " \t\n ", " \t\n "],
  ["punctuation only", "... !?", "... !?", "... !?"],
  ["punctuation that stays in its place", "Hello, big world!", "world, big Hello!", "mat, mat mat!"],
  ["spacing that stays in its place", "  a\tb\n\nc  ", "  c\tb\n\na  ", "  mat\tmat\n\nmat  "],
  ["brackets and quotes", 'say "yes" (or no)', 'no "or" (yes say)', 'mat "mat" (mat mat)'],
  ["an apostrophe inside a word", "don't stop", "stop don't", "mat mat"],
  ["numbers", "1.5 kg", "kg 1.5", "mat mat"],
  ["upper case as it was", "One TWO three", "three TWO One", "mat mat mat"],
  ["French with accents", "où est l'été ?", "l'été est où ?", "mat mat mat ?"],
  ["marks that combine", "cafe\u0301 nai\u0308ve", "nai\u0308ve cafe\u0301", "mat mat"],
  ["Japanese without spaces", "今日は良い天気です。", "です天気良いは今日。", "matmatmatmatmat。"],
  ["Chinese without spaces", "你好世界", "世界你好", "matmat"],
  ["Thai without spaces", "สวัสดีชาวโลก", "โลกชาวสวัสดี", "matmatmat"],
  ["Arabic with its punctuation", "مرحبا، يا عالم؟", "عالم، يا مرحبا؟", "mat، mat mat؟"],
  ["Hebrew", "שלום עולם", "עולם שלום", "mat mat"],
  ["Hindi", "नमस्ते दुनिया", "दुनिया नमस्ते", "mat mat"],
  ["Korean", "안녕 세계", "세계 안녕", "mat mat"],
  ["Russian", "привет, мир", "мир, привет", "mat, mat"],
  ["emoji between words", "hello 🌍 world", "world 🌍 hello", "mat 🌍 mat"],
  ["emoji only, joined ones too", "👋 👨‍👩‍👧", "👋 👨‍👩‍👧", "👋 👨‍👩‍👧"],
  ["markup, which is only text", "<b>hi</b> there", "<there>b</hi> b", "<mat>mat</mat> mat"],
];

function ask(text: string): AutomationRequest {
  return { run: "r1", tenant: "t1", args: { text }, mode: "run" };
}

async function textOf(automation: typeof reverse, text: string): Promise<string> {
  const { messages } = await automation.answer(ask(text));
  expect(messages).toHaveLength(1);
  return messages[0]?.text ?? "none";
}

describe("reverse and mat", () => {
  it.each(sentences)("%s", async (_name, sentence, reversed, matted) => {
    expect(await textOf(reverse, sentence)).toBe(reversed);
    expect(await textOf(mat, sentence)).toBe(matted);
  });

  it("answer the same as data", async () => {
    expect(await reverse.answer(ask("a b"))).toMatchObject({ data: { text: "b a" } });
    expect(await mat.answer(ask("a b"))).toMatchObject({ data: { text: "mat mat" } });
  });

  it("take a message of the longest size quickly", async () => {
    const long = "word ".repeat(800);
    const begun = performance.now();
    expect(await textOf(reverse, long)).toBe(long);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

const word = fc.stringMatching(/^[a-zA-Zäöüéß]{1,8}$/u);
/** Each holds a space, so that no two words can grow together when they move. */
const between = fc.constantFrom(" ", ", ", "! ", " - ", "\n", "\t ", " … ", "; ");
const wordsAndGaps = fc.array(fc.tuple(word, between), { maxLength: 30 });

function joined(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([text, gap]) => text + gap).join("");
}

describe("for every sentence", () => {
  it("Latin letters, digits and blanks have the words that the segmenter finds", () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[a-cX-Z0-3 ]{0,30}$/), (sentence) => {
        const segments = [...new Intl.Segmenter("und", { granularity: "word" }).segment(sentence)];
        const words: string[] = [];
        const same = changeWords(sentence, (found) => {
          words.push(...found);
          return found;
        });
        expect(words).toEqual(segments.filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment));
        expect(same).toBe(sentence);
      }),
    ));

  it("reversed twice is what it was", () =>
    fc.assert(
      fc.asyncProperty(wordsAndGaps, async (pairs) => {
        const sentence = joined(pairs);
        expect(await textOf(reverse, await textOf(reverse, sentence))).toBe(sentence);
      }),
    ));

  it("the words are in the opposite order and the gaps where they were", () =>
    fc.assert(
      fc.asyncProperty(wordsAndGaps, async (pairs) => {
        const words = pairs.map(([text]) => text).toReversed();
        expect(await textOf(reverse, joined(pairs))).toBe(pairs.map(([, gap], index) => (words[index] ?? "") + gap).join(""));
        expect(await textOf(mat, joined(pairs))).toBe(pairs.map(([, gap]) => `mat${gap}`).join(""));
      }),
    ));

  it("of any characters at all, reverse loses and adds none", () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 50 }), async (text) => {
        const sorted = (value: string) => value.split("").sort().join("");
        expect(sorted(await textOf(reverse, text))).toBe(sorted(text));
      }),
    ));

  it("of any characters at all, mat leaves what stands between words", () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 50 }), async (text) => {
        const segments = [...new Intl.Segmenter("und", { granularity: "word" }).segment(text)];
        const expected = segments.map((segment) => (segment.isWordLike ? "mat" : segment.segment)).join("");
        expect(await textOf(mat, text)).toBe(expected);
      }),
    ));
});

describe("the automations that come with the product", () => {
  it.each(automations.map((automation) => [automation.name, automation] as const))("%s keeps the contract", (name, automation) => {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(automation.summary).toMatch(/^[A-Z].*\.$/);
    expect(automation.version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const required of automation.args.required ?? []) expect(Object.keys(automation.args.properties)).toContain(required);
  });

  it("have a name each", () => {
    expect(new Set(automations.map((automation) => automation.name)).size).toBe(automations.length);
  });
});
