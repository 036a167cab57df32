import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { writeTranscript } from "../../widget/more/transcript.ts";
import { speak } from "../../widget/texts/texts.ts";
import { startTestTalk } from "./startTestTalk.ts";

beforeAll(() => speak("en"));
const stops: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const stop of stops.splice(0).reverse()) await stop();
});

const said = (seq: number, minute: number, text: string, author: object) => ({
  type: "message",
  seq,
  text,
  author,
  at: `2026-03-01T12:0${minute}:00.000Z`,
});
const [me, ana, system] = [
  { kind: "visitor", name: "Visitor" },
  { kind: "agent", name: "Ana" },
  { kind: "system", name: "Switchboard" },
];
const own = [said(1, 1, "where is it?", me), said(2, 4, "on its way", ana), said(3, 5, "Ana closed it.", system)];
/** Of a conversation that is merged with this one: before, between and after. */
const others = [said(1, 0, "hello by mail", me), said(2, 2, "a second line\nof two", me), said(7, 6, "thank you", me)];

/** A page whose server answers what else was said so. */
async function page(merged: (clientId: string | undefined, say: (frame: object) => void) => void) {
  const { talk, server } = await startTestTalk((frame, say) => {
    if (frame.type === "hello") {
      say({ type: "welcome", token: "t1", conversation: "c1", seq: 3, state: { controller: "bot", open: true } });
      for (const message of own) say(message);
    }
    if (frame.type === "merged") merged(frame.clientId, say);
  }, stops);
  await vi.waitUntil(() => talk.messages.value.length === own.length);
  return { talk, server };
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "" && !/^Mar 1, 2026/.test(line));

describe("the conversation that a visitor saves", () => {
  test("has what they said in those that were merged with it, in the order in which it was said", async () => {
    const { talk } = await page((clientId, say) => say({ type: "merged", clientId, messages: others }));
    const text = await writeTranscript(talk);
    expect(lines(text)).toEqual(["hello by mail", "where is it?", "a second line", "of two", "on its way", "Ana closed it.", "thank you"]);
    expect(text.match(/^Mar 1, 2026.*$/gm)?.map((line) => line.replace(/^.*\u00a0|^.* {2}/, ""))).toEqual([
      "You",
      "You",
      "You",
      "Ana",
      "—",
      "You",
    ]);
  });

  test("keeps its own order where nothing was merged, whatever the clocks said", async () => {
    const { talk } = await page((clientId, say) => say({ type: "merged", clientId, messages: [] }));
    expect(lines(await writeTranscript(talk))).toEqual(["where is it?", "on its way", "Ana closed it."]);
  });

  test("is its own alone where the rest is refused, or doesn't come in time", async () => {
    const refused = await page((ref, say) => say({ type: "error", ref, error: { code: "rate_limited", message: "Later." } }));
    expect(lines(await writeTranscript(refused.talk))).toEqual(["where is it?", "on its way", "Ana closed it."]);

    const silent = await page(() => {});
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const written = writeTranscript(silent.talk);
    vi.advanceTimersByTime(3000);
    expect(lines(await written)).toEqual(["where is it?", "on its way", "Ana closed it."]);
  });
});
