import { createInterface } from "node:readline/promises";
import { Refusal } from "../protocol/refusal.ts";
import { Interrupted } from "./exitCodes.ts";

/** Where a person reads and types, or a script does. */
export interface Terminal {
  /** Whether a person sits at both ends: what is secret is shown to nobody else. */
  readonly hasPerson: boolean;
  /** A line for whoever watches; never into what is redirected. */
  tell(text: string): void;
  /** What was asked for. */
  print(text: string): void;
  /** Asks until `read` takes the answer; what it refuses is told. Throws `Interrupted` on Ctrl-C. */
  ask<Value>(question: string, read: (answer: string) => Value): Promise<Value>;
  /** What standard input brings. Refusal `invalid_value` (`password`). */
  readPassword(): Promise<string>;
}

export function openTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const hasPerson = stdin.isTTY === true && stdout.isTTY === true;
  return {
    hasPerson,
    tell: (text) => stderr.write(`${text}\n`),
    print: (text) => stdout.write(`${text}\n`),
    ask: async (question, read) => {
      for (;;) {
        const answer = await askOnce(question);
        try {
          return read(answer);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          stderr.write(`${error.message}\n`);
        }
      }
    },
    readPassword,
  };
}

async function askOnce(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const gone = new AbortController();
  lines.once("SIGINT", () => gone.abort());
  lines.once("close", () => gone.abort());
  try {
    return await lines.question(question, { signal: gone.signal });
  } catch (error) {
    if (gone.signal.aborted) throw new Interrupted();
    throw error;
  } finally {
    lines.close();
  }
}

const longest = 4096;

/** The first line of standard input. Refusal `invalid_value` (`password`) where there is none, or no end to it. */
async function readPassword(): Promise<string> {
  let read = "";
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) {
    read += String(part);
    if (read.includes("\n") || read.length > longest) break;
  }
  const [line = ""] = read.split(/\r?\n/);
  if (line === "") throw new Refusal("invalid_value", "Standard input brought no password; its first line is read.", { path: "password" });
  return line;
}
