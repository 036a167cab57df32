import { existsSync, readdirSync } from "node:fs";
import { getPriority } from "node:os";
import { describe, expect, it } from "vitest";
import { checkNewPassword } from "../../src/access/accounts/passwordRules.ts";
import { createPasswords, hashesAtOnce } from "../../src/access/accounts/passwords.ts";

const context = ["Analytical Engines", "ada.lovelace@example.com", "Ada Lovelace"];
const check = (password: string) => () => checkNewPassword(password, context, "args.new");

describe("a new password", () => {
  it.each([
    "a quiet heron at dawn",
    "correct horse battery",
    "пароль из пятнадцати букв",
    "非常に長いパスワードを使いましょう!",
    "🦊🐢🦉🐝🐳🦔🐙🦜🐌🐞🦋🐠🐪🦘🐧",
    "x7#kd92-lqpw0zmn",
    "  spaces around are mine  ",
    `${"e\u0301".repeat(3)} and twelve more letters`,
    "a1b2c3d4e5f6g7h8".repeat(8),
  ])("may be %s", (password) => {
    expect(check(password)).not.toThrow();
  });

  it.each([
    ["too short", "14 characters!", /at least 15 characters, this one has 14/],
    ["short in characters, not in bytes", "🦊🐢🦉🐝🐳🦔", /this one has 6/],
    ["too long", `${"a1b2c3d4e5f6g7h8".repeat(8)}x`, /at most 128 characters, this one has 129/],
    ["one character over and over", "aaaaaaaaaaaaaaaaaaaa", /first/],
    ["two characters", "abababababababababab", /first/],
    ["an alphabet", "abcdefghijklmnopq", /first/],
    ["numbers in a row", "12345678901234567890", /first/],
    ["in everybody's list", "PasswordPassword", /first/],
    ["in the list, with a number", "passwordpassword123", /first/],
    ["in every article", "Correct horse battery staple", /first/],
    ["in the list as it is", "lhbjkjubz2957704", /first/],
    ["in the list, with a year and a sign at its ends", "!!! sunshine 1999-2026", /first/],
    ["a word of the list twice", "Sunshine-sunshine", /first/],
    ["in the list but for capital letters", "PolniyPIZDEC0211", /first/],
    ["what people do here", "support-agent-login-1", /first/],
    ["the tenant", "analytical-engines!", /first/],
    ["the product", "switchboard-2026", /first/],
    ["the e-mail", "ada.lovelace@example.com", /first/],
    ["the name and a year", "AdaLovelace1815!", /first/],
    ["with a NUL", "a quiet heron\0 at dawn", /typed/],
    ["with half a character", "a quiet heron \ud83d at dawn", /typed/],
  ])("may not be %s", (_name, password, reason) => {
    expect(check(password)).toThrow(reason);
    expect(check(password)).toThrow(expect.objectContaining({ code: "invalid_value", path: "args.new" }));
  });
});

describe("hashing", () => {
  const passwords = createPasswords({ memoryKiB: 1024, passes: 1 });

  it("knows a password typed on another keyboard, and no other", async () => {
    const stored = await passwords.hash("caf\u00e9 au lait, s'il vous pla\u00eet");
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$/);
    expect(await passwords.matches(stored, "cafe\u0301 au lait, s'il vous plai\u0302t")).toBe(true);
    expect(await passwords.matches(stored, "cafe au lait, s'il vous plait")).toBe(false);
    expect(await passwords.matches(stored, "")).toBe(false);
    expect(await passwords.matches(undefined, "")).toBe(false);
  });

  it("costs 64 MiB and 3 passes unless told otherwise", async () => {
    expect(await createPasswords().hash("a quiet heron at dawn")).toContain("$m=65536,t=3,p=1$");
  });

  it("does some at once, lets 64 wait, refuses the rest at once, and goes on", async () => {
    const slow = createPasswords({ memoryKiB: 8192, passes: 2 });
    const results = await Promise.allSettled(Array.from({ length: 80 }, () => slow.matches(undefined, "x")));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(hashesAtOnce + 64);
    expect(results.find((result) => result.status === "rejected")?.reason).toMatchObject({ code: "unavailable", retryAfterMs: 5000 });
    expect(await slow.matches(undefined, "x")).toBe(false);
  });

  it("goes on after a hash that is none, and leaves the processors to the rest", async () => {
    const passwords = createPasswords({ memoryKiB: 19 * 1024, passes: 1 });
    await expect(passwords.matches("no hash", "x")).rejects.toThrow("couldn't be hashed");
    const stored = await passwords.hash("a quiet heron at dawn");
    expect(await Promise.all(["a quiet heron at dawn", "another"].map((one) => passwords.matches(stored, one)))).toEqual([true, false]);
    // Only Linux has a priority for each thread.
    const threads = existsSync("/proc/self/task") ? readdirSync("/proc/self/task").map(Number) : [];
    const priorities = threads.map((thread) => getPriority(thread));
    expect(threads.length === 0 || Math.max(...priorities) - Math.min(...priorities)).toBe(
      threads.length === 0 || Math.min(10, 19 - Math.min(...priorities)),
    );
  });
});
