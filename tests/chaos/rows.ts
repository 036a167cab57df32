import type { Row } from "./row.ts";
import { asleep } from "./rows/asleep.ts";
import { automations } from "./rows/automations.ts";
import { badHosts } from "./rows/badHosts.ts";
import { blockedLoop } from "./rows/blockedLoop.ts";
import { brokenDisk } from "./rows/brokenDisk.ts";
import { bus } from "./rows/bus.ts";
import { chatEvents } from "./rows/chatEvents.ts";
import { chatWrites } from "./rows/chatWrites.ts";
import { clock } from "./rows/clock.ts";
import { commitMoments } from "./rows/commitMoments.ts";
import { contention } from "./rows/contention.ts";
import { database } from "./rows/database.ts";
import { deactivation } from "./rows/deactivation.ts";
import { deployment } from "./rows/deployment.ts";
import { disk } from "./rows/disk.ts";
import { gatewayEnds } from "./rows/gatewayEnds.ts";
import { heap } from "./rows/heap.ts";
import { many } from "./rows/many.ts";
import { mixed } from "./rows/mixed.ts";
import { network } from "./rows/network.ts";
import { oneAgent } from "./rows/oneAgent.ts";
import { redis } from "./rows/redis.ts";
import { restore } from "./rows/restore.ts";
import { router } from "./rows/router.ts";
import { slowOperations } from "./rows/slowOperations.ts";
import { stoppedOperations } from "./rows/stoppedOperations.ts";
import { teamsDoor } from "./rows/teamsDoor.ts";
import { uploads } from "./rows/uploads.ts";

/** The rows of faults.md that this run injects, in their order. */
export const rows: Row[] = [
  ...gatewayEnds,
  ...asleep,
  ...commitMoments,
  ...blockedLoop,
  ...network,
  ...many,
  ...database,
  ...router,
  ...bus,
  ...oneAgent,
  ...heap,
  ...automations,
  ...disk,
  ...contention,
  ...clock,
  ...brokenDisk,
  ...restore,
  ...redis,
  ...uploads,
  ...deactivation,
  ...deployment,
  ...stoppedOperations,
  ...slowOperations,
  ...badHosts,
  ...chatEvents,
  ...chatWrites,
  ...teamsDoor,
  ...mixed,
].sort((a, b) => a.number - b.number);
