import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { ConnectionPools } from "../../../src/operations/sources/connectionPools.ts";
import { openSource } from "../../../src/operations/sources/openSource.ts";

const password = "correct horse battery staple";
let server: Server | undefined;
afterEach(() => server?.close());

/** A server that says what it is told to, and keeps what it hears. */
async function rogue(speak: (socket: Socket, heard: Buffer[]) => void): Promise<{ port: number; heard: () => string }> {
  const all: Buffer[] = [];
  server = createServer((socket) => {
    socket.on("error", () => {});
    const heard: Buffer[] = [];
    socket.on("data", (data) => {
      all.push(data);
      heard.push(data);
    });
    speak(socket, heard);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo | null;
  return { port: address?.port ?? 0, heard: () => Buffer.concat(all).toString("latin1") };
}

async function outcome(port: number, dialect: "mysql" | "postgresql"): Promise<string> {
  const allowHosts = new Set([`127.0.0.1:${port}`]);
  const settings = { dialect, host: "127.0.0.1", port, database: "shop", user: "reader", password, tls: "off" } as const;
  const source = openSource(settings, { stage: "production", allowHosts, own: [] }, new ConnectionPools());
  return await source
    .test()
    .then(
      () => "worked",
      ({ code, message }) => `${code}: ${message}`,
    )
    .finally(() => source.close());
}

function packet(sequence: number, ...parts: (Buffer | string | number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as Buffer)));
  return Buffer.concat([Buffer.from([body.length & 255, body.length >> 8, 0, sequence]), body]);
}

/** Protocol 10, with every capability that a MySQL 8 says. */
const greeting = packet(
  0,
  [10],
  "8.0.36\0",
  [1, 0, 0, 0],
  "12345678",
  [0],
  [0xff, 0xf7],
  [255],
  [2, 0],
  [0xff, 0xdf],
  [21],
  Buffer.alloc(10),
  "123456789012\0",
  "mysql_native_password\0",
);
const ok = (sequence: number) => packet(sequence, [0, 0, 0, 2, 0, 0, 0]);

describe("a server that means harm", () => {
  test("sec/sql/55 (GHSA-3f6p-5ww8-9rcr): asked for in clear, the password isn't sent", async () => {
    const { port, heard } = await rogue((socket) => {
      socket.write(greeting);
      socket.once("data", () => socket.write(packet(2, [0xfe], "mysql_clear_password\0")));
    });
    expect(await outcome(port, "mysql")).toBe("unavailable: The data source asks for the password in clear, which isn't given.");
    expect(heard()).toContain("reader");
    expect(heard()).not.toContain(password);
  });

  test("sec/sql/57 (LOAD DATA LOCAL): asked for a file, nothing is read and nothing sent", async () => {
    const { port, heard } = await rogue((socket) => {
      socket.write(greeting);
      let turn = 0;
      socket.on("data", () => {
        turn += 1;
        // The first is the handshake, and what comes then is a query: whatever it is, it is answered by a wish for a file.
        socket.write(turn === 1 ? ok(2) : packet(1, [0xfb], "/etc/passwd"));
      });
    });
    expect(await outcome(port, "mysql")).toMatch(/^(unavailable|invalid_value|internal)|worked|undefined/);
    expect(heard()).toMatch(/set session|SET SESSION/i);
    expect(heard()).not.toContain("root:");
  });

  test("sec/sql/57: the driver doesn't say that it could send files", async () => {
    const { port, heard } = await rogue((socket) => {
      socket.write(greeting);
      socket.once("data", () => socket.destroy());
    });
    await outcome(port, "mysql");
    const flags = Buffer.from(heard(), "latin1").readUInt32LE(4);
    expect(flags & 0x80).toBe(0);
    // Nor that it would take several statements at once.
    expect(flags & 0x10000).toBe(0);
  });

  test("sec/sql/55 PostgreSQL, asked for in clear without TLS, the password isn't sent", async () => {
    const { port, heard } = await rogue((socket) => {
      socket.once("data", () => socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])));
    });
    expect(await outcome(port, "postgresql")).toBe("unavailable: The data source asks for the password in clear, which isn't given.");
    expect(heard()).toContain("reader");
    expect(heard()).not.toContain(password);
  });

  test("one that hangs up is told as that", async () => {
    const { port } = await rogue((socket) => {
      socket.once("data", () => socket.end());
    });
    expect(await outcome(port, "postgresql")).toBe("unavailable: The data source ended the connection; try again.");
  });

  test("what speaks something else is told as that", async () => {
    const { port } = await rogue((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await outcome(port, "postgresql")).toMatch(/^unavailable: /);
    server?.close();
    const other = await rogue((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await outcome(other.port, "mysql")).toMatch(/^unavailable: /);
  });
});
