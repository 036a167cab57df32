import type { Request, RequestHandler } from "express";
import { unauthenticated } from "../access/authenticate.ts";
import type { AccountPrincipal, VisitorPrincipal } from "../access/principal.ts";
import { resumeVisit } from "../conversations/contacts/visitors.ts";
import type { AttachedFile, Uploader } from "../files/file.ts";
import { removeUpload } from "../files/forgetFiles.ts";
import { findReadableFile } from "../files/readableFile.ts";
import { uploadFile } from "../files/uploadFile.ts";
import type { UploadedFile } from "../protocol/files.ts";
import { Refusal } from "../protocol/refusal.ts";
import { bearerToken, type Caller, principalOfBearer } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { idParams, uploadedFile, uploadQuery } from "./schemas.ts";
import { uploadBody, uploadReader } from "./uploadBody.ts";

/** Uploads, of accounts and of visitors. What is uploaded is sent with a message's or a note's `files`, or is the value of a command's argument. */
export function fileOperations(deps: HttpDependencies): Operation[] {
  const common = { tag: "Files" } as const;
  const security = [{ accessToken: [] }, { apiKey: [] }, { visitorToken: [] }];
  const shown = (who: Uploader, file: AttachedFile): UploadedFile => {
    const { id, name, mediaType: type, size, width, height } = file;
    return { id, name, type, size, width, height, ...deps.fileAddresses.of(who.tenant, file) };
  };
  const uploader: Caller<Uploader> = {
    security,
    needs: "own",
    // Before the body is read: nobody may fill our memory who may not upload.
    find: async (request) => {
      const who = await accountOrVisitor(deps, request);
      // For a message, or for a command that takes a file.
      if (who.kind !== "visitor" && !who.permissions.has("conversations.answer") && !who.permissions.has("commands.run"))
        throw new Refusal("forbidden", "You may not send files; an admin can change that.");
      await deps.uploadLimits.upload(who);
      return who;
    },
  };
  const reader: Caller<Uploader> = { security, needs: "own", find: (request) => accountOrVisitor(deps, request) };

  return [
    operation({
      ...common,
      method: "post",
      path: "/api/v1/files",
      id: "uploadFile",
      summary:
        "Uploads a file of at most 20 MB, to be sent with a message or a note, or given to a command that takes one. What nobody sends within a day is forgotten.",
      caller: uploader,
      params: nothing,
      query: uploadQuery,
      body: uploadBody,
      reads: uploadReader,
      answers: { statuses: { 201: "It is kept." }, schema: uploadedFile },
      handle: async ({ caller, query, body, idempotencyKey }) => {
        const upload = { name: body.name ?? query.name ?? "", bytes: body.bytes, key: idempotencyKey };
        return { status: 201, body: shown(caller, await uploadFile(deps, caller, upload)) };
      },
    }),
    operation({
      ...common,
      method: "get",
      path: "/api/v1/files/{id}",
      id: "readFile",
      summary: "What a file is, with new addresses.",
      caller: reader,
      params: idParams,
      query: nothing,
      body: noBody,
      answers: { statuses: { 200: "The file." }, schema: uploadedFile },
      handle: async ({ caller, params }) => {
        const file = await findReadableFile(deps, caller, params.id);
        if (file === undefined) throw new Refusal("not_found", "There is no such file.");
        return { status: 200, body: shown(caller, file) };
      },
    }),
    operation({
      ...common,
      method: "delete",
      path: "/api/v1/files/{id}",
      id: "removeFile",
      summary: "Forgets an upload of yours that was not sent.",
      caller: reader,
      params: idParams,
      query: nothing,
      body: noBody,
      answers: { statuses: { 204: "It is gone." }, schema: noBody },
      handle: async ({ caller, params }) => {
        await removeUpload(deps, caller, params.id);
        return { status: 204 };
      },
    }),
  ];
}

async function accountOrVisitor(deps: HttpDependencies, request: Request): Promise<AccountPrincipal | VisitorPrincipal> {
  const token = bearerToken(request);
  if (token !== undefined) return await principalOfBearer(deps, token);
  const [, key, secret] = /^Visitor ([^\s:]{1,200}):([\w-]{1,200})$/i.exec(request.get("authorization") ?? "") ?? [];
  if (key === undefined || secret === undefined) throw unauthenticated();
  const inbox = await deps.inboxes.byKey(key);
  const origin = request.get("origin");
  if (inbox === undefined) throw unauthenticated();
  if (origin !== undefined && !inbox.origins.includes(origin))
    throw new Refusal("origin_refused", "This page may not use this chat; an admin lists its origin in the inbox.");
  const { contact, conversation } = await resumeVisit(deps, inbox, secret, { identified: true }); // nothing can be read by an upload
  return { kind: "visitor", tenant: inbox.tenant, inbox: inbox.id, contact, conversation };
}

/** Lets pages that an inbox lists ask from their own origin. Without cookies: the token in `Authorization` says who asks. */
export function fromListedPages({ inboxes }: Pick<HttpDependencies, "inboxes">): RequestHandler {
  return async (request, response, next) => {
    const origin = request.get("origin");
    response.vary("Origin");
    if (origin !== undefined && (await inboxes.allowsOrigin(origin))) {
      response.set("Access-Control-Allow-Origin", origin);
      if (request.method === "OPTIONS" && request.get("access-control-request-method") !== undefined) {
        response.set({
          "Access-Control-Allow-Methods": "GET, POST, DELETE",
          "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
          "Access-Control-Max-Age": "600",
        });
        response.status(204).end();
        return;
      }
    }
    next();
  };
}
