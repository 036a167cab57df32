import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
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

/** The same for another program of this tree. */
export async function bundle(entry: string, name: string, instead: Record<string, string> = {}): Promise<Built> {
  const program = resolve("dist", `chaos-${process.pid}-${name}.js`);
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
