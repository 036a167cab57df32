import { Command, Option } from "commander";
import { Refusal } from "../protocol/refusal.ts";
import type { Terminal } from "./terminal.ts";
import type { FirstPassword, Working } from "./verbs.ts";
import * as verbs from "./verbs.ts";

/** Opens the database, does the work, closes it. `first` is checked before: no database is opened for somebody who can't be told a secret. */
export type RunVerb = (work: (working: Working) => Promise<void>, first?: FirstPassword) => Promise<void>;

const exits = `
Exit codes: 0 done; 2 what was given doesn't fit; 3 not possible as things stand; 4 the database can't be used; 130 interrupted.
It works whether the product runs or not, on DATABASE_URL or the embedded database of DATA_DIR. "npm start -- --help" lists all settings.`;

/** The command line of `npm run su`. */
export function suProgram(run: RunVerb, { print }: Pick<Terminal, "print">): Command {
  const program = new Command("npm run su --");
  program
    .description("Super admins: who may do everything, in every tenant, at /super. They are made here, and nowhere else.")
    .addHelpText("after", exits)
    .helpCommand(false);

  program
    .command("add")
    .description("make a super admin; asks for mail and name, and shows a secret for the first sign-in")
    .option("--email <mail>", "instead of being asked")
    .option("--name <name>", "instead of being asked")
    .action((given: { email?: string; name?: string } & FirstPassword) => run((working) => verbs.add(working, given), given));
  program
    .command("list")
    .description("who there is, and how far they have come")
    .action(() => run(verbs.list));
  program
    .command("activate <mail>")
    .description("may sign in again")
    .action((mail: string) => run((working) => verbs.activate(working, mail)));
  program
    .command("deactivate <mail>")
    .description("may not sign in any more; all sessions end")
    .action((mail: string) => run((working) => verbs.deactivate(working, mail)));
  program
    .command("rotate <mail>")
    .description("a new secret in the place of the password; the second factor stays")
    .option("--yes", "don't ask")
    .action((mail: string, given: { yes?: boolean } & FirstPassword) =>
      run((working) => verbs.renew(working, "rotate", mail, given), given),
    );
  program
    .command("reset <mail>")
    .description("begins anew: password, confirmed mail and second factor are gone")
    .option("--yes", "don't ask")
    .action((mail: string, given: { yes?: boolean } & FirstPassword) =>
      run((working) => verbs.renew(working, "reset", mail, given), given),
    );
  program
    .command("delete <mail>")
    .description("for good")
    .option("--yes", "don't ask")
    .action((mail: string, given: { yes?: boolean }) => run((working) => verbs.remove(working, mail, given)));
  program
    .command("audit")
    .description("the chains of who did what")
    .helpCommand(false)
    .command("verify")
    .description("compute every chain anew, and name each entry that was altered, is missing or was put in")
    .action(() => run(verbs.auditVerify));

  for (const name of ["add", "rotate", "reset"]) takesFirstPassword(program, name);
  program.hook("preAction", refusePassword).addOption(new Option("--password [password]").hideHelp());
  for (const each of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
    each.exitOverride().configureOutput({ writeOut: (text) => print(text.trimEnd()), writeErr: () => {} });
  return program;
}

function takesFirstPassword(program: Command, name: string): void {
  program.commands
    .find((command) => command.name() === name)
    ?.option("--password-stdin", "a first password, the first line of standard input, instead of a secret that is shown");
}

/** The option is known only so that the refusal can say why. */
function refusePassword(program: Command): void {
  if (program.getOptionValue("password") === undefined) return;
  const why = "Everybody on this machine reads a password of a command line in the list of processes, and the shell keeps it";
  throw new Refusal("invalid_value", `${why}: take another one, and bring it with --password-stdin.`, { path: "password" });
}
