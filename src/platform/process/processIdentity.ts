import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether a process with this number runs. A dead one that nobody has collected, as below a container's first process, doesn't. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return linuxStat(pid)?.state !== "Z";
}

/**
 * Tells a process from a later one with the same number: its start in clock ticks and the boot that it counts from, or what `ps` says.
 * Undefined where no such process runs; empty where the system doesn't tell.
 */
export function processIdentity(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  const stat = linuxStat(pid);
  if (stat !== undefined) return `${stat.startTicks}@${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}`;
  if (process.platform === "win32") return "";
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

function linuxStat(pid: number): { state: string; startTicks: string } | undefined {
  try {
    // The name in the second field may itself hold spaces and brackets: proc(5).
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return { state: state ?? "", startTicks: fields[18] ?? "" };
  } catch {
    return undefined;
  }
}
