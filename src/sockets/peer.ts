import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { errorBody } from "../protocol/refusal.ts";
import { closeCodes } from "../protocol/visitor.ts";

/** A reader who lets more than this pile up is let go, and resumes by its cursor (faults.md, row 10). */
const mostBufferedBytes = 1024 * 1024;
/** Below this a long replay goes on. */
const roomBytes = 256 * 1024;
/** After a close frame, how long a peer may take to answer it; one who reads slowly has what piled up before it. */
const closeWithinMs = 2000;
const slowCloseWithinMs = 10_000;
/** More than this isn't held back: it would count as the reader's slowness. */
const mostCorkedBytes = 16 * 1024;
/** Frames that make no sense, until the socket is closed for abuse. */
const mostBadFrames = 20;

/** One WebSocket: sends with backpressure, counts nonsense, knows when it was last heard of. */
export class Peer {
  readonly socket: WebSocket;
  readonly address: string;
  heardAt: number;
  readonly #stream: Duplex;
  readonly #maySend: () => boolean;
  #corked = false;
  #badFrames = 0;

  /** `stream` is what the socket writes to; `maySend` is asked before each frame, and has closed the socket where it says no. */
  constructor(socket: WebSocket, stream: Duplex, { address, now, maySend }: { address: string; now: number; maySend: () => boolean }) {
    this.socket = socket;
    this.#stream = stream;
    this.#maySend = maySend;
    this.address = address;
    this.heardAt = now;
  }

  get open(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Sends a frame that is already text or its UTF-8, so that one serialization serves all who watch. */
  send(frame: string | Buffer): void {
    if (!this.open || !this.#maySend()) return;
    if (this.socket.bufferedAmount > mostBufferedBytes) {
      this.close(closeCodes.tooSlow, "reading too slowly; resume with after", slowCloseWithinMs);
      return;
    }
    if (this.socket.bufferedAmount === 0) this.#cork();
    this.socket.send(frame, { binary: false });
    if (this.socket.bufferedAmount > mostCorkedBytes) this.#uncork();
  }

  /** Small frames of one moment, an ack and its answer, leave in one system call: that costs as much as all else that is done for a frame. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#stream.cork();
    process.nextTick(() => this.#uncork());
  }

  #uncork(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.#stream.uncork();
  }

  sendFrame(frame: object): void {
    this.send(JSON.stringify(frame));
  }

  sendError(error: unknown, ref?: string): void {
    this.sendFrame({ type: "error", error: errorBody(error), ...(ref === undefined ? {} : { ref }) });
  }

  /** An error for a frame that makes no sense; too many of them end the socket, but not those of a page that is newer than this process. */
  refuseFrame(error: unknown, ofNewer = false): void {
    if (!ofNewer) this.#badFrames++;
    if (this.#badFrames > mostBadFrames) this.close(closeCodes.abuse, "too many frames that make no sense");
    else this.sendError(error);
  }

  /** Resolves when a long replay may send more, or the socket has ended. */
  async room(): Promise<void> {
    while (this.open && this.socket.bufferedAmount > roomBytes) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  close(code: number, reason: string, withinMs = closeWithinMs): void {
    if (!this.open) return;
    this.socket.close(code, reason);
    // Whoever ends the process may terminate the socket within this moment.
    this.#uncork();
    setTimeout(() => this.socket.terminate(), withinMs).unref();
  }
}
