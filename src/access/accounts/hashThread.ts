import { Worker } from "node:worker_threads";
import { hash, verify } from "@node-rs/argon2";
import { z } from "zod";

/** What is hashed, or compared with a hash. */
export type HashWork =
  | { hash: string; options: { memoryCost: number; timeCost: number; parallelism: number; outputLen: number } }
  | { verify: string; password: string };

/** So much below the rest: it has what nobody wants, and about a tenth of a processor where all are busy. */
const niceness = 10;

/**
 * Runs in the thread. Linux has a priority for each thread, by its id; where there is no /proc, all have that of the process. The package is found from
 * here, for the text itself stands nowhere.
 */
const thread = `
const { parentPort, workerData } = require("node:worker_threads");
try {
  const own = require("node:fs").readlinkSync("/proc/thread-self").split("/").pop();
  require("node:os").setPriority(Number(own), require("node:os").getPriority(Number(own)) + ${niceness});
} catch {}
const { hashSync, verifySync } = require("node:module").createRequire(workerData)("@node-rs/argon2");
parentPort.on("message", ({ id, work }) => {
  try {
    parentPort.postMessage({ id, done: "hash" in work ? hashSync(work.hash, work.options) : verifySync(work.verify, work.password) });
  } catch (error) {
    parentPort.postMessage({ id, failed: String(error) });
  }
});`;

const answer = z.union([
  z.object({ id: z.number(), done: z.union([z.string(), z.boolean()]) }),
  z.object({ id: z.number(), failed: z.string() }),
]);

/** One thread that does one thing after the other; it is made when it is first needed, and holds no process back from ending. */
export function createHashThread(): (work: HashWork) => Promise<string | boolean> {
  const waiting = new Map<number, { resolve: (done: string | boolean) => void; reject: (error: Error) => void }>();
  let worker: Worker | undefined;
  let next = 0;
  const end = (error: Error) => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = () => {
    const started = new Worker(thread, { eval: true, workerData: import.meta.url });
    started.on("message", (message: unknown) => {
      const said = answer.parse(message);
      const asked = waiting.get(said.id);
      waiting.delete(said.id);
      if (waiting.size === 0) started.unref();
      if ("done" in said) asked?.resolve(said.done);
      else asked?.reject(new Error(`a password couldn't be hashed: ${said.failed}`));
    });
    started.on("error", end);
    started.on("exit", () => end(new Error("the thread of hashes ended")));
    return started;
  };
  return async (work) =>
    await new Promise((resolve, reject) => {
      worker ??= start();
      worker.ref();
      const id = next++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, work });
    });
}

/** The same on the threads that everything has. */
export async function hashAtOnce(work: HashWork): Promise<string | boolean> {
  return "hash" in work ? await hash(work.hash, work.options) : await verify(work.verify, work.password);
}
