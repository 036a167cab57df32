import { expect, test } from "vitest";
import { createUploadLimits } from "../../src/files/uploadLimits.ts";

const visitor = (contact: string) => ({ kind: "visitor", tenant: "t", inbox: "i", contact, conversation: "c" }) as const;

test("a visitor uploads 60 files an hour, whatever others do; without limits any number", async () => {
  const limits = createUploadLimits(true);
  const unlimited = createUploadLimits(false);
  for (let count = 0; count < 60; count++) await limits.upload(visitor("a"));
  await expect(limits.upload(visitor("a"))).rejects.toMatchObject({
    code: "rate_limited",
    message: "60 files an hour is the limit; the next can be sent in 60 minutes.",
    retryAfterMs: expect.any(Number),
  });
  await limits.upload(visitor("b"));
  for (let count = 0; count < 100; count++) await unlimited.upload(visitor("a"));
});
