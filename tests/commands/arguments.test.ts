import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkArguments, usage } from "../../src/commands/arguments.ts";
import { parseArguments } from "../../src/protocol/commandLine.ts";
import type { ArgSchema, ArgsSchema } from "../../src/protocol/commands.ts";
import { errorBody } from "../../src/protocol/refusal.ts";

const oneText: ArgsSchema = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };
const invite: ArgsSchema = {
  type: "object",
  properties: { email: { type: "string" }, seats: { type: "integer" }, admin: { type: "boolean" }, note: { type: "string" } },
  required: ["email"],
};
const shout: ArgsSchema = { type: "object", properties: { text: { type: "string" }, times: { type: "integer" } }, required: ["text"] };
const choice: ArgsSchema = { type: "object", properties: { size: { type: "string", enum: ["small", "large"] }, text: { type: "string" } } };
const nothing: ArgsSchema = { type: "object", properties: {} };
const text: ArgSchema = { type: "string" };
const awkward: ArgsSchema = { type: "object", properties: { constructor: text, toString: text } };

const role: ArgsSchema = { type: "object", properties: { key: text, name: text, permissions: text, teams: text } };
const night = { key: "night", name: "Night shift", permissions: "conversations.read, commands.run" };
const nightWithoutSpace = { ...night, permissions: "conversations.read,commands.run" };

const lines: [name: string, schema: ArgsSchema, line: string, values: Record<string, unknown>][] = [
  ["nothing written", oneText, "", {}],
  ["the last text takes the rest of the line", oneText, "hello, big  world", { text: "hello, big  world" }],
  ["the last text is not always the last argument", shout, "hi there", { text: "hi there" }],
  ["what stands behind it is set by its name, in front", shout, "times:3 hi there", { text: "hi there", times: "3" }],
  ["or at the end", shout, "hi there times:3", { text: "hi there", times: "3" }],
  ["once", shout, "hi times:2 times:3", { text: "hi times:2", times: "3" }],
  ["10,000 characters stay that many", oneText, "x".repeat(10_000), { text: "x".repeat(10_000) }],
  ["line breaks belong to it", oneText, "one\ntwo", { text: "one\ntwo" }],
  [
    "words fill the arguments in their order",
    invite,
    "a@b.c 3 true a few words",
    { email: "a@b.c", seats: 3, admin: true, note: "a few words" },
  ],
  ["any space stands between words", invite, "a@b.c\t3\u00a0true", { email: "a@b.c", seats: 3, admin: true }],
  ["one is set by its name", invite, "seats:3 a@b.c", { seats: "3", email: "a@b.c" }],
  ["with quotes around a value of several words", invite, 'note:"a few words" a@b.c', { note: "a few words", email: "a@b.c" }],
  ["by its name after others that have none", invite, 'a@b.c note:"a few words" 3', { email: "a@b.c", note: "a few words", seats: 3 }],
  [
    "a name once more in the free text is text",
    invite,
    "a@b.c 3 true email:them",
    { email: "a@b.c", seats: 3, admin: true, note: "email:them" },
  ],
  ["words in quotes are one", role, 'night "Night shift" "conversations.read, commands.run"', night],
  [
    "in the order of the arguments, between those by name",
    role,
    'key:night "Night shift" conversations.read,commands.run',
    nightWithoutSpace,
  ],
  ["a quote inside a word is a character", invite, 'a"b c"@d 3', { email: 'a"b', seats: 'c"@d', admin: "3" }],
  ["of the free text they are characters", oneText, '"hello" she said', { text: '"hello" she said' }],
  ["an empty value in quotes", invite, 'note:"" a@b.c', { note: "", email: "a@b.c" }],
  ["a quote that is never closed is a character", invite, 'note:"a b', { note: '"a', email: "b" }],
  ["a name inside the free text is text", oneText, "remember text:this", { text: "remember text:this" }],
  ["a name that is none of its arguments is text", oneText, "note:this stays", { text: "note:this stays" }],
  ["a colon in an address is text", oneText, "https://example.com/a b", { text: "https://example.com/a b" }],
  ["a choice takes one word", choice, "large and the rest", { size: "large", text: "and the rest" }],
  ["a word for the text that is not the last", invite, 'note:"x" a@b.c 3', { note: "x", email: "a@b.c", seats: 3 }],
  ["smart quotes in the free text are characters", oneText, "“hello world”", { text: "“hello world”" }],
  ["smart quotes around a value are quotes", invite, "note:“a few words” a@b.c", { note: "a few words", email: "a@b.c" }],
  ["so are those of other languages", role, "night „Night shift“ «conversations.read, commands.run»", night],
  ["and behind the free text", shout, "hi there --times “3”", { text: "hi there", times: "3" }],
  ["a smart quote that is never closed is a character", invite, "note:“a b", { note: "“a", email: "b" }],
  ["an option as in a terminal sets one by its name", invite, "a@b.c --seats 3 --note=x", { email: "a@b.c", seats: "3", note: "x" }],
  ["behind the free text too", shout, 'hi there --times "3"', { text: "hi there", times: "3" }],
  ["an option that is none of its arguments is text", oneText, "hello --force 1", { text: "hello --force 1" }],
  ["dashes are characters", oneText, "--force -x", { text: "--force -x" }],
  ["other digits are no number", invite, "a@b.c ３", { email: "a@b.c", seats: "３" }],
  ["an exponent is no number", invite, "a@b.c 1e3", { email: "a@b.c", seats: "1e3" }],
  ["names that every object has", awkward, "toString:b a", { toString: "b", constructor: "a" }],
  ["an emoji and marks that combine", oneText, "👨‍👩‍👧 e\u0301", { text: "👨‍👩‍👧 e\u0301" }],
];

