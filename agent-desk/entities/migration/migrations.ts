import { newClientId } from "../../../src/client/clientId.ts";
import type { RunAnswer } from "../../../src/protocol/commands.ts";
import { requestAsMe } from "../../session/session.ts";
import type { Written } from "../entities.ts";

/** How entities shall come to a version; what isn't said stays as the server has it. */
export interface Way {
  to: number;
  /** Whether entities with a value that fits nowhere stay as they are, or leave that field empty. */
  unfit: "skip" | "empty";
  /** By keys: what stands in the place of which values. */
  replace: Readonly<Record<string, Readonly<Record<string, Written>>>>;
  /** By keys: what a field begins with where there is nothing for it. */
  fill: Readonly<Record<string, Written>>;
}

export interface MigrationPreview {
  to: number;
  /** How many are of other versions. */
  of: number;
  /** How many of them were looked at, of which the counts are. */
  lookedAt: number;
  migrated: number;
  skipped: number;
  /** By keys of fields: values that fit nowhere; without samples, values that are missing. */
  unfit: Record<string, { count: number; samples: string[] }>;
  rows: { text: string; before: string | null; after: string | null }[];
}

/** What would become of entities; nothing happens. */
export async function previewMigration(key: string, way: Way): Promise<MigrationPreview> {
  return await requestAsMe({ method: "POST", path: `${pathOf(key)}/preview`, body: bodyOf(way) });
}

/** Begins it, or goes on where it was stopped. */
export async function startMigration(key: string, way: Way): Promise<RunAnswer> {
  return await requestAsMe({ method: "POST", path: pathOf(key), body: bodyOf(way), idempotencyKey: newClientId() });
}

export async function readRun(id: string): Promise<RunAnswer> {
  return await requestAsMe({ method: "GET", path: `runs/${encodeURIComponent(id)}` });
}

/** What has come so far stays there. */
export async function pauseMigration(id: string): Promise<void> {
  await requestAsMe({ method: "POST", path: `runs/${encodeURIComponent(id)}/cancel` });
}

/** Without what was emptied again. */
function bodyOf({ replace, fill, ...way }: Way): object {
  const said = Object.entries(replace).map(([field, values]) => [field, filled(values)] as const);
  return { ...way, replace: Object.fromEntries(said.filter(([, values]) => Object.keys(values).length > 0)), fill: filled(fill) };
}

function filled(values: Readonly<Record<string, Written>>): Record<string, Written> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ""));
}

function pathOf(key: string): string {
  return `blueprints/${encodeURIComponent(key)}/migrations`;
}
