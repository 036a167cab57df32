import { rmSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { atExit } from "./atExit.ts";

export interface Built {
  program: string;
  remove(): void;
}

/**
 * Bundles the product of this tree, under a name of its own beside the built pages, so that a build that somebody else makes meanwhile
 * changes nothing. With `instead`, these modules are replaced for all who import them but the replacement.
 */
export function buildProduct(name: string, instead: Record<string, string> = {}): Promise<Built> {
  return bundle("src/main.ts", name, instead);
}

/** A version to come: beside the migrations of this tree it has those that are given, by their names. */
export async function buildNext(name: string, instead: Record<string, string>, migrations: Record<string, string>): Promise<Built> {
  const root = resolve("dist", `chaos-${process.pid}-${name}`);
  const folder = join(root, "prisma", "migrations");
  await mkdir(dirname(folder), { recursive: true });
  await cp(resolve("prisma", "migrations"), folder, { recursive: true });
  for (const [file, text] of Object.entries(migrations)) await writeFile(join(folder, file), text);
  const built = await bundle("src/main.ts", "product", instead, join(root, "dist"));
  const forget = atExit(() => rmSync(root, { recursive: true, force: true }));
  return {
    program: built.program,
    remove: () => {
      built.remove();
      forget();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The same for another program of this tree. */
export async function bundle(
  entry: string,
  name: string,
  instead: Record<string, string> = {},
  folder: string = resolve("dist"),
): Promise<Built> {
  const program = join(folder, `chaos-${process.pid}-${name}.js`);
  await build({
    entryPoints: [resolve(entry)],
    outfile: program,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20.19",
    sourcemap: true,
    logLevel: "error",
    plugins: [replacing(instead)],
  });
  const remove = () => {
    for (const path of [program, `${program}.map`]) rmSync(path, { force: true });
  };
  const removed = atExit(remove);
  return {
    program,
    remove: () => {
      removed();
      remove();
    },
  };
}

function replacing(instead: Record<string, string>): Plugin {
  const replacements = new Map(Object.entries(instead).map(([original, replacement]) => [resolve(original), resolve(replacement)]));
  return {
    name: "replacing",
    setup: (setup) => {
      setup.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, importer }) => {
        const replacement = replacements.get(join(resolveDir, path));
        return replacement === undefined || replacement === importer ? undefined : { path: replacement };
      });
    },
  };
}
