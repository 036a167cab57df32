import { DatabaseError } from "pg";
import { z } from "zod";
import { Refusal } from "../../protocol/refusal.ts";

/** What a caller sees of a failed statement: a Refusal `unavailable` where the server or the way to it failed, else the error as it is. */
export function translateDatabaseError(thrown: unknown): unknown {
  if (!isUnavailable(thrown)) return thrown;
  return new Refusal("unavailable", "The database can't be reached at the moment; please try again.", {
    cause: thrown,
    retryAfterMs: 1000,
  });
}

/** After these, nothing that comes from the same connection can be trusted. */
export function breaksConnection(thrown: unknown): boolean {
  return isUnavailable(thrown) && !(thrown instanceof DatabaseError && serverLives.has(thrown.code ?? ""));
}

// 08 connection, 53 resources (disk full, too many connections), 57 operator (shutdown, cancelled by time-out), 58 input/output, 25006 a standby.
const unavailableStates = /^(08|53|57|58|25006|25P03|XX000)/;
const serverLives = new Set(["57014", "53100", "53200"]);
const unreachable = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
]);
// pg has no codes for these.
const brokenConnection = /timeout|Connection terminated|not queryable|Cannot use a pool|Client was closed|Connection ended/i;

function isUnavailable(thrown: unknown): boolean {
  if (thrown instanceof DatabaseError) return unavailableStates.test(thrown.code ?? "");
  if (!(thrown instanceof Error)) return false;
  if (isPrismaUnavailable(thrown)) return true;
  if ("code" in thrown && typeof thrown.code === "string" && unreachable.has(thrown.code)) return true;
  return brokenConnection.test(thrown.message);
}

const prismaUnavailable = new Set([
  "ConnectionClosed",
  "DatabaseNotReachable",
  "SocketTimeout",
  "TlsConnectionError",
  "TooManyConnections",
]);

// What Prisma's adapter makes of a driver's error, and its client hangs on its own.
const prismaMeta = z.object({
  driverAdapterError: z.object({ cause: z.object({ kind: z.string(), originalCode: z.string().optional() }) }),
});

function isPrismaUnavailable(thrown: Error): boolean {
  const meta = prismaMeta.safeParse("meta" in thrown ? thrown.meta : undefined);
  if (!meta.success) return false;
  const { kind, originalCode } = meta.data.driverAdapterError.cause;
  return prismaUnavailable.has(kind) || (originalCode !== undefined && unavailableStates.test(originalCode));
}
