import { generateKeyPairSync } from "node:crypto";
import jwt from "jsonwebtoken";
import { describe, expect, test } from "vitest";
import { deriveKeys } from "../../src/access/keys/keys.ts";
import { identitySecret, verifyVisitorIdentity } from "../../src/access/visitorIdentity.ts";
import { createMovableClock } from "../fixtures/movableClock.ts";

const clock = createMovableClock();
const now = Math.floor(clock.now() / 1000);
const keys = deriveKeys("a root key for tests, 32 characters");
const inbox = { id: "inbox-1", publicKey: "key-1", identityEpoch: 3, identityRotatedAt: new Date(clock.now() - 3_600_000) };
const secret = identitySecret(keys, inbox.id, 3);
const claims = { sub: "customer 7", aud: "key-1", exp: now + 3600 };

function sign(payload: object, key: string = secret, options: jwt.SignOptions = {}): string {
  return jwt.sign(payload, key, { algorithm: "HS256", noTimestamp: true, ...options });
}

function verify(token: string) {
  return verifyVisitorIdentity({ keys, clock }, inbox, token);
}

describe("a site's word on who its visitor is", () => {
  test("is taken with the secret of its inbox", () => {
    expect(verify(sign({ ...claims, name: " Ana Lima ", email: "Ana@Shop.example" }))).toEqual({
      subject: "customer 7",
      name: "Ana Lima",
      email: "ana@shop.example",
    });
    expect(verify(sign({ ...claims, email: "no address", name: "" }))).toEqual({ subject: "customer 7" });
  });

  test("is taken with the secret before it for a day", () => {
    const old = sign(claims, identitySecret(keys, inbox.id, 2));
    expect(verify(old).subject).toBe("customer 7");
    const later = { ...inbox, identityRotatedAt: new Date(clock.now() - 25 * 3_600_000) };
    expect(() => verifyVisitorIdentity({ keys, clock }, later, old)).toThrow("not signed");
  });

  test("counts for a minute more or less than it says", () => {
    expect(verify(sign({ ...claims, exp: now - 59 })).subject).toBe("customer 7");
    expect(() => verify(sign({ ...claims, exp: now - 61 }))).toThrow("expired");
  });

  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;
  test.each([
    ["expired", sign({ ...claims, exp: now - 3600 }), "has expired"],
    ["not yet good", sign({ ...claims, nbf: now + 3600 }), "does not count yet"],
    ["of another inbox", sign({ ...claims, aud: "key-2" }), "another inbox"],
    ["signed with another inbox's secret", sign(claims, identitySecret(keys, "inbox-2", 3)), "not signed with this inbox's secret"],
    ["of an older secret", sign(claims, identitySecret(keys, inbox.id, 1)), "not signed"],
    ["unsigned", unsigned, "not signed"],
    ["of another algorithm", sign(claims, secret, { algorithm: "HS512" }), "not signed"],
    ["signed by a private key", jwt.sign(claims, privateKey, { algorithm: "RS256" }), "not signed"],
    ["changed", `${sign(claims).slice(0, -4)}AAAA`, "not signed"],
    ["no token", "hello", "not signed"],
    ["without a subject", sign({ aud: "key-1", exp: now + 60 }), '"sub"'],
    ["with an empty subject", sign({ ...claims, sub: "" }), '"sub"'],
    ["with a subject that is too long", sign({ ...claims, sub: "x".repeat(201) }), '"sub"'],
    ["without an end", sign({ sub: "a", aud: "key-1" }), '"exp"'],
    ["good for a week", sign({ ...claims, exp: now + 7 * 86_400 }), "lives too long"],
  ])("is refused %s, naming the field", (_what, token, words) => {
    expect(() => verify(token)).toThrow(
      expect.objectContaining({ code: "invalid_value", path: "identity", message: expect.stringContaining(words) }),
    );
  });
});
