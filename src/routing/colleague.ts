import type { StaffCommand } from "../commands/command.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";

export interface FindAgent {
  /** The colleague with this mail address who may answer conversations, or none. */
  findAgent: (tenant: string, email: string) => Promise<{ id: string; name: string; email: string } | undefined>;
}

export const emailArgument: ArgSchema = { type: "string", description: "The colleague's mail address.", maxLength: 254 };

/** Whom the argument `email` means. Refusal `invalid_value`. */
export async function colleague(
  { findAgent }: FindAgent,
  { principal, args }: Parameters<StaffCommand["run"]>[0],
): Promise<{ id: string; name: string }> {
  const wanted = String(args["email"]).trim().toLowerCase();
  const found = await findAgent(principal.tenant, wanted);
  if (found !== undefined) return found;
  throw new Refusal("invalid_value", `There is no active colleague "${wanted}" who answers conversations.`, { path: "args.email" });
}
