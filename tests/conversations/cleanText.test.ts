import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText } from "../../src/conversations/ledger/receiveMessage.ts";
import { errorBody } from "../../src/protocol/refusal.ts";

describe("a message's text", () => {
  it.each([
    ["words", "hello", "hello"],
    ["spaces around are kept", "  hello\n", "  hello\n"],
    ["markup is text", "<script>alert(1)</script>", "<script>alert(1)</script>"],
    ["a link that is none", "[x](javascript:alert(1))", "[x](javascript:alert(1))"],
    ["NUL", "a\u0000b", "a\uFFFDb"],
    ["the first half of a pair", "a\uD83Db", "a\uFFFDb"],
    ["the second half of a pair", "\uDE00", "\uFFFD"],
    ["a whole pair", "😀", "😀"],
    ["direction overrides", "\u202Egpj.exe", "\u202Egpj.exe"],
    ["marks upon marks", "e\u0301\u0302\u0303", "e\u0301\u0302\u0303"],
    ["a joiner between emoji", "👨\u200D👩", "👨\u200D👩"],
    ["4,000 letters", "x".repeat(4000), "x".repeat(4000)],
    ["4,000 emoji, twice as long in code units", "😀".repeat(4000), "😀".repeat(4000)],
  ])("%s", (_name, text, kept) => {
    expect(cleanText(text)).toBe(kept);
  });

  it.each([
    ["nothing", ""],
    ["spaces", "   "],
    ["line breaks and tabs", "\n\t\r\n"],
    ["spaces of other scripts", "\u00A0\u2003\u3000"],
    ["what is not seen", "\u200B\u200D\uFEFF\u2060\u00AD"],
    ["spaces and what is not seen", " \u200B \n"],
  ])("is nothing to send: %s", (_name, text) => {
    expect(refusalOf(text)).toEqual({ code: "nothing_to_send", message: "Nothing to send: the message is empty.", path: "text" });
  });

  it.each([
    ["4,001 letters", "x".repeat(4001), "4,001"],
    ["4,001 emoji", "😀".repeat(4001), "4,001"],
    ["100,000 combining marks", `a${"\u0301".repeat(100_000)}`, "100,001"],
  ])("is too long: %s", (_name, text, length) => {
    expect(refusalOf(text)).toEqual({
      code: "text_too_long",
      message: `4,000 characters is the limit, yours has ${length}.`,
      path: "text",
    });
  });

  it("is always one that the database can hold, and stays the same when it comes again", () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.oneof(fc.constantFrom("\u0000", "\uD800", "\uDFFF", "é", " "), fc.string({ unit: "binary", maxLength: 1 })) }),
        (text) => {
          fc.pre(/\S/u.test(text));
          let clean: string;
          try {
            clean = cleanText(text);
          } catch (error) {
            expect(errorBody(error).code).toBe("nothing_to_send");
            return;
          }
          expect(clean.isWellFormed()).toBe(true);
          expect(clean).not.toContain("\u0000");
          expect(cleanText(clean)).toBe(clean);
        },
      ),
    ));
});

function refusalOf(text: string) {
  try {
    cleanText(text);
  } catch (error) {
    return errorBody(error);
  }
  throw new Error("it was taken");
}
