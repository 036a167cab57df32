import { once } from "node:events";
import { runSwitchboard } from "./remote/runSwitchboard.ts";
import { openTerminal } from "./terminal.ts";

/** `npx switchboard <verb>`: commands of a running installation, over HTTP. */
const interrupt = new AbortController();
process.on("SIGINT", () => {
  // Whoever presses it twice doesn't want to wait for the server.
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort();
});
// Whoever reads the rows may have had enough: `| head`.
process.stdout.on("error", () => process.exit(0));

process.exitCode = await runSwitchboard({
  words: process.argv.slice(2),
  env: process.env,
  terminal: openTerminal(),
  interrupted: interrupt.signal,
  write: async (content) => {
    for await (const piece of content) if (!process.stdout.write(piece)) await once(process.stdout, "drain");
  },
});
process.exit();
