import { validate as isId } from "uuid";
import type { Keys } from "../../access/keys/keys.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { findDrawing } from "../outbox/outStore.ts";
import { readChartPath } from "./chartAddresses.ts";
import type { DrawChart } from "./chartPicture.ts";

/** The picture of a chart that was sent, drawn again from what is kept of it. Refusal `not_found`, the same for every reason. */
export async function readChart(
  { database, drawChart, ...signing }: Pick<Platform, "database" | "clock"> & { keys: Keys; drawChart: DrawChart },
  asked: { out: string; place: number },
  k: string,
): Promise<{ png: Buffer; secondsLeft: number }> {
  const found = readChartPath(signing, asked, k);
  const drawing = found && isId(found.out) ? await findDrawing(database.forTenant(found.tenant), found.out) : undefined;
  const block = drawing?.blocks?.[asked.place];
  const png = block?.type === "chart" ? await drawChart(block) : undefined;
  if (found === undefined || png === undefined) throw new Refusal("not_found", "There is no such picture any more.");
  return { png, secondsLeft: found.secondsLeft };
}
