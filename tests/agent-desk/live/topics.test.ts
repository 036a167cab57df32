import { beforeEach, describe, expect, test } from "vitest";
import { type TopicReader, Topics } from "../../../agent-desk/live/topics.ts";
import type { DeskFrame } from "../../../src/protocol/desk.ts";

let sent: DeskFrame[];
let heard: string[];
let topics: Topics;
const reader: TopicReader = {
  snapshot: ({ cursor }) => heard.push(`snapshot ${cursor}`),
  delta: ({ cursor }) => heard.push(`delta ${cursor}`),
  refused: (message) => heard.push(message),
};
const delta = (topic: string, cursor: string) => ({ type: "delta" as const, topic, cursor, changed: [], removed: [] });

beforeEach(() => {
  sent = [];
  heard = [];
  topics = new Topics((frame) => sent.push(frame));
});

describe("watched topics", () => {
  test("a new connection is asked for each, from where it was known", () => {
    topics.watch("inbox", reader);
    topics.watch("agents", reader);
    topics.receive({ type: "snapshot", topic: "inbox", cursor: "7", items: [] });
    topics.receive(delta("inbox", "8"));
    sent.length = 0;
    topics.askForAll();
    expect(sent).toEqual([
      { type: "watch", topic: "inbox", cursor: "8" },
      { type: "watch", topic: "agents" },
    ]);
    expect(heard).toEqual(["snapshot 7", "delta 8"]);
  });

  test("watching again what is watched says nothing", () => {
    topics.watch("inbox", reader);
    topics.watch("inbox", reader);
    expect(sent).toHaveLength(1);
  });

  test("what is no longer watched is not heard, and comes back from its cursor, or whole when forgotten", () => {
    topics.watch("inbox", reader);
    topics.receive({ type: "snapshot", topic: "inbox", cursor: "1", items: [] });
    topics.unwatch("inbox");
    topics.unwatch("inbox");
    topics.receive(delta("inbox", "2"));
    expect(heard).toEqual(["snapshot 1"]);
    topics.watch("inbox", reader);
    topics.unwatch("inbox");
    topics.forget("inbox");
    topics.watch("inbox", reader);
    expect(sent).toEqual([
      { type: "watch", topic: "inbox" },
      { type: "unwatch", topic: "inbox" },
      { type: "watch", topic: "inbox", cursor: "1" },
      { type: "unwatch", topic: "inbox" },
      { type: "watch", topic: "inbox" },
    ]);
  });

  test("a refusal reaches the one who asked", () => {
    topics.watch("conversation:x", reader);
    topics.refuse("conversation:x", "There is none.");
    topics.refuse("conversation:y", "Not ours.");
    expect(heard).toEqual(["There is none."]);
  });
});
