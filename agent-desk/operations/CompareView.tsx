import { diffLines } from "diff";
import { X } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { OperationView } from "../../src/protocol/operations.ts";
import { sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { Scrolled } from "../look/Scrolled.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { Choice } from "../settings/fields.tsx";
import { asText } from "./asText.ts";
import benchStyles from "./Bench.module.css";
import { type Draft, draftOf } from "./draft.ts";
import { showOperation, type VersionLine } from "./operations.ts";
import queryStyles from "./QueryEditor.module.css";

interface CompareLook {
  stored: OperationView;
  versions: readonly VersionLine[];
  /** What is being written. */
  draft: Draft;
  isChanged: boolean;
  /** The older side at first. */
  begin: number;
  onClose: () => void;
}

const mine = "draft";

/** Two versions, or one and the draft, line by line: what went and what came. */
export function CompareView({ stored, versions, draft, isChanged, begin, onClose }: CompareLook) {
  const [from, setFrom] = useState(String(begin));
  const [to, setTo] = useState(isChanged ? mine : String(begin === stored.latest ? Math.max(1, stored.latest - 1) : stored.latest));
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [wrong, setWrong] = useState<string | null>(null);
  const known: Readonly<Record<string, string>> = { ...texts, [mine]: asText(draft), [stored.version]: asText(draftOf(stored)) };
  useEffect(() => {
    for (const side of [from, to]) {
      if (known[side] !== undefined) continue;
      showOperation(stored.name, Number(side)).then(
        ({ operation }) => setTexts((before) => ({ ...before, [side]: asText(draftOf(operation)) })),
        (error: unknown) => setWrong(sentence(error)),
      );
    }
  }, [from, to]);
  const options = [
    ...(isChanged ? [{ value: mine, label: "Draft, not saved" }] : []),
    ...versions.map(({ version, by }) => ({
      value: String(version),
      label: `v${version} by ${by}${version === stored.published ? ", published" : ""}`,
    })),
  ];
  const [before, after] = [known[from], known[to]];
  return (
    <section class={queryStyles.compare} aria-labelledby="operation-compare">
      <div class={benchStyles.partHead}>
        <h2 id="operation-compare" class={parts.grow}>
          Compare
        </h2>
        <Button tone="plain" label="End comparing" onClick={onClose}>
          <X />
        </Button>
      </div>
      <div class={benchStyles.fields}>
        <Choice id="compare-from" label="From" wrong={null} value={from} options={options} onInput={setFrom} />
        <Choice id="compare-to" label="To" wrong={null} value={to} options={options} onInput={setTo} />
      </div>
      <Wrong>{wrong}</Wrong>
      {before === undefined || after === undefined ? (
        wrong === null && <span class={parts.skeleton} style="width: 60%" />
      ) : before === after ? (
        <p>They are the same.</p>
      ) : (
        <DiffLines before={before} after={after} />
      )}
    </section>
  );
}

function DiffLines({ before, after }: { before: string; after: string }) {
  const lines = diffLines(`${before}\n`, `${after}\n`).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text) => ({ text, mark: added ? "+" : removed ? "-" : " " })),
  );
  return (
    <Scrolled class={queryStyles.diff} label="What changed, line by line">
      {lines.map(({ text, mark }, index) => {
        const Line = mark === "+" ? "ins" : mark === "-" ? "del" : "span";
        return (
          <Line key={index}>
            <i>{mark}</i>
            {text}
          </Line>
        );
      })}
    </Scrolled>
  );
}
