import type { AccountPrincipal } from "../../access/principal.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { unknownCommand } from "../execute.ts";
import { storedRun } from "../runs/readRuns.ts";
import { commandOf, type RunOutside } from "../runs/runOutside.ts";
import { type ExportRequest, type StartedExport, startExport } from "./startExport.ts";

/**
 * The whole answer of a run as a file: the same version with the same arguments, asked once more as whoever asked for the run, by their rights of
 * now. Refusals: `not_found`, `forbidden` for somebody else's run, `conflict` where it didn't succeed, `stale` where another version is published
 * since, and those of `startExport`.
 */
export async function exportOfRun(
  outside: RunOutside,
  id: string,
  { principal, ...request }: Omit<ExportRequest, "command" | "args" | "version" | "idempotencyKey"> & { principal: AccountPrincipal },
): Promise<StartedExport> {
  const run = await storedRun(outside.database.forTenant(principal.tenant), principal, id);
  if (run.account !== principal.account)
    throw new Refusal("forbidden", "The file of a run is for whoever asked for it; run it yourself for yours.");
  if (run.state !== "succeeded") throw new Refusal("conflict", "Only a run that succeeded has an answer that could be a file.");
  const command = await commandOf(outside, principal.tenant, run.command);
  if (command === undefined) throw unknownCommand(run.command);
  return await startExport(outside, {
    ...request,
    principal,
    command,
    args: run.args,
    version: versionOf(run.data),
    idempotencyKey: undefined,
  });
}

/** No version has the number 0: an answer that doesn't say whose it is can't be asked for once more. */
function versionOf(data: unknown): number {
  const version = typeof data === "object" && data !== null && "version" in data ? data.version : undefined;
  return typeof version === "number" ? version : 0;
}
