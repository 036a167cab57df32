import { Command } from "commander";
import type { CommandListing } from "../../protocol/commands.ts";
import type { Terminal } from "../terminal.ts";
import { drawTable } from "./drawAnswer.ts";
import { described } from "./readWords.ts";
import { findCommand, type Remote, type RunOptions, runRemotely } from "./runRemotely.ts";

const settings = `
Settings: SWITCHBOARD_URL, where your installation is; SWITCHBOARD_KEY, an API key of yours.
Exit codes: 0 done; 2 what was given doesn't fit; 3 refused, failed, or it waits for an approval; 4 the installation can't be reached; 130 interrupted.`;

/** The command line of `npx switchboard`. `open` reads the settings, and refuses without them. */
export function remoteProgram(open: () => Remote, { print }: Pick<Terminal, "print">): Command {
  const program = new Command("switchboard");
  program
    .description("Runs commands of a Switchboard installation, as whoever holds the API key.")
    .addHelpText("after", settings)
    .helpCommand(false);
  program
    .command("commands [command]")
    .description("lists what you may run, or says what one of them takes")
    .option("--json", "as JSON, with all arguments")
    .action(async (name: string | undefined, { json }: { json?: boolean }) => {
      const { installation } = open();
      const found = name === undefined ? await installation.commands() : await findCommand(installation, name);
      if (json === true) print(JSON.stringify(found, undefined, 2));
      else print(Array.isArray(found) ? listOf(found) : usageOf(found));
    });
  program
    .command("run <command> [arguments...]")
    .description("runs a command: switchboard run late-orders region:north days:3")
    .option("--json", "print the run as JSON")
    .option("--csv", "print all rows of its answer as CSV, however many there are")
    .option("--yes", "don't ask before something is changed")
    .action((name: string, words: string[], options: RunOptions) => runRemotely(open(), name, words, options));
  for (const each of [program, ...program.commands])
    each.exitOverride().configureOutput({ writeOut: (text) => print(text.trimEnd()), writeErr: () => {} });
  return program;
}

export function listOf(commands: readonly CommandListing[]): string {
  const columns = ["name", "risk", "summary"].map((name) => ({ name, type: "text" }));
  return drawTable({ columns, rows: commands.map(({ name, risk, summary }) => [name, risk, summary]) });
}

function usageOf({ name, summary, args }: CommandListing): string {
  const lines = Object.entries(args.properties).map(([key, schema]) => {
    const needed = args.required?.includes(key) === true ? "" : " (may be left out)";
    return `  ${key}: ${described(schema)}${needed}`;
  });
  return [`${name}: ${summary}`, ...lines].join("\n");
}
