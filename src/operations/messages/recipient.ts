import type { Principal } from "../../access/principal.ts";
import type { Commands } from "../../commands/registry.ts";
import type { Database } from "../../platform/database/database.ts";
import type { OperationCall } from "../operationKind.ts";
import type { MessageChannel } from "./messageChannel.ts";

/** One run writes to so many people and no more; a service takes what is for many in its own time. */
export const mostRecipients = { mail: 500, notice: 500, chat: 500, channel: 5000 } as const;

/** Somebody from outside, as messages see them. */
export interface KnownContact {
  id: string;
  name: string;
  email: string | null;
  /** Whether their site has signed the address: else it is only what somebody wrote. */
  signed: boolean;
  /** Whom nobody wants to hear of. */
  blocked: boolean;
}

export interface RecipientOutside {
  database: Pick<Database, "forTenant" | "acrossTenants">;
  /** Fresh, with those of the tenant. */
  commands: (tenant: string) => Promise<Commands>;
  /** The key of an active team, by its key or name. */
  findTeam: (tenant: string, wanted: string) => Promise<{ key: string } | undefined>;
  /** The contacts whom this principal may reach, by ids and by addresses that their sites have signed, in lower case. */
  findContacts: (principal: Principal, wanted: { ids: readonly string[]; emails: readonly string[] }) => Promise<KnownContact[]>;
  /** The contacts of a tag whom this principal may reach, at most so many; undefined where there is no such tag. */
  findTagged: (principal: Principal, tag: string, limit: number) => Promise<KnownContact[] | undefined>;
  /** Those by which messages go besides. */
  channels: () => readonly MessageChannel[];
  /** Those of the folded addresses that blocked contacts have. */
  blockedAmong: (tenant: string, addresses: readonly string[]) => Promise<ReadonlySet<string>>;
}

export interface Recipient {
  name: string;
  email: string | null;
  account: string | null;
  contact: string | null;
  /** Of a channel. */
  room?: string;
  blocked: boolean;
  /** What `{{row.…}}` names. */
  row: Readonly<Record<string, unknown>>;
}

export type PlannedCall = Pick<OperationCall, "principal" | "values">;

/** A place as it was written, with its values. */
export interface Place {
  value: string;
  path: string;
  /** Of a row of many: what doesn't fit is passed over, and said. */
  ofRow: boolean;
  row: Readonly<Record<string, unknown>>;
}

export type Skip = (why: string, who: string) => void;

/** What a slot of a message may name. */
export function valuesOf({ values, principal }: PlannedCall): Readonly<Record<string, unknown>> {
  return { ...values, me: principal.kind === "visitor" ? {} : { name: principal.name, email: principal.email } };
}

/** `team:support`: many by one word. */
export function groupOf({ value }: Place): { kind: "team" | "role" | "tag"; name: string } | undefined {
  const [, kind, name = ""] = /^(team|role|tag):(.+)$/su.exec(value) ?? [];
  return kind === "team" || kind === "role" || kind === "tag" ? { kind, name: name.trim() } : undefined;
}

export function strangerAt(address: string, row: Place["row"]): Recipient {
  return { name: address, email: address, account: null, contact: null, blocked: false, row: { email: address, ...row } };
}