describe("what stands after a command's name", () => {
  it.each(lines)("%s", (_name, schema, line, values) => {
    expect(parseArguments(schema, line)).toEqual(values);
  });

  it.each<[string, ArgsSchema, string]>([
    ["more than the command takes", nothing, "hello"],
    ["more words than arguments", { type: "object", properties: { n: { type: "integer" } } }, "1 2"],
    ["a name twice", invite, "seats:1 seats:2 a@b.c"],
  ])("is refused: %s", (_name, schema, line) => {
    expect(() => parseArguments(schema, line)).toThrow(expect.objectContaining({ code: "invalid_value" }));
  });

  it.each([
    ["spaces inside", `a${" ".repeat(100_000)}b`],
    ["spaces behind a name", `a b:"${" ".repeat(100_000)}`],
    ["names", " text:x".repeat(20_000)],
    ["quotes", ' note:"'.repeat(20_000)],
    ["smart quotes", " note:“".repeat(20_000)],
    ["options", " --note x".repeat(15_000)],
    ["dashes", `a ${"-".repeat(100_000)}`],
    ["letters", "a".repeat(100_000)],
  ])("is read at once though it is long: %s", (_name, line) => {
    const begun = performance.now();
    for (const schema of [oneText, invite, shout]) {
      try {
        parseArguments(schema, line);
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid_value" });
      }
    }
    // Where it is read once for each of its characters it takes minutes.
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it("goes to a single text unchanged, whatever it is", () =>
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        fc.pre(text !== "" && text === text.trim() && !text.startsWith("text:"));
        expect(parseArguments(oneText, text)).toEqual({ text });
      }),
    ));
});

const limited: ArgsSchema = {
  type: "object",
  properties: {
    text: { type: "string", minLength: 2, maxLength: 4 },
    count: { type: "integer", minimum: 1, maximum: 10 },
    rate: { type: "number" },
    on: { type: "boolean" },
    size: { type: "string", enum: ["small", "large"] },
    level: { type: "integer", enum: [1, 2] },
    untyped: {},
  },
};

const accepted: [name: string, given: Record<string, unknown>, checked: Record<string, unknown>][] = [
  ["nothing", {}, {}],
  ["a text", { text: "abcd" }, { text: "abcd" }],
  ["a text counted in characters, not in code units", { text: "😀😀😀😀" }, { text: "😀😀😀😀" }],
  ["a number", { count: 3 }, { count: 3 }],
  ["a number that is spelt", { count: "3", rate: "-2.5" }, { count: 3, rate: -2.5 }],
  ["a truth value that is spelt", { on: "true" }, { on: true }],
  ["null, undefined and an empty text as absent", { text: "", count: null, rate: undefined }, {}],
  ["one of the choices", { size: "small", level: "2" }, { size: "small", level: 2 }],
  ["an argument without a type as a text", { untyped: "x" }, { untyped: "x" }],
];

