import { Avatar } from "../look/Avatar.tsx";
import marks from "../look/marks.module.css";
import parts from "../look/parts.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { labelOf } from "../status/presence.ts";
import styles from "./Person.module.css";

/** The colleagues who are here, and how much each holds: whom to ask, or to whom to transfer. */
export function Team() {
  const here = useDesk().colleagues.value.filter(({ connected, declared }) => connected && declared !== "offline");
  return (
    <section class={styles.section}>
      <h2>Colleagues here</h2>
      {here.length === 0 && <p class={parts.hint}>No colleague is at the desk right now.</p>}
      <ul class={styles.team}>
        {here.slice(0, 8).map(({ id, name, declared, holding }) => (
          <li key={id}>
            <Avatar name={name} size="tiny" />
            <span>{name}</span>
            <small>
              {labelOf(declared)}
              {holding === null ? "" : ` · ${holding} held`}
            </small>
            <span class={`${marks.dot} ${marks[declared]}`} aria-hidden="true" />
          </li>
        ))}
      </ul>
    </section>
  );
}
