import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { PrismaClient } from "../../../prisma/generated/client.ts";
import { translateDatabaseError } from "./unavailable.ts";

export type Prisma = ReturnType<typeof openPrisma>;

/** Prisma over the same connections. It has errors of its own for a server that can't be reached; callers know one for all. */
export function openPrisma(pool: pg.Pool) {
  return new PrismaClient({ adapter: new PrismaPg(pool) }).$extends({
    query: {
      $allOperations: ({ args, query }) =>
        query(args).catch((error: unknown) => {
          throw translateDatabaseError(error);
        }),
    },
  });
}
