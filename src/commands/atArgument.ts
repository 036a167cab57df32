import { Refusal } from "../protocol/refusal.ts";

/** Tells what was refused of a value at the argument that brought it. */
export function atArgument(error: unknown): never {
  if (!(error instanceof Refusal) || error.path === undefined || error.path.startsWith("args.")) throw error;
  throw error.movedTo(`args.${error.path}`);
}
