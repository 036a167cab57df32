import { describe, expect, it } from "vitest";
import { readConfig, settingsHelp } from "../src/config.ts";
import { errorBody } from "../src/protocol/refusal.ts";

const secret = "0123456789abcdef0123456789abcdef";
const production = { STAGE: "production", PUBLIC_URL: "https://chat.example.com", SECRET_KEY: secret };

const bad: [name: string, environment: Record<string, string>, setting: string][] = [
  ["a word for a port", { PORT: "abc" }, "PORT"],
  ["spaces for a port", { PORT: " " }, "PORT"],
  ["a negative port", { PORT: "-1" }, "PORT"],
  ["a port too high", { PORT: "65536" }, "PORT"],
  ["a port with a fraction", { PORT: "3000.5" }, "PORT"],
  ["a port in hexadecimal", { PORT: "0x10" }, "PORT"],
  ["a port with an exponent", { PORT: "1e3" }, "PORT"],
  ["two ports", { PORT: "3000,3001" }, "PORT"],
  ["an address without a scheme", { PUBLIC_URL: "chat.example.com" }, "PUBLIC_URL"],
  ["another scheme", { PUBLIC_URL: "ftp://example.com" }, "PUBLIC_URL"],
  ["a scheme alone", { PUBLIC_URL: "https://" }, "PUBLIC_URL"],
  ["a database of another kind", { DATABASE_URL: "mysql://localhost/x" }, "DATABASE_URL"],
  ["a database that is no URL", { DATABASE_URL: "localhost:5432" }, "DATABASE_URL"],
  ["a bus that is no NATS", { NATS_URL: "http://localhost:4222" }, "NATS_URL"],
  ["a bus that is no URL", { NATS_URL: "localhost" }, "NATS_URL"],
  ["jobs over something else", { REDIS_URL: "http://localhost:6379" }, "REDIS_URL"],
  ["a place for files without its keys", { S3_URL: "https://s3.example.com/bucket" }, "S3_URL"],
  ["a place for files without a bucket", { S3_URL: "https://key:secret@s3.example.com/" }, "S3_URL"],
  ["mail by another protocol", { SMTP_URL: "imap://mail.example.com", MAIL_FROM: "a@example.com" }, "SMTP_URL"],
  ["mail without a sender", { SMTP_URL: "smtp://mail.example.com" }, "MAIL_FROM"],
  ["a sender without an address", { SMTP_URL: "smtp://mail.example.com", MAIL_FROM: "Support" }, "MAIL_FROM"],
  ["a short key", { SECRET_KEY: "short" }, "SECRET_KEY"],
  ["an unknown stage", { STAGE: "staging" }, "STAGE"],
  ["another word for on", { LIMITS: "true" }, "LIMITS"],
  ["an unknown part", { ROLE: "gateway,worker" }, "ROLE"],
  ["no part between commas", { ROLE: "gateway,,router" }, "ROLE"],
  ["an unknown level", { LOG_LEVEL: "verbose" }, "LOG_LEVEL"],
  ["a short token", { METRICS_TOKEN: "abc" }, "METRICS_TOKEN"],
  ["a provider without its secret", { GOOGLE_CLIENT_ID: "x" }, "GOOGLE_CLIENT_SECRET"],
  ["a provider that is nowhere", { OPENID_CLIENT_ID: "x", OPENID_CLIENT_SECRET: "y" }, "OPENID_ISSUER"],
  ["a provider that is no address", { OPENID_ISSUER: "login.example.com" }, "OPENID_ISSUER"],
  ["production with a provider by http", { ...production, GOOGLE_ISSUER: "http://login.example.com" }, "GOOGLE_ISSUER"],
  ["production without an address", { ...production, PUBLIC_URL: "" }, "PUBLIC_URL"],
  ["production without https", { ...production, PUBLIC_URL: "http://chat.example.com" }, "PUBLIC_URL"],
  ["production without a key", { ...production, SECRET_KEY: "" }, "SECRET_KEY"],
  ["production with a short key", { ...production, SECRET_KEY: "x".repeat(31) }, "SECRET_KEY"],
  ["production with a key of one letter", { ...production, SECRET_KEY: "x".repeat(64) }, "SECRET_KEY"],
  ["production with a word again and again", { ...production, SECRET_KEY: "secret".repeat(8) }, "SECRET_KEY"],
  ["production without limits", { ...production, LIMITS: "off" }, "LIMITS"],
  ["another word for a cost", { PASSWORD_COST: "cheap" }, "PASSWORD_COST"],
  ["production with passwords that are cheap to guess", { ...production, PASSWORD_COST: "low" }, "PASSWORD_COST"],
];

describe("a bad setting", () => {
  it.each(bad)("is told in one sentence that names it: %s", (_name, environment, setting) => {
    const { code, message } = refusalOf(environment);
    expect(code).toBe("invalid_value");
    expect(message).toMatch(new RegExp(`^The setting ${setting} [a-z].*\\.$`));
    expect(message).not.toMatch(/Invalid input|expected|zod|undefined|NaN|\n/);
    const value = environment[setting];
    if (setting === "SECRET_KEY" && value !== undefined && value !== "") expect(message).not.toContain(value);
  });
});

describe("the settings", () => {
  it("have the defaults of the contract", () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      publicUrl: undefined,
      dataDir: "./data",
      databaseUrl: undefined,
      natsUrl: undefined,
      redisUrl: undefined,
      secretKey: undefined,
      stage: "development",
      limits: true,
      hashCost: undefined,
      roles: new Set(["gateway", "router", "automations", "jobs"]),
    });
  });

  it("are read where they are given", () => {
    const given = readConfig({
      PORT: "0",
      HOST: "0.0.0.0",
      PUBLIC_URL: "https://chat.example.com/",
      DATA_DIR: "/tmp/x",
      DATABASE_URL: "postgres://u:p@localhost:5432/x",
      NATS_URL: "tls://bus:4222",
      REDIS_URL: "rediss://:secret@redis:6380/2",
      LIMITS: "off",
      ROLE: " router , gateway",
      LOG_LEVEL: "silent",
      OTHER: "is nobody's",
    });
    expect(given).toMatchObject({ port: 0, host: "0.0.0.0", publicUrl: "https://chat.example.com", dataDir: "/tmp/x", limits: false });
    expect(given).toMatchObject({
      databaseUrl: "postgres://u:p@localhost:5432/x",
      natsUrl: "tls://bus:4222",
      redisUrl: "rediss://:secret@redis:6380/2",
      logLevel: "silent",
    });
    expect([...given.roles].sort()).toEqual(["gateway", "router"]);
  });

  it("that are empty count as not given", () => {
    expect(readConfig({ PORT: "", DATABASE_URL: "", STAGE: "" })).toEqual(readConfig({}));
  });

  it("of a sound production are taken", () => {
    expect(readConfig(production)).toMatchObject({ stage: "production", secretKey: secret });
  });

  it("are listed, each with its meaning", () => {
    const help = settingsHelp();
    for (const name of ["PORT", "HOST", "PUBLIC_URL", "DATA_DIR", "DATABASE_URL", "NATS_URL", "SECRET_KEY", "STAGE", "LIMITS", "ROLE"])
      expect(help).toMatch(new RegExp(`^  ${name} +\\S.+$`, "m"));
  });
});

function refusalOf(environment: Record<string, string>) {
  try {
    readConfig(environment);
  } catch (error) {
    return errorBody(error);
  }
  throw new Error("it was taken");
}
