import { X } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { MessageRoom } from "../../src/protocol/messages.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { Choice } from "../settings/fields.tsx";
import styles from "./Message.module.css";

interface RoomsLook {
  /** The service, as messages name it. */
  channel: string;
  /** Ids, or parameters in double braces. */
  rooms: readonly string[];
  onChange: (rooms: string[]) => void;
  faultAt: (path: string) => string | null;
}

/** Rooms of a service to which a message goes: chosen by name, kept by id. */
export function MessageRooms({ channel, rooms, onChange, faultAt }: RoomsLook) {
  const [known, setKnown] = useState<readonly MessageRoom[] | null>(null);
  const [unread, setUnread] = useState<string | null>(null);
  useEffect(() => {
    setKnown(null);
    runCommand("channel.rooms", { channel }).then(
      ({ data }) => {
        setKnown(roomsIn(data));
        setUnread(null);
      },
      (error: unknown) => setUnread(sentence(error)),
    );
  }, [channel]);
  const nameOf = (written: string) => {
    const room = known?.find(({ id }) => id === written);
    if (room !== undefined) return `#${room.name} (${room.workspace})`;
    return written.includes("{{") || known === null ? written : "A room in which the app isn't any more";
  };
  const left = (known ?? []).filter(({ id }) => !rooms.includes(id));
  return (
    <>
      <Wrong>{unread}</Wrong>
      <Choice
        id="message-rooms"
        label="And in rooms"
        hint={known?.length === 0 ? "The app is in no room yet: invite it there." : undefined}
        wrong={faultAt("rooms")}
        value=""
        none={known === null ? "…" : "Add a room"}
        options={left.map(({ id }) => ({ value: id, label: nameOf(id) }))}
        onInput={(id) => id !== "" && onChange([...rooms, id])}
      />
      {rooms.length > 0 && (
        <ul class={styles.rooms} aria-label="Rooms">
          {rooms.map((written, index) => (
            <li key={written}>
              <span dir="auto">{nameOf(written)}</span>
              <Button
                tone="plain"
                small
                label={`Not in ${nameOf(written)}`}
                onClick={() => onChange(rooms.filter((each) => each !== written))}
              >
                <X />
              </Button>
              <Wrong>{faultAt(`rooms.${index}`)}</Wrong>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** The server checks what it answers; here it is only found. */
function roomsIn(data: unknown): MessageRoom[] {
  const found: unknown = typeof data === "object" && data !== null ? Reflect.get(data, "rooms") : undefined;
  return Array.isArray(found) ? found : [];
}
