import type { Sql } from "../../platform/database/database.ts";
import type { MessageRoom } from "../../protocol/messages.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** Whom something is for: one of the three. */
export interface ReachedThere {
  account: string | null;
  contact: string | null;
  /** By the id that it has here. */
  room: string | null;
}

export interface ChannelItem extends ReachedThere {
  /** Of its recipient, within the batch. */
  position: number;
  text: string;
}

/** What became of an item; `uncertain` where nobody can know whether it arrived. */
export interface ChannelOutcome {
  position: number;
  state: "waiting" | "sent" | "failed" | "uncertain";
  error: string | null;
}

/** A service in which people are written to where they are: given by `compose`, since its room stands above this one. */
export interface MessageChannel {
  /** As messages name it. */
  name: string;
  /** As people call it. */
  title: string;
  /** Those of connected workspaces in which the app is, by name; `asked`: as the service says now. */
  rooms(tenant: string, asked: boolean): Promise<MessageRoom[]>;
  /** Why somebody isn't reached there, in words; undefined where they are. */
  whyNot(tenant: string, whom: readonly ReachedThere[]): Promise<(one: ReachedThere) => string | undefined>;
  /** Writes down what goes there, in the transaction: the same batch and position once more is the same. `announce` after the commit hurries it. */
  send(tx: Sql, batch: { tenant: string; id: string; sender: string }, items: readonly ChannelItem[]): Promise<void>;
  announce(): void;
  outcomes(sql: Sql, batch: string): Promise<ChannelOutcome[]>;
  /** What isn't begun goes to nobody any more. */
  withdraw(tx: Sql, batch: string): Promise<void>;
}

/** Refusal `invalid_value` with those that there are. */
export function channelNamed({ channels }: { channels: () => readonly MessageChannel[] }, name: string): MessageChannel {
  const known = channels();
  const found = known.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = known.map((one) => one.name).join(", ") || "none";
  throw new Refusal("invalid_value", `"channel" must be one of ${names}.`, { path: "message.channel" });
}
