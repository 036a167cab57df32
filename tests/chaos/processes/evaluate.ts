import { once } from "node:events";
import { WebSocket } from "ws";
import type { Product } from "./product.ts";
import { until } from "./until.ts";

/** Runs code inside a process through Node's own debugger, which SIGUSR1 opens, so that the product has no door for it. */
export async function evaluate(product: Product, expression: string): Promise<void> {
  product.signal("SIGUSR1");
  const address = () => product.output.map((line) => /Debugger listening on (ws:\S+)/.exec(line)?.[1]).find((found) => found !== undefined);
  await until("its debugger listens", 5000, () => address() !== undefined);
  const socket = new WebSocket(address() ?? "");
  await once(socket, "open");
  socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } }));
  await once(socket, "message");
  socket.close();
}
