import { describe, expect, it } from "vitest";
import { type Happening, tell, tellColleague } from "../../src/conversations/sentences/happening.ts";
import { sentencesIn } from "../../src/conversations/sentences/sentences.ts";
import { languages } from "../../src/protocol/languages.ts";

const toBoth: [Happening["what"], toVisitor: RegExp | undefined, toColleague: string][] = [
  ["joined", /^Mia joined/, "Mia joined the conversation."],
  ["handedBack", /^Mia handed/, "Mia handed the conversation back to the assistant."],
  ["backInQueue", /^Mia put/, "Mia put the conversation back into the queue."],
  ["handedTo", /^Mia handed/, "Mia handed the conversation to Otto."],
  ["closedBy", /^Mia closed/, "Mia closed the conversation."],
  ["reopened", /^Mia reopened/, "Mia reopened the conversation."],
  ["frontOfLine", /^You are at the front/, "The visitor is at the front of the queue again."],
  ["ended", /^You ended/, "The visitor ended the conversation."],
  ["leftQueue", /^You left/, "The visitor left the queue; the assistant answers again."],
  ["inLine", /^You are in line/, "The visitor asked for a person, and waits in the queue."],
  ["inLineNobodyThere", /^You are in line/, "The visitor asked for a person while nobody was at the desk, and waits in the queue."],
  ["closedNow", undefined, "The visitor asked for a person outside the hours, and was told so."],
  ["keptForPerson", undefined, "Nobody was there. What the visitor wrote waits for a person."],
];

describe("what happened", () => {
  it.each(toBoth)("%s is said to the visitor, and told to colleagues as of somebody else", (what, toVisitor, toColleague) => {
    const happening = { what, values: ["Mia", "Otto"] };
    expect(tellColleague(happening)).toBe(toColleague);
    const said = languages.map((language) => tell(happening, sentencesIn(language)));
    if (toVisitor === undefined) expect(new Set(said)).toEqual(new Set([undefined]));
    else {
      expect(said[0]).toMatch(toVisitor);
      expect(new Set(said).size).toBe(languages.length);
    }
  });
});
