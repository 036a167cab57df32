import type { Bus } from "./bus/bus.ts";
import type { Clock } from "./clock/clock.ts";
import type { Database } from "./database/database.ts";
import type { Files } from "./files/files.ts";
import type { Log } from "./log/log.ts";

/** What every room may need from outside. Functions take the part that they use: `Pick<Platform, "database" | "bus">`. */
export interface Platform {
  database: Database;
  bus: Bus;
  clock: Clock;
  files: Files;
  log: Log;
}
