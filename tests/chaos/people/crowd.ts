import { History } from "../history/history.ts";
import { pause } from "../processes/until.ts";
import { seededRandom } from "../random.ts";
import { type CrowdOrder, type CrowdView, crowdOrder } from "./crowdOrders.ts";
import { Visitor } from "./visitor.ts";

// A process of its own: thousands of pages in the process that keeps the others' time would make every page look late.
const history = new History();
const pages: Visitor[] = [];

process.on("message", (message) => {
  const order = crowdOrder.parse(message);
  if (order.type === "open") void open(order);
  else process.send?.(view());
});
process.on("disconnect", () => process.exit(0));

async function open({ inbox, doors, jitterMs, seed, count, tokens, atOnce }: CrowdOrder & { type: "open" }): Promise<void> {
  const random = seededRandom(seed);
  const door = (failures: number) => doors[failures % doors.length] ?? { port: 0, origin: "" };
  for (let index = 0; index < count; index++) {
    if (index % 50 === 0) while (pages.length - pages.filter((page) => page.open).length >= atOnce) await pause(5);
    const token = tokens[index];
    const page = new Visitor(
      { history, random, door, inbox, tenant: "demo", jitterMs },
      `crowd-${index}`,
      token === undefined ? undefined : { token },
    );
    pages.push(page);
    page.dial();
  }
}

function view(): CrowdView {
  return {
    open: pages.filter((page) => page.open).length,
    welcomedAt: pages.map(({ welcomedAt }) => performance.timeOrigin + welcomedAt),
    doors: pages.map(({ door }) => door),
    refusals: pages.flatMap(({ refusals }) => refusals),
    forgotten: history.events.filter(({ kind }) => kind === "forgotten").length,
  };
}
