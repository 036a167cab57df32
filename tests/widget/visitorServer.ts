import { once } from "node:events";
import { type WebSocket as Socket, WebSocketServer } from "ws";

interface Sent {
  type: string;
  clientId?: string;
  token?: string;
  after?: number;
  [field: string]: unknown;
}

/** The other side of `/ws/visitor`, as far as a test wants it: what it heard, and a hand to say anything. */
export async function startVisitorServer(answer: (frame: Sent, say: (frame: object) => void, socket: Socket) => void) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const heard: Sent[] = [];
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const frame: Sent = JSON.parse(String(data));
      heard.push(frame);
      answer(frame, (said) => socket.send(JSON.stringify(said)), socket);
    });
  });
  const address = server.address();
  return {
    url: `ws://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`,
    heard,
    of: (type: string) => heard.filter((frame) => frame.type === type),
    say(frame: object) {
      for (const socket of server.clients) socket.send(JSON.stringify(frame));
    },
    cut() {
      for (const socket of server.clients) socket.terminate();
    },
    async stop() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
