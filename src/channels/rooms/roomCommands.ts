import type { StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { ChoosingOutside } from "../installations/chosen.ts";
import { chosenInstallation } from "../installations/chosen.ts";
import { offerThings, roomArgument, teamArgument, workspaceArgument } from "../installations/offered.ts";
import { saveTeamRoom } from "../threads/threadStore.ts";
import { roomNamed, roomsIn } from "./rooms.ts";

/** `channel.rooms`: to which rooms messages can go; `channel.room`: where a team answers. */
export function roomCommands(outside: ChoosingOutside & { house: () => ChatOutside }): StaffCommand[] {
  const { database, house } = outside;
  const define = commandsOf("channel", { risk: "write", permission: "people.manage", audited: "always" });
  return [
    define(
      "rooms",
      "Lists the rooms of Slack and Teams in which the app is: messages can go there.",
      { channel: { type: "string", description: "Only those of this service.", maxLength: 40 } },
      [],
      async ({ principal: { tenant }, args }) => {
        const wanted = args["channel"];
        const channels = [...house().services.keys()].filter((name) => wanted === undefined || name === wanted);
        const rooms = [];
        for (const channel of channels) for (const room of await roomsIn(house(), tenant, channel, true)) rooms.push({ ...room, channel });
        const lines = rooms.map(({ channel, name, workspace, id }) => `${channel}: #${name} in ${workspace} (${id})`);
        return { messages: [{ text: lines.join("\n") || "The app is in no room yet: invite it there." }], data: { rooms } };
      },
      { risk: "read", permission: "operations.manage", audited: "never" },
    ),
    define(
      "room",
      "Says in which room of a connected workspace a team sees and answers what waits for it.",
      {
        team: teamArgument,
        room: roomArgument('The room, by its name or id, or "none".'),
        workspace: workspaceArgument,
      },
      ["team", "room"],
      async ({ principal: { tenant }, args }) => {
        const { row } = await chosenInstallation(outside, tenant, args["workspace"]);
        const team = String(args["team"]);
        const room = args["room"] === "none" ? undefined : await roomNamed(house(), row, String(args["room"]));
        if (!(await saveTeamRoom(database.forTenant(tenant), row.id, team, room?.place ?? null)))
          throw new Refusal("invalid_value", "There is no team with this key.", { path: "args.team" });
        const text = room === undefined ? `${team} has no room there.` : `${team} answers in #${room.name} of ${row.name}.`;
        return { messages: [{ text }] };
      },
      { choices: offerThings(outside) },
    ),
  ];
}
