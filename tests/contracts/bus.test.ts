import { describe } from "vitest";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { connectNats } from "../../src/platform/bus/nats.ts";
import { describeWithServer } from "../fixtures/services.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { busContract } from "./bus.contract.ts";

describe("the bus in the process", () => {
  busContract(async () => createInProcessBus());
});

await describeWithServer("the bus over NATS", "NATS_URL", (url) => {
  busContract(() => connectNats({ url, log: silentLog }));
});
