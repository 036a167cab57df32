import { announceMail } from "../../src/platform/mail/outbox.ts";
import { openMailService } from "../fixtures/mailService.ts";
import type { ChannelUnderTest, Flaw, Written } from "./channel.contract.ts";

const ourselves = "chat@switchboard.example";

/** Mail as every channel is tested: what a person writes is a mail, and what reaches them too. */
export async function mailUnderTest(): Promise<ChannelUnderTest> {
  const service = await openMailService();
  const sql = service.product.database.acrossTenants;
  /** By the id of the mail. */
  const replyTos = new Map<string, string>();

  const raw = ({ id, by, text, files = [], answers }: Written, flaw: Flaw | undefined): Buffer => {
    const to = flaw === "toNobody" ? "nobody@website.example" : ((answers && replyTos.get(answers.id)) ?? "help@website.example");
    const head = [
      `From: ${flaw === "byOurselves" ? ourselves : by}`,
      `To: ${to}`,
      `Message-ID: <${id}@example.org>`,
      ...(answers === undefined ? [] : [`In-Reply-To: ${answers.id}`]),
    ];
    if (flaw === "unreadable") return Buffer.from("just words");
    if (files.length === 0) return Buffer.from([...head, "", text].join("\r\n"));
    const parts = files.flatMap(({ name, text }) => [
      "--part",
      `Content-Type: application/octet-stream; name="${name}"`,
      `Content-Disposition: attachment; filename="${name}"`,
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(text, "latin1").toString("base64"),
    ]);
    const type = 'Content-Type: multipart/mixed; boundary="part"';
    return Buffer.from([...head, type, "", "--part", "Content-Type: text/plain", "", text, ...parts, "--part--", ""].join("\r\n"));
  };

  return {
    product: service.product,
    bring: (written, flaw) =>
      service.bring(raw(written, flaw), {
        ...(flaw === "wrongSignature" ? { secret: "whsec_c2VjcmV0" } : {}),
        ...(flaw === "foreignTenant" ? { tenant: "elsewhere" } : {}),
        ...(flaw === "noSignature" ? { headers: { "webhook-signature": undefined } } : {}),
        ...(flaw === "oldSignature" ? { headers: { "webhook-timestamp": "1700000000" } } : {}),
      }),
    reached: async (person) =>
      (await service.arrived(person)).map((mail) => {
        const { messageId = "", replyTo, text = "" } = mail;
        replyTos.set(messageId, replyTo?.[0]?.address ?? "");
        return { id: messageId, text };
      }),
    // A 4xx: it may be taken later.
    refuse: (refuses) => service.server.refuse(refuses ? 451 : undefined, "try again later"),
    refused: async () => {
      const [row] = await sql.query<{ n: number }>(
        "select coalesce(sum(attempts), 0)::int as n from mail_out where last_error is not null",
      );
      return row?.n ?? 0;
    },
    passTime: async () => {
      await sql.query("update mail_out set due_at = now() where state = 'waiting' and holder is null");
      announceMail(service.product);
    },
    close: service.close,
  };
}
