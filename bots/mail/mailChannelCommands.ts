import type { Keys } from "../../src/access/keys/keys.ts";
import { reachOf } from "../../src/access/policy.ts";
import { defineCommand, type StaffCommand } from "../../src/commands/command.ts";
import { readAddress } from "../../src/platform/mail/address.ts";
import type { Platform } from "../../src/platform/platform.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { mailSecret } from "./mailSecret.ts";
import { type InboxMail, listInboxMail, nextSecret, ownSecret, saveInboxMail } from "./mailStore.ts";

interface Outside extends Pick<Platform, "database"> {
  keys: Pick<Keys, "mailWebhooks">;
  publicUrl: string;
}

/** `inbox.mail`, and `inbox.mail-secret` with its change: how an inbox is written to by mail. */
export function mailChannelCommands({ database, keys, publicUrl }: Outside): StaffCommand[] {
  const secretCommand = (name: string, summary: string, risk: StaffCommand["risk"], find: typeof ownSecret) =>
    defineCommand<StaffCommand>({
      ...common,
      name,
      summary,
      risk,
      stepUp: true,
      audited: "always",
      args: { type: "object", properties: {}, additionalProperties: false },
      run: async ({ principal }) => {
        // Whoever signs as the mail server writes in the name of any customer.
        if (reachOf(principal, "conversations.read") !== "all")
          throw new Refusal("forbidden", "With this one writes in any customer's name: it is for who may read every conversation.");
        const tenant = await find(database.forTenant(principal.tenant));
        if (tenant === undefined) throw new Refusal("not_found", "There is no such workspace any more.");
        const url = `${publicUrl}/channels/mail/messages?tenant=${tenant.slug}`;
        const secret = mailSecret(keys, tenant);
        const text = `POST each mail as it is (Content-Type: message/rfc822) to ${url}, signed as Standard Webhooks have it with the secret ${secret}`;
        return { messages: [{ text }], data: { url }, once: { secret } };
      },
    });
  const common = { audience: "staff", source: "built-in", permission: "people.manage" } as const;
  return [
    defineCommand<StaffCommand>({
      ...common,
      name: "inbox.mail",
      summary: "Tells or sets the mail address of an inbox, and after how many minutes an unread answer goes by mail.",
      risk: "write",
      args: {
        type: "object",
        properties: {
          inbox: { type: "string", description: "The inbox's key or name; the only one where it is left out.", maxLength: 200 },
          address: { type: "string", description: 'The address that people write to, or "none".', maxLength: 254 },
          minutes: { type: "integer", description: "How long an answer waits to be read in the chat.", minimum: 0, maximum: 1440 },
        },
        additionalProperties: false,
      },
      run: async ({ principal, args }) => {
        const sql = database.forTenant(principal.tenant);
        const inbox = chosen(await listInboxMail(sql), args["inbox"]);
        const address = args["address"] === undefined ? inbox.address : checkedAddress(String(args["address"]));
        const afterSeconds = typeof args["minutes"] === "number" ? args["minutes"] * 60 : inbox.afterSeconds;
        if (!(await saveInboxMail(sql, inbox.id, address, afterSeconds))) {
          throw new Refusal("conflict", `Another inbox has the address ${address}.`, { path: "args.address" });
        }
        const reached = address === null ? `${inbox.name} has no mail address` : `${inbox.name} is written to at ${address}`;
        const text = `${reached}; an answer that is not read goes by mail after ${afterSeconds / 60} minutes.`;
        return { messages: [{ text }], data: { inbox: inbox.key, address, minutes: afterSeconds / 60 } };
      },
    }),
    secretCommand(
      "inbox.mail-secret",
      "Tells where a mail server brings this tenant's mail, and the secret with which it signs.",
      "read",
      ownSecret,
    ),
    secretCommand(
      "inbox.rotate-mail-secret",
      "Gives this tenant's mail server a new secret; the old one counts for a day more.",
      "write",
      nextSecret,
    ),
  ];
}

function chosen(inboxes: readonly InboxMail[], wanted: unknown): InboxMail {
  const found = inboxes.filter(
    ({ key, name }) => wanted === undefined || key === wanted || name.toLowerCase() === String(wanted).toLowerCase(),
  );
  const [inbox] = found;
  if (inbox !== undefined && found.length === 1) return inbox;
  const names = inboxes.map(({ name, key }) => `${name} (${key})`).join(", ");
  throw new Refusal("invalid_value", `"inbox" must be one of ${names || "none, for there is none"}.`, { path: "args.inbox" });
}

function checkedAddress(text: string): string | null {
  if (text.trim().toLowerCase() === "none") return null;
  const address = readAddress(text)?.toLowerCase();
  if (address === undefined)
    throw new Refusal("invalid_value", '"address" must be a mail address like support@example.com, or "none".', { path: "args.address" });
  return address;
}
