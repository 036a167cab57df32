import type { Recorded } from "./history.ts";

type Seen = Extract<Recorded, { kind: "shown" | "acked" }>;

/** From one welcome to the end of its socket. */
export interface Session {
  from: number;
  openedAt: number;
  closedAt: number;
  /** Shown or acked, as they came. */
  seen: Seen[];
}

/** One viewer of one conversation, over all its sessions. */
export interface Viewing {
  viewer: string;
  conversation: string;
  sessions: Session[];
  /** Still there at the end: it must have everything. */
  live: boolean;
  /** When each `seq` was first there, by a message or by its ack. */
  firstSeenAt: Map<number, number>;
  last: { controller: string; agent: string | null } | undefined;
}

/** The history by who looked at what. */
export function viewingsOf(history: readonly Recorded[]): Viewing[] {
  const viewings = new Map<string, Viewing>();
  for (const event of history) {
    if (!("viewer" in event) || !("conversation" in event)) continue;
    const id = `${event.viewer} ${event.conversation}`;
    const viewing = viewings.get(id) ?? emptyViewing(event.viewer, event.conversation);
    viewings.set(id, viewing);
    add(viewing, event);
  }
  return [...viewings.values()].filter((viewing) => viewing.sessions.length > 0);
}

function emptyViewing(viewer: string, conversation: string): Viewing {
  return { viewer, conversation, sessions: [], live: false, firstSeenAt: new Map(), last: undefined };
}

function add(viewing: Viewing, event: Recorded): void {
  const session = viewing.sessions.at(-1);
  switch (event.kind) {
    case "opened":
      viewing.sessions.push({ from: event.from, openedAt: event.at, closedAt: Number.POSITIVE_INFINITY, seen: [] });
      viewing.live = true;
      return;
    case "closed":
    case "left":
      if (session !== undefined) session.closedAt = Math.min(session.closedAt, event.at);
      viewing.live = false;
      return;
    case "shown":
    case "acked":
      session?.seen.push(event);
      if (event.kind === "shown" || event.shows) {
        if (!viewing.firstSeenAt.has(event.seq)) viewing.firstSeenAt.set(event.seq, event.at);
      }
      return;
    case "state":
      viewing.last = { controller: event.controller, agent: event.agent };
  }
}
