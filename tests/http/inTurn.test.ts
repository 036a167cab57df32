import { once } from "node:events";
import { createServer, IncomingMessage, ServerResponse } from "node:http";
import { connect, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { inTurn } from "../../src/http/inTurn.ts";

test("of many requests that come at once one is begun in each turn of the event loop, and all are answered", async () => {
  let turns = 0;
  let accepted = 0;
  const begun: number[] = [];
  const server = createServer(
    inTurn((request, response) => {
      begun.push(turns);
      request.resume().on("end", () => response.end(`answered ${request.url}`));
    }),
  ).listen(0, "127.0.0.1");
  server.on("connection", () => accepted++);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const sockets = Array.from({ length: 50 }, () => connect(port, "127.0.0.1"));
  while (accepted < sockets.length) await turn();
  const answers = sockets.map((socket, number) => {
    socket.write(`POST /${number} HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody`);
    return text(socket);
  });
  for (; begun.length < sockets.length; turns++) await turn();
  for (const [number, answer] of (await Promise.all(answers)).entries()) expect(answer).toContain(`answered /${number}`);
  server.close();
  expect(new Set(begun).size).toBe(sockets.length);
});

test("of those that wait, whoever has gone meanwhile is not begun, and holds up nobody behind them", async () => {
  const begun: (string | undefined)[] = [];
  const handle = inTurn(({ url }) => begun.push(url));
  const [, gone] = ["/first", "/gone", "/last"].map((url) => {
    const request = Object.assign(new IncomingMessage(new Socket()), { url });
    handle(request, new ServerResponse(request));
    return request;
  });
  gone?.destroy();
  for (let turns = 0; turns < 5; turns++) await turn();
  expect(begun).toEqual(["/first", "/last"]);
});
