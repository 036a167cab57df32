import { expect, test } from "vitest";
import { excerptOf, hitsIn, readSearch, toTsQuery } from "../../src/search/searchQuery.ts";
import { searchVector, wordsOf } from "../../src/search/words.ts";

const tenant = "00000000-0000-7000-8000-00000000ab12";

test.each([
  ["Where is my order?", ["where", "is", "my", "order"]],
  ["ORD-17, a@b.example", ["ord", "17", "a", "b", "example"]],
  ["São Paulo, STRAßE, ＦＵＬＬ", ["sao", "paulo", "straße", "full"]],
  ["e\u0301te\u0301 Ελληνικά", ["ete", "ελληνικα"]],
  ["荷物が来ない", ["荷", "物", "か", "来", "な", "い"]],
  ["' & | ! <-> :* \\ \0", []],
])("the words of %j are %j", (text, words) => {
  expect(wordsOf(text).map(({ word }) => word)).toEqual(words);
});

test("a vector names each word under its tenant's sign, with its places", () => {
  expect(searchVector(tenant, "late, very late: it's 'late'")).toBe("'ab12late':1,3,6 'ab12very':2 'ab12it':4 'ab12s':5");
});

test.each([
  ["late parc", "'ab12late' & 'ab12parc':*"],
  ["ORD-17", "('ab12ord' <-> 'ab1217':*)"],
  ['"late parcel"', "('ab12late' <-> 'ab12parcel')"],
  ['"late parcel" to Port', "('ab12late' <-> 'ab12parcel') & 'ab12to' & 'ab12port':*"],
  ['a "b', "'ab12a' & 'ab12b'"],
  ["x') | 'y", "'ab12x' & 'ab12y':*"],
])("%j is looked for as %s", (text, expected) => {
  expect(toTsQuery(tenant, readSearch(text))).toBe(expected);
});

test.each([
  ["?!", "Write at least one word to look for."],
  ["a ".repeat(21), "20 words are the limit; yours has 21."],
])("%j is refused", (text, message) => {
  expect(() => readSearch(text)).toThrow(message);
});

test.each([
  [
    "late parc",
    "The late Parcels, later",
    [
      [4, 8],
      [9, 16],
    ],
  ],
  ['"late parcel"', "late, parcel; late one", [[0, 12]]],
  ["sao", "São Paulo", [[0, 3]]],
])("%j stands in %j at %j", (text, said, hits) => {
  expect(hitsIn(said, readSearch(text))).toEqual(hits);
});

test("an excerpt is the part around the first hit, and its hits stand in it", () => {
  const text = `${"before ".repeat(60)}needle${" after".repeat(60)}`;
  const { excerpt, hits } = excerptOf(text, readSearch("needle"));
  expect(excerpt.length).toBeLessThan(190);
  expect(hits.map(([from, to]) => excerpt.slice(from, to))).toEqual(["needle"]);
});
