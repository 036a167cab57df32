import { describeWithServer } from "../fixtures/services.ts";
import { createDatabaseAt } from "../fixtures/testDatabase.ts";
import { databaseContract } from "./database.contract.ts";

await describeWithServer("a PostgreSQL server", "DATABASE_URL", (url) => {
  databaseContract(() => createDatabaseAt(url));
});
