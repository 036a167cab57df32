import { spawnSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Refusal } from "../../../protocol/refusal.ts";

interface User {
  uid: number;
  gid: number;
}

/** How a command must be started so that PostgreSQL, which refuses to be root, does its work. */
export interface RunAs {
  wrap(command: string, args: string[]): { command: string; args: string[] } & Partial<User>;
  /** Makes a folder, with all in it, belong to whom PostgreSQL runs as. */
  own(path: string): void;
}

/**
 * An ordinary user is left as it is. Root gets the first of these that can run `binary` and reach the folder around `dataFolder`:
 * - a user namespace in which root has another number: the files stay root's, and a home of mode 0700 is no hindrance;
 * - another user, where namespaces are forbidden (most containers);
 * - another user with the one capability that opens a closed home.
 * Data that belongs to an ordinary user is served as that user, who can then start the product again without root.
 */
export async function chooseRunAs({ binary, dataFolder }: { binary: string; dataFolder: string }): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { wrap: (command, args) => ({ command, args }), own: () => {} };
  const owner = await stat(dataFolder).catch(() => undefined);
  const choices = owner === undefined || owner.uid === 0 ? rootChoices(await unprivilegedUser()) : [asUser(owner), asUserWithAccess(owner)];
  const chosen = choices.find((choice) => works(choice, binary, dirname(dataFolder)));
  if (chosen !== undefined) return chosen;
  throw new Refusal(
    "unavailable",
    "PostgreSQL doesn't run as root, and no other user can be used here; start as an ordinary user, or set DATABASE_URL.",
  );
}

/** Any user but root will do; initdb wants one that has a name. */
async function unprivilegedUser(): Promise<User> {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n").map((line) => line.split(":"));
  const users = lines.filter(([, , uid]) => Number(uid) > 0);
  const [, , uid, gid] = users.find(([name]) => name === "nobody") ?? users[0] ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
}

function rootChoices(user: User): RunAs[] {
  return [inNamespace(user), asUser(user), asUserWithAccess(user)];
}

function inNamespace({ uid }: User): RunAs {
  return {
    wrap: (command, args) => ({ command: "unshare", args: ["--user", `--map-user=${uid}`, "--", command, ...args] }),
    own: () => {},
  };
}

function asUser({ uid, gid }: User): RunAs {
  return { wrap: (command, args) => ({ command, args, uid, gid }), own: (path) => chownAll(path, { uid, gid }) };
}

/** Without the secure bit `access(2)`, by which PostgreSQL looks for its own binaries, takes no notice of the capability. */
function asUserWithAccess({ uid, gid }: User): RunAs {
  const user = [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
  const become = [...user, "--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  return {
    wrap: (command, args) => ({ command: "setpriv", args: [...become, "--", command, ...args] }),
    own: (path) => chownAll(path, { uid, gid }),
  };
}

function chownAll(path: string, { uid, gid }: User): void {
  spawnSync("chown", ["-R", `${uid}:${gid}`, path]);
}

function works(choice: RunAs, binary: string, folder: string): boolean {
  const { command, args, ...user } = choice.wrap("sh", ["-c", 'cd "$1" && "$0" --version', binary, folder]);
  return spawnSync(command, args, { ...user, stdio: "ignore" }).status === 0;
}
