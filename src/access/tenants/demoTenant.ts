import { randomInt, randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { v7 as newId } from "uuid";
import { z } from "zod";
import { makeFolder } from "../../platform/dataDir/makeFolder.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { allowDemoOrigin, createDemoTenant, demoInboxKey, demoSlug, hasTenants, lockDemo } from "./demoStore.ts";

const demoSchema = z.object({
  tenant: z.string(),
  inbox: z.string(),
  accounts: z.array(z.object({ email: z.string(), password: z.string(), roles: z.array(z.string()) })),
});

/** How to try the product: `DATA_DIR/demo.json` (`protocol.md`). */
export type DemoTenant = z.infer<typeof demoSchema>;

const people = [
  { name: "Agent One", email: "agent1@demo.example", roles: ["agent"] },
  { name: "Agent Two", email: "agent2@demo.example", roles: ["agent"] },
  { name: "Admin", email: "admin@demo.example", roles: ["admin"] },
];

type Outside = Pick<Platform, "database" | "log"> & Pick<Access, "passwords">;

/**
 * In development only: on the first start, when there is no tenant yet, makes the demo tenant and writes its accounts to `DATA_DIR/demo.json`
 * (0600); `created` tells that this start did. Later the demo inbox learns a changed `PUBLIC_URL`. Of processes that start at once, one makes it.
 * `inbox` is the demo inbox's public key, whoever made it; `demo` is undefined where this `DATA_DIR` doesn't tell of the tenant that is there.
 */
export async function ensureDemoTenant(
  outside: Outside,
  { publicUrl, dataDir }: { publicUrl: string; dataDir: string },
): Promise<{ created: boolean; demo: DemoTenant | undefined; inbox: string | undefined }> {
  const origin = new URL(publicUrl).origin;
  const created = await createOnce(outside, { origin, dataDir });
  if (created !== undefined) return { created: true, demo: created, inbox: created.inbox };
  await allowDemoOrigin(outside, origin);
  const inbox = await demoInboxKey(outside);
  const written = await readDemo(dataDir);
  return { created: false, demo: written?.inbox === inbox ? written : undefined, inbox };
}

async function createOnce(
  { database, log, passwords }: Outside,
  { origin, dataDir }: { origin: string; dataDir: string },
): Promise<DemoTenant | undefined> {
  if (await hasTenants(database.acrossTenants)) return undefined;
  // A second database on the same DATA_DIR gets the same accounts: the file stays true for the first one.
  const written = await readDemo(dataDir);
  const accounts = await Promise.all(
    people.map(async (person) => {
      const password = written?.accounts.find(({ email }) => email === person.email)?.password ?? readablePassword();
      return { ...person, id: newId(), password, hash: await passwords.hash(password) };
    }),
  );
  const inbox = written?.inbox ?? `demo-${randomText(20)}`;
  return await database.acrossTenants.transaction(async (tx) => {
    await lockDemo(tx);
    if (await hasTenants(tx)) return undefined;
    await createDemoTenant(tx, { tenant: newId(), inbox: newId(), publicKey: inbox, origin, accounts });
    const demo = { tenant: demoSlug, inbox, accounts: accounts.map(({ email, password, roles }) => ({ email, password, roles })) };
    // Before the commit: accounts whose passwords nobody was told are worse than a file without accounts, which the next start replaces.
    await writeDemo(dataDir, demo);
    log.info({ tenant: demoSlug }, "demo tenant made");
    return demo;
  });
}

// No 0 and o, 1 and l and i: read from a terminal, typed into a form.
const letters = "abcdefghjkmnpqrstuvwxyz23456789";

/** Four groups of five, 99 bits. */
function readablePassword(): string {
  return Array.from({ length: 4 }, () => randomText(5)).join("-");
}

function randomText(length: number): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join("");
}

async function writeDemo(dataDir: string, demo: DemoTenant): Promise<void> {
  const path = join(dataDir, "demo.json");
  const draft = `${path}.${randomUUID()}`;
  try {
    await makeFolder(dataDir);
    await writeFile(draft, `${JSON.stringify(demo, undefined, 2)}\n`, { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    throw new Refusal("unavailable", `The file ${path} can't be written; check the owner, mode and free space of DATA_DIR.`, {
      cause: error,
    });
  }
}

/** None where another process with another `DATA_DIR` made the only demo tenant. */
async function readDemo(dataDir: string): Promise<DemoTenant | undefined> {
  try {
    return demoSchema.parse(JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8")));
  } catch {
    return undefined;
  }
}
