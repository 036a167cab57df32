import { describe, expect, test } from "vitest";
import { reachSource, type SourceRules } from "../../../src/operations/sources/reachSource.ts";
import type { SourceSettings } from "../../../src/operations/sources/sourceSettings.ts";

const settings: SourceSettings = {
  dialect: "postgresql",
  host: "",
  port: 5432,
  database: "shop",
  user: "reader",
  password: "x",
  tls: "verified",
};
const rules: SourceRules = {
  stage: "production",
  allowHosts: new Set(),
  own: [{ host: "127.0.0.1", port: 5432, database: "switchboard" }],
};

async function reach(host: string, change: Partial<SourceRules> = {}, more: Partial<SourceSettings> = {}): Promise<string> {
  return await reachSource({ ...settings, ...more, host }, { ...rules, ...change }).then(
    ({ address }) => `reached ${address}`,
    ({ message }) => message,
  );
}

describe("where a data source may be", () => {
  test.each([
    ...[
      "127.0.0.1",
      "127.1",
      "127.0.0.2",
      "0.0.0.0",
      "0",
      "0x7f000001",
      "0x7f.1",
      "2130706433",
      "0177.0.0.1",
      "017700000001",
      "127.0.0.1.",
    ],
    ...[
      "localhost",
      "LOCALHOST",
      "localhost.",
      "LocalHost",
      "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3",
      "\uff11\uff12\uff17.0.0.1",
    ],
    ...[
      "10.0.0.1",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.0.1",
      "100.64.0.1",
      "169.254.169.254",
      "169.254.0.1",
      "192.0.0.1",
      "198.18.0.1",
    ],
    ...[
      "192.0.2.1",
      "198.51.100.1",
      "203.0.113.1",
      "224.0.0.1",
      "240.0.0.1",
      "255.255.255.255",
      "0xa9fea9fe",
      "2852039166",
      "10.1",
      "192.168.257",
    ],
    ...[
      "::1",
      "[::1]",
      "::",
      "0:0:0:0:0:0:0:1",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
      "[::ffff:10.0.0.1]",
      "::127.0.0.1",
      "fe80::1",
      "fc00::1",
      "fd12:3456::1",
    ],
    ...[
      "64:ff9b::7f00:1",
      "64:ff9b::10.0.0.1",
      "2002:7f00:1::",
      "2001:db8::1",
      "ff02::1",
      "2001:0:7f00:1::",
      "::ffff:169.254.169.254",
      "::ffff:0:127.0.0.1",
    ],
  ])("%s is not reached", async (host) => {
    expect(await reach(host)).toMatch(/private network|Switchboard's own database|must be a host/);
  });

  test.each([
    "/var/run/postgresql",
    "/tmp/mysql.sock",
    "db.example.com:5432",
    "user@db.example.com",
    "db example",
    "db/../x",
    "db\\x",
    "fe80::1%lo",
    "",
    "http://x",
    "a?b",
    "a#b",
  ])("%s is no host", async (host) => {
    expect(await reach(host)).toContain("must be a host");
  });

  test("a public address is reached, with TLS", async () => {
    expect(await reach("8.8.8.8")).toBe("reached 8.8.8.8");
    expect(await reach("0x08080808")).toBe("reached 8.8.8.8");
    expect(await reach("[2606:4700:4700::1111]")).toBe("reached 2606:4700:4700::1111");
    expect(await reach("8.8.8.8", {}, { tls: "off" })).toBe("A host outside is only reached with TLS.");
  });

  test("what the operator names is reached, that port alone, and never the product's own database", async () => {
    const allowHosts = new Set(["127.0.0.1:5433", "127.0.0.1:5432", "10.0.0.7:5432", "localhost:5432"]);
    expect(await reach("127.0.0.1", { allowHosts }, { port: 5433, tls: "off" })).toBe("reached 127.0.0.1");
    expect(await reach("10.0.0.7", { allowHosts })).toBe("reached 10.0.0.7");
    expect(await reach("10.0.0.7", { allowHosts }, { port: 5433 })).toContain("private network");
    expect(await reach("127.0.0.1", { allowHosts })).toBe("reached 127.0.0.1");
    expect(await reach("127.0.0.1", { allowHosts }, { database: "switchboard" })).toContain("own database");
    expect(await reach("localhost", { allowHosts }, { database: "switchboard" })).toContain("own database");
  });

  test("in development a server on the same machine is reached, but for the product's own", async () => {
    expect(await reach("127.0.0.1", { stage: "development" }, { port: 3306, tls: "off" })).toBe("reached 127.0.0.1");
    expect(await reach("localhost", { stage: "development" })).toContain("own database");
    expect(await reach("127.0.0.2", { stage: "development" })).toContain("own database");
  });

  test("a name that nobody knows is told as one", async () => {
    expect(await reach("nowhere.invalid")).toBe('The host "nowhere.invalid" is not known.');
  });
});
