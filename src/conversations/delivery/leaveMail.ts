import type { VisitorPrincipal } from "../../access/principal.ts";
import { readAddress } from "../../platform/mail/address.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { saveContactMail } from "../contacts/visitorStore.ts";
import { publishConversationEvent } from "../events.ts";

/** Keeps where the answer may go, as the visitor's own word: it proves nothing and joins no contacts. Refusals: `invalid_value`, and `conflict` where the site has signed another. */
export async function leaveMail(
  deps: Pick<Platform, "database" | "bus">,
  visitor: VisitorPrincipal,
  email: string,
  path = "email",
): Promise<string> {
  const address = readAddress(email);
  if (address === undefined)
    throw new Refusal("invalid_value", `"${email.trim().slice(0, 60)}" is no mail address; write one like name@example.com.`, { path });
  if (!(await saveContactMail(deps.database.forTenant(visitor.tenant), visitor.contact, address)))
    throw new Refusal("conflict", "Your address is known from this site, and stays; change it in your account there.", { path });
  publishConversationEvent(deps, visitor.tenant, { kind: "contactChanged", conversation: visitor.conversation });
  return address;
}
