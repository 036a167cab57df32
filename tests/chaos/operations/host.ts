import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

/** Somebody's HTTP server that behaves badly, and keeps what was asked of it. */
export interface Host {
  readonly port: number;
  /** How often each marker was posted. */
  posted: Map<string, number>;
  end(): void;
}

const bomb = gzipSync(Buffer.alloc(200_000_000));
const chunk = Buffer.alloc(65_536, "x");

/** What it answers, by its path. */
export const misbehaviours: Record<string, (answer: ServerResponse) => void> = {
  "/drips": (answer) => {
    answer.writeHead(200, { "content-type": "text/plain" });
    const dripping = setInterval(() => answer.write("x"), 200);
    answer.on("close", () => clearInterval(dripping));
  },
  "/endless": (answer) => {
    answer.writeHead(200, { "content-type": "text/plain" });
    const more = () => {
      while (!answer.destroyed && answer.write(chunk));
    };
    answer.on("drain", more);
    more();
  },
  "/bomb": (answer) => {
    answer.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    answer.end(bomb);
  },
  "/loop": (answer) => answer.writeHead(302, { location: "/loop" }).end(),
  "/nothing": (answer) => answer.writeHead(204).end(),
  "/broken": (answer) => answer.writeHead(200, { "content-type": "application/json" }).end('{"a":'),
  "/silent": () => {},
  "/hangs-up": (answer) => answer.destroy(),
};

export async function openHost(): Promise<Host> {
  const posted = new Map<string, number>();
  const server = createServer((request, answer) => {
    if (request.method !== "POST") {
      misbehaviours[request.url ?? ""]?.(answer);
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (data: Buffer) => chunks.push(data));
    request.on("end", () => {
      const { marker }: { marker: string } = JSON.parse(Buffer.concat(chunks).toString());
      posted.set(marker, (posted.get(marker) ?? 0) + 1);
      // It has done it, and nobody hears of that.
      answer.destroy();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    posted,
    end: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
