import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the person who started it must know, in one sentence (and what a tool had to say). */
export class Problem extends Error {}

/** Progress goes to standard error, so that what the product prints stays clean. */
export function say(text) {
  console.error(text);
}
