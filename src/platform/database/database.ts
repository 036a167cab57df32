import type { Prisma } from "./prisma.ts";

/** One statement, or one inside a transaction. Values are always bound. A `name` prepares it once per connection. */
export interface Sql {
  /** Where `$1` of every statement is bound to this tenant already. */
  readonly tenant?: string;
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[], name?: string): Promise<Row[]>;
}

export interface TransactionalSql extends Sql {
  /** Runs `work` in one transaction, retried up to 3 times on a deadlock (40P01) or serialization failure (40001). */
  transaction<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result>;
}

/**
 * The database as one tenant may see it: `$1` of every statement is the tenant, and a statement that doesn't say `$1` is refused. What belongs
 * to others isn't there for it, though its conditions were forgotten (the second wall).
 */
export interface TenantSql extends TransactionalSql {
  readonly tenant: string;
  /**
   * Before the second wall, for a search by an index whose operator may not be asked behind it (`@@` and `&&` are not leakproof, so PostgreSQL
   * would read the whole table). The statement's own condition on `$1` is all that keeps tenants apart here.
   */
  readonly unwalled: TransactionalSql;
}

/**
 * PostgreSQL, embedded or a server's. Every call has a deadline: 3 s to connect, 5 s a statement.
 * What can't be reached or ran out of time is thrown as the Refusal `unavailable`; a time-out is unknown, not failed.
 */
export interface Database {
  /** The handle for everything that belongs to one tenant; the tenant comes from a session, never from an argument. */
  forTenant(tenant: string): TenantSql;
  /** For the reference tables, and for workers that serve all tenants at once. */
  acrossTenants: TransactionalSql;
  /** A pool of its own for what people wait for and may be slow (lists, searches), so that it never delays a sign-in or a conversation. */
  aside: Pick<Database, "forTenant" | "acrossTenants">;
  /** A pool of its own for the statements that run per message, so that a slow list never delays a message; nested-loop plans only. */
  ledger: Sql;
  prisma: Prisma;
  /** Reads what Prisma reads with its first question: 0.2 s in which a process does nothing else, better spent before anybody is there. */
  warm(): Promise<void>;
  /** Resolves if a statement can be answered now. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The SQLSTATE of a thrown database error, or none. */
export function sqlState(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  if ("code" in thrown && typeof thrown.code === "string" && /^[0-9A-Z]{5}$/.test(thrown.code)) return thrown.code;
  return "cause" in thrown ? sqlState(thrown.cause) : undefined;
}

/** The SQLSTATE of what the user of a connection may not do. */
export const insufficientPrivilege = "42501";
