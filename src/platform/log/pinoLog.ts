import { DatabaseError } from "pg";
import pino from "pino";
import pretty from "pino-pretty";
import type { Log } from "./log.ts";

/** What must not be in a log, if somebody logs an object that holds it. */
const secret = [
  "password",
  "passwordHash",
  "token",
  "accessToken",
  "refreshToken",
  "ticket",
  "secret",
  "secretKey",
  "authorization",
  "cookie",
  "text",
  "values",
];

/** One JSON object a line in production, a readable line in development. `write` takes the place of standard output in tests. */
export function createLog({ stage, level }: { stage: "development" | "production"; level: string }, write?: (line: string) => void): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[not logged]" },
    serializers: { error: describeError, err: describeError, cause: describeError },
  };
  return pino(options, output(stage, write));
}

function output(stage: "development" | "production", write: ((line: string) => void) | undefined): pino.DestinationStream {
  if (write !== undefined) return { write };
  if (stage === "production") return pino.destination(1);
  // A stream in this process: pino's usual worker thread costs 0.1 s at the start, and loses lines when the process ends.
  return pretty({ colorize: process.stdout.isTTY, translateTime: "SYS:HH:MM:ss.l", ignore: "pid,hostname", sync: true });
}

/** PostgreSQL quotes values in its messages, and whole rows in the details: its code and the names of what it complains about must do. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const frames = error.stack?.slice(error.stack.indexOf("\n    at ") + 1);
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  if (error instanceof DatabaseError) {
    return { name: "DatabaseError", code, table: error.table, column: error.column, constraint: error.constraint, frames, ...cause };
  }
  return { name: error.name, message: error.message, code, frames, ...cause };
}
