/** Where somebody stands in a queue: the smaller comes first. `queuedAt` in microseconds. */
export interface Place {
  priority: number;
  rank: number;
  queuedAt: number;
}

interface Trailed {
  conversation: string;
  /** On the recorder's clock; `began` is when the transaction did. */
  at: number;
  began: number;
  tx: string;
}

/** How a conversation stood after a change. Agents are ids. */
export interface Standing extends Trailed {
  what: "stands";
  generation: number;
  controller: string;
  agent: string | null;
  offered: string | null;
  team: string;
  place: Place;
  /** In the queue, offered to nobody, and not put aside. */
  waits: boolean;
}

/** An offer began, or ended. */
export interface OfferMade extends Trailed {
  what: "offered";
  offer: string;
  agent: string;
  until: number;
}
export interface OfferEnded extends Trailed {
  what: "ended";
  offer: string;
  agent: string;
  outcome: string;
}

/** What the database holds of routing: all that it did, in its order, and how it left things. */
export interface RoutingState {
  trail: (Standing | OfferMade | OfferEnded)[];
  agents: { id: string; name: string; capacity: number }[];
  /** By `conversation generation` the account that made it: it isn't asked again for a while. */
  movedBy: Map<string, string>;
  /** Who wait offered to nobody, though these people could have been asked. */
  starving: { conversation: string; agents: string[] }[];
  /** What is held by somebody who isn't heard of, and since how many seconds. */
  abandoned: { conversation: string; agent: string; seconds: number }[];
  readAt: number;
}
