import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { connect, type Frame } from "../../src/client/connection.ts";
import { openRealSocket } from "./realSocket.ts";

/** A socket of which the test is the other side. */
class FakeSocket {
  sent: { type: string }[] = [];
  closed = false;
  onopen: () => void = () => {};
  onmessage: (event: { data: string }) => void = () => {};
  onclose: (event: { code: number }) => void = () => {};
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  welcome() {
    this.onopen();
    this.say({ type: "welcome" });
  }
  say(frame: Frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
}

function start({ random = 0, hello = () => ({ type: "hello" }), refused = () => {} } = {}) {
  const sockets: FakeSocket[] = [];
  const events = new EventTarget();
  const received: Frame[] = [];
  const connection = connect<Frame, Frame>(
    {
      openSocket: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket;
      },
      events,
      random: () => random,
    },
    { url: "ws://test", hello, receive: (frame) => received.push(frame), refused },
  );
  const socket = (index: number) => {
    const opened = sockets.at(index);
    if (opened === undefined) throw new Error(`No socket ${index}: ${sockets.length} were opened.`);
    return opened;
  };
  return { connection, sockets, socket, events, received };
}

describe("with a clock of our own", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const settled = () => vi.advanceTimersByTimeAsync(0);

  test("says hello first, and is open after the welcome only", async () => {
    const { connection, socket, received } = start();
    await settled();
    expect(connection.status.value).toBe("connecting");
    expect(connection.send({ type: "message" })).toBe(false);
    socket(0).onopen();
    expect(socket(0).sent).toEqual([{ type: "hello" }]);
    expect(connection.status.value).toBe("connecting");
    socket(0).say({ type: "welcome" });
    expect(connection.status.value).toBe("open");
    expect(received).toEqual([{ type: "welcome" }]);
    expect(connection.send({ type: "message" })).toBe(true);
    expect(socket(0).sent.at(-1)).toEqual({ type: "message" });
    connection.close();
  });

  test("comes back at once after the first loss, then with growing pauses", async () => {
    const { connection, sockets, socket } = start();
    await settled();
    const pauses: number[] = [];
    for (let loss = 0; loss < 8; loss += 1) {
      const before = sockets.length;
      socket(-1).onclose({ code: 1006 });
      const lostAt = Date.now();
      while (sockets.length === before) await vi.advanceTimersByTimeAsync(50);
      pauses.push(Date.now() - lostAt);
    }
    expect(pauses[0]).toBeLessThanOrEqual(50);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses.at(-1)).toBe(5_000);
    connection.close();
  });

  test("spreads the return over 3 s, and waits as long as the server asked", async () => {
    const { connection, sockets, socket } = start({ random: 0.999 });
    await settled();
    socket(0).welcome();
    socket(0).say({ type: "restart", retryAfterMs: 4_000 });
    socket(0).onclose({ code: 1012 });
    expect(connection.status.value).toBe("waiting");
    connection.probe();
    await vi.advanceTimersByTimeAsync(6_900);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(sockets).toHaveLength(2);
    connection.close();
  });

  test("a half-open socket is given up 45 s after its last frame", async () => {
    const { connection, socket } = start();
    await settled();
    socket(0).welcome();
    await vi.advanceTimersByTimeAsync(44_900);
    expect(connection.status.value).toBe("open");
    await vi.advanceTimersByTimeAsync(200);
    expect(connection.status.value).toBe("waiting");
    expect(socket(0).closed).toBe(true);
    expect(socket(0).sent.filter(({ type }) => type === "ping")).toHaveLength(2);
    connection.close();
  });

  test("silence alone is no death: answered pings keep it", async () => {
    const { connection, sockets, socket } = start();
    await settled();
    socket(0).welcome();
    for (let beat = 0; beat < 10; beat += 1) {
      await vi.advanceTimersByTimeAsync(15_000);
      socket(0).say({ type: "pong" });
    }
    expect(connection.status.value).toBe("open");
    expect(sockets).toHaveLength(1);
    connection.close();
  });

  test("a probe without answer ends it within 5 s", async () => {
    const { connection, socket } = start();
    await settled();
    socket(0).welcome();
    connection.probe();
    await vi.advanceTimersByTimeAsync(4_900);
    expect(connection.status.value).toBe("open");
    await vi.advanceTimersByTimeAsync(200);
    expect(connection.status.value).toBe("waiting");
    connection.close();
  });

  test("offline is believed at once, online is tried at once", async () => {
    const { connection, sockets, socket, events } = start({ random: 1 });
    await settled();
    socket(0).welcome();
    events.dispatchEvent(new Event("offline"));
    expect(connection.status.value).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1_100);
    events.dispatchEvent(new Event("online"));
    await settled();
    expect(sockets).toHaveLength(2);
    socket(1).welcome();
    expect(connection.status.value).toBe("open");
    connection.close();
  });

  test("what a socket that was given up still says is not heard", async () => {
    const { connection, socket, events, received } = start();
    await settled();
    socket(0).welcome();
    events.dispatchEvent(new Event("offline"));
    socket(0).say({ type: "message" });
    socket(0).onclose({ code: 4401 });
    expect(received.map(({ type }) => type)).toEqual(["welcome"]);
    connection.close();
  });

  test("4401 tells that the token is worth nothing, and the next hello goes without", async () => {
    let token: string | undefined = "old";
    const { connection, socket } = start({
      hello: () => ({ type: "hello", ...(token === undefined ? {} : { token }) }),
      refused: () => {
        token = undefined;
      },
    });
    await settled();
    socket(0).onopen();
    expect(socket(0).sent).toEqual([{ type: "hello", token: "old" }]);
    socket(0).onclose({ code: 4401 });
    await vi.advanceTimersByTimeAsync(100);
    socket(1).onopen();
    expect(socket(1).sent).toEqual([{ type: "hello" }]);
    connection.close();
  });

  test("a hello that can't be made is a failed attempt, and the next one comes", async () => {
    let fails = true;
    const { connection, sockets } = start({
      hello: () => {
        if (fails) throw new Error("no ticket");
        return { type: "hello" };
      },
    });
    await settled();
    expect(connection.status.value).toBe("waiting");
    expect(sockets).toHaveLength(0);
    fails = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sockets).toHaveLength(1);
    connection.close();
  });

  test("closed is closed", async () => {
    const { connection, sockets, events } = start();
    await settled();
    connection.close();
    events.dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("with a real socket that is cut, it is back and open again", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  server.on("connection", (socket) => socket.on("message", () => socket.send('{"type":"welcome"}')));
  const connection = connect<Frame, Frame>(
    { openSocket: openRealSocket, events: new EventTarget(), random: () => 0.1 },
    { url: `ws://127.0.0.1:${address.port}`, hello: () => ({ type: "hello" }), receive: () => {} },
  );
  await vi.waitUntil(() => connection.status.value === "open");
  for (const socket of server.clients) socket.terminate();
  await vi.waitUntil(() => connection.status.value === "waiting");
  await vi.waitUntil(() => connection.status.value === "open");
  connection.close();
  await new Promise((resolve) => server.close(resolve));
});
