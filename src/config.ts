import { isIP } from "node:net";
import { z } from "zod";
import type { ProviderSettings } from "./access/providers/provider.ts";
import { type ChannelSettings, channelSettings, channelShape, readChannelSettings } from "./channelSettings.ts";
import { type MailAddress, readSender } from "./platform/mail/address.ts";
import { Refusal } from "./protocol/refusal.ts";
import { readSignInSettings, signInSettings, signInShape } from "./signInSettings.ts";

const roles = ["gateway", "router", "automations", "jobs"] as const;
export type ProcessRole = (typeof roles)[number];

const optionalUrl = (...schemes: string[]) =>
  z
    .string()
    .refine((value) => schemes.some((scheme) => value.startsWith(`${scheme}://`)) && URL.canParse(value), {
      error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
    })
    .optional();

const portRange = "must be a number from 0 to 65535";
const port = z
  .string()
  .regex(/^\d{1,5}$/, portRange)
  .transform(Number)
  .refine((value) => value <= 65535, portRange);

function isNetwork(text: string): boolean {
  const [, address = "", bits] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && (bits === undefined || Number(bits) <= (family === 4 ? 32 : 128));
}

function isBucket({ username, password, pathname }: URL): boolean {
  return username !== "" && password !== "" && /^\/[^/]+\/?$/.test(pathname);
}

