import type { Principal, VisitorPrincipal } from "../access/principal.ts";
import { usage } from "../commands/arguments.ts";
import { type Command, type CommandMessage, defineCommand, type VisitorCommand } from "../commands/command.ts";
import { commandFor, mayRun, unknownCommand } from "../commands/execute.ts";
import type { Registry } from "../commands/registry.ts";
import { Refusal } from "../protocol/refusal.ts";
import { askForPerson, type Controlling, changeControl, leaveQueue, type Told } from "./control/changeControl.ts";
import type { InboxDirectory } from "./inboxes/inboxes.ts";
import { type Sentences, sentencesIn } from "./sentences/sentences.ts";

export interface VisitorCommandDependencies extends Controlling {
  registry: () => Registry;
  inboxes: InboxDirectory;
  /** How many people are at the desk for a team. */
  peopleOnline: (tenant: string, team: string) => Promise<number>;
  /** What the inbox says outside its hours; undefined within. */
  closedText: (visitor: VisitorPrincipal) => Promise<string | undefined>;
  /** The active team of this key or name. */
  findTeam: (tenant: string, wanted: string) => Promise<{ key: string; name: string } | undefined>;
  /** The active teams' names. */
  teamNames: (tenant: string) => Promise<string[]>;
}

const en = sentencesIn("en").summaries;

/** What every visitor can ask, whatever else their inbox publishes. */
export function visitorCommands(deps: VisitorCommandDependencies): VisitorCommand[] {
  return [helpCommand(deps), personCommand(deps), leaveCommand(deps)];
}

function helpCommand(deps: VisitorCommandDependencies): VisitorCommand {
  return defineCommand({
    name: "help",
    summary: en.help,
    risk: "read",
    audience: "visitor",
    source: "built-in",
    args: { type: "object", properties: { command: { type: "string", description: "A command's name.", maxLength: 100 } } },
    run: async ({ principal, args }) => {
      const say = sayingTo(principal);
      const mine = await runnable(deps, principal);
      const name = args["command"];
      if (name === undefined) return { messages: [overview(mine, say)], data: { commands: mine.map((command) => command.name) } };
      const found = deps.registry().of(principal.tenant).find(String(name));
      const asked = mine.find((command) => command.name === found?.name);
      if (asked === undefined) throw new Refusal("unknown_command", say.noCommand(String(name)));
      return { messages: [{ text: `${usage(asked)}\n${summaryOf(asked, say)}`, blocks: explained(asked) }] };
    },
  });
}

async function runnable(deps: VisitorCommandDependencies, principal: Principal): Promise<Command[]> {
  await deps.registry().load(principal.tenant);
  const all = deps.registry().of(principal.tenant).all();
  if (principal.kind !== "visitor")
    return all.filter((command) => mayRun(command, principal)).map((command) => commandFor(command, principal));
  const inbox = await deps.inboxes.byId(principal.tenant, principal.inbox);
  return all.filter((command) => inbox.publishes(command));
}

function sayingTo(principal: Principal): Sentences {
  return sentencesIn(principal.kind === "visitor" ? principal.locale : undefined);
}

function summaryOf(command: Command, say: Sentences): string {
  const known: Partial<Record<string, string>> = say.summaries;
  return known[command.name] ?? command.summary;
}

function overview(commands: readonly Command[], say: Sentences): CommandMessage {
  const lines = commands.map((command) => `${usage(command)}: ${summaryOf(command, say)}`);
  const text = [say.youCanWrite, ...lines].join("\n");
  if (!commands.some(({ name }) => name === "person")) return { text };
  return { text, blocks: [{ type: "buttons", buttons: [{ action: "person", label: say.askForPerson }] }] };
}

function explained(command: Command): NonNullable<CommandMessage["blocks"]> {
  const fields = Object.entries(command.args.properties).map(([name, argument]) => ({
    label: name,
    value: argument.description ?? argument.type ?? "text",
  }));
  return fields.length === 0 ? [] : [{ type: "fields", fields }];
}

function personCommand(deps: VisitorCommandDependencies): VisitorCommand {
  return defineCommand({
    name: "person",
    summary: en.person,
    risk: "write",
    audience: "visitor",
    visitorsOnly: true,
    source: "built-in",
    args: { type: "object", properties: { team: { type: "string", description: "The team you want to speak with.", maxLength: 100 } } },
    run: async ({ principal, run, args }) => {
      if (principal.kind !== "visitor") throw unknownCommand("person");
      const inbox = await deps.inboxes.byId(principal.tenant, principal.inbox);
      const team = args["team"] === undefined ? undefined : await askedTeam(deps, principal, inbox.team, String(args["team"]));
      const [people, closed] = await Promise.all([deps.peopleOnline(principal.tenant, team ?? inbox.team), deps.closedText(principal)]);
      const says: Told = closed === undefined ? { what: people > 0 ? "inLine" : "inLineNobodyThere" } : { what: "closedNow", text: closed };
      const conversation = { tenant: principal.tenant, id: principal.conversation };
      let before: string | undefined;
      await changeControl(
        deps,
        conversation,
        (current) => {
          before = current.controller;
          return askForPerson("asked for a person", says, team)(current);
        },
        `r:${run}`,
      );
      if (before === "queue") return { messages: [{ text: sayingTo(principal).inLineAlready }] };
      return { messages: [] };
    },
  });
}

/** The key of the team that the visitor named. Refusal `invalid_value`, with the teams that there are. */
async function askedTeam(deps: VisitorCommandDependencies, visitor: VisitorPrincipal, own: string, wanted: string): Promise<string> {
  if (wanted.trim().toLowerCase() === own) return own;
  const team = await deps.findTeam(visitor.tenant, wanted);
  if (team !== undefined) return team.key;
  const names = await deps.teamNames(visitor.tenant);
  throw new Refusal("invalid_value", sayingTo(visitor).noSuchTeam(wanted, names.length > 0 ? names.join(", ") : own), {
    path: "args.team",
  });
}

function leaveCommand(deps: VisitorCommandDependencies): VisitorCommand {
  return defineCommand({
    name: "leave",
    summary: en.leave,
    risk: "write",
    audience: "visitor",
    visitorsOnly: true,
    source: "built-in",
    args: { type: "object", properties: {} },
    run: async ({ principal, run }) => {
      if (principal.kind !== "visitor") throw unknownCommand("leave");
      let before: string | undefined;
      const conversation = { tenant: principal.tenant, id: principal.conversation };
      await changeControl(
        deps,
        conversation,
        (current) => {
          before = current.controller;
          return leaveQueue()(current);
        },
        `r:${run}`,
      );
      return { messages: before === "queue" ? [] : [{ text: sayingTo(principal).notInLine }] };
    },
  });
}
