import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { atExit } from "./atExit.ts";
import { until } from "./until.ts";

/** Why no system call can be made to fail here, or undefined. */
export function noTracerHere(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root may trace the database's processes";
  return spawnSync("strace", ["--version"], { stdio: "ignore" }).status === 0 ? undefined : "strace is not in the PATH";
}

/** From now on every sync of these processes fails as on a broken disk; `end` lets those that are left go. */
export async function failSync(pids: readonly number[]): Promise<{ end(): Promise<void> }> {
  const tracer = spawn(
    "strace",
    [
      ...["-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=1+"],
      ...pids.flatMap((pid) => ["-p", String(pid)]),
    ],
    { stdio: "ignore" },
  );
  tracer.once(
    "exit",
    atExit(() => tracer.kill("SIGKILL")),
  );
  await until("its syncs fail", 5000, async () => (await Promise.all(pids.map(isTraced))).some(Boolean));
  return {
    end: async () => {
      if (tracer.exitCode !== null || tracer.signalCode !== null) return;
      tracer.kill("SIGINT");
      await once(tracer, "exit");
    },
  };
}

/** Or has died of it already. */
async function isTraced(pid: number): Promise<boolean> {
  return /^(TracerPid:\s+[1-9]|gone)/m.test(await readFile(`/proc/${pid}/status`, "utf8").catch(() => "gone"));
}
