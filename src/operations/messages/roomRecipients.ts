import type { MessageRoom } from "../../protocol/messages.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fill, slotsIn } from "../slots.ts";
import type { ByChannel } from "./message.ts";
import { channelNamed } from "./messageChannel.ts";
import { type PlannedCall, type Recipient, type RecipientOutside, valuesOf } from "./recipient.ts";

/** The rooms of a message, each once. Refusals `not_found` and `invalid_value` with the place (`message.rooms.0`). */
export async function roomsAt(outside: RecipientOutside, message: ByChannel, call: PlannedCall): Promise<Recipient[]> {
  if (message.rooms.length === 0) return [];
  const channel = channelNamed(outside, message.channel);
  const known = await channel.rooms(call.principal.tenant);
  return message.rooms.flatMap((written, index) => {
    const filled = fill(written, valuesOf(call));
    return (Array.isArray(filled) ? filled : [filled]).map((one) => {
      const found = roomCalled(known, channel.title, String(one ?? ""), `message.rooms.${index}`);
      const name = roomName(found);
      return { name, email: null, account: null, contact: null, room: found.id, blocked: false, row: { name, email: "" } };
    });
  });
}

/** With the ids of its rooms in the place of their names, so that it goes there though they are renamed. Refusals as of `roomsAt`. */
export async function keepRooms(outside: RecipientOutside, tenant: string, message: ByChannel): Promise<ByChannel> {
  const channel = channelNamed(outside, message.channel);
  if (message.rooms.every((written) => slotsIn(written).length > 0)) return message;
  const known = await channel.rooms(tenant);
  const rooms = message.rooms.map((written, index) =>
    slotsIn(written).length > 0 ? written : roomCalled(known, channel.title, written, `message.rooms.${index}`).id,
  );
  return { ...message, rooms };
}

/** `#general (Example)`: two workspaces may have rooms of one name. */
export function roomName({ name, workspace }: Pick<MessageRoom, "name" | "workspace">): string {
  return `#${name} (${workspace})`;
}

function roomCalled(known: readonly MessageRoom[], title: string, written: string, path: string): MessageRoom {
  const wanted = written.trim().toLowerCase();
  const called = (room: MessageRoom) => [room.id, room.name.toLowerCase(), `#${room.name.toLowerCase()}`, roomName(room).toLowerCase()];
  const [found, other] = known.filter((room) => called(room).includes(wanted));
  if (other !== undefined)
    throw new Refusal("invalid_value", `Several rooms in ${title} are called "${written.slice(0, 100)}": name the workspace too.`, {
      path,
    });
  if (found === undefined)
    throw new Refusal("not_found", `There is no room "${written.slice(0, 100)}" in ${title} in which the app is.`, { path });
  return found;
}