/** Every setting, in the order in which `--help` lists them: how it is checked, and what it means. */
const settings = {
  PORT: [port.default(3000), "port to listen on; 0 takes a free one"],
  HOST: [z.string().default("127.0.0.1"), "address to listen on"],
  PUBLIC_URL: [optionalUrl("http", "https"), "base of every link and cookie; http://HOST:PORT in development, required in production"],
  DATA_DIR: [z.string().default("./data"), "embedded database, files, development mailbox"],
  DATABASE_URL: [optionalUrl("postgresql", "postgres"), "PostgreSQL 15 or newer; without it the embedded one"],
  S3_URL: [
    optionalUrl("https", "http").refine((value) => value === undefined || isBucket(new URL(value)), {
      error: "must be like https://ACCESS_KEY:SECRET_KEY@host/bucket?region=eu-central-1",
    }),
    "bucket of S3 or its likes for files, https://ACCESS_KEY:SECRET_KEY@host/bucket?region=...; without it in DATA_DIR",
  ],
  NATS_URL: [optionalUrl("nats", "tls"), "NATS 2.9 or newer; without it a bus inside the process"],
  REDIS_URL: [
    optionalUrl("redis", "rediss"),
    "Redis 6.2 or newer brings jobs to their workers (maxmemory-policy noeviction); without it they take them from the database",
  ],
  SMTP_URL: [optionalUrl("smtp", "smtps"), "outgoing mail; without it a mailbox page in development, and no mail in production"],
  MAIL_FROM: [
    z
      .string()
      .refine((value) => readSender(value) !== undefined, { error: "must be a mail address, like Support <support@example.com>" })
      .transform(readSender)
      .optional(),
    "sender of all mail, like Support <support@example.com>; answers come to reply+…@ its domain; required with SMTP_URL",
  ],
  SECRET_KEY: [
    z.string().optional(),
    "root key of all keys, at least 32 characters; generated into DATA_DIR in development, required in production",
  ],
  SECRET_KEY_OLD: [
    z.string().optional(),
    "the SECRET_KEY before, while it is rotated: what it signed still counts, what it sealed is sealed anew; take it away a day later",
  ],
  STAGE: [
    z.enum(["development", "production"], { error: "must be development or production" }).default("development"),
    "development or production",
  ],
  LIMITS: [
    z.enum(["on", "off"], { error: "must be on or off" }).default("on"),
    "off lifts every throttle, for measurements; refused in production",
  ],
  PASSWORD_COST: [
    z.enum(["full", "low"], { error: "must be full or low" }).default("full"),
    "low makes hashes of passwords that are cheap to guess, for tests; refused in production",
  ],
  TRUSTED_PROXIES: [
    z
      .string()
      .default("")
      .transform((value) => value.split(/[\s,]+/).filter((each) => each !== ""))
      .refine((networks) => networks.every(isNetwork), {
        error: "must be addresses or networks like 10.0.0.0/8, with commas between",
      }),
    "proxies in front, addresses or networks with commas between: only their X-Forwarded-For says who asks",
  ],
  ALLOW_HOSTS: [
    z
      .string()
      .default("")
      .transform((value) => value.split(/[\s,]+/).filter((host) => host !== ""))
      .refine((hosts) => hosts.every((host) => /^[a-z0-9.:[\]-]+:\d{1,5}$/i.test(host)), {
        error: "must be host:port, with commas between",
      }),
    "host:port, with commas between: private or special hosts that requests may reach all the same",
  ],
  DEMO_SHOP: [
    z.enum(["on", "off"], { error: "must be on or off" }).default("on"),
    "off makes no demo shop beside the database; in production there is none anyway",
  ],
  ROLE: [z.string().default("all"), `what this process runs: all, or any of ${roles.join(",")}`],
  LOG_LEVEL: [
    z.enum(["debug", "info", "warn", "error", "silent"], { error: "must be debug, info, warn, error or silent" }).default("info"),
    "debug, info, warn, error or silent",
  ],
  SU_MAX: [
    z
      .string()
      .regex(/^([1-9]|1\d|20)$/, "must be a number from 1 to 20")
      .default("1")
      .transform(Number),
    "how many super admins may be active at once (npm run su)",
  ],
  ...signInSettings,
  ...channelSettings,
  METRICS_TOKEN: [
    z.string().min(16, "must have at least 16 characters").optional(),
    "bearer token for /metrics; without it, loopback only",
  ],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

export interface Config {
  port: number;
  host: string;
  /** Without a slash at the end. */
  publicUrl: string | undefined;
  dataDir: string;
  databaseUrl: string | undefined;
  s3Url: string | undefined;
  natsUrl: string | undefined;
  redisUrl: string | undefined;
  smtpUrl: string | undefined;
  mailFrom: MailAddress | undefined;
  secretKey: string | undefined;
  /** The root key before, while it is rotated. */
  oldSecretKey: string | undefined;
  stage: "development" | "production";
  limits: boolean;
  /** Undefined for the cost that passwords need. */
  hashCost: { memoryKiB: number; passes: number } | undefined;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  /** `host:port`, in small letters. */
  allowHosts: ReadonlySet<string>;
  /** Whether customers, orders and products to try things with are made. */
  demoShop: boolean;
  roles: ReadonlySet<ProcessRole>;
  logLevel: "debug" | "info" | "warn" | "error" | "silent";
  metricsToken: string | undefined;
  superAdminsAtMost: number;
  /** By whom people sign in beside a password. */
  providers: ProviderSettings;
  channels: ChannelSettings;
}

/** With what the start has found or made. */
export type RunningConfig = Config & { publicUrl: string; rootKey: string };

/** The one reader of the environment. Refusal `invalid_value`: one sentence that names the setting and what to do. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value === "" ? undefined : value]));
  const shape = z.object({
    PORT: settings.PORT[0],
    HOST: settings.HOST[0],
    PUBLIC_URL: settings.PUBLIC_URL[0],
    DATA_DIR: settings.DATA_DIR[0],
    DATABASE_URL: settings.DATABASE_URL[0],
    S3_URL: settings.S3_URL[0],
    NATS_URL: settings.NATS_URL[0],
    REDIS_URL: settings.REDIS_URL[0],
    SMTP_URL: settings.SMTP_URL[0],
    MAIL_FROM: settings.MAIL_FROM[0],
    SECRET_KEY: settings.SECRET_KEY[0],
    SECRET_KEY_OLD: settings.SECRET_KEY_OLD[0],
    STAGE: settings.STAGE[0],
    LIMITS: settings.LIMITS[0],
    PASSWORD_COST: settings.PASSWORD_COST[0],
    TRUSTED_PROXIES: settings.TRUSTED_PROXIES[0],
    ALLOW_HOSTS: settings.ALLOW_HOSTS[0],
    DEMO_SHOP: settings.DEMO_SHOP[0],
    ROLE: settings.ROLE[0],
    LOG_LEVEL: settings.LOG_LEVEL[0],
    METRICS_TOKEN: settings.METRICS_TOKEN[0],
    SU_MAX: settings.SU_MAX[0],
    ...signInShape,
    ...channelShape,
  });
  const parsed = shape.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Refusal(
      "invalid_value",
      `The setting ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is wrong"}; "npm start -- --help" lists all settings.`,
    );
  }
  const values = parsed.data;
  const config: Config = {
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, ""),
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    s3Url: values.S3_URL,
    natsUrl: values.NATS_URL,
    redisUrl: values.REDIS_URL,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    secretKey: values.SECRET_KEY,
    oldSecretKey: values.SECRET_KEY_OLD,
    stage: values.STAGE,
    limits: values.LIMITS === "on",
    hashCost: values.PASSWORD_COST === "low" ? { memoryKiB: 1024, passes: 1 } : undefined,
    trustedProxies: values.TRUSTED_PROXIES,
    allowHosts: new Set(values.ALLOW_HOSTS.map((host) => host.toLowerCase())),
    demoShop: values.DEMO_SHOP === "on" && values.STAGE === "development",
    roles: parseRoles(values.ROLE),
    logLevel: values.LOG_LEVEL,
    metricsToken: values.METRICS_TOKEN,
    superAdminsAtMost: values.SU_MAX,
    providers: readSignInSettings(values, values.STAGE),
    channels: readChannelSettings(values),
  };
  if (config.secretKey !== undefined && config.secretKey.length < 32) throw weak("SECRET_KEY", "needs at least 32 characters");
  if (config.oldSecretKey !== undefined && (config.secretKey === undefined || config.oldSecretKey === config.secretKey))
    throw weak("SECRET_KEY_OLD", "is the key before: it needs a new SECRET_KEY beside it");
  if (config.oldSecretKey !== undefined && config.oldSecretKey.length < 32) throw weak("SECRET_KEY_OLD", "needs at least 32 characters");
  if (config.smtpUrl !== undefined && config.mailFrom === undefined)
    throw weak("MAIL_FROM", "is required with SMTP_URL: who the mail is from, like Support <support@example.com>");
  if (config.stage === "production") refuseWeakProduction(config);
  return config;
}

function parseRoles(text: string): ReadonlySet<ProcessRole> {
  const words = text.split(",").map((word) => word.trim());
  if (words.includes("all")) return new Set(roles);
  const unknown = words.find((word) => !roles.some((role) => role === word));
  if (unknown !== undefined) throw weak("ROLE", `has no part "${unknown}"; it is all, or any of ${roles.join(",")}`);
  return new Set(roles.filter((role) => words.includes(role)));
}

function refuseWeakProduction(config: Config): void {
  if (config.publicUrl === undefined)
    throw weak("PUBLIC_URL", "is required in production: the address under which people reach this, like https://chat.example.com");
  if (!config.publicUrl.startsWith("https://")) throw weak("PUBLIC_URL", "must begin with https:// in production");
  if (config.secretKey === undefined)
    throw weak("SECRET_KEY", "is required in production: 32 random characters or more, the same for every process");
  if (new Set(config.secretKey).size < differentCharacters)
    throw weak("SECRET_KEY", "can be guessed: the same few characters again and again; make it 32 random ones");
  if (!config.limits) throw weak("LIMITS", "can't be off in production");
  if (config.hashCost !== undefined) throw weak("PASSWORD_COST", "can't be low in production");
}

/** Of 32 random hexadecimal digits fewer than 8 differ once in 400,000 times; a word typed often has fewer. */
const differentCharacters = 8;

function weak(name: string, what: string): Refusal {
  return new Refusal("invalid_value", `The setting ${name} ${what}.`);
}

/** The text of `npm start -- --help`. */
export function settingsHelp(): string {
  const lines = Object.entries(settings).map(([name, [, meaning]]) => `  ${name.padEnd(22)} ${meaning}`);
  return `Settings, read from the environment:\n${lines.join("\n")}`;
}
