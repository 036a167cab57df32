import type { BlueprintView, Field } from "../../src/protocol/blueprints.ts";
import { learnAllowed } from "../commands/allowed.ts";
import { requestAsMe } from "../session/session.ts";

/** A field as it is written: one without an id is found by its key, or is new. */
export type FieldDraft = Omit<Field, "id"> & { id?: string };

export interface VersionLine {
  version: number;
  by: string;
  /** ISO 8601, UTC. */
  at: string;
}

interface BlueprintPage {
  items: BlueprintView[];
  nextCursor: string | null;
}

/** All of them, by key, also those in the trash. */
export async function listBlueprints(): Promise<BlueprintView[]> {
  const blueprints: BlueprintView[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const path: string = `blueprints?limit=200${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: BlueprintPage = await requestAsMe<BlueprintPage>({ method: "GET", path });
    blueprints.push(...page.items);
    cursor = page.nextCursor;
  }
  return blueprints;
}

/** With its latest version or the one that is named. Refusal `not_found`. */
export async function readBlueprint(key: string, version?: number): Promise<BlueprintView> {
  return await requestAsMe({ method: "GET", path: `${pathOf(key)}${version === undefined ? "" : `?version=${version}`}` });
}

export async function listVersions(key: string): Promise<VersionLine[]> {
  return (await requestAsMe<{ items: VersionLine[] }>({ method: "GET", path: `${pathOf(key)}/versions` })).items;
}

/** Makes it. Its commands are there at once. */
export async function createBlueprint(key: string, name: string, fields: readonly FieldDraft[]): Promise<BlueprintView> {
  const made = await requestAsMe<BlueprintView>({ method: "POST", path: "blueprints", body: { key, name, fields } });
  void learnAllowed();
  return made;
}

/** Saves the next version. Refusal `stale` where there is a newer one than `version`. */
export async function changeBlueprint(
  key: string,
  { name, fields, version }: { name: string; fields: readonly FieldDraft[]; version: number },
): Promise<BlueprintView> {
  const changed = await requestAsMe<BlueprintView>({ method: "PATCH", path: pathOf(key), body: { name, fields, version } });
  void learnAllowed();
  return changed;
}

export async function restoreBlueprint(key: string): Promise<void> {
  await requestAsMe({ method: "POST", path: `${pathOf(key)}/restore` });
  void learnAllowed();
}

function pathOf(key: string): string {
  return `blueprints/${encodeURIComponent(key)}`;
}

/** What its entities are called together: `stock-items` is "Stock items". */
export function manyOf(key: string): string {
  const words = key.replaceAll("-", " ");
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
