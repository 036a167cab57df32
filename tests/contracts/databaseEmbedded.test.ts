import { describe } from "vitest";
import { createTestDatabase } from "../fixtures/testDatabase.ts";
import { databaseContract } from "./database.contract.ts";

describe("the embedded PostgreSQL", () => {
  databaseContract(() => createTestDatabase("empty"));
});
