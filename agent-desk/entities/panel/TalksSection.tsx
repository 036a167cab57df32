import { exactTime, relativeTime } from "../../../src/client/relativeTime.ts";
import type { EntityTalk, EntityView } from "../../../src/protocol/blueprints.ts";
import parts from "../../look/parts.module.css";
import { now } from "../../shell/now.ts";
import { addressOf, route } from "../../shell/route.ts";
import { readTalks, useBeside } from "./around.ts";
import styles from "./Panel.module.css";

/** In which conversations something was done with it, of those that this person may read. */
export function TalksSection({ entity }: { entity: EntityView }) {
  const talks = useBeside<EntityTalk>(entity, readTalks);
  if (talks === null || talks.length === 0) return null;
  return (
    <section class={styles.section} aria-label="Conversations">
      <h3>
        Conversations <span class={parts.hint}>{talks.length}</span>
      </h3>
      <ol class={styles.history}>
        {talks.map(({ conversation, contact, command, by, at }) => (
          <li key={conversation}>
            <a href={addressOf({ ...route.value, settings: null, conversation, person: false, message: null })}>{contact}</a>
            <span class={parts.hint}>
              /{command}, {by},{" "}
              <time dateTime={at} title={exactTime(at)}>
                {relativeTime(at, now.value)}
              </time>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
