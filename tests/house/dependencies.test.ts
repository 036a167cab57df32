import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";

const names = z.record(z.string(), z.string()).default({});
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().default("0"), integrity: z.string().optional(), dependencies: names, optionalDependencies: names }),
  ),
});
type Packages = z.infer<typeof lockSchema>["packages"];

/** The version in which what is named was closed. */
const closedIn: Record<string, { version: string; why: string }> = {
  ws: { version: "8.21.0", why: "memory by tiny fragments (GHSA-96hv-2xvq-fx4p), crash by many headers (CVE-2024-37890)" },
  jsonwebtoken: { version: "9.0.0", why: "none and key confusion (CVE-2022-23540, -23539, -23541)" },
  preact: { version: "10.28.2", why: "an object drawn as an element (CVE-2026-22028)" },
  mysql2: { version: "3.22.0", why: "the password in clear to a server that asks (GHSA-3f6p-5ww8-9rcr)" },
  otplib: { version: "13.5.0", why: "a code that was used can be told (afterTimeStep)" },
};

async function readPackages(): Promise<Packages> {
  return lockSchema.parse(JSON.parse(await readFile(join(import.meta.dirname, "..", "..", "package-lock.json"), "utf8"))).packages;
}

/** What the product runs, found as Node finds it; without Prisma's own program, which writes types at the installation and speaks to no server. */
function runBy(packages: Packages): Set<string> {
  const found = new Set<string>();
  const visit = (path: string) => {
    const { dependencies = {}, optionalDependencies = {} } = packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      let folder = path;
      while (folder !== "" && !Object.hasOwn(packages, `${folder}/node_modules/${name}`))
        folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")));
      const at = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
      if (name === "prisma" || found.has(at) || !Object.hasOwn(packages, at)) continue;
      found.add(at);
      visit(at);
    }
  };
  visit("");
  return found;
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
const isBefore = (version: string, least: string) => version.localeCompare(least, "en", { numeric: true }) < 0;

it("no package that is run is older than the version in which its hole was closed", async () => {
  expect([isBefore("8.9.0", "8.21.0"), isBefore("10.0.0", "9.0.0"), isBefore("9.0.0", "9.0.0")]).toEqual([true, false, false]);
  const packages = await readPackages();
  const run = runBy(packages);
  for (const path of ["node_modules/ws", "node_modules/express", "node_modules/body-parser"]) expect(run).toContain(path);
  const old = [...run].flatMap((path) => {
    const closed = closedIn[nameOf(path)];
    const version = packages[path]?.version ?? "0";
    return closed !== undefined && isBefore(version, closed.version) ? [`${path} ${version}: ${closed.why}`] : [];
  });
  expect(old).toEqual([]);
});

it("sec/sql/58 no package that is run takes a text for code, or for SQL within this process", async () => {
  const engines =
    /^(alasql|lokijs|sql\.js|better-sqlite3|sqlite3|node-sqlite3-wasm|@electric-sql\/pglite|@duckdb\/.*|duckdb|vm2|isolated-vm|quickjs-emscripten|safe-eval|expr-eval|jexl|jsonata|mathjs|tmpl|ejs|pug|handlebars|nunjucks|liquidjs|mustache|eta|doT)$/;
  const run = [...runBy(await readPackages())].map(nameOf);
  expect(["alasql", "vm2", "handlebars", "@duckdb/node-api"].filter((name) => !engines.test(name))).toEqual([]);
  expect(run.filter((name) => engines.test(name))).toEqual([]);
});

it("every package is pinned with its hash", async () => {
  const packages = Object.entries(await readPackages());
  expect(packages.filter(([path, { integrity }]) => path !== "" && integrity === undefined)).toEqual([]);
});

it("sec/sql/60 whoever runs the product can't write where its code stands", async () => {
  const image = await readFile(join(import.meta.dirname, "..", "..", "docker-compose.yml"), "utf8");
  const [, product = ""] = /^ {2}switchboard:\n((?: {4}.*\n)+)/m.exec(image) ?? [];
  expect(product.match(/\bchown .*/g)).toEqual(["chown node:node data"]);
  expect(product).toMatch(/^ {8}USER node$/m);
  expect(product).toMatch(/^ {4}read_only: true$/m);
  expect(product).toContain('volumes: ["data:/switchboard/data"]');
});
