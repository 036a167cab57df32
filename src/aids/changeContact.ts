import { validate as isId } from "uuid";
import type { Args } from "../commands/command.ts";
import { publishConversationEvent } from "../conversations/events.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { checkName } from "./bodies.ts";
import { type ContactDetails, describeConversationsOf, lockContact, saveContact } from "./contactStore.ts";
import { listFields } from "./fieldStore.ts";
import { applyFields, checkFields } from "./fields.ts";
import { refuseStale } from "./stale.ts";

type Outside = Pick<Platform, "database" | "bus">;

/** Refusal `not_found` where the id is none. */
export function contactIdOf(written: unknown): string {
  const id = String(written).toLowerCase();
  if (!isId(id)) throw new Refusal("not_found", "There is no such contact.", { path: "args.contact" });
  return id;
}

/** Changes what the arguments name, and leaves the rest. Refusals: `not_found`, `invalid_value`, `stale` with what stands now. */
export async function changeContact(deps: Outside, tenant: string, args: Args): Promise<ContactDetails & { version: number }> {
  const id = contactIdOf(args["contact"]);
  const sql = deps.database.forTenant(tenant);
  const definitions = await listFields(sql);
  const next = await sql.transaction(async (tx) => {
    const current = await lockContact(tx, id);
    if (current === undefined) throw new Refusal("not_found", "There is no such contact.", { path: "args.contact" });
    const fields = isRecord(args["fields"]) ? checkFields(definitions, "contact", args["fields"]) : {};
    const changes = { ...checkDetails(args), ...fieldPaths(fields) };
    refuseStale(args["version"], { ...current, ...fieldPaths(current.fields) }, changes);
    const details = { ...current, ...checkDetails(args), fields: applyFields(current.fields, fields) };
    return { ...details, version: await saveContact(tx, id, details) };
  });
  await tellContactChanged(deps, tenant, id);
  return next;
}

/** The pages and lists that show this person read them again. */
export async function tellContactChanged({ database, bus }: Outside, tenant: string, contact: string): Promise<void> {
  const conversations = await describeConversationsOf(database.forTenant(tenant), contact);
  for (const conversation of conversations) publishConversationEvent({ bus }, tenant, { kind: "described", conversation });
}

function checkDetails(args: Args): Partial<Omit<ContactDetails, "fields">> {
  const given = (name: string) =>
    args[name] === undefined ? undefined : String(args[name]).trim().toWellFormed().replaceAll("\u0000", "");
  const [name, email, phone, notes] = ["name", "email", "phone", "notes"].map(given);
  if (email !== undefined && email !== "" && !/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+\.[^\s@\p{Cc}]+$/u.test(email))
    throw new Refusal("invalid_value", `"email" must be an e-mail address; "${email.slice(0, 60)}" is none.`, { path: "args.email" });
  if (phone !== undefined && phone !== "" && !/^[+()\d\s./-]{3,40}$/.test(phone))
    throw new Refusal("invalid_value", '"phone" must be a telephone number: digits, spaces and + ( ) - . /.', { path: "args.phone" });
  return {
    ...(name === undefined ? {} : { name: checkName(name, 120) }),
    ...(email === undefined ? {} : { email: email === "" ? null : email }),
    ...(phone === undefined ? {} : { phone: phone === "" ? null : phone }),
    ...(notes === undefined ? {} : { notes }),
  };
}

/** Fields by the path under which an error names them. */
export function fieldPaths(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [`fields.${key}`, value]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
