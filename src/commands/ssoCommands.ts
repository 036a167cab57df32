import type { Access } from "../access/access.ts";
import { proveDomains, readSso, removeSso, type SsoView, setSso } from "../access/sso/tenantSso.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { atArgument } from "./atArgument.ts";
import type { StaffCommand } from "./command.ts";
import { settingsCommand } from "./settingsCommand.ts";

const args: Record<string, ArgSchema> = {
  issuer: { type: "string", description: "The provider's address, like https://login.example.com.", maxLength: 500 },
  client: { type: "string", description: "The client's id there.", maxLength: 200 },
  secret: { type: "string", description: "The client's secret; never shown again.", format: "password", maxLength: 1000 },
  domains: { type: "string", description: "Of whose mail addresses people may come, with commas: example.com.", maxLength: 1000 },
  enforced: { type: "boolean", description: "Whether it is the only way in, but for owners." },
};

/** `tenant.sso`: how the people of a workspace sign in by its own provider. */
export function ssoCommands(
  outside: Pick<Platform, "database" | "bus" | "clock"> & Pick<Access, "keys" | "providers">,
  publicUrl: string,
): StaffCommand[] {
  const shown = (tenant: string, sso: SsoView | undefined) => ({
    redirect: `${publicUrl}/desk/signed-in/${tenant}`,
    sso: sso === undefined ? null : { ...sso },
  });
  return [
    {
      ...settingsCommand(
        "tenant.sso",
        "Shows the single sign-on of the workspace, and the address that its provider must know.",
        {},
        [],
        async ({ principal: { tenant } }) => {
          const sso = await readSso(outside, tenant);
          const data = shown(tenant, sso);
          const text = sso === undefined ? "There is no single sign-on yet." : told(sso);
          return { messages: [{ text: `${text} The provider sends people back to ${data.redirect}.` }], data };
        },
        "tenant.manage",
      ),
      risk: "read",
    },
    {
      ...settingsCommand(
        "tenant.sso-set",
        "Sets the single sign-on of the workspace by an OpenID Connect provider of its own, or changes what is given.",
        args,
        [],
        async ({ principal, args: given }) => {
          const text = (name: string) => (given[name] === undefined ? {} : { value: String(given[name]) });
          const [issuer, clientId, clientSecret, domains] = [text("issuer"), text("client"), text("secret"), text("domains")];
          const sso = await setSso(outside, principal, {
            ...("value" in issuer ? { issuer: issuer.value } : {}),
            ...("value" in clientId ? { clientId: clientId.value } : {}),
            ...("value" in clientSecret ? { clientSecret: clientSecret.value } : {}),
            ...("value" in domains ? { domains: domains.value } : {}),
            ...(given["enforced"] === undefined ? {} : { enforced: given["enforced"] === true }),
          }).catch(atArgument);
          return { messages: [{ text: told(sso) }], data: shown(principal.tenant, sso) };
        },
        "tenant.manage",
      ),
      audited: "itself",
      stepUp: true,
    },
    {
      ...settingsCommand(
        "tenant.sso-prove",
        "Looks whether the records of the domains are there: the people of a proven domain are found by their mail addresses.",
        {},
        [],
        async ({ principal }) => {
          const sso = await proveDomains(outside, principal);
          const missing = sso.domains.filter((domain) => !sso.proven.includes(domain));
          const text = [
            sso.proven.length === 0 ? "" : `Proven: ${sso.proven.join(", ")}.`,
            ...missing.map((domain) => `Not yet: ${domain}, whose TXT record ${sso.record.name}${domain} must say ${sso.record.text}.`),
          ];
          return { messages: [{ text: text.filter((line) => line !== "").join("\n") }], data: shown(principal.tenant, sso) };
        },
        "tenant.manage",
      ),
      audited: "itself",
    },
    {
      ...settingsCommand(
        "tenant.sso-remove",
        "Takes the single sign-on of the workspace away: who came by it chooses a password by mail.",
        {},
        [],
        async ({ principal }) => {
          await removeSso(outside, principal);
          return { messages: [{ text: "There is no single sign-on any more; whoever came by it is signed out." }] };
        },
        "tenant.manage",
      ),
      audited: "itself",
      stepUp: true,
    },
  ];
}

function told({ issuer, domains, enforced }: SsoView): string {
  const whom = `People with addresses of ${domains.join(", ")} sign in by ${issuer}`;
  return enforced ? `${whom}, and no other way; owners still may.` : `${whom}, or as they did before.`;
}
