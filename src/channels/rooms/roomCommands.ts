import type { StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { roomsIn } from "./rooms.ts";

/** `channel.rooms`: to which rooms messages can go. */
export function roomCommands(outside: () => ChatOutside): StaffCommand[] {
  const define = commandsOf("channel", { risk: "read", permission: "operations.manage" });
  return [
    define(
      "rooms",
      "Lists the rooms of Slack and Teams in which the app is: messages can go there.",
      { channel: { type: "string", description: "Only those of this service.", maxLength: 40 } },
      [],
      async ({ principal: { tenant }, args }) => {
        const wanted = args["channel"];
        const channels = [...outside().services.keys()].filter((name) => wanted === undefined || name === wanted);
        const rooms = [];
        for (const channel of channels)
          for (const room of await roomsIn(outside(), tenant, channel, true)) rooms.push({ ...room, channel });
        const lines = rooms.map(({ channel, name, workspace, id }) => `${channel}: #${name} in ${workspace} (${id})`);
        return { messages: [{ text: lines.join("\n") || "The app is in no room yet: invite it there." }], data: { rooms } };
      },
    ),
  ];
}
