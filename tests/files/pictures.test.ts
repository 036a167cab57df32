import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { expect, test } from "vitest";
import { createPictureReader } from "../../src/files/pictures.ts";

const read = createPictureReader();
const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: "teal" } });

test("where it was taken is not kept, and it is turned as it was held", async () => {
  const taken = await plain(300, 200)
    .withExif({ IFD0: { Copyright: "somebody" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "52/1 31/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  expect((await sharp(taken).metadata()).exif).toBeDefined();
  const picture = await read(taken);
  const { exif, orientation, format } = await sharp(picture?.bytes).metadata();
  expect({ exif, orientation, format }).toEqual({ exif: undefined, orientation: undefined, format: "jpeg" });
  expect(picture).toMatchObject({ width: 200, height: 300 });
  expect(Buffer.from(picture?.bytes ?? []).includes("GPS")).toBe(false);
});

test("one without such words stays as it is, with a preview that is small", async () => {
  const bytes = await plain(2000, 1000).png().toBuffer();
  const picture = await read(bytes);
  expect(picture?.bytes).toBe(bytes);
  expect(picture).toMatchObject({ width: 2000, height: 1000 });
  expect(await sharp(picture?.preview).metadata()).toMatchObject({ format: "webp", width: 640, height: 320 });
});

test("a picture of 50,000 by 50,000 pixels in a few bytes is not unpacked", async () => {
  const begun = performance.now();
  expect(await read(bomb(50_000))).toBeUndefined();
  expect(performance.now() - begun).toBeLessThan(2000);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["half of one", bomb(10).subarray(0, 40)],
  ["a page", Buffer.from("<svg onload=alert(1)>")],
])("%s is no picture", async (_, bytes) => {
  expect(await read(bytes)).toBeUndefined();
});

/** A PNG that says so many pixels and packs one line of them. */
function bomb(pixels: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const named = Buffer.concat([Buffer.from(type), data]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(pixels, 0);
  head.writeUInt32BE(pixels, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.alloc(pixels / 8 + 1))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
