import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { CommandListing } from "../../protocol/commands.ts";
import { maxFileBytes } from "../../protocol/files.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Installation } from "./installation.ts";

/** The arguments with the ids of uploads in place of paths of files here. Refusals: `invalid_value` for what can't be read, and the installation's. */
export async function withFiles(
  { upload }: Pick<Installation, "upload">,
  { args }: CommandListing,
  values: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const all = { ...values };
  for (const [name, { format }] of Object.entries(args.properties)) {
    const path = all[name];
    if (format === "file" && typeof path === "string" && path !== "") all[name] = await upload(basename(path), await bytesOf(path, name));
  }
  return all;
}

async function bytesOf(path: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Refusal("invalid_value", `"${name}" is the path of a file here, and "${path.slice(0, 200)}" can't be read.`, { cause });
  });
  if (bytes.length === 0) throw new Refusal("invalid_value", `"${path.slice(0, 200)}" is empty.`);
  if (bytes.length > maxFileBytes)
    throw new Refusal("invalid_value", `"${path.slice(0, 200)}" is larger than ${maxFileBytes / 1024 / 1024} MB.`);
  return bytes;
}
