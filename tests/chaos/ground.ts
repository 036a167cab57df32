import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./processes/atExit.ts";
import { bundle } from "./processes/bundle.ts";
import { hasNats, startNats } from "./processes/nats.ts";
import { startPostgres } from "./processes/postgres.ts";
import type { Ground } from "./world.ts";

/** The database and, where its binary is found, NATS, that the rows of a run share; `end` leaves nothing behind. */
export async function openGround(program: string): Promise<Ground & { end(): Promise<void> }> {
  const crowd = await bundle("tests/chaos/people/crowd.ts", "crowd");
  const folder = await mkdtemp(join(tmpdir(), "switchboard-chaos-"));
  const forget = atExit(() => rmSync(folder, { recursive: true, force: true }));
  const postgres = await startPostgres(folder);
  const nats = hasNats() ? await startNats(join(folder, "nats")) : undefined;
  return {
    folder,
    program,
    crowdProgram: crowd.program,
    postgres,
    nats,
    end: async () => {
      await nats?.end();
      postgres.thaw();
      await postgres.end();
      await rm(folder, { recursive: true, force: true });
      forget();
      crowd.remove();
    },
  };
}
