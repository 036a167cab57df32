import { exitCodes } from "./exitCodes.ts";
import { runSu } from "./runSu.ts";
import { openTerminal } from "./terminal.ts";

/** `npm run su -- <verb>`: what is done to super admins, on the server. */
const run = runSu({ words: process.argv.slice(2), env: process.env, terminal: openTerminal() });

async function interrupt(): Promise<never> {
  await run.abandon().catch(() => {});
  process.exit(exitCodes.interrupted);
}

process.once("SIGINT", () => void interrupt());
process.once("SIGTERM", () => void interrupt());

process.exit(await run.ended);
