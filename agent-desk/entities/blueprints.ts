import type { BlueprintView, EntityValues, Field, Flow, IndexView, Transition } from "../../src/protocol/blueprints.ts";
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

/** How far the indexes are of the fields of its latest version. */
export async function listIndexes(key: string): Promise<IndexView[]> {
  return (await requestAsMe<{ items: IndexView[] }>({ method: "GET", path: `${pathOf(key)}/indexes` })).items;
}

/** Makes it. Its commands are there at once. */
export async function createBlueprint(
  key: string,
  { name, fields, flow }: { name: string; fields: readonly FieldDraft[]; flow: Flow | null },
): Promise<BlueprintView> {
  const body = { key, name, fields, ...(flow === null ? {} : { flow }) };
  const made = await requestAsMe<BlueprintView>({ method: "POST", path: "blueprints", body });
  void learnAllowed();
  return made;
}

export interface BlueprintChange {
  name: string;
  fields: readonly FieldDraft[];
  flow: Flow | null;
  version: number;
  /** Where entities go on that are in a state which the flow leaves out. */
  moved?: Readonly<Record<string, string>>;
}

/** Saves the next version. Refusals: `stale` where there is a newer one than `version`, `conflict` at `moved` for states that are left out. */
export async function changeBlueprint(key: string, body: BlueprintChange): Promise<BlueprintView> {
  const changed = await requestAsMe<BlueprintView>({ method: "PATCH", path: pathOf(key), body: { ...body } });
  void learnAllowed();
  return changed;
}

/** A step that is tried, with what it asks for. */
export interface TriedStep {
  transition: string;
  values: Readonly<Record<string, unknown>>;
}

export interface NextStep {
  transition: string;
  name: string;
  to: string;
  /** The keys of fields that it asks for. */
  asks: string[];
  refused?: { code: string; message: string };
  approval?: NonNullable<Transition["approval"]>;
  /** The commands that it would start. */
  starts?: string[];
}

export interface Simulated {
  state: string | null;
  values: EntityValues;
  steps: { transition: string; name: string; before: EntityValues; after: EntityValues; starts: string[] }[];
  next: NextStep[];
}

/** What would become of an entity, or of a new one, by a flow that need not be saved; nothing happens. */
export async function simulateFlow(
  key: string,
  body: { entityId?: string; fields: readonly FieldDraft[]; flow: Flow; steps: readonly TriedStep[] },
): Promise<Simulated> {
  return await requestAsMe({ method: "POST", path: `${pathOf(key)}/simulations`, body });
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
