import WebSocket from "ws";
import type { Socket } from "../../src/client/connection.ts";

/** A socket over the wire that tells what happens in a browser's events: Node 20 has no `WebSocket` of its own. */
export function openRealSocket(url: string): Socket {
  const wire = new WebSocket(url);
  const socket: Socket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (text) => wire.send(text),
    close: () => wire.close(),
  };
  wire.onopen = () => socket.onopen?.(new Event("open"));
  wire.onmessage = ({ data }) => socket.onmessage?.(new MessageEvent("message", { data: String(data) }));
  wire.onclose = ({ code, reason, wasClean }) => socket.onclose?.(Object.assign(new Event("close"), { code, reason, wasClean }));
  return socket;
}
