import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { beforeEach, expect, test } from "vitest";
import type { ByteRange, Files } from "../../src/platform/files/files.ts";

/** What every place for files does. */
export function filesContract(open: () => Files): void {
  let files: Files;
  let key: string;
  beforeEach(() => {
    files = open();
    key = `tenant/${crypto.randomUUID()}`;
  });

  const read = async (range?: ByteRange) => {
    const content = await files.get(key, range);
    return content === undefined ? undefined : await all(content);
  };

  test("what was put is got, byte for byte, and is there", async () => {
    const content = randomBytes(300_000);
    await files.put(key, content);
    expect(await files.exists(key)).toBe(true);
    expect((await read())?.equals(content)).toBe(true);
  });

  test("a part is got by its first and last byte", async () => {
    await files.put(key, Buffer.from("0123456789"));
    // Not 0 to 0, which the S3 server of these tests takes for no end.
    expect((await read({ start: 0, end: 1 }))?.toString()).toBe("01");
    expect((await read({ start: 3, end: 6 }))?.toString()).toBe("3456");
    expect((await read({ start: 9, end: 9 }))?.toString()).toBe("9");
  });

  test("a second put replaces the first", async () => {
    await files.put(key, Buffer.from("the first, which is longer"));
    await files.put(key, Buffer.from("the second"));
    expect((await read())?.toString()).toBe("the second");
  });

  test("what isn't there, or not any more, is undefined; to delete it again is no error", async () => {
    expect(await read()).toBeUndefined();
    expect(await read({ start: 0, end: 5 })).toBeUndefined();
    expect(await files.exists(key)).toBe(false);
    await files.put(key, Buffer.from("x"));
    await files.delete(key);
    await files.delete(key);
    expect(await read()).toBeUndefined();
    expect(await files.exists(key)).toBe(false);
  });

  test("several at once don't mix", async () => {
    const contents = Array.from({ length: 8 }, (_, index) => Buffer.alloc(50_000 + index, index));
    await Promise.all(contents.map((content, index) => files.put(`${key}.${index}`, content)));
    const got = await Promise.all(contents.map(async (_, index) => await all(await present(files.get(`${key}.${index}`)))));
    expect(got.map((content, index) => content.equals(contents[index] ?? Buffer.alloc(0)))).toEqual(contents.map(() => true));
  });

  test.each(["../outside", "a/../../b", "/etc/passwd", "a//b", "", ".hidden", "a/./b", "a\0b"])("%j is no key", async (bad) => {
    await expect(files.put(bad, Buffer.from("x"))).rejects.toThrow("no name");
    await expect(files.get(bad)).rejects.toThrow("no name");
  });
}

async function present(content: Promise<Readable | undefined>): Promise<Readable> {
  const found = await content;
  if (found === undefined) throw new Error("it is not there");
  return found;
}

async function all(content: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
