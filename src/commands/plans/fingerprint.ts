import { createHmac } from "node:crypto";
import { acceptedKeys, type Keys } from "../../access/keys/keys.ts";
import type { Args, Command } from "../command.ts";

/** Which command with which arguments. With a key, because the arguments may hold a password that could be guessed from a plain hash. */
export function fingerprint(keys: Pick<Keys, "requests">, command: Pick<Command, "name">, args: Args): Buffer {
  const sorted = Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac("sha256", keys.requests)
    .update(JSON.stringify([command.name, sorted]))
    .digest();
}

/** Also by the key of before, while both count. */
export function isSameRequest(keys: Keys, command: Pick<Command, "name">, args: Args, stored: Buffer): boolean {
  return acceptedKeys(keys, "requests").some((requests) => fingerprint({ requests }, command, args).equals(stored));
}
