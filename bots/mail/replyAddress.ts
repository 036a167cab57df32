import { createHmac, timingSafeEqual } from "node:crypto";
import { parse, stringify, validate } from "uuid";
import { domainOf, type MailAddress } from "../../src/platform/mail/address.ts";

/** Mail programs may turn a local part into small letters, so base 32 (RFC 4648, 6) without padding. */
const digits = "abcdefghijklmnopqrstuvwxyz234567";
const idDigits = 26;
const signatureBytes = 10;

/** What is written there: a message of the conversation, or how it was. The signature alone tells them apart. */
export type ReplyKind = "message" | "rating";

/**
 * The address to which a conversation's mails are answered: whoever knows it may write there, and it can't be made without the key. With 16
 * bytes of id and 10 of signature the local part has 48 of the 64 characters that it may have (RFC 5321, 4.5.3.1.1).
 */
export function replyAddress(key: Buffer, tenant: string, conversation: string, from: MailAddress, kind: ReplyKind = "message"): string {
  return `reply+${encode(parse(conversation))}${encode(sign(key, tenant, conversation, kind))}@${domainOf(from.address)}`;
}

/** The conversation that an address of `replyAddress` names; undefined for any other, or one that we never made for this tenant. */
export function conversationOfAddress(
  key: Buffer,
  tenant: string,
  address: string,
  from: MailAddress,
): { conversation: string; kind: ReplyKind } | undefined {
  const tag = /^reply\+([a-z2-7]{42})@/.exec(address.toLowerCase())?.[1];
  if (tag === undefined || domainOf(address).toLowerCase() !== domainOf(from.address)) return undefined;
  const id = decode(tag.slice(0, idDigits)).subarray(0, 16);
  const signature = decode(tag.slice(idDigits)).subarray(0, signatureBytes);
  const conversation = textOf(id);
  if (conversation === undefined) return undefined;
  const kind = (["message", "rating"] as const).find((one) => timingSafeEqual(signature, sign(key, tenant, conversation, one)));
  return kind && { conversation, kind };
}

/** Whether an address has the form of ours, signed rightly or not. */
export function isReplyAddress(address: string, from: MailAddress): boolean {
  return /^reply\+/i.test(address) && domainOf(address).toLowerCase() === domainOf(from.address);
}

function sign(key: Buffer, tenant: string, conversation: string, kind: ReplyKind): Buffer {
  const said = kind === "message" ? `${tenant} ${conversation}` : `${kind} ${tenant} ${conversation}`;
  return createHmac("sha256", key).update(said).digest().subarray(0, signatureBytes);
}

function textOf(id: Uint8Array): string | undefined {
  const hex = Buffer.from(id).toString("hex");
  const text = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return validate(text) ? stringify(id) : undefined;
}

function encode(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => digits.charAt(Number.parseInt(five.padEnd(5, "0"), 2))).join("");
}

function decode(text: string): Buffer {
  const bits = [...text].map((digit) => digits.indexOf(digit).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
