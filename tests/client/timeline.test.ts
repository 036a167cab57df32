import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyTimeline, hasGap, hearOf, lastSeq, place, shown, type Timeline } from "../../src/client/timeline.ts";
import type { Message } from "../../src/protocol/conversation.ts";

const say = (seq: number, clientId?: string): Message => ({
  seq,
  author: { kind: "visitor", name: "" },
  text: `text ${seq}`,
  at: "2026-11-01T10:00:00.000Z",
  ...(clientId === undefined ? {} : { clientId }),
});
const placeAll = (seqs: readonly number[], from: Timeline<Message> = emptyTimeline()) =>
  seqs.reduce((timeline, seq) => place(timeline, say(seq)), from);
const seqsOf = (timeline: Timeline<Message>) => timeline.messages.map(({ seq }) => seq);

describe("the timeline", () => {
  test("holds back what comes after a gap, until the gap is filled", () => {
    const gapped = placeAll([1, 4, 3]);
    expect(seqsOf(gapped)).toEqual([1]);
    expect(hasGap(gapped)).toBe(true);
    expect(lastSeq(gapped)).toBe(1);
    const filled = place(gapped, say(2));
    expect(seqsOf(filled)).toEqual([1, 2, 3, 4]);
    expect(hasGap(filled)).toBe(false);
  });

  test("knows a gap from hearsay alone", () => {
    const heard = hearOf(placeAll([1, 2]), 5);
    expect(hasGap(heard)).toBe(true);
    expect(hasGap(placeAll([3, 4, 5], heard))).toBe(false);
    expect(hearOf(heard, 4)).toBe(heard);
  });

  test("begins in the middle where only the end is shown", () => {
    const end = placeAll([41, 40, 12], emptyTimeline(39));
    expect(seqsOf(end)).toEqual([40, 41]);
    expect(lastSeq(end)).toBe(41);
  });

  test("replaces what comes again", () => {
    const replaced = place(placeAll([1, 2]), { ...say(1), text: "other" });
    expect(replaced.messages.map(({ text }) => text)).toEqual(["other", "text 2"]);
  });

  test("shows an acknowledged own message at once, also beyond a gap, and no longer as pending", () => {
    const timeline = place(placeAll([1]), say(3, "mine"));
    const view = shown(timeline, [{ clientId: "mine" }, { clientId: "next" }]);
    expect(view.messages.map(({ seq }) => seq)).toEqual([1, 3]);
    expect(view.pending).toEqual([{ clientId: "next" }]);
  });

  test("shows a message as it is now, and not the entry that changed it", () => {
    const change: Message = {
      ...say(2),
      author: { kind: "system", name: "" },
      blocks: [{ type: "change", of: 1, change: "edited", by: "Ann", text: "new" }],
    };
    const view = shown(place(placeAll([1]), change), []);
    expect(view.messages.map(({ seq, text }) => [seq, text])).toEqual([[1, "new"]]);
  });

  test("ends with every message once and in order, whatever the order, the repeats and the resumes", () => {
    const arrivals = fc
      .integer({ min: 1, max: 40 })
      .chain((count) => fc.record({ count: fc.constant(count), order: fc.array(fc.integer({ min: 1, max: count }), { maxLength: 120 }) }));
    fc.assert(
      fc.property(arrivals, ({ count, order }) => {
        let timeline: Timeline<Message> = hearOf(emptyTimeline<Message>(), count);
        for (const seq of order) {
          timeline = place(timeline, say(seq));
          expect(seqsOf(timeline)).toEqual(Array.from({ length: timeline.messages.length }, (_, index) => index + 1));
          expect(new Set([...timeline.messages, ...timeline.ahead].map((m) => m.seq)).size).toBe(
            timeline.messages.length + timeline.ahead.length,
          );
        }
        expect(hasGap(timeline)).toBe(new Set(order).size < count);
        // A hello with `after` brings the rest, of which some came meanwhile.
        for (let seq = lastSeq(timeline) + 1; seq <= count; seq += 1) timeline = place(timeline, say(seq));
        expect(seqsOf(timeline)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        expect(timeline.ahead).toEqual([]);
        expect(hasGap(timeline)).toBe(false);
      }),
    );
  });

  test("never shows an own message twice", () => {
    const own = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 12 });
    fc.assert(
      fc.property(own, own, (arrived, posted) => {
        const timeline = arrived.reduce((next, seq) => place(next, say(seq, `c${seq}`)), emptyTimeline<Message>());
        const { messages, pending } = shown(
          timeline,
          posted.map((seq) => ({ clientId: `c${seq}` })),
        );
        const ids = [...messages.map(({ clientId }) => clientId), ...pending.map(({ clientId }) => clientId)];
        expect(new Set(ids).size).toBe(ids.length);
        expect(new Set(ids)).toEqual(new Set([...arrived, ...posted].map((seq) => `c${seq}`)));
      }),
    );
  });
});
