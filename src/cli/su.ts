import { exitCodes } from "./exitCodes.ts";
import { runSu } from "./runSu.ts";
import { openTerminal } from "./terminal.ts";

/** `npm run su -- <verb>`: what is done to super admins, on the server. */
const run = runSu({ words: process.argv.slice(2), env: process.env, terminal: openTerminal() });

async function interrupt(): Promise<never> {
  await run.abandon().catch(() => {});
  process.exit(exitCodes.interrupted);
}

// Also where the terminal is closed: the embedded PostgreSQL would stay behind, and its folder locked.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void interrupt());

process.exit(await run.ended);
