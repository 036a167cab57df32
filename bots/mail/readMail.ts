import PostalMime, { type Address, type Email } from "postal-mime";
import { readAddress } from "../../src/platform/mail/address.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { htmlText } from "./htmlText.ts";
import { newText } from "./newText.ts";

/** What a mail says, as far as a conversation needs it. */
export interface ReadMail {
  from: { name: string; address: string };
  /** Everybody it was sent to, in small letters, the envelope's word first. */
  recipients: readonly string[];
  messageId: string;
  /** Message-IDs that it answers, the nearest first. */
  answers: readonly string[];
  subject: string;
  /** Only what is new in it; empty where that is nothing. */
  text: string;
  attachments: readonly { name: string; bytes: Uint8Array }[];
  /** Why nobody should answer it, where no person wrote it. */
  automatic: "autoReply" | "bounce" | "bulk" | undefined;
  /** Everything readable in it, for what a bounce tells of. */
  all: string;
}

/** Refusal `invalid_value`: these bytes are no mail (RFC 5322), or nobody it could be from. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const mail = await parse(raw);
  const [sender] = addressesOf(mail.from === undefined ? [] : [mail.from]);
  if (sender === undefined)
    throw new Refusal("invalid_value", "The mail has no From with an address; it must be a message of RFC 5322.", { path: "from" });
  const written = mail.text?.trim() ? mail.text : htmlText(mail.html ?? "");
  return {
    from: sender,
    recipients: recipientsOf(mail),
    messageId: mail.messageId?.trim() || madeUpId(mail, sender.address, written),
    answers: idsIn(
      `${mail.inReplyTo ?? ""} ${idsIn(mail.references ?? "")
        .reverse()
        .join(" ")}`,
    ),
    subject: (mail.subject ?? "")
      .replaceAll(/[\s\p{Cc}]+/gu, " ")
      .trim()
      .slice(0, 200),
    text: newText(written),
    attachments: mail.attachments
      .filter(({ related }) => related !== true)
      .map(({ filename, content }) => ({ name: nameOf(filename), bytes: bytesOf(content) })),
    automatic: automaticOf(mail, sender.address),
    all: `${mail.text ?? ""}\n${mail.html ?? ""}\n${mail.attachments.map(({ content }) => Buffer.from(bytesOf(content).subarray(0, 50_000)).toString()).join("\n")}`,
  };
}

async function parse(raw: Buffer): Promise<Email> {
  try {
    return await PostalMime.parse(raw, { maxNestingDepth: 50, maxHeadersSize: 1024 * 1024 });
  } catch (cause) {
    throw new Refusal("invalid_value", "The body can't be read as a mail (RFC 5322).", { cause });
  }
}

function addressesOf(addresses: readonly Address[]): { name: string; address: string }[] {
  return addresses.flatMap((each) => {
    if (each.group !== undefined) return addressesOf(each.group);
    const address = readAddress(each.address ?? "");
    return address === undefined
      ? []
      : [
          {
            name: each.name
              .replaceAll(/[\s\p{Cc}]+/gu, " ")
              .trim()
              .slice(0, 100),
            address,
          },
        ];
  });
}

function recipientsOf(mail: Email): string[] {
  const envelope = ["delivered-to", "x-original-to", "envelope-to"].flatMap((name) => headers(mail, name));
  const named = addressesOf([...(mail.to ?? []), ...(mail.cc ?? [])]).map(({ address }) => address);
  const all = [...envelope.map((value) => readAddress(value.replaceAll(/[<>]/g, "")) ?? ""), ...named];
  return [...new Set(all.filter((address) => address !== "").map((address) => address.toLowerCase()))];
}

function idsIn(text: string): string[] {
  return [...new Set(text.slice(0, 20_000).match(/<[^<>\s]{3,250}>/g) ?? [])];
}

/** A mail should have a Message-ID and need not (RFC 5322, 3.6.4): the same mail brought twice must be one all the same. */
function madeUpId(mail: Email, from: string, text: string): string {
  return `<${[from, mail.date ?? "", mail.subject ?? "", text].join(" ")}>`;
}

function bytesOf(content: ArrayBuffer | Uint8Array | string): Uint8Array {
  return typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
}

function nameOf(filename: string | null): string {
  return (
    (filename ?? "")
      .replaceAll(/[\p{Cc}\p{Cf}/\\]+/gu, " ")
      .trim()
      .slice(0, 80) || "a file without a name"
  );
}

/**
 * RFC 3834; before it, Precedence and headers of their own served the same end. A report is a bounce where a delivery failed (RFC 3464), and not where
 * it is late or was read (RFC 8098). An empty return path (RFC 5321, 4.5.5) is a bounce's too, where nothing says that a program answers.
 */
function automaticOf(mail: Email, from: string): ReadMail["automatic"] {
  const value = (name: string) => headers(mail, name)[0]?.trim().toLowerCase() ?? "";
  const submitted = value("auto-submitted");
  if (value("content-type").startsWith("multipart/report")) return toldFailure(mail) ? "bounce" : "autoReply";
  if (/^(mailer-daemon|postmaster)@/i.test(from)) return "bounce";
  if (submitted !== "" && submitted !== "no") return "autoReply";
  if (["auto_reply", "auto-reply"].includes(value("precedence"))) return "autoReply";
  if (headers(mail, "x-autoreply").length + headers(mail, "x-autorespond").length > 0) return "autoReply";
  if (value("return-path") === "<>") return "bounce";
  if (["bulk", "junk", "list"].includes(value("precedence")) || headers(mail, "list-id").length > 0) return "bulk";
  return undefined;
}

/** Of a report: whether it tells that something was not delivered. One that doesn't say what became of it does. */
function toldFailure({ attachments }: Email): boolean {
  if (attachments.some(({ mimeType }) => mimeType === "message/disposition-notification")) return false;
  const status = attachments.find(({ mimeType }) => mimeType === "message/delivery-status");
  const actions =
    status === undefined
      ? []
      : [
          ...Buffer.from(bytesOf(status.content))
            .toString()
            .matchAll(/^action:[^\S\n]*(\w{1,20})/gim),
        ];
  return actions.length === 0 || actions.some(([, action]) => action?.toLowerCase() === "failed");
}

function headers(mail: Email, name: string): string[] {
  return mail.headers.filter(({ key }) => key === name).map(({ value }) => value);
}
