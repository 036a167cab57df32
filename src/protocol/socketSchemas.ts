import { z } from "zod";
import type { DeskFrame } from "./desk.ts";
import { maxFilesOfMessage } from "./files.ts";
import type { VisitorFrame } from "./visitor.ts";

const seq = z.int().min(0);
const clientId = z.string().min(1).max(64);
// Far longer than a message may be: the limit in characters is told in words, where the text is kept.
const text = z.string();
const files = z.array(z.string().max(64)).max(maxFilesOfMessage).exactOptional();
/** A field that is null counts as absent: that is how some languages write an optional one. */
const optional = <Value extends z.ZodType>(value: Value) => value.nullish().transform((given) => given ?? undefined);
const optionalText = (max: number) => optional(z.string().max(max));

const version = optional(z.int().min(0));
const needs = optional(z.array(z.string().max(60)).max(50));

const hello = z
  .object({
    type: z.literal("hello"),
    inbox: z.string().min(1).max(200),
    token: optionalText(200),
    after: optional(seq),
    afterAt: optionalText(40),
    identity: optionalText(8192),
    locale: optionalText(35),
    // As a browser lists them: what stands behind the tenth is read by nobody.
    languages: optional(
      z
        .array(z.string().max(35))
        .max(100)
        .transform((all) => all.slice(0, 10)),
    ),
    page: optionalText(2048),
    timeZone: optionalText(64),
    prechat: optional(z.record(z.string().max(60), z.union([z.string(), z.number(), z.boolean()]))),
    team: optionalText(60),
    anew: optional(z.boolean()),
    version,
    needs,
  })
  .transform(({ token, after, afterAt, identity, locale, languages, page, timeZone, prechat, team, anew, version, needs, ...rest }) => ({
    ...rest,
    ...(token === undefined ? {} : { token }),
    ...(after === undefined ? {} : { after }),
    ...(afterAt === undefined ? {} : { afterAt }),
    ...(identity === undefined ? {} : { identity }),
    ...(locale === undefined ? {} : { locale }),
    ...(languages === undefined ? {} : { languages }),
    ...(page === undefined ? {} : { page }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(prechat === undefined ? {} : { prechat }),
    ...(team === undefined ? {} : { team }),
    ...(anew === undefined ? {} : { anew }),
    ...(version === undefined ? {} : { version }),
    ...(needs === undefined ? {} : { needs }),
  }));

const typing = { type: z.literal("typing"), on: z.boolean() };
const read = { type: z.literal("read"), seq: seq.min(1) };
const ping = z.object({ type: z.literal("ping") });

/** Unknown fields are passed over: a newer page may speak to an older server. */
export const visitorFrame: z.ZodType<VisitorFrame> = z.discriminatedUnion("type", [
  hello,
  z.object({ type: z.literal("message"), clientId, text, files }),
  z.object({
    type: z.literal("action"),
    clientId,
    seq,
    action: z.string().min(1).max(200),
    value: z.string().max(4000).exactOptional(),
  }),
  z.object(typing),
  z.object(read),
  z.object({ type: z.literal("end") }),
  z.object({ type: z.literal("rate"), clientId, score: z.number(), comment: z.string().exactOptional() }),
  z.object({ type: z.literal("contact"), clientId, email: z.string().max(254) }),
  z.object({ type: z.literal("transcript"), clientId, email: z.string().max(254).exactOptional() }),
  z.object({ type: z.literal("merged"), clientId }),
  ping,
]);

// Too many are told in words, where they are looked up.
const mentions = z.array(z.string().max(320)).max(200).exactOptional();
const conversation = z
  .string()
  .max(200)
  .transform((id) => id.toLowerCase());

export const deskFrame: z.ZodType<DeskFrame> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), ticket: z.string().min(1).max(1024), version, needs }).transform(({ version, needs, ...rest }) => ({
    ...rest,
    ...(version === undefined ? {} : { version }),
    ...(needs === undefined ? {} : { needs }),
  })),
  z.object({ type: z.literal("watch"), topic: z.string().min(1).max(200), cursor: z.string().max(200).exactOptional() }),
  z.object({ type: z.literal("unwatch"), topic: z.string().min(1).max(200) }),
  z.object({ type: z.literal("message"), conversation, clientId, text, files }),
  z.object({ type: z.literal("note"), conversation, clientId, text, files, mentions }),
  z.object({ ...typing, conversation }),
  z.object({ ...read, conversation }),
  z.object({ type: z.literal("look"), conversation: conversation.nullable() }),
  ping,
]);
