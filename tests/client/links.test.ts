import fc from "fast-check";
import { expect, test } from "vitest";
import { splitLinks } from "../../src/client/links.ts";

const linksOf = (text: string) => splitLinks(text).flatMap((piece) => (typeof piece === "string" ? [] : [piece.href]));
const textOf = (text: string) =>
  splitLinks(text)
    .map((piece) => (typeof piece === "string" ? piece : piece.text))
    .join("");

test.each([
  ["see https://example.com/a?b=c#d.", ["https://example.com/a?b=c#d"]],
  ["(https://example.com/wiki/A_(b)) and http://b.example!", ["https://example.com/wiki/A_(b)", "http://b.example/"]],
  ["HTTPS://EXAMPLE.COM", ["https://example.com/"]],
  ["javascript:alert(1) data:text/html,x ftp://example.com file:///etc/passwd vbscript:x", []],
  ["java\nscript:https", []],
  ["https:// http://", []],
  ["<a href='https://example.com/'onclick=alert(1)>x</a>", ["https://example.com/"]],
  ["https://example.com/\u202egpj.exe", ["https://example.com/"]],
  ["nohttps://example.com", []],
])("%j", (text, expected) => {
  expect(linksOf(text)).toEqual(expected);
  expect(textOf(text)).toBe(text);
});

test("whatever is written, the text stays whole and every link is http or https", () => {
  const words = fc.constantFrom(
    "https://",
    "http://",
    "javascript:",
    "a.example",
    "/",
    ")",
    "(",
    ".",
    " ",
    "@",
    "\u202e",
    "<",
    '"',
    "é",
    "😀",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string({ unit: "binary" }))), (parts) => {
      const text = parts.join("");
      expect(textOf(text)).toBe(text);
      for (const href of linksOf(text)) expect(href).toMatch(/^https?:\/\/[^/]/);
    }),
  );
});
