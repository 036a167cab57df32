import { createHmac, timingSafeEqual } from "node:crypto";
import { acceptedKeys, type Keys } from "../../access/keys/keys.ts";
import type { Clock } from "../../platform/clock/clock.ts";

interface Signing {
  keys: Pick<Keys, "chartPictures" | "before">;
  clock: Pick<Clock, "now">;
}

/** Which chart: of what was written down to be sent, the block at this place. */
export interface ChartAddressed {
  tenant: string;
  out: string;
  place: number;
}

/** As long as what was sent is kept: services fetch a picture again whenever somebody scrolls back. */
const keptMs = 90 * 86_400_000;

/** The path of a chart's picture, which holds for 90 days: whoever has it may see the picture, as a service must who has no account of ours. */
export function chartPath({ keys, clock }: Signing, chart: ChartAddressed): string {
  const until = String(Math.floor((clock.now() + keptMs) / 1000));
  const k = `${until}.${chart.tenant}.${signature(keys.chartPictures, chart, until)}`;
  return `/charts/${chart.out}/${chart.place}.png?k=${k}`;
}

/** What a path with this `k` is for; undefined where it is false or over. */
export function readChartPath(
  { keys, clock }: Signing,
  { out, place }: Pick<ChartAddressed, "out" | "place">,
  k: string,
): (ChartAddressed & { secondsLeft: number }) | undefined {
  const [until = "", tenant = "", given = ""] = k.split(".");
  const chart = { tenant, out, place };
  const secondsLeft = Number(until) - Math.floor(clock.now() / 1000);
  const isOurs = acceptedKeys(keys, "chartPictures").some((key) => equal(given, signature(key, chart, until)));
  return isOurs && secondsLeft > 0 ? { ...chart, secondsLeft } : undefined;
}

function signature(key: Buffer, { tenant, out, place }: ChartAddressed, until: string): string {
  return createHmac("sha256", key).update(`${tenant}/${out}/${place}/${until}`).digest("base64url");
}

function equal(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
