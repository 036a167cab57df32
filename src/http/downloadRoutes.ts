import { pipeline } from "node:stream/promises";
import { type Request, type Response, Router } from "express";
import { validate as isId } from "uuid";
import { placeOf, placeOfPreview } from "../files/file.ts";
import { findFile } from "../files/fileStore.ts";
import { mayShow } from "../files/fileType.ts";
import type { ByteRange } from "../platform/files/files.ts";
import { Refusal } from "../protocol/refusal.ts";
import { onlyMethods } from "./apiRoutes.ts";
import type { HttpDependencies } from "./dependencies.ts";

type Downloading = Pick<HttpDependencies, "database" | "files" | "fileAddresses">;

/** `GET /files/{id}/{name}?k=…`: the bytes, for whoever has the signed address. No cookie and no token is looked at. */
export function downloadRoutes(deps: Downloading): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get("/files/:id/:name", (request, response) => download(deps, request, response));
  router.all("/files/:id/:name", onlyMethods(["GET", "HEAD"]));
  return router;
}

async function download({ database, files, fileAddresses }: Downloading, request: Request, response: Response): Promise<void> {
  const { k } = request.query;
  const id = String(request.params["id"]);
  const { tenant, preview, secondsLeft } = fileAddresses.check(id, typeof k === "string" ? k : "");
  const file = isId(id) ? await findFile(database.forTenant(tenant), id) : undefined;
  if (file === undefined) throw gone();
  const key = preview ? placeOfPreview(tenant, id) : placeOf(tenant, id);
  // A preview is small and of our own making: it is sent whole, however it is asked for.
  const range = preview ? undefined : wantedRange(request, response, file.size);
  const content = await files.get(key, range);
  if (content === undefined) throw gone();
  const shown = preview || mayShow(file);
  response.set({
    "Content-Type": preview ? "image/webp" : shown ? file.mediaType : savedType(file.mediaType),
    "Content-Disposition": disposition(shown ? "inline" : "attachment", preview ? "preview.webp" : file.name),
    // What was uploaded is never a page of ours: whatever a browser takes it for, it runs nothing and has no origin.
    "Content-Security-Policy":
      "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": `private, max-age=${secondsLeft}, immutable`,
    ...(preview
      ? {}
      : { "Accept-Ranges": "bytes", "Content-Length": String(range === undefined ? file.size : range.end - range.start + 1) }),
    ...(range === undefined ? {} : { "Content-Range": `bytes ${range.start}-${range.end}/${file.size}` }),
  });
  response.status(range === undefined ? 200 : 206);
  if (request.method === "HEAD") {
    content.destroy();
    response.end();
    return;
  }
  // A reader who goes away in the middle is no fault of ours.
  await pipeline(content, response).catch((error: unknown) => {
    if (!response.writableEnded && request.socket.destroyed) return;
    throw error;
  });
}

/** One range, or the whole: several at once are work for us and of use to nobody (RFC 9110, 14.2 lets a server leave them out). 416 for none of it. */
function wantedRange(request: Request, response: Response, size: number): ByteRange | undefined {
  const wanted = request.get("range") === undefined ? undefined : request.range(size);
  if (wanted === -1) {
    response.set("Content-Range", `bytes */${size}`);
    throw new Refusal("range_not_satisfiable", `The file has ${size} bytes, and the range is beyond them.`, { path: "Range" });
  }
  if (wanted === undefined || wanted === -2 || wanted.type !== "bytes" || wanted.length !== 1) return undefined;
  return wanted[0];
}

/** A text says that it is UTF-8; what could be taken for a page is only bytes. */
function savedType(mediaType: string): string {
  if (mediaType === "text/plain") return "text/plain; charset=utf-8";
  return /html|xml|svg|script/.test(mediaType) && !mediaType.includes("openxmlformats") ? "application/octet-stream" : mediaType;
}

/** RFC 6266: the name in ASCII for old readers, and as it is. */
function disposition(kind: "inline" | "attachment", name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  const exact = encodeURIComponent(name).replaceAll(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${exact}`;
}

function gone(): Refusal {
  return new Refusal("not_found", "There is no such file any more.");
}
