import { describe } from "vitest";
import { openDatabaseJobs } from "../../src/platform/jobs/databaseJobs.ts";
import { openRedisJobs } from "../../src/platform/jobs/redisJobs.ts";
import { describeWithServer } from "../fixtures/services.ts";
import { jobsContract } from "./jobs.contract.ts";

describe("jobs on the database", () => {
  jobsContract(async (outside, times) => openDatabaseJobs(outside, times));
});

await describeWithServer("jobs over Redis", "REDIS_URL", (url) => {
  jobsContract((outside, times) => openRedisJobs({ ...outside, url }, times));
});
