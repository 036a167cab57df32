import { spawn } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { askChild, endChild } from "./child.ts";
import { probeArguments, type Usage, usageSchema } from "./probe.ts";

/** The product, as it is built, in a process of its own. */
export interface Product {
  pid: number;
  url: string;
  /** The public key of its demo inbox. */
  inbox: string;
  /** An agent of the demo tenant. */
  account: { email: string; password: string };
  /** Its admin. */
  admin: { email: string; password: string };
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export interface ProductSettings {
  databaseUrl: string;
  natsUrl?: string;
  dataDir: string;
  /** As the setting ALLOW_HOSTS. */
  allowHosts?: string;
  /** As the settings SLACK_API_URL and TEAMS_URL. */
  chats?: { slack: string; teams: string };
  /** Where what goes on beside the hash is measured. */
  cheapHashes?: boolean;
  /** A folder for a CPU profile, written when it stops. */
  profileDir: string | undefined;
}

/** As `npm start` gives it in package.json: what a turn makes lives as long as its statement, and in the 16 MB that V8 begins with it would be copied on. */
const asStarted = ["--max-semi-space-size=64"];
const startWithinMs = 30_000;
const account = z.object({ email: z.string(), password: z.string() });
const demoSchema = z.object({ inbox: z.string(), accounts: z.tuple([account, account, account]) });

/** Starts the product with its limits off, and nothing of this process's environment. */
export async function startProduct({
  databaseUrl,
  natsUrl,
  dataDir,
  allowHosts,
  chats,
  cheapHashes = false,
  profileDir,
}: ProductSettings): Promise<Product> {
  await mkdir(dataDir, { recursive: true });
  const profiling = profileDir === undefined ? [] : ["--cpu-prof", "--cpu-prof-interval", "500", "--cpu-prof-dir", profileDir];
  const child = spawn(
    process.execPath,
    [...probeArguments, ...profiling, ...asStarted, "--enable-source-maps", join(import.meta.dirname, "main.js")],
    {
      env: {
        PORT: "0",
        DATA_DIR: dataDir,
        DATABASE_URL: databaseUrl,
        LIMITS: "off",
        LOG_LEVEL: "warn",
        // Its hundred thousand rows would be made while others are measured.
        DEMO_SHOP: "off",
        ...(allowHosts === undefined ? {} : { ALLOW_HOSTS: allowHosts }),
        ...(chats === undefined ? {} : { SLACK_API_URL: chats.slack, TEAMS_URL: chats.teams }),
        ...(cheapHashes ? { PASSWORD_COST: "low" } : {}),
        ...(natsUrl === undefined ? {} : { NATS_URL: natsUrl }),
      },
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    },
  );
  try {
    const url = await addressOf(child.stdout ?? process.stdin);
    const demo = demoSchema.parse(JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8")));
    return {
      pid: child.pid ?? 0,
      url,
      inbox: demo.inbox,
      account: demo.accounts[0],
      admin: demo.accounts[2],
      usage: () => askChild(child, {}, usageSchema, 10_000),
      stop: () => endChild(child),
    };
  } catch (error) {
    await endChild(child);
    throw error;
  }
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: output });
  const late = setTimeout(() => lines.close(), startWithinMs);
  try {
    for await (const line of lines) {
      const url = /^Switchboard runs at (\S+)/.exec(line)?.[1];
      if (url !== undefined) return url;
    }
  } finally {
    clearTimeout(late);
    output.resume();
  }
  throw new Error("the product did not start; what it said stands above");
}
