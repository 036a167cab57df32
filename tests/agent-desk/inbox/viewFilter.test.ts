import { expect, test } from "vitest";
import { fits } from "../../../agent-desk/inbox/viewFilter.ts";
import type { ViewFilter } from "../../../src/protocol/aids.ts";
import type { ConversationItem } from "../../../src/protocol/desk.ts";
import { conversation, heldBy, queued } from "../conversationItem.ts";

const now = Date.parse("2026-11-21T10:10:00.000Z");
const tagged = conversation("a", { tags: ["t1", "t2"], team: "sales", lastText: "Where is my Refund" });

test.each<[string, ViewFilter, ConversationItem, boolean]>([
  ["no filter has every open one", {}, tagged, true],
  ["a closed one is in none", {}, conversation("a", { open: false }), false],
  ["a snoozed one is in none", {}, conversation("a", { snoozedUntil: "2026-11-22T10:00:00.000Z" }), false],
  ["a muted one is in none", {}, conversation("a", { muted: "spam" }), false],
  ["one of several teams", { team: ["support", "sales"] }, tagged, true],
  ["another team", { team: ["support"] }, tagged, false],
  ["one of several tags", { tag: ["t2", "t3"] }, tagged, true],
  ["a tag that it has not", { tag: ["t3"] }, tagged, false],
  ["each field must fit", { tag: ["t1"], team: ["support"] }, tagged, false],
  ["me", { agent: ["me"] }, heldBy("me", "a"), true],
  ["a colleague is not me", { agent: ["me"] }, heldBy("other", "a"), false],
  ["nobody or a colleague", { agent: ["none", "other"] }, heldBy("other", "a"), true],
  ["nobody", { agent: ["none"] }, heldBy("me", "a"), false],
  ["the queue", { controller: ["queue"] }, queued("a", "2026-11-21T10:00:00.000Z"), true],
  ["the bot", { controller: ["queue", "agent"] }, tagged, false],
  ["a priority", { priority: [1, 2] }, conversation("a", { priority: 2 }), true],
  ["another priority", { priority: [1] }, conversation("a", { priority: 2 }), false],
  ["a language, in whichever country", { language: ["pt"] }, conversation("a", { language: "pt-BR" }), true],
  ["a language of one country", { language: ["pt-BR"] }, conversation("a", { language: "pt" }), false],
  ["a language that is not known", { language: ["pt"] }, tagged, false],
  ["waits in the queue for longer", { waitingLongerThan: 599 }, queued("a", "2026-11-21T10:00:00.000Z"), true],
  ["waits exactly as long", { waitingLongerThan: 600 }, queued("a", "2026-11-21T10:00:00.000Z"), false],
  ["waits for its agent", { waitingLongerThan: 60 }, heldBy("me", "a", { lastAuthor: "visitor" }), true],
  ["the agent spoke last", { waitingLongerThan: 60 }, heldBy("me", "a", { lastAuthor: "agent" }), false],
  ["words in any order and case", { text: "refund where" }, tagged, true],
  ["a word that is not there", { text: "refund why" }, tagged, false],
])("%s", (_, filter, item, expected) => {
  expect(fits(filter, item, "me", now)).toBe(expected);
});
