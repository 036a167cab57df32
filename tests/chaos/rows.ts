import type { Row } from "./row.ts";
import { blockedLoop } from "./rows/blockedLoop.ts";
import { commitMoments } from "./rows/commitMoments.ts";
import { gatewayEnds } from "./rows/gatewayEnds.ts";

/** The rows of faults.md that this run injects, in their order. */
export const rows: Row[] = [...gatewayEnds, ...commitMoments, ...blockedLoop].sort((a, b) => a.number - b.number);
