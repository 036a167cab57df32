import { expect, it } from "vitest";
import { secretIn } from "../../src/protocol/secretShapes.ts";

const jwt = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "c2lnbmF0dXJlLWhlcmU"].join(".");

it.each([
  [`key sbk_${"a".repeat(43)}`, "an API key of Switchboard"],
  [`whsec_${"A1b2".repeat(8)}`, "a signing secret"],
  ["-----BEGIN OPENSSH PRIVATE KEY-----\nabc", "a private key"],
  [`take this: ${jwt}`, "an access token"],
  ["Authorization: Bearer abcdefghijklmnopqrstuvwxyz", "an access token"],
  [`AKIA${"ABCD1234".repeat(2)}`, "an access key"],
  [`sk_live_${"a1".repeat(12)}`, "an access key"],
  [`ghp_${"a1".repeat(18)}`, "an access token"],
  ["password: hunter22hunter", "a password"],
  ["mein Passwort=geheim123", "a password"],
  ["api-key: 9f8e7d6c5b4a", "a password"],
])("%j has a secret in it", (text, what) => {
  expect(secretIn(text)).toBe(what);
});

it.each([
  "password: see the mail that you got",
  "Your password has 15 characters or more.",
  "token: none",
  "ana@example.org --team support",
  "https://shop.example.com/orders?id=0198f7a0-0000-7000-8000-000000000001",
  "0198f7a0-0000-7000-8000-000000000001",
  "people.manage, roles.manage",
  "The secretary: Ana12345678",
  "eyJ.a.b",
])("%j has none", (text) => {
  expect(secretIn(text)).toBeUndefined();
});
