import { setTimeout as after } from "node:timers/promises";
import type { CommandListing, RunAnswer } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { Interrupted } from "../exitCodes.ts";
import type { Terminal } from "../terminal.ts";
import { drawAnswer, drawPlan } from "./drawAnswer.ts";
import { type Installation, Unanswered } from "./installation.ts";
import { askMissing, readWords } from "./readWords.ts";
import { withFiles } from "./withFiles.ts";

export interface Remote {
  installation: Installation;
  terminal: Terminal;
  /** Aborted by Ctrl-C. */
  interrupted: AbortSignal;
  /** Takes what is printed as it comes, no faster than it is read. */
  write(content: AsyncIterable<Uint8Array>): Promise<void>;
}

export interface RunOptions {
  json?: boolean;
  csv?: boolean;
  yes?: boolean;
}

const askEveryMs = 1000;

/** Runs a command of the installation and prints what it answers. Refusals: the installation's; `approval_needed` where it waits for somebody. */
export async function runRemotely(remote: Remote, name: string, words: readonly string[], options: RunOptions): Promise<void> {
  const { installation, terminal } = remote;
  const command = await findCommand(installation, name);
  const args = await withFiles(installation, command, await askMissing(command, readWords(command, words), terminal));
  if (options.csv === true) return await printFile(remote, command, args);
  const planHash = command.risk === "read" ? undefined : await agreed(remote, command, args, options);
  const started = await installation.start(command.name, args, planHash).catch((error: unknown) => {
    if (!(error instanceof Unanswered) || command.risk === "read") throw error;
    const look = 'Look before you run it again: "switchboard run run.list" tells your last runs.';
    throw new Refusal("unavailable", `${error.message} Whether "${command.name}" ran is not known. ${look}`, { cause: error });
  });
  const run = await followed(remote, started).catch((error: unknown) => {
    if (!(error instanceof Refusal) || error.code !== "unavailable") throw error;
    const look = `It was begun, as run ${started.id}: "switchboard run run.show run:${started.id}" tells how it ended.`;
    throw new Refusal("unavailable", `${error.message} ${look}`, { cause: error });
  });
  if (run.error !== null) throw new Refusal(run.error.code, run.error.message);
  terminal.print(options.json === true ? JSON.stringify(run, undefined, 2) : drawAnswer(run.messages));
  if (run.state === "waiting") throw new Refusal("approval_needed", `It waits for approval, as run ${run.id}.`);
}

export async function findCommand(installation: Installation, name: string): Promise<CommandListing> {
  const all = await installation.commands();
  const found = all.find((command) => command.name === name.toLowerCase());
  if (found !== undefined) return found;
  throw new Refusal("unknown_command", `There is no command "${name.slice(0, 60)}" that you may run; "switchboard commands" lists yours.`);
}

/** The hash of the plan that a person has seen, or that nobody wants to see. */
async function agreed({ installation, terminal }: Remote, command: CommandListing, args: object, { yes }: RunOptions): Promise<string> {
  if (yes !== true && !terminal.hasPerson)
    throw new Refusal("invalid_value", `"${command.name}" changes something, and nobody is there to be asked: say --yes.`);
  const plan = await installation.plan(command.name, args);
  terminal.tell(drawPlan(plan));
  if (yes !== true && !(await terminal.ask("Go on? [y/N] ", (answer) => /^y(es)?$/i.test(answer.trim())))) throw new Interrupted();
  return plan.hash;
}

/** Waits for the end, tells how far it is, and ends it on the server when it is interrupted. */
async function followed({ installation, terminal, interrupted }: Remote, started: RunAnswer): Promise<RunAnswer> {
  let run = started;
  let told = "";
  let asked = false;
  while (run.state === "running") {
    if (interrupted.aborted && !asked) {
      asked = true;
      terminal.tell("Cancelling …");
      // It may have ended in this moment.
      await installation.cancel(run.id).catch(() => {});
    }
    const progress = run.progress?.text ?? "";
    if (progress !== told) terminal.tell(progress);
    told = progress;
    await after(askEveryMs, undefined, asked ? {} : { signal: interrupted }).catch(() => {});
    run = await installation.run(run.id);
  }
  if (run.state === "cancelled" && asked) throw new Interrupted();
  return run;
}

async function printFile(remote: Remote, { name, risk }: CommandListing, args: object): Promise<void> {
  const { installation, interrupted, write } = remote;
  if (risk !== "read") throw new Refusal("invalid_value", `"${name}" changes something; only what reads answers CSV.`);
  const { run, content, leave } = await installation.startFile(name, args);
  interrupted.addEventListener("abort", leave, { once: true });
  try {
    await write(content);
  } catch (error) {
    if (interrupted.aborted) throw new Interrupted();
    // The break is heard before the run's end is written.
    const { error: why } = await followed(remote, await installation.run(run));
    throw new Refusal(why?.code ?? "unavailable", `The file is not whole: ${why?.message ?? "the connection broke."}`, { cause: error });
  }
}
