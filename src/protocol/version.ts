/** Which versions of the frames in this folder one side speaks, and which extras it knows by name. */
export interface Spoken {
  oldest: number;
  /** One more where the other side has to know of a change. Additions that may be passed over don't count. */
  newest: number;
  knows: ReadonlySet<string>;
}

export const spoken: Spoken = { oldest: 1, newest: 1, knows: new Set() };

/** What a hello says of the page: its version, 1 where it says none, and what it can't do without. */
export interface PageVersion {
  version?: number;
  needs?: readonly string[];
}

/** During a deployment pages and servers of two versions meet: most get along, a page that is too old or needs more is told. */
export function compareVersions({ version = 1, needs = [] }: PageVersion, server: Spoken = spoken): "fits" | "pageIsOld" | "serverIsOld" {
  if (version < server.oldest) return "pageIsOld";
  return needs.every((name) => server.knows.has(name)) ? "fits" : "serverIsOld";
}
