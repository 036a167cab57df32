import { CommanderError } from "commander";
import { readConfig } from "../config.ts";
import { createLog } from "../platform/log/pinoLog.ts";
import { exitCodes, lastWord } from "./exitCodes.ts";
import { type RunVerb, suProgram } from "./program.ts";
import { openSuDatabase, type SuDatabase } from "./suDatabase.ts";
import { openTerminal } from "./terminal.ts";
import { checkTerminal } from "./verbs.ts";

/** `npm run su -- <verb>`: what is done to super admins, on the server. */
const terminal = openTerminal();
let opened: SuDatabase | undefined;

const run: RunVerb = async (work, first) => {
  if (first !== undefined) checkTerminal(terminal, first);
  if (process.getuid?.() === 0) terminal.tell("You run this as root; the user that the product runs as is enough.");
  const config = readConfig(process.env);
  opened = await openSuDatabase(config, createLog({ stage: config.stage, level: "silent" }));
  await work({ config, database: opened.database, where: opened.where, terminal });
};

/** What is under way is one transaction: without its commit nothing of it is there. */
async function end(code: number): Promise<never> {
  const closing = opened;
  opened = undefined;
  await closing?.close().catch(() => {});
  process.exit(code);
}

process.once("SIGINT", () => void end(exitCodes.interrupted));
process.once("SIGTERM", () => void end(exitCodes.interrupted));

const program = suProgram(run);
try {
  await program.parseAsync(process.argv);
  await end(0);
} catch (error) {
  if (error instanceof CommanderError && error.exitCode === 0) await end(0);
  if (error instanceof CommanderError) {
    if (error.code === "commander.help") terminal.tell(program.helpInformation());
    else terminal.tell(`${error.message.replace(/^error: |\.$/g, "")}; "npm run su -- --help" lists what there is.`);
    await end(exitCodes.wrongInput);
  }
  const { sentence, code } = lastWord(error);
  terminal.tell(sentence);
  await end(code);
}
