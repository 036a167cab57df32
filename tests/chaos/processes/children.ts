import { readdir, readFile } from "node:fs/promises";

/** The direct children of a process; none where the system has no /proc. */
export async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(async (pid) => ({ pid, parent: await parentOf(pid) })));
  return parents.filter((entry) => entry.parent === parent).map(({ pid }) => pid);
}

async function parentOf(pid: number): Promise<number> {
  // The name in the second field may itself hold spaces and brackets: proc(5).
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return Number(stat.replace(/^.*\) /s, "").split(" ")[1]);
}
