import { expect, test } from "vitest";
import { meaningOf, offersFor, slashBefore } from "../../../agent-desk/aids/offers.ts";
import type { CannedItem, MacroItem, Owner } from "../../../src/protocol/aids.ts";

test.each([
  ["/late", 5, { from: 0, word: "late" }],
  ["Hello /la and more", 9, { from: 6, word: "la" }],
  ["/", 1, { from: 0, word: "" }],
  ["see https://x.example/late", 26, null],
  ["/late parcel", 12, null],
  ["and/or", 6, null],
])("in %j at %i", (text, cursor, expected) => {
  expect(slashBefore(text, cursor)).toEqual(expected);
});

const canned = (name: string, text: string, owner: Owner = "everyone"): CannedItem => ({
  kind: "canned",
  id: name,
  name,
  owner,
  version: 1,
  texts: { en: text, de: `${text} auf Deutsch` },
});
const macro: MacroItem = { kind: "macro", id: "m", name: "Late and closed", owner: "everyone", version: 1, actions: [{ do: "close" }] };
const all = [canned("Way out", "It is late"), canned("Très tard", "x"), canned("Late", "y"), canned("Latest", "z", "team:sales")];
const names = (word: string, team = "support") =>
  offersFor(word, { canned: all, macros: [macro], team, languages: ["de"] }).map(({ item }) => item.name);

test("names that begin so come before texts that have it; another team's are not offered", () => {
  expect(names("late")).toEqual(["Late", "Late and closed", "Way out"]);
  expect(names("late", "sales")).toContain("Latest");
  expect(names("trestard")).toEqual(["Très tard"]);
  expect(names("nothing")).toEqual([]);
});

test("the text is the version in the customer's language", () => {
  const [offer] = offersFor("late", { canned: all, macros: [], team: "support", languages: [null, "de-AT"] });
  expect(offer?.text).toBe("y auf Deutsch");
});

test.each([
  ["Enter", { asked: true, known: false, offers: 0 }, "wait"],
  ["Tab", { asked: true, known: false, offers: 0 }, "wait"],
  // The actions are known at once: what Enter takes is decided when the answers are, too.
  ["Enter", { asked: true, known: false, offers: 3 }, "wait"],
  ["ArrowDown", { asked: true, known: false, offers: 3 }, "down"],
  ["Enter", { asked: true, known: true, offers: 3 }, "take"],
  ["Tab", { asked: true, known: true, offers: 3 }, "take"],
  ["ArrowUp", { asked: true, known: true, offers: 3 }, "up"],
  ["Escape", { asked: true, known: true, offers: 3 }, "leave"],
  ["a", { asked: true, known: true, offers: 3 }, undefined],
  ["Enter", { asked: true, known: true, offers: 0 }, undefined],
  ["Enter", { asked: false, known: false, offers: 0 }, undefined],
  // A colleague's name.
  ["Enter", { asked: false, known: false, offers: 2 }, "take"],
] as const)("%s where %o: %s", (key, list, meaning) => {
  expect(meaningOf({ key, shiftKey: false }, list)).toBe(meaning);
});

test("Enter with Shift is a new line, whatever is known", () => {
  expect(meaningOf({ key: "Enter", shiftKey: true }, { asked: true, known: false, offers: 3 })).toBeUndefined();
});
