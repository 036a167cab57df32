import { describe, expect, it } from "vitest";
import { type OpenNotice, planNotices, quietForMs, settingsOf } from "../../src/notices/noticeRules.ts";
import { pushKeysOf } from "../../src/notices/pushKeys.ts";
import { isPushService } from "../../src/notices/sendPush.ts";
import type { NoticeKind } from "../../src/protocol/notices.ts";

const minute = 60_000;
const usual = settingsOf({}, null, false);
const nowMs = Date.parse("2026-11-21T12:00:00Z");

function open(what: NoticeKind, minutesAgo: number, done: Partial<OpenNotice> = {}): OpenNotice {
  return { id: `${what} ${minutesAgo}`, what, atMs: nowMs - minutesAgo * minute, pushed: false, mailed: false, ...done };
}

describe("quiet hours", () => {
  const at = (from: number, to: number, timeZone: string, now: string) =>
    quietForMs({ quiet: { from, to, timeZone } }, Date.parse(now)) / minute;
  it.each([
    ["within", 22 * 60, 7 * 60, "UTC", "2026-11-21T23:00:00Z", 480],
    ["after midnight", 22 * 60, 7 * 60, "UTC", "2026-11-21T06:59:00Z", 1],
    ["at their beginning", 22 * 60, 7 * 60, "UTC", "2026-11-21T22:00:00Z", 540],
    ["at their end", 22 * 60, 7 * 60, "UTC", "2026-11-21T07:00:00Z", 0],
    ["by day", 9 * 60, 10 * 60, "UTC", "2026-11-21T09:30:00Z", 30],
    ["in another zone", 22 * 60, 7 * 60, "America/Sao_Paulo", "2026-11-21T02:00:00Z", 480],
    ["in summer time", 22 * 60, 7 * 60, "Europe/Lisbon", "2026-07-21T21:30:00Z", 510],
    ["of equal ends", 8 * 60, 8 * 60, "UTC", "2026-11-21T08:00:00Z", 0],
  ])("%s", (_, from, to, zone, now, minutes) => {
    expect(at(from, to, zone, now)).toBe(minutes);
  });
});

describe("the plan", () => {
  const away = { nowMs, atDesk: false, hasPush: true };
  it.each([
    [
      "pushes what waits for one, and mails it later",
      [open("assigned", 0)],
      usual,
      away,
      { push: ["assigned 0"], mail: [], againInMs: 5 * minute },
    ],
    [
      "mails once nobody read it for five minutes",
      [open("assigned", 5, { pushed: true })],
      usual,
      away,
      { push: [], mail: ["assigned 5"], againInMs: null },
    ],
    [
      "mails to nobody who is at the desk",
      [open("assigned", 9, { pushed: true })],
      usual,
      { ...away, atDesk: true },
      { push: [], mail: [], againInMs: minute },
    ],
    [
      "mails all together",
      [open("assigned", 1), open("assigned", 6)],
      usual,
      { ...away, hasPush: false },
      { push: [], mail: ["assigned 1", "assigned 6"], againInMs: null },
    ],
    ["mails no queue", [open("queue", 60, { pushed: true })], usual, away, { push: [], mail: [], againInMs: null }],
    [
      "pushes to no browser where there is none",
      [open("queue", 0)],
      usual,
      { ...away, hasPush: false },
      { push: [], mail: [], againInMs: null },
    ],
    ["never twice", [open("assigned", 60, { pushed: true, mailed: true })], usual, away, { push: [], mail: [], againInMs: null }],
    [
      "nothing that isn't wanted",
      [open("assigned", 60)],
      settingsOf({ assigned: { push: false, mail: false } }, null, false),
      away,
      { push: [], mail: [], againInMs: null },
    ],
    [
      "waits for the end of quiet hours",
      [open("assigned", 60)],
      settingsOf({}, { from: 0, to: 13 * 60, timeZone: "UTC" }, false),
      away,
      { push: [], mail: [], againInMs: 60 * minute },
    ],
    ["nothing for nothing", [], usual, away, { push: [], mail: [], againInMs: null }],
  ])("%s", (_, notices, settings, now, plan) => {
    expect(planNotices(notices, settings, now)).toEqual(plan);
  });
});

describe("a push service", () => {
  const allowed = new Set(["127.0.0.1:9999"]);
  it.each([
    ["https://fcm.googleapis.com/fcm/send/abc", true],
    ["https://updates.push.services.mozilla.com/wpush/v2/abc", true],
    ["https://web.push.apple.com/abc", true],
    ["https://db5p.notify.windows.com/w/?token=a", true],
    ["http://127.0.0.1:9999/push", true],
    ["http://fcm.googleapis.com/fcm/send/abc", false],
    ["https://fcm.googleapis.com:8443/abc", false],
    ["https://fcm.googleapis.com.evil.example/abc", false],
    ["https://evil.example/fcm.googleapis.com", false],
    ["https://user@fcm.googleapis.com/abc", false],
    ["https://169.254.169.254/latest", false],
    ["http://127.0.0.1:9998/push", false],
    ["file:///etc/passwd", false],
    ["nonsense", false],
  ])("%s: %s", (endpoint, is) => {
    expect(isPushService(endpoint, allowed)).toBe(is);
  });

  it("knows the same installation by the same pair", () => {
    const keys = pushKeysOf(Buffer.alloc(32, 7));
    expect(keys).toEqual(pushKeysOf(Buffer.alloc(32, 7)));
    expect(keys).not.toEqual(pushKeysOf(Buffer.alloc(32, 8)));
    expect(Buffer.from(keys.publicKey, "base64url")).toHaveLength(65);
  });
});
