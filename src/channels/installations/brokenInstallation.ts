import { standingOf } from "../../commands/approvals/approvalRules.ts";
import { listApprovers } from "../../commands/approvals/approvalStore.ts";
import { html, lines, mailPage } from "../../platform/mail/html.ts";
import { announceMail, queueMail } from "../../platform/mail/outbox.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Installation } from "../chatService.ts";
import { listMails } from "../people/personStore.ts";
import { saveState } from "./installationStore.ts";

/** Marks an installation as broken, and tells whoever manages the workspace by mail, once for each time. */
export async function tellBroken(
  { database, bus, clock, log }: Pick<Platform, "database" | "bus" | "clock" | "log">,
  { id, tenant, name, app }: Installation,
  why: string,
): Promise<void> {
  const sql = database.forTenant(tenant);
  if (!(await saveState(sql, id, "broken", why))) return;
  log.warn({ installation: id, channel: app.service, why }, "a channel's installation is broken");
  const managers = (await listApprovers(sql)).filter((person) => person.active && standingOf(person).includes("permission:people.manage"));
  const mails = await listMails(
    sql,
    managers.map(({ account }) => account),
  );
  const text = `${name} (${app.service}) refuses Switchboard: ${why}\n\nNothing is heard from there and nothing said until it is connected again, under Settings, Slack and Teams. What was to be said waits.`;
  const subject = `${name} is not connected any more`;
  const page = mailPage("en", subject, [html`<p>${lines(text)}</p>`]);
  for (const to of mails)
    await queueMail(sql, {
      kind: "notice",
      key: `broken:${id}:${Math.floor(clock.now() / 60_000)}:${to}`,
      to,
      subject,
      text,
      html: page,
      automatic: true,
    });
  announceMail({ bus });
}
