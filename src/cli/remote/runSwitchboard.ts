import { CommanderError } from "commander";
import type { ErrorCode } from "../../protocol/errors.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { exitCodes, Interrupted } from "../exitCodes.ts";
import type { Terminal } from "../terminal.ts";
import { installationOf } from "./installation.ts";
import { listOf, remoteProgram } from "./remoteProgram.ts";
import type { Remote } from "./runRemotely.ts";

interface Given extends Pick<Remote, "terminal" | "interrupted" | "write"> {
  /** What stands behind `switchboard`. */
  words: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

/** One line of `npx switchboard`, from its words to its exit code; what there was to say is said. */
export async function runSwitchboard({ words, env, ...outside }: Given): Promise<number> {
  const { terminal } = outside;
  const program = remoteProgram(() => ({ ...outside, installation: installationOf(env) }), terminal);
  try {
    await program.parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) return told(error, terminal);
    if (error.exitCode === 0) {
      if (words.every((word) => word.startsWith("-"))) await tellCommands(env, terminal);
      return 0;
    }
    if (error.code === "commander.help") terminal.tell(program.helpInformation());
    else terminal.tell(`${error.message.replace(/^error: |\.$/g, "")}; "switchboard --help" lists what there is.`);
    return exitCodes.wrongInput;
  }
}

/** Under the help, where an installation is named and answers. */
async function tellCommands(env: Given["env"], terminal: Terminal): Promise<void> {
  if (env["SWITCHBOARD_URL"] === undefined || env["SWITCHBOARD_KEY"] === undefined) return;
  try {
    terminal.print(`\nYou may run:\n${listOf(await installationOf(env).commands())}`);
  } catch (error) {
    told(error, terminal);
  }
}

function told(error: unknown, terminal: Terminal): number {
  if (error instanceof Interrupted) {
    terminal.tell("It was not run to its end.");
    return exitCodes.interrupted;
  }
  if (!(error instanceof Refusal)) throw error;
  terminal.tell(error.message);
  if (wrong.has(error.code)) return exitCodes.wrongInput;
  return away.has(error.code) ? exitCodes.away : exitCodes.notPossible;
}

const wrong = new Set<ErrorCode>(["invalid_value", "invalid_json", "unknown_command", "text_too_long"]);
const away = new Set<ErrorCode>(["unavailable", "automation_away", "automation_timeout", "internal"]);
