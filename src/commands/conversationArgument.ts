import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Args } from "./command.ts";

/** The argument of a command that is about one conversation. */
export const conversationArgument: ArgSchema = { type: "string", description: "The conversation's id.", format: "uuid" };

/** The id that was given. Refusal `not_found`: one that can't be an id answers as one that isn't there; PostgreSQL would refuse to compare it. */
export function conversationOf(args: Args): string {
  const id = String(args["conversation"]);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new Refusal("not_found", "There is no such conversation.");
  return id.toLowerCase();
}
