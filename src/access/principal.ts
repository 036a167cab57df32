import type { Language } from "../protocol/languages.ts";
import type { Permission } from "./permissions.ts";
import type { Grant } from "./roles/roles.ts";

/** Who asks. A visitor is a kind of its own and not a low role: nothing that staff may do can be reached with one. */
export type Principal = VisitorPrincipal | AccountPrincipal;

export interface VisitorPrincipal {
  kind: "visitor";
  tenant: string;
  inbox: string;
  contact: string;
  conversation: string;
  /** The language that they read, as BCP 47 has it; absent where it isn't known. */
  locale?: string;
}

/** From where, and in which request, something was asked. */
export interface Asked {
  address: string;
  requestId: string;
}

export interface AccountPrincipal {
  /** An API key speaks in its maker's name, with less. */
  kind: "account" | "apiKey";
  tenant: string;
  account: string;
  name: string;
  email: string;
  /** What they read, as far as the door knows through which they ask. */
  language?: Language;
  session: string;
  /** Where no session stands behind them: when they last said who they are, in milliseconds since 1970, 0 for never. */
  saidAt?: number;
  /** The request in which they ask, where it is one: for the audit. */
  asked?: Asked;
  /** Held anywhere; for which records, `grants` says. */
  /** The key, where it is one that asks. */
  key?: { id: string; name: string };
  permissions: ReadonlySet<Permission>;
  grants: readonly Grant[];
  /** The keys of their roles: what is shared with a role is looked up by it. */
  roles: readonly string[];
  /** The keys of their teams. */
  teams: readonly string[];
}
