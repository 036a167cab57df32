import { randomUUID } from "node:crypto";
import type { Platform } from "../../platform/platform.ts";

const asksSubject = "visitors.asked";
/** Gateways answer from memory: whoever takes longer is as good as gone. */
const waitMs = 500;

/** The conversations of these whose visitor has a page open, with any gateway. A lost answer makes somebody look absent who is not. */
export async function whoIsThere(
  { bus, clock }: Pick<Platform, "bus" | "clock">,
  conversations: readonly string[],
): Promise<ReadonlySet<string>> {
  const here = new Set<string>();
  const answer = `visitors.here.${randomUUID()}`;
  const end = bus.subscribe(answer, ({ data }) => {
    for (const id of idsIn(data)) here.add(id);
  });
  bus.publish(asksSubject, { answer, conversations });
  await new Promise<void>((resolve) => {
    clock.after(waitMs, resolve);
  });
  end();
  return here;
}

/** Has this gateway answer for the visitors that it knows of; the answer ends it. */
export function answerWhoIsThere({ bus }: Pick<Platform, "bus">, isHere: (conversation: string) => boolean): () => void {
  return bus.subscribe(asksSubject, ({ data }) => {
    const conversations = idsIn(data).filter(isHere);
    if (conversations.length === 0 || typeof data !== "object" || data === null || !("answer" in data)) return;
    if (typeof data.answer === "string") bus.publish(data.answer, { conversations });
  });
}

function idsIn(data: unknown): string[] {
  if (typeof data !== "object" || data === null || !("conversations" in data) || !Array.isArray(data.conversations)) return [];
  return data.conversations.filter((id): id is string => typeof id === "string");
}
