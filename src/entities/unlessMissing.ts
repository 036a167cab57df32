import { Refusal } from "../protocol/refusal.ts";

/** For what may not be there, or not for whoever asks. */
export function unlessMissing(error: unknown): undefined {
  if (error instanceof Refusal && error.code === "not_found") return undefined;
  throw error;
}
