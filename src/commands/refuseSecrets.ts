import type { ArgsSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { secretIn } from "../protocol/secretShapes.ts";
import type { Args } from "./command.ts";

/**
 * Arguments are written down with the run, in the audit, and often said in the answer: a password, a token or a key among them, pasted by mistake,
 * is refused before any of it. Arguments of the format `password` take one, and are never kept. Refusal `invalid_value`.
 */
export function refuseSecrets(schema: ArgsSchema, args: Args): void {
  for (const [name, value] of Object.entries(args)) {
    if (schema.properties[name]?.format === "password") continue;
    const found = secretIn(typeof value === "string" ? value : JSON.stringify(value));
    if (found === undefined) continue;
    throw new Refusal(
      "invalid_value",
      `"${name}" seems to have ${found} in it, so nothing was run and nothing kept; where a command needs a secret, its form has a field for it.`,
      { path: `args.${name}` },
    );
  }
}
