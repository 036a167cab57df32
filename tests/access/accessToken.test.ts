import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";
import { describe, expect, it } from "vitest";
import { issueAccessToken, readAccessToken } from "../../src/access/accessToken.ts";
import { deriveKeys } from "../../src/access/keys.ts";
import { createMovableClock } from "../fixtures/movableClock.ts";

const clock = createMovableClock();
const keys = deriveKeys("a root key for tests, 32 characters");
const claims = { account: randomUUID(), tenant: randomUUID(), session: randomUUID(), epoch: 1 };
const nowS = Math.floor(clock.now() / 1000);
const good = {
  typ: "at",
  sub: claims.account,
  tid: claims.tenant,
  sid: claims.session,
  epoch: 1,
  jti: randomUUID(),
  iat: nowS,
  exp: nowS + 900,
  iss: "switchboard",
  aud: "switchboard-api",
};

const part = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const signed = (header: unknown, payload: unknown, key = keys.accessTokens, hash = "sha256") => {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${createHmac(hash, key).update(text).digest("base64url")}`;
};
const hs256 = { alg: "HS256", typ: "JWT" };
const without = (name: keyof typeof good) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
const { token } = issueAccessToken({ keys, clock }, claims);
const [head = "", body = "", signature = ""] = token.split(".");
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const flip = (text: string) => `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`;

const zoo: Record<string, string> = {
  empty: "",
  "one dot": ".",
  "two dots": "..",
  "no signature": `${head}.${body}.`,
  "two parts": `${head}.${body}`,
  "four parts": `${token}.x`,
  "another signature": `${head}.${body}.${flip(signature)}`,
  "a cut signature": `${head}.${body}.${signature.slice(0, -4)}`,
  "another body": `${head}.${part({ ...good, sub: randomUUID() })}.${signature}`,
  "alg none": `${part({ alg: "none" })}.${part(good)}.`,
  "alg None": `${part({ alg: "None" })}.${part(good)}.`,
  "alg NONE with our signature": `${part({ alg: "NONE" })}.${part(good)}.${signature}`,
  "no alg": signed({ typ: "JWT" }, good),
  "alg null": signed({ alg: null }, good),
  "alg as a list": signed({ alg: ["HS256"] }, good),
  "alg hs256 in small letters": signed({ alg: "hs256" }, good),
  HS384: signed({ alg: "HS384" }, good, keys.accessTokens, "sha384"),
  HS512: signed({ alg: "HS512" }, good, keys.accessTokens, "sha512"),
  "HS256 signed by SHA-512": signed(hs256, good, keys.accessTokens, "sha512"),
  RS256: jwt.sign(good, rsa.privateKey, { algorithm: "RS256" }),
  "RS256 named, signed by HMAC with a public key": signed(hs256, good, Buffer.from(rsa.publicKey.export({ type: "spki", format: "pem" }))),
  "signed with an empty key": signed(hs256, good, Buffer.alloc(0)),
  "signed with zeros": signed(hs256, good, Buffer.alloc(32)),
  "signed with the key for refresh tokens": signed(hs256, good, keys.refreshTokens),
  "signed with another root key": signed(hs256, good, deriveKeys("another root key, 32 characters!").accessTokens),
  "signed with the key that it brings": signed({ ...hs256, jwk: { kty: "oct", k: "AAAA" } }, good, Buffer.alloc(3)),
  "kid that is a path": signed({ ...hs256, kid: "../../../dev/null" }, good, Buffer.alloc(0)),
  expired: signed(hs256, { ...good, iat: nowS - 901, exp: nowS - 1 }),
  "expired, exp as text": signed(hs256, { ...good, exp: `${nowS + 900}` }),
  "no exp": signed(hs256, without("exp")),
  "exp in a thousand years, issued long ago": signed(hs256, { ...good, iat: nowS - 86_400, exp: nowS + 3e10 }),
  "issued tomorrow": signed(hs256, { ...good, iat: nowS + 86_400, exp: nowS + 87_300 }),
  "not yet": signed(hs256, { ...good, nbf: nowS + 60 }),
  "no iat": signed(hs256, without("iat")),
  "another issuer": signed(hs256, { ...good, iss: "elsewhere" }),
  "no issuer": signed(hs256, without("iss")),
  "issuers as a list": signed(hs256, { ...good, iss: ["switchboard"] }),
  "another audience": signed(hs256, { ...good, aud: "switchboard-widget" }),
  "no audience": signed(hs256, without("aud")),
  "another type of token": signed(hs256, { ...good, typ: "rt" }),
  "no type": signed(hs256, without("typ")),
  "no account": signed(hs256, without("sub")),
  "account that is no id": signed(hs256, { ...good, sub: "' or 1=1" }),
  "account as an object": signed(hs256, { ...good, sub: { not: "" } }),
  "no tenant": signed(hs256, without("tid")),
  "tenant null": signed(hs256, { ...good, tid: null }),
  "no session": signed(hs256, without("sid")),
  "no epoch": signed(hs256, without("epoch")),
  "epoch as text": signed(hs256, { ...good, epoch: "1" }),
  "body is a text": signed(hs256, '"hello"'),
  "body is null": signed(hs256, "null"),
  "body is no JSON": signed(hs256, "{"),
  "header is no JSON": signed("{", good),
  "header is null": signed("null", good),
  encrypted: `${part({ alg: "dir", enc: "A256GCM" })}..${part("iv")}.${part("text")}.${part("tag")}`,
  "10 kB": `${head}.${part({ ...good, filling: "x".repeat(10_000) })}.${signature}`,
  "with a line break": `${token}\n`,
  "with a NUL": `${token}\0`,
};

describe("an access token", () => {
  it("is read as it was issued", () => {
    expect(readAccessToken({ keys, clock }, token)).toEqual(claims);
    expect(readAccessToken({ keys, clock }, signed(hs256, good))).toEqual(claims);
  });

  it.each(Object.entries(zoo))("is nothing when forged: %s", (_name, forged) => {
    expect(readAccessToken({ keys, clock }, forged)).toBeUndefined();
  });

  it("lasts 15 minutes, and a clock that is set back doesn't revive it", () => {
    const own = createMovableClock();
    const issued = issueAccessToken({ keys, clock: own }, claims);
    own.advance(15 * 60_000 - 1000);
    expect(readAccessToken({ keys, clock: own }, issued.token)).toEqual(claims);
    own.advance(1000);
    expect(readAccessToken({ keys, clock: own }, issued.token)).toBeUndefined();
    const yesterday = createMovableClock(Date.UTC(2026, 10, 20));
    expect(readAccessToken({ keys, clock: yesterday }, issued.token)).toBeUndefined();
  });
});