const wrong: [name: string, given: Record<string, unknown>, path: string, sentence: RegExp][] = [
  ["a text too long", { text: "abcde" }, "args.text", /at most 4 characters long; it has 5/],
  ["a text too short", { text: "a" }, "args.text", /at least 2 characters/],
  ["an object for a text", { text: {} }, "args.text", /must be a text/],
  ["a list for a text", { text: ["a"] }, "args.text", /must be a text/],
  ["a number for a text", { text: 12 }, "args.text", /must be a text/],
  ["a fraction for a whole number", { count: 1.5 }, "args.count", /whole number/],
  ["a spelt exponent", { count: "1e1" }, "args.count", /whole number/],
  ["hexadecimal", { count: "0x1" }, "args.count", /whole number/],
  ["spaces around a number", { count: " 5 " }, "args.count", /whole number/],
  ["not a number", { rate: Number.NaN }, "args.rate", /a number/],
  ["no end", { rate: Number.POSITIVE_INFINITY }, "args.rate", /a number/],
  ["a number that can't be told from its neighbour", { count: 2 ** 53 }, "args.count", /whole number/],
  ["too little", { count: 0 }, "args.count", /1 or more/],
  ["too much", { count: 11 }, "args.count", /10 or less/],
  ["another word for true", { on: "yes" }, "args.on", /true or false/],
  ["a number for a truth value", { on: 1 }, "args.on", /true or false/],
  ["none of the choices", { size: "Small" }, "args.size", /one of small, large/],
  ["none of the numbers", { level: 3 }, "args.level", /one of 1, 2/],
  ["an argument that there is not", { colour: "red" }, "args.colour", /no argument "colour".*It takes: text, count/],
  ["the prototype", JSON.parse('{"__proto__": "x"}'), "args.__proto__", /no argument/],
  ["the constructor", { constructor: "x" }, "args.constructor", /no argument/],
];

describe("the checks of arguments", () => {
  it.each(accepted)("take %s", (_name, given, checked) => {
    expect(checkArguments(limited, given)).toEqual(checked);
  });

  it.each(wrong)("refuse %s", (_name, given, path, sentence) => {
    const body = refusalOf(() => checkArguments(limited, given));
    expect(body).toMatchObject({ code: "invalid_value", path, message: expect.stringMatching(sentence) });
  });

  it("name what is missing, and what there is", () => {
    expect(refusalOf(() => checkArguments(oneText, {}))).toEqual({
      code: "invalid_value",
      path: "args.text",
      message: '"text" is missing. It takes: text.',
    });
    expect(refusalOf(() => checkArguments(nothing, { a: 1 })).message).toBe('There is no argument "a". The command takes no arguments.');
  });

  it("don't take what every object has for an argument that was given", () => {
    expect(checkArguments(awkward, {})).toEqual({});
    expect(refusalOf(() => checkArguments({ ...awkward, required: ["toString"] }, {})).path).toBe("args.toString");
  });

  it("never throw anything but a refusal, whatever is given", () =>
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...Object.keys(limited.properties))), fc.anything()), (given) => {
        try {
          for (const value of Object.values(checkArguments(limited, given)))
            expect(["string", "number", "boolean"]).toContain(typeof value);
        } catch (error) {
          expect(errorBody(error).code).toBe("invalid_value");
        }
      }),
    ));
});

describe("how a command is written", () => {
  it.each<[ArgsSchema, string]>([
    [oneText, "name {text}"],
    [invite, "name {email} [seats] [admin] [note]"],
    [nothing, "name"],
  ])("%#", (args, written) => {
    expect(usage({ name: "name", args })).toBe(written);
  });
});

function refusalOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    return errorBody(error);
  }
  throw new Error("nothing was refused");
}
