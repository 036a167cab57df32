import { expect } from "vitest";
import { simulateAll } from "./simulate.ts";
import type { World } from "./world.ts";

export function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, index) => 1 + index);
}

/** All rules hold in all worlds, in which everything came about at least `atLeast` times: worlds in which nothing happens prove nothing. */
export async function expectAllHold(worlds: readonly number[], atLeast: number): Promise<void> {
  const reached = new Map<string, number>();
  const look = (world: World) => {
    for (const what of whatHappened(world)) reached.set(what, (reached.get(what) ?? 0) + 1);
  };
  const broken = await simulateAll([...worlds], { look });
  expect(Object.fromEntries(broken)).toEqual({});
  for (const what of reachable) expect([what, (reached.get(what) ?? 0) >= atLeast]).toEqual([what, true]);
}

const reachable = [
  "taken",
  "transferred",
  "closed",
  "queued",
  "uncertain",
  "working",
  "gave up",
  "put aside",
  "answer became a note",
  "taken again",
  "answer written with its question",
  "answer overtaken by a person",
];

function whatHappened(world: World): Set<string> {
  const { commits, conversations, turns } = world.store;
  const messages = [...conversations.values()].flatMap((conversation) => conversation.messages);
  const notes = [...conversations.values()].flatMap((conversation) => conversation.notes);
  return new Set([
    ...commits.map(({ reason }) => (reason?.startsWith("transferred") ? "transferred" : (reason ?? ""))),
    ...commits.filter(({ after, before }) => after.controller === "queue" && before.controller !== "queue").map(() => "queued"),
    ...messages.filter(({ text }) => text.startsWith("I was interrupted")).map(() => "uncertain"),
    ...messages.filter(({ text }) => text.startsWith("Still working")).map(() => "working"),
    ...messages.filter(({ text }) => text.includes("did not answer within")).map(() => "gave up"),
    ...notes.filter(({ text }) => text.startsWith("The assistant would have answered")).map(() => "answer became a note"),
    ...turns.filter(({ deadReason }) => deadReason !== null).map(() => "put aside"),
    ...commits.filter(({ early }) => early === "written").map(() => "answer written with its question"),
    ...commits
      .filter(({ early, after }) => early === "overtaken" && after.controller === "agent")
      .map(() => "answer overtaken by a person"),
    ...(world.turnsTakenAgain > 0 ? ["taken again"] : []),
  ]);
}
