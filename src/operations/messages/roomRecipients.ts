import type { MessageRoom } from "../../protocol/messages.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fill, slotsIn } from "../slots.ts";
import type { ByChannel } from "./message.ts";
import { channelNamed } from "./messageChannel.ts";
import { type PlannedCall, type Recipient, type RecipientOutside, valuesOf } from "./recipient.ts";

/** The rooms of a message. Refusals `not_found` and `invalid_value` with the place (`message.rooms.0`). */
export async function roomsAt(outside: RecipientOutside, message: ByChannel, call: PlannedCall): Promise<Recipient[]> {
  const written = message.rooms.flatMap((one, index) => {
    const filled = fill(one, valuesOf(call));
    return (Array.isArray(filled) ? filled : [filled]).map((value) => ({ value: String(value ?? ""), path: `message.rooms.${index}` }));
  });
  const rooms = await findRooms(outside, call.principal.tenant, message, written);
  return rooms.map((room) => {
    const name = roomName(room);
    return { name, email: null, account: null, contact: null, room: room.id, blocked: false, row: { name, email: "" } };
  });
}

/** With the ids of its rooms in the place of their names, so that it goes there though they are renamed. Refusals as of `roomsAt`. */
export async function keepRooms(outside: RecipientOutside, tenant: string, message: ByChannel): Promise<ByChannel> {
  channelNamed(outside, message.channel);
  const written = message.rooms.map((value, index) => ({ value, path: `message.rooms.${index}` }));
  const named = written.filter(({ value }) => slotsIn(value).length === 0);
  const found = await findRooms(outside, tenant, message, named);
  return { ...message, rooms: written.map((one) => found[named.indexOf(one)]?.id ?? one.value) };
}

interface Written {
  value: string;
  path: string;
}

/** Of those that are known; one that isn't is asked for at the service. */
async function findRooms(
  outside: RecipientOutside,
  tenant: string,
  message: ByChannel,
  written: readonly Written[],
): Promise<MessageRoom[]> {
  if (written.length === 0) return [];
  const channel = channelNamed(outside, message.channel);
  const known = await channel.rooms(tenant, false);
  const isKnown = written.every((one) => called(known, one).length > 0);
  const all = isKnown ? known : await channel.rooms(tenant, true);
  return written.map((one) => onlyOne(called(all, one), channel.title, one));
}

/** `#general (Example)`: two workspaces may have rooms of one name. */
export function roomName({ name, workspace }: Pick<MessageRoom, "name" | "workspace">): string {
  return `#${name} (${workspace})`;
}

/** By its id, or as people call it. */
function called(rooms: readonly MessageRoom[], { value }: Written): MessageRoom[] {
  const wanted = value.trim().toLowerCase();
  return rooms.filter((room) =>
    [room.id, room.name.toLowerCase(), `#${room.name.toLowerCase()}`, roomName(room).toLowerCase()].includes(wanted),
  );
}

function onlyOne([found, other]: readonly MessageRoom[], title: string, { value, path }: Written): MessageRoom {
  const named = value.slice(0, 100);
  if (other !== undefined)
    throw new Refusal("invalid_value", `Several rooms in ${title} are called "${named}": name the workspace too, or its id.`, { path });
  if (found === undefined)
    throw new Refusal("not_found", `There is no room "${named}" in ${title} in which the app is: invite it there.`, { path });
  return found;
}
