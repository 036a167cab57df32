import type { AccountPrincipal } from "../../access/principal.ts";
import type { StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import { cardOf, say } from "../asking/performing.ts";
import { channelName } from "../channelName.ts";
import { aloneWithThem } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { claimCode, endLink, readCode } from "./linkPerson.ts";
import { findPerson, listLinks } from "./personStore.ts";

/** `me.link` and what belongs to it: who one is in Slack and Teams. */
export function linkCommands(outside: () => ChatOutside): StaffCommand[] {
  const define = commandsOf("me", { risk: "write", permission: "commands.run" });
  const whose = async (principal: AccountPrincipal, code: unknown) => await readCode(outside(), principal.tenant, String(code));
  return [
    define(
      "link",
      "Says that you are whoever asked for a code in Slack or Teams, where it is confirmed; then you are one person in both.",
      { code: { type: "string", description: "The code that you were shown there.", minLength: 8, maxLength: 8 } },
      ["code"],
      async ({ principal, args }) => {
        const found = await claimCode(outside(), principal, String(args["code"]));
        await askThere(outside(), principal, found.person);
        return {
          messages: [{ text: `Now say in ${channelName(found.channel)}, as ${found.name} in ${found.workspace}, that it was you.` }],
          data: { channel: found.channel, name: found.name },
        };
      },
      {
        stepUp: true,
        audited: "always",
        plan: async ({ principal, args }) => {
          const { name, channel, workspace } = await whose(principal, args["code"]);
          const text = `${name} in ${workspace} (${channelName(channel)}) will be you: with your rights, your history and your approvals.`;
          return { changes: [{ text, kind: "add" }] };
        },
      },
    ),
    define(
      "links",
      "Tells who you are in Slack and Teams.",
      {},
      [],
      async ({ principal }) => {
        const links = await listLinks(outside().database.forTenant(principal.tenant), principal.account);
        const lines = links.map(({ channel, workspace, name, person }) => `${channelName(channel)}: ${name} in ${workspace} (${person})`);
        const data = { links: links.map(({ linkedAt, ...link }) => ({ ...link, linkedAt: linkedAt.toISOString() })) };
        return { messages: [{ text: lines.join("\n") || "You are nobody in Slack and Teams yet." }], data };
      },
      { risk: "read" },
    ),
    define(
      "unlink",
      "Ends that somebody in Slack or Teams is you.",
      { link: { type: "string", description: "Its id, as me.links tells it.", maxLength: 60 } },
      ["link"],
      async ({ principal, args }) => {
        await endLink(outside(), principal, String(args["link"]));
        return { messages: [{ text: "They are not you any more." }] };
      },
      { audited: "itself" },
    ),
  ];
}

/** Whoever asked for the code is asked, alone, whether it was them. */
async function askThere(outside: ChatOutside, { tenant, account, name, email }: AccountPrincipal, id: string): Promise<void> {
  const person = await findPerson(outside.database.forTenant(tenant), id);
  const installation = person && (await outside.installations.byId(tenant, person.installation));
  if (person === undefined || installation === undefined) return;
  const key = `link ${id} ${account} ${outside.clock.now()}`;
  const card = cardOf(installation.id, key);
  await say(
    outside,
    { installation, person },
    {
      key,
      place: person.place ?? aloneWithThem,
      drawing: {
        text: `${name} (${email}) wrote your code. Is that you? Then what you write here is done with that account's rights.`,
        card: {
          id: card,
          buttons: [
            { verb: "yes", label: "Yes, that is me", style: "primary" },
            { verb: "no", label: "No", style: "danger" },
          ],
        },
      },
      about: { data: { kind: "link", account } },
    },
  );
}
