import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFolderFiles } from "../../src/platform/files/folderFiles.ts";
import { openS3Files } from "../../src/platform/files/s3Files.ts";
import { filesContract } from "./files.contract.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchboard-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a folder", () => {
  filesContract(() => openFolderFiles(join(folder, "files")));

  test("what can't be kept is told, and nothing of it is left", async () => {
    const place = join(folder, "blocked");
    await writeFile(place, "a file where the folder should be");
    await expect(openFolderFiles(place).put("a/b", Buffer.from("x"))).rejects.toMatchObject({ code: "unavailable" });
    const files = openFolderFiles(join(folder, "taken"));
    await files.put("a/b/inner", Buffer.from("x"));
    await expect(files.put("a/b", Buffer.from("a folder stands there"))).rejects.toMatchObject({ code: "unavailable" });
    expect(await readdir(join(folder, "taken", "a"))).toEqual(["b"]);
  });

  // A disk of its own size needs rights that tests don't have; /dev/full answers every write as a full disk does.
  test.runIf(process.platform === "linux")("a full disk is told in its own words", async () => {
    const full = openFolderFiles("/dev/full");
    await expect(full.put("a", Buffer.from("x"))).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("S3", () => {
  let server: S3rver;
  let url: string;
  beforeAll(async () => {
    server = new S3rver({
      port: 0,
      address: "127.0.0.1",
      silent: true,
      directory: join(folder, "s3"),
      configureBuckets: [{ name: "bucket", configs: [] }],
    });
    const { port } = await server.run();
    url = `http://S3RVER:S3RVER@127.0.0.1:${port}/bucket?region=us-east-1`;
  });
  afterAll(() => server.close());

  filesContract(() => openS3Files(url));

  test("a bucket that isn't there is told without its name", async () => {
    const refused = await openS3Files(url.replace("/bucket", "/none"))
      .put("a", Buffer.from("x"))
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "unavailable" });
    expect(String(refused)).not.toMatch(/127\.0\.0\.1|S3RVER|none/);
  });
});

test("S3 that is away is told", async () => {
  const server = createServer((request) => request.socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const files = openS3Files(`http://a:b@127.0.0.1:${typeof address === "object" ? address?.port : 0}/bucket`);
  const asked = [
    files.put("a", Buffer.from("x")),
    files.get("a"),
    files.get("a", { start: 0, end: 1 }),
    files.exists("a"),
    files.delete("a"),
  ];
  const answers = await Promise.allSettled(asked);
  expect(answers).toMatchObject(asked.map(() => ({ status: "rejected", reason: { code: "unavailable" } })));
  server.close();
});
