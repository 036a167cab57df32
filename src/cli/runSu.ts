import { CommanderError } from "commander";
import { createPasswords, type HashCost } from "../access/accounts/passwords.ts";
import { readConfig } from "../config.ts";
import { createLog } from "../platform/log/pinoLog.ts";
import { exitCodes, lastWord } from "./exitCodes.ts";
import { type RunVerb, suProgram } from "./program.ts";
import { openSuDatabase, type SuDatabase } from "./suDatabase.ts";
import type { Terminal } from "./terminal.ts";
import { checkTerminal } from "./verbs.ts";

export interface SuRun {
  /** Resolves with the exit code; what there was to say is said. */
  ended: Promise<number>;
  /** Leaves in the middle: what is under way is one transaction, and without its commit nothing of it is there. */
  abandon(): Promise<void>;
}

interface Given {
  /** What stands behind `npm run su --`. */
  words: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  terminal: Terminal;
  hashCost?: HashCost;
}

/** One line of `npm run su`, from its words to its exit code. */
export function runSu({ words, env, terminal, hashCost }: Given): SuRun {
  let opened: SuDatabase | undefined;
  let abandoned = false;
  const run: RunVerb = async (work, first) => {
    if (first !== undefined) checkTerminal(terminal, first);
    if (process.getuid?.() === 0) terminal.tell("You run this as root; the user that the product runs as is enough.");
    const config = readConfig(env);
    opened = await openSuDatabase(config, createLog({ stage: config.stage, level: "silent" }));
    await work({ config, database: opened.database, where: opened.where, terminal, passwords: createPasswords(hashCost) });
  };
  return {
    ended: codeOf(words, run, terminal, () => abandoned).finally(() => opened?.close().catch(() => {})),
    abandon: async () => {
      abandoned = true;
      await opened?.abandon();
    },
  };
}

async function codeOf(words: readonly string[], run: RunVerb, terminal: Terminal, abandoned: () => boolean): Promise<number> {
  const program = suProgram(run, terminal);
  try {
    await program.parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    // The database went away because whoever pressed Ctrl-C left it.
    if (abandoned()) return exitCodes.interrupted;
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError) {
      if (error.code === "commander.help") terminal.tell(program.helpInformation());
      else terminal.tell(`${error.message.replace(/^error: |\.$/g, "")}; "npm run su -- --help" lists what there is.`);
      return exitCodes.wrongInput;
    }
    const { sentence, code } = lastWord(error);
    terminal.tell(sentence);
    return code;
  }
}
