import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { OperationView } from "../../src/protocol/operations.ts";
import { Chip } from "../look/Chip.tsx";
import { ItemMenu } from "../look/ItemMenu.tsx";
import parts from "../look/parts.module.css";
import { now } from "../shell/now.ts";
import styles from "./Bench.module.css";
import type { VersionLine } from "./operations.ts";

interface VersionsLook {
  stored: OperationView;
  versions: readonly VersionLine[];
  onCompare: (version: number) => void;
  onRestore: (version: number) => void;
  onPublish: (version: number) => void;
}

const fewVersions = 8;

/** What was saved, the newest first, and what can be done with each. */
export function VersionsSection({ stored, versions, onCompare, onRestore, onPublish }: VersionsLook) {
  return (
    <section>
      <h3>
        Versions <span class={parts.hint}>{versions.length}</span>
      </h3>
      <ol class={styles.versions} data-many={versions.length > fewVersions}>
        {versions.map(({ version, by, at }) => (
          <li key={version}>
            <b>v{version}</b>
            <span class={parts.grow}>
              {by},{" "}
              <time dateTime={at} title={exactTime(at)}>
                {relativeTime(at, now.value)}
              </time>
            </span>
            {stored.published === version && <Chip tone="good">runs</Chip>}
            <ItemMenu
              label={`What can be done with version ${version}`}
              items={[
                { label: "Compare", command: "operation.show", onClick: () => onCompare(version) },
                ...(version === stored.latest
                  ? []
                  : [{ label: "Bring it back as a new version", command: "operation.update", onClick: () => onRestore(version) }]),
                ...(version === stored.published
                  ? []
                  : [{ label: "Publish this one", command: "operation.publish", onClick: () => onPublish(version) }]),
              ]}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}
