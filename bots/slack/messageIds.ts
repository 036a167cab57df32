/**
 * The id of a message that only this person sees. Slack has no way to draw it anew or to find it: by the id it is known that another one is written
 * in its place.
 */
export function onlyId(user: string, ts: string): string {
  return `only:${user}:${ts}`;
}

/** Who sees it; undefined for a message that everybody in its room sees. */
export function onlyOf(id: string): string | undefined {
  return /^only:([^:]+):/.exec(id)?.[1];
}
