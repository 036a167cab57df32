import { Refusal } from "../../src/protocol/refusal.ts";

/** What to tell a person for whatever was thrown while they sign in. */
export function toldOf(error: unknown): string {
  return error instanceof Refusal ? error.message : "Something went wrong here. Please try again.";
}
