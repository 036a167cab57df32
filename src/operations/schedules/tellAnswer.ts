import { z } from "zod";
import type { AccountPrincipal } from "../../access/principal.ts";
import { executeAudited } from "../../commands/runs/executeAudited.ts";
import type { Sql } from "../../platform/database/database.ts";
import { type Html, html, lines, mailPage } from "../../platform/mail/html.ts";
import { queueMail } from "../../platform/mail/outbox.ts";
import type { RunAnswer } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ScheduleAnswer } from "../../protocol/schedules.ts";
import type { MessageOutside } from "../messages/reaching.ts";
import type { RecipientOutside } from "../messages/recipient.ts";
import { openSkipped, type Recipients, recipientsAt, requireFew, skippedLines } from "../messages/recipients.ts";
import type { StoredSchedule } from "./scheduleStore.ts";

type ToPeople = Extract<ScheduleAnswer, { to: string[] }>;

const shownRows = 100;
const notedRows = 20;

/** Whom an answer goes to now, each once, and who is left out. Refusals: `not_found` and `invalid_value` with `answer.to.0`. */
export async function peopleOf(outside: RecipientOutside, principal: AccountPrincipal, { by, to }: ToPeople): Promise<Recipients> {
  const places = to.map((value, index) => ({ value: value.trim(), path: `answer.to.${index}`, ofRow: false, row: {} }));
  const { skipped, skip } = openSkipped();
  const recipients = await recipientsAt(outside, { by }, places, { principal, values: {} }, skip);
  requireFew(recipients, by, "answer.to");
  return { recipients, skipped };
}

const table = z.looseObject({ columns: z.array(z.looseObject({ name: z.string() })), rows: z.array(z.array(z.unknown())) });

/** Whether an answer has no rows; one that is no table isn't empty. */
function isEmpty({ data }: Pick<RunAnswer, "data">): boolean {
  const read = table.safeParse(data);
  return read.success && read.data.rows.length === 0;
}

/** How an answer is told: in the transaction of its end where it can be, and else before it, under the run's key. */
export interface Telling {
  /** What was done, in words. */
  outcome: string;
  write(tx: Sql): Promise<void>;
  /** To be announced after the commit. */
  accounts: readonly string[];
  mails: boolean;
}

const nothing = { write: async () => {}, accounts: [], mails: false } as const;

/** Refusals: those of whom it goes to, and of the note. */
export async function tellAnswer(
  outside: MessageOutside,
  principal: AccountPrincipal,
  schedule: StoredSchedule,
  run: RunAnswer,
): Promise<Telling> {
  const { answer, name, onlyRows } = schedule;
  if (answer.by === "nothing") return { ...nothing, outcome: sayingOf(run) };
  if (onlyRows && isEmpty(run)) return { ...nothing, outcome: "There were no rows, so nobody was told." };
  if (answer.by === "note") {
    await writeNote(outside, principal, answer.conversation, run, name);
    return { ...nothing, outcome: "It stands in the conversation as a note." };
  }
  const { recipients: people, skipped } = await peopleOf(outside, principal, answer);
  const whom = people.length === 1 ? (people[0]?.name ?? "") : people.length === 0 ? "nobody" : `${people.length} people`;
  const said = (text: string) => [text, ...skippedLines(skipped)].join(" ");
  if (answer.by === "notice") {
    const accounts = people.flatMap(({ account }) => account ?? []);
    const text = `${name}: ${sayingOf(run)}`;
    return {
      ...nothing,
      accounts,
      outcome: said(`${whom} was told.`),
      write: (tx) => outside.reaching.notify(tx, { run: run.id, about: run.id, accounts, text }),
    };
  }
  return {
    accounts: [],
    mails: true,
    outcome: said(`It was mailed to ${whom}.`),
    write: async (tx) => {
      const mail = mailOf(name, run);
      for (const { email } of people)
        if (email !== null) await queueMail(tx, { kind: "schedule", key: `schedule:${run.id}:${email}`, to: email, ...mail });
    },
  };
}

async function writeNote(
  outside: MessageOutside,
  principal: AccountPrincipal,
  conversation: string,
  run: RunAnswer,
  name: string,
): Promise<void> {
  const command = (await outside.commands(principal.tenant)).find("conversation.note");
  if (command === undefined) throw new Refusal("unknown_command", "There is no command for notes.");
  const text = `${name}\n${sayingOf(run)}\n${rowsOf(run, notedRows)
    .map((row) => row.join(" | "))
    .join("\n")}`
    .trim()
    .slice(0, 4000);
  await executeAudited(outside, { command, principal, run: `${run.id}.note`, args: { conversation, text }, conversation });
}

function sayingOf({ messages }: Pick<RunAnswer, "messages">): string {
  return (
    messages
      .map(({ text }) => text)
      .join(" ")
      .slice(0, 500) || "Done."
  );
}

/** With the columns' names first; nothing where it is no table. */
function rowsOf({ data }: Pick<RunAnswer, "data">, most: number): string[][] {
  const read = table.safeParse(data);
  if (!read.success || read.data.rows.length === 0) return [];
  const { columns, rows } = read.data;
  return [columns.map(({ name }) => name), ...rows.slice(0, most).map((row) => row.map((cell) => (cell === null ? "" : String(cell))))];
}

function mailOf(name: string, run: RunAnswer): { subject: string; text: string; html: string } {
  const saying = sayingOf(run);
  const rows = rowsOf(run, shownRows);
  const subject = `${name}: ${saying}`.replaceAll(/\s+/gu, " ").slice(0, 200);
  const text = `${saying}\n\n${rows.map((row) => row.join(" | ")).join("\n")}`.trim();
  return { subject, text, html: mailPage("en", subject, [html`<p>${lines(saying)}</p>`, ...(rows.length === 0 ? [] : [tableOf(rows)])]) };
}

function tableOf([head = [], ...rows]: readonly string[][]): Html {
  const cell = (text: string) => html`<td style="padding:4px 12px 4px 0;border-top:1px solid #e3e6eb">${text}</td>`;
  const title = (text: string) => html`<th style="padding:4px 12px 4px 0;text-align:left">${text}</th>`;
  return html`<table style="border-collapse:collapse"><tr>${head.map(title)}</tr>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</table>`;
}
