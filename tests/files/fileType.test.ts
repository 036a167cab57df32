import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { mayShow, mediaTypeOf } from "../../src/files/fileType.ts";

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const eicar = ["X5O!P%@AP[4", "PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].join("\\");

test.each([
  ["a picture", png, "image/png"],
  ["a picture with a page behind it", Buffer.concat([png, Buffer.from("<script>alert(1)</script>")]), "image/png"],
  ["a page", Buffer.from("<!doctype html><script>alert(1)</script>"), "text/plain"],
  ["an SVG with a script", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), "text/plain"],
  ["an SVG with a prologue", Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), "application/xml"],
  ["EICAR's test", Buffer.from(eicar), "text/plain"],
  ["a text", Buffer.from("größer, 😀\n\tand more\r\n"), "text/plain"],
  ["a text cut in a letter", Buffer.from("ü".repeat(40_000)).subarray(0, 65_536), "text/plain"],
  ["a PDF", Buffer.from("%PDF-1.7\n"), "application/pdf"],
  ["a bomb", gzipSync(Buffer.alloc(20_000_000)), "application/gzip"],
  ["bytes", Buffer.from([0, 1, 2, 3]), "application/octet-stream"],
  ["one byte", Buffer.from("a"), "text/plain"],
  ["a broken archive", Buffer.from("PK\u0003\u0004 and nothing"), "application/zip"],
])("%s has the type of its content", async (_, bytes, type) => {
  expect(await mediaTypeOf(bytes)).toBe(type);
});

test("only what can be looked at or played is shown in place", () => {
  const shown = (mediaType: string, previewed = false) => mayShow({ mediaType, previewed });
  expect(["image/png", "video/mp4", "audio/mpeg"].map((type) => shown(type, true))).toEqual([true, true, true]);
  expect(
    ["image/png", "image/svg+xml", "text/html", "text/plain", "application/xml", "application/pdf"].map((type) => shown(type)),
  ).toEqual(Array(6).fill(false));
});
