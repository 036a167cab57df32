import { newClientId } from "../../src/client/clientId.ts";
import type { CommandListing, PlanAnswer, RunAnswer } from "../../src/protocol/commands.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { requestAsMe } from "../session/session.ts";
import { askConfirmation } from "../session/stepUp.ts";
import { follow, leave } from "./underWay.ts";

/** What answers sooner is never seen running. */
const momentSeconds = 1;
/** How often an answer that got lost is asked for again, with the same key: the server runs it once. */
const tries = 3;

/** What must have gone before a conversation changes hands, or is closed: a reply after that would be refused. */
export const beforeCommands = { settle: async (): Promise<void> => {} };

const reading = new Set(["conversation.why", "conversation.rating"]);

/**
 * Runs a command and waits for its end. What can't be taken back is asked for once more, unless the person has `confirmed` it where they asked. `conversation` is
 * where it is asked.
 * Throws the refusal that the person is told.
 */
export async function runCommand(
  name: string,
  args: Record<string, unknown>,
  { confirmed = false, conversation }: { confirmed?: boolean; conversation?: string } = {},
): Promise<RunAnswer> {
  if (/^(conversation|contact)\./.test(name) && !reading.has(name)) await beforeCommands.settle();
  let run = await startRun(name, { args, conversation }).catch(async (error: unknown) => {
    if (!(error instanceof Refusal) || error.code !== "confirmation_needed") throw error;
    const plan = await planCommand(name, args);
    if (!confirmed) await askConfirmation(name, plan);
    return await startRun(name, { args, conversation, planHash: plan.hash });
  });
  run = await toItsEnd(run);
  if (run.state === "waiting") return { ...run, messages: [{ text: `"${name}" waits for approval: ${waitsFor(run)}. See Runs.` }] };
  if (run.error !== null && run.error !== undefined) {
    const { code, message, path, character } = run.error;
    throw new Refusal(code, message, {
      ...(path === undefined ? {} : { path }),
      ...(character === undefined ? {} : { character }),
    });
  }
  return run;
}

/** What a run would do; nothing happens. */
export async function planCommand(name: string, args: Record<string, unknown>): Promise<PlanAnswer> {
  return await requestAsMe<PlanAnswer>({ method: "POST", path: `commands/${encodeURIComponent(name)}/plans`, body: { args } });
}

/** What takes longer than a moment is seen meanwhile, and can be stopped. */
async function toItsEnd(begun: RunAnswer): Promise<RunAnswer> {
  let run = begun;
  try {
    for (let waited = 250; run.state === "running"; waited = Math.min(waited * 2, 2000)) {
      follow(run);
      await new Promise((resolve) => setTimeout(resolve, waited));
      run = await requestAsMe<RunAnswer>({ method: "GET", path: `runs/${encodeURIComponent(run.id)}` });
    }
  } finally {
    leave(begun.id);
  }
  return run;
}

/** `1 with the role admin`. */
export function waitsFor({ approvals }: Pick<RunAnswer, "approvals">): string {
  return approvals.map(({ by, quorum }) => `${quorum} with the ${by.replace(":", " ")}`).join(", and ");
}

interface CommandPage {
  items: CommandListing[];
  nextCursor: string | null;
}

/** All that I may run, page by page. */
export async function listCommands(): Promise<CommandListing[]> {
  const commands: CommandListing[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const path: string = `commands?limit=200${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: CommandPage = await requestAsMe<CommandPage>({ method: "GET", path });
    commands.push(...page.items);
    cursor = page.nextCursor;
  }
  return commands;
}

/** What to tell a person for whatever was thrown. */
export function sentence(error: unknown): string {
  return error instanceof Refusal ? error.message : "Something went wrong here. Please try again.";
}

interface RunRequest {
  args: Record<string, unknown>;
  /** Where it is asked. */
  conversation: string | undefined;
  planHash?: string;
}

async function startRun(name: string, request: RunRequest): Promise<RunAnswer> {
  const idempotencyKey = newClientId();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await requestAsMe<RunAnswer>({
        method: "POST",
        path: `commands/${encodeURIComponent(name)}/runs`,
        body: request,
        idempotencyKey,
        waitSeconds: momentSeconds,
      });
    } catch (error) {
      const lost = error instanceof Refusal && error.code === "unavailable";
      if (!lost || attempt === tries) throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 400 * attempt));
    }
  }
}
