import { createTransport } from "nodemailer";
import { Refusal } from "../../protocol/refusal.ts";
import type { MailAddress } from "./address.ts";
import { composeMail } from "./composeMail.ts";
import type { MailTransport } from "./mail.ts";

/** Of one mail, from the connection to the server's word: well under the lease of `outbox.ts`, so that nobody sends it meanwhile. */
const deadlineMs = 45_000;

/** Mail by SMTP; `url` is `smtp://user:password@host:port`, or `smtps://`. */
export function openSmtp({ url, from, timeoutMs = deadlineMs }: { url: string; from: MailAddress; timeoutMs?: number }): MailTransport {
  const stepMs = Math.min(10_000, timeoutMs);
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    dnsTimeout: stepMs,
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: Math.min(20_000, timeoutMs),
  });
  return {
    off: undefined,
    from,
    send: async (mail) => {
      const raw = await composeMail(from, mail);
      const sent = transport.sendMail({ envelope: { from: from.address, to: [mail.to] }, raw });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Refusal("unavailable", "The mail server took too long to answer.")), timeoutMs);
      });
      try {
        await Promise.race([sent, late]);
      } catch (error) {
        sent.catch(() => {}); // its deadline was told already
        throw error instanceof Refusal ? error : refusalOf(error);
      } finally {
        clearTimeout(timer);
      }
    },
    close: async () => transport.close(),
  };
}

/**
 * RFC 5321, 4.2.1: 5yz is for good, 4yz for now. A refused sign-in is the operator's to mend, and says nothing against the mail; what else
 * breaks (no connection, a wrong certificate) is no word of the receiving side.
 */
function refusalOf(error: unknown): Refusal {
  const code = property(error, "responseCode");
  const response = property(error, "response");
  const said = typeof response === "string" ? `: ${oneLine(response)}` : "";
  if (property(error, "code") === "EAUTH")
    return new Refusal("unavailable", `The mail server doesn't accept our sign-in${said}`, { cause: error });
  if (typeof code === "number" && code >= 500)
    return new Refusal("invalid_value", `The mail server refused the mail${said}`, { cause: error });
  if (typeof code === "number") return new Refusal("unavailable", `The mail server doesn't take the mail now${said}`, { cause: error });
  return new Refusal("unavailable", "The mail server can't be reached.", { cause: error });
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, 300);
}
