import { validate as isId } from "uuid";
import { findJob, type JobListing, listJobs, retryJob } from "../platform/jobs/jobStore.ts";
import { announceCancelled, announceJobs } from "../platform/jobs/jobs.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { CommandResult, StaffCommand } from "./command.ts";

const states = ["waiting", "running", "done", "dead", "cancelled"] as const;
const shown = 100;

/** `job.*`: what is done later or again, and what failed at it. */
export function jobCommands({ database, bus }: Pick<Platform, "database" | "bus">): StaffCommand[] {
  return [
    {
      name: "job.list",
      summary: "Lists what is done later or again, the newest first, with why it failed.",
      risk: "read",
      audience: "staff",
      source: "built-in",
      permission: "runs.read",
      args: {
        type: "object",
        properties: {
          state: { type: "string", description: "Only those of this state; dead ones failed for good.", enum: [...states] },
          kind: { type: "string", description: "Only those of this kind: two words with a dot.", maxLength: 100 },
        },
        additionalProperties: false,
      },
      run: async ({ principal, args }) => {
        const state = states.find((known) => known === args["state"]);
        const kind = typeof args["kind"] === "string" ? args["kind"] : undefined;
        const filter = { ...(state === undefined ? {} : { state }), ...(kind === undefined ? {} : { kind }) };
        return listed(await listJobs(database.forTenant(principal.tenant), filter, shown));
      },
    },
    {
      name: "job.retry",
      summary: "Has a job that failed for good tried again, now and with all its tries.",
      risk: "write",
      audience: "staff",
      source: "built-in",
      permission: "settings.manage",
      idempotent: true,
      args: {
        type: "object",
        properties: { job: { type: "string", description: "The job's id, as job.list tells it.", format: "uuid" } },
        required: ["job"],
        additionalProperties: false,
      },
      run: async ({ principal, args }) => {
        const id = String(args["job"]).toLowerCase();
        const sql = database.forTenant(principal.tenant);
        const job = isId(id) ? await findJob(sql, id) : undefined;
        if (job === undefined) throw new Refusal("not_found", "There is no such job.", { path: "args.job" });
        if (!(await retryJob(sql, id)))
          throw new Refusal("conflict", `Only a job that is dead is tried again; this one is ${job.state}.`, { path: "args.job" });
        announceCancelled({ bus });
        announceJobs({ bus }, job.kind);
        return { messages: [{ text: `${job.kind} is tried again.` }] };
      },
    },
  ];
}

function listed(jobs: readonly JobListing[]): CommandResult {
  const items = jobs.map(({ id, kind, state, attempts, lastError, createdAt, dueAt, endedAt, stopping }) => ({
    id,
    kind,
    state,
    attempts,
    lastError,
    createdAt: createdAt.toISOString(),
    dueAt: dueAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    stopping,
  }));
  if (items.length === 0) return { messages: [{ text: "There are no such jobs." }], data: { items } };
  const columns = [
    { name: "kind", type: "text" },
    { name: "state", type: "text" },
    { name: "due", type: "instant" },
    { name: "attempts", type: "integer" },
    { name: "last error", type: "text" },
    { name: "id", type: "text" },
  ];
  const rows = items.map(({ id, kind, state, dueAt, attempts, lastError }) => [kind, state, dueAt, String(attempts), lastError ?? "", id]);
  const text = items.length === shown ? `The newest ${shown} jobs.` : items.length === 1 ? "1 job." : `${items.length} jobs.`;
  return { messages: [{ text, blocks: [{ type: "table", columns, rows, truncated: items.length === shown }] }], data: { items } };
}
