import { z } from "zod";
import { actorOf, audit } from "../access/audit/audit.ts";
import { checkAuditFilter, exportAudit, listAudit } from "../access/audit/listAudit.ts";
import { requireStepUp } from "../access/factors/stepUp.ts";
import type { AuditPage } from "../protocol/audit.ts";
import { byToken } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { instant } from "./schemas.ts";

/** Who did what in the caller's tenant. */
export function auditOperations(deps: HttpDependencies): Operation[] {
  const common = { tag: "Audit", method: "get", params: nothing, body: noBody } as const;
  const outside = { database: deps.database.aside };
  return [
    operation({
      ...common,
      caller: byToken(deps, "audit.read"),
      path: "/api/v1/audit",
      id: "listAudit",
      summary: "Who did what, the newest first.",
      query: listQuery,
      answers: { statuses: { 200: "A page of entries." }, schema: pageAnswer },
      handle: async ({ caller, query: { cursor, limit, ...filter } }) => {
        const checked = checkAuditFilter(filter, (field) => field);
        return { status: 200, body: await listAudit(outside, caller.tenant, checked, { cursor, limit, path: "cursor" }) };
      },
    }),
    operation({
      ...common,
      caller: byToken(deps, "audit.export"),
      path: "/api/v1/audit/export",
      id: "exportAudit",
      stepUp: true,
      summary: "The same as a whole: CSV, or JSON with one entry a line. That it was taken is an entry itself. Needs a step-up.",
      query: exportQuery,
      answers: {
        statuses: { 200: "The entries, the newest first." },
        schema: z.string(),
        mediaTypes: ["text/csv", "application/x-ndjson"],
      },
      handle: async ({ caller, query: { format, ...filter } }) => {
        // A key was made with a step-up, for a program that can't do one.
        if (caller.kind === "account") await requireStepUp(deps, caller);
        const checked = checkAuditFilter(filter, (field) => field);
        const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
        await deps.database
          .forTenant(caller.tenant)
          .transaction((tx) =>
            audit(tx, { tenant: caller.tenant, actor: actorOf(caller), action: "audit.export", detail: { format, ...asked } }),
          );
        const headers = {
          "Content-Type": format === "csv" ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson",
          "Content-Disposition": `attachment; filename="audit.${format === "csv" ? "csv" : "ndjson"}"`,
        };
        return { status: 200, headers, content: exportAudit(outside, caller.tenant, checked, format) };
      },
    }),
  ];
}

const word = z.string().min(1).max(300).optional();
const filter = {
  person: word.meta({ description: "Who did it: a mail address, an id or a name." }),
  action: word.meta({ description: "An action, or a group of them: `agent`." }),
  object: word.meta({ description: "What it was done to: an id, a name or a kind." }),
  from: word.meta({ description: "A day of the tenant, or an instant." }),
  to: word.meta({ description: "A day, which counts whole, or an instant." }),
};
const listQuery = z.strictObject({
  ...filter,
  limit: z.coerce.number("a number from 1 to 200 is needed").int("a whole number is needed").min(1).max(200).default(50),
  cursor: z.string().max(20).optional(),
});
const exportQuery = z.strictObject({ ...filter, format: z.enum(["csv", "json"]).default("csv") });

const text = z.string().nullable();
const pageAnswer = z
  .strictObject({
    items: z.array(
      z.strictObject({
        seq: z.int(),
        at: instant,
        action: z.string(),
        actor: z.strictObject({ kind: z.string(), id: text, name: text, address: text }),
        object: z.strictObject({ kind: z.string(), id: text, name: text }).nullable(),
        detail: z.unknown(),
        requestId: text,
        hash: z.string(),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "AuditPage" }) satisfies z.ZodType<AuditPage>;
