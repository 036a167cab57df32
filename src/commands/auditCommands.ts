import type { AuditFilter } from "../access/audit/auditListStore.ts";
import { findRetention } from "../access/audit/auditRetentionStore.ts";
import { keepAudit } from "../access/audit/forgetAudit.ts";
import { checkAuditFilter, listAudit } from "../access/audit/listAudit.ts";
import { verifyAudit } from "../access/audit/verifyAudit.ts";
import type { Platform } from "../platform/platform.ts";
import type { AuditItem } from "../protocol/audit.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { type Args, defineCommand, type StaffCommand } from "./command.ts";

const filters: Record<string, ArgSchema> = {
  person: { type: "string", description: "Who did it: a mail address, an id or a name.", maxLength: 254 },
  action: { type: "string", description: 'What was done: "agent.deactivate", or a group: "agent".', maxLength: 100 },
  object: { type: "string", description: "What it was done to: an id, a name or a kind.", maxLength: 300 },
  from: { type: "string", description: "The first day, like 2026-11-21, or an instant.", maxLength: 40 },
  to: { type: "string", description: "The last day, or an instant.", maxLength: 40 },
};

/** `audit.list`, `audit.export`, `audit.verify` and `audit.keep`: who did what in this tenant. */
export function auditCommands({ database }: Pick<Platform, "database">): StaffCommand[] {
  const base = { risk: "read", audience: "staff", source: "built-in" } as const;
  return [
    defineCommand<StaffCommand>({
      ...base,
      name: "audit.list",
      summary: "Lists who did what, the newest first.",
      permission: "audit.read",
      args: {
        type: "object",
        properties: {
          ...filters,
          cursor: { type: "string", description: "Of the page before.", maxLength: 20 },
          limit: { type: "integer", description: "How many, 50 where it is left out.", minimum: 1, maximum: 200 },
        },
        additionalProperties: false,
      },
      run: async ({ principal, args }) => {
        const asked = {
          cursor: textOf(args, "cursor"),
          limit: typeof args["limit"] === "number" ? args["limit"] : 50,
          path: "args.cursor",
        };
        const page = await listAudit({ database: database.aside }, principal.tenant, filterOf(args), asked);
        const text = page.items.length === 0 ? "There is no such entry." : page.items.map(line).join("\n");
        return { messages: [{ text }], data: JSON.parse(JSON.stringify(page)) };
      },
    }),
    defineCommand<StaffCommand>({
      ...base,
      name: "audit.export",
      summary: "Tells from where the audit can be fetched whole, as CSV or as JSON.",
      permission: "audit.export",
      args: {
        type: "object",
        properties: { format: { type: "string", description: "csv or json.", enum: ["csv", "json"] }, ...filters },
        additionalProperties: false,
      },
      run: async ({ args }) => {
        const filter = Object.entries(filterOf(args)).flatMap(([name, value]): [string, string][] =>
          typeof value === "string" ? [[name, value]] : [],
        );
        const address = `/api/v1/audit/export?${new URLSearchParams([["format", textOf(args, "format") ?? "csv"], ...filter])}`;
        return { messages: [{ text: `It is fetched with your access token from ${address}` }], data: { address } };
      },
    }),
    defineCommand<StaffCommand>({
      ...base,
      name: "audit.verify",
      summary: "Computes the chain of the audit anew, and names every entry that was altered, is missing or was put in.",
      permission: "audit.read",
      args: { type: "object", properties: {}, additionalProperties: false },
      run: async ({ principal }) => {
        const { chains, flaws } = await verifyAudit({ database: database.aside }, principal.tenant);
        const { days, since } = await findRetention(database.forTenant(principal.tenant));
        const { entries = 0, seq = 0, hash = "" } = chains[0] ?? {};
        const text =
          flaws.length === 0
            ? `All ${entries} entries are as they were written; the last is ${seq}, ${hash}.`
            : flaws.map((flaw) => `Entry ${flaw.seq} ${flaw.what === "altered" ? "was altered" : said[flaw.what]}.`).join("\n");
        const found = flaws.map(({ seq: at, what }) => ({ seq: at, what }));
        return { messages: [{ text }], data: { entries, seq, hash, flaws: found, days, since: since?.toISOString() ?? null } };
      },
    }),
    defineCommand<StaffCommand>({
      ...base,
      name: "audit.keep",
      summary: "Says for how many days who did what is kept; what is older is forgotten within a day.",
      risk: "destructive",
      permission: "tenant.manage",
      stepUp: true,
      audited: "itself",
      args: {
        type: "object",
        properties: { days: { type: "integer", description: "730 where nothing was said.", minimum: 90, maximum: 3650 } },
        required: ["days"],
        additionalProperties: false,
      },
      plan: async ({ principal, args }) => {
        const { days, since } = await findRetention(database.forTenant(principal.tenant));
        const from = since?.toISOString().slice(0, 10) ?? "today";
        const text = `It is kept for ${days} days now, and goes back to ${from}; then for ${Number(args["days"])}.`;
        return { changes: [{ text, kind: "change", before: days, after: Number(args["days"]) }], facts: { days } };
      },
      run: async ({ principal, args }) => {
        const days = Number(args["days"]);
        await keepAudit({ database }, principal, days);
        return { messages: [{ text: `Who did what is kept for ${days} days.` }], data: { days } };
      },
    }),
  ];
}

const said = { missing: "is missing", inserted: "was put in", altered: "was altered" };

function filterOf(args: Args): AuditFilter {
  const filter = Object.fromEntries(Object.keys(filters).map((name) => [name, textOf(args, name)]));
  return checkAuditFilter(filter, (field) => `args.${field}`);
}

function textOf(args: Args, name: string): string | undefined {
  return typeof args[name] === "string" ? args[name] : undefined;
}

function line({ seq, at, actor, action, object }: AuditItem): string {
  const who = actor.name ?? actor.kind;
  const what = object === null ? "" : ` · ${object.kind} ${object.name ?? object.id ?? "(erased)"}`;
  return `${seq} · ${at} · ${who} · ${action}${what}`;
}
