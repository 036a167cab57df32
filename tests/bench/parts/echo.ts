import { once } from "node:events";
import { WebSocketServer } from "ws";
import { z } from "zod";
import { servePart } from "../processes/part.ts";
import type { Usage } from "../processes/probe.ts";

export const listeningSchema = z.object({ url: z.string() });
const questionSchema = z.object({ do: z.enum(["listen", "usage"]) });

/** The limit beside which sockets are measured: a server that only sends back what it hears, set up as the product's. */
export function playEcho(): void {
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: 64 * 1024,
  });
  const listening = once(server, "listening");
  server.on("connection", (socket) => {
    socket.on("message", (data) => socket.send(data, { binary: false }));
    socket.on("error", () => {});
  });
  servePart(questionSchema, async (question) => {
    if (question.do === "usage") return usage();
    await listening;
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the echo does not listen");
    return { url: `http://127.0.0.1:${address.port}` } satisfies z.infer<typeof listeningSchema>;
  });
}

function usage(): Usage {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return { ...process.memoryUsage(), ...process.cpuUsage() };
}
