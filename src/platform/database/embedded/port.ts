import { once } from "node:events";
import { createServer } from "node:net";

/** Answers a loopback port that nobody listens on now: `port`, or any for 0. Rejects if it is taken. */
export async function listenProbe(port: number): Promise<number> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : port;
}
