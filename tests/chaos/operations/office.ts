import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { query } from "../processes/postgres.ts";
import { pause } from "../processes/until.ts";
import type { World } from "../world.ts";
import { type OperationToMake, operationsOf } from "./operations.ts";
import type { Shop } from "./shop.ts";

const demoFile = z.object({ accounts: z.array(z.object({ email: z.string(), password: z.string() })) });
const session = z.object({ accessToken: z.string() });
const run = z.object({ id: z.string(), state: z.string(), error: z.object({ message: z.string() }).nullish() });

export interface Answer {
  status: number;
  body: unknown;
}

/** Two admins who make operations and run them: `ann` asks, `ben` approves. */
export interface Office {
  /** One request to the process of this index; it rejects where that doesn't answer. */
  ask(who: "ann" | "ben", process: number, method: string, path: string, body?: object, key?: string): Promise<Answer>;
  /** Makes an operation and publishes it. */
  make(operation: OperationToMake): Promise<void>;
  /** Begins one, and waits a second for its end. */
  begin(command: string, args: object): Promise<Answer>;
  /** Asked again under the same key at the next process, until one answers: as a program does that was told how. */
  run(command: string, args: object, from?: number): Promise<Answer>;
  /** A payment that waits for its approval; the answer is its run. */
  askToPay(marker: string): Promise<string>;
  approve(id: string, process: number): Promise<Answer>;
}

/** The run that was answered; of what was refused before it was one, "none". */
export function answerOf({ body }: Answer): { id: string; state: string; error: string } {
  const { data } = run.safeParse(body);
  return { id: data?.id ?? "", state: data?.state ?? "none", error: data?.error?.message ?? "" };
}

const answerWithinMs = 40_000;

/** Signs both in, connects the shop and publishes the operations. */
export async function openOffice(world: World, shop: Shop): Promise<Office> {
  const { accounts } = demoFile.parse(JSON.parse(await readFile(join(world.dataDir, "demo.json"), "utf8")));
  const [, second, admin] = accounts;
  if (second === undefined || admin === undefined) throw new Error("the demo tenant has too few people");
  await query(world.databaseUrl, "update membership set roles = '{admin}' where account_id = (select id from account where email = $1)", [
    second.email,
  ]);
  const portOf = (process: number) => world.gateways[process % world.gateways.length]?.port ?? 0;
  const send = async (process: number, method: string, path: string, headers: Record<string, string>, body?: object) => {
    const response = await fetch(`http://127.0.0.1:${portOf(process)}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", origin: "http://switchboard.test", prefer: "wait=25", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  const tokenOf = async ({ email, password }: { email: string; password: string }) =>
    session.parse((await send(0, "POST", "/session", {}, { email, password })).body).accessToken;
  const tokens = { ann: await tokenOf(admin), ben: await tokenOf(second) };

  const ask: Office["ask"] = (who, process, method, path, body, key = randomUUID()) =>
    send(process, method, path, { authorization: `Bearer ${tokens[who]}`, "idempotency-key": key }, body);
  const done = async (method: string, path: string, body?: object) => {
    const { status, body: answer } = await ask("ann", 0, method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
  };
  await done("POST", "/data-sources", { name: "shop", ...shop.settings });
  const make = async (operation: OperationToMake) => {
    await done("POST", "/operations", operation);
    await done("POST", `/operations/${operation.name}/publish`);
  };
  for (const operation of operationsOf()) await make(operation);

  return {
    ask,
    make,
    begin: (command, args) =>
      send(0, "POST", `/commands/${command}/runs`, { authorization: `Bearer ${tokens.ann}`, prefer: "wait=1" }, { args }),
    run: async (command, args, from = 0) => {
      const key = randomUUID();
      for (let tries = 0; tries < 120; tries++) {
        const answer = await ask("ann", from + tries, "POST", `/commands/${command}/runs`, { args }, key).catch(() => undefined);
        // What failed for the command's own reasons answers its run.
        if (answer !== undefined && (answer.status < 500 || run.safeParse(answer.body).success)) return answer;
        await pause(250);
      }
      throw new Error(`${command} was not answered`);
    },
    askToPay: async (marker) => {
      const { body } = await ask("ann", 0, "POST", "/commands/pay/runs", { args: { marker } });
      const { id, state } = run.parse(body);
      if (state !== "waiting") throw new Error(`a payment is ${state} before anybody approved it`);
      return id;
    },
    approve: (id, process) => ask("ben", process, "POST", `/runs/${id}/approvals`, { decision: "approve", reason: "Looked at." }),
  };
}
