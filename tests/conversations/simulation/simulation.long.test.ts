import { it } from "vitest";
import { expectAllHold, seeds } from "./allHold.ts";

it("turns, leases and control hold in 2,000 worlds", async () => {
  await expectAllHold(seeds(2000), 6);
}, 180_000);
