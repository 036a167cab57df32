import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alone } from "./alone.mjs";
import { buildPart, generateClient, parts } from "./buildParts.mjs";
import { fingerprint } from "./fingerprint.mjs";
import { install, isInstalled } from "./install.mjs";
import { Problem, root, say } from "./say.mjs";

const recordPath = join(root, "dist", ".prepared.json");

/**
 * Brings what is installed and built up to the sources: nothing on an unchanged tree, at the cost of looking at the times of some hundred
 * files. Ends the process with a sentence where it can't.
 *
 * @param {string[]} names of parts in buildParts.mjs
 * @param {{ development?: boolean }} [options] whether the packages that only tests and checks need must be there
 */
export async function prepareOrExit(names, options = {}) {
  try {
    await prepare(names, options);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

async function prepare(names, { development = false }) {
  process.chdir(root);
  const wanted = names.filter((name) => existsSync(join(root, parts[name].needs)));
  if (isUpToDate(wanted, development)) return;
  mkdirSync(join(root, "dist"), { recursive: true });
  // Two may be started at once: the second waits, looks again, and finds the work done.
  await alone(join(root, "dist", ".preparing"), async () => {
    if (!isInstalled(development)) await install();
    const stale = ["client", ...wanted].filter((name) => isStale(name));
    if (stale.includes("client")) await made("client", generateClient);
    const builds = stale.filter((name) => name !== "client");
    if (builds.length > 0) say(`Building ${builds.join(", ")} ...`);
    // All are waited for, so that none is still writing when the process ends.
    const results = await Promise.allSettled(builds.map((name) => made(name, () => buildPart(name))));
    const failed = results.find(({ status }) => status === "rejected");
    if (failed !== undefined) throw failed.reason;
  });
}

function isUpToDate(names, development) {
  return isInstalled(development) && ["client", ...names].every((name) => !isStale(name));
}

function isStale(name) {
  const part = parts[name];
  return readRecord()[name] !== fingerprint(part.from) || !existsSync(join(root, part.to));
}

/** The fingerprint is taken before: what is edited while it is built is built again next time. */
async function made(name, make) {
  const from = fingerprint(parts[name].from);
  forget(name);
  await make();
  writeRecord({ ...readRecord(), [name]: from });
}

/** Called before something else writes into the part's output. */
export function forget(name) {
  const { [name]: _, ...others } = readRecord();
  writeRecord(others);
}

function readRecord() {
  try {
    return JSON.parse(readFileSync(recordPath, "utf8"));
  } catch {
    return {};
  }
}

function writeRecord(record) {
  if (Object.keys(record).length === 0) return rmSync(recordPath, { force: true });
  writeFileSync(recordPath, JSON.stringify(record));
}
