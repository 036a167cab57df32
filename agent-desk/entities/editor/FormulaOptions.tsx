import { useContext, useEffect, useState } from "preact/hooks";
import type { BlueprintView, Formula, Related } from "../../../src/protocol/blueprints.ts";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { Choice, TextField } from "../../settings/fields.tsx";
import { type FieldDraft, listBlueprints, manyOf } from "../blueprints.ts";
import fieldStyles from "../fields/Fields.module.css";
import type { MarkedField } from "./blueprintDraft.ts";
import styles from "./Editor.module.css";
import { Edited } from "./edited.ts";

interface FormulaLook {
  field: MarkedField;
  wrong: string | null;
  onSet: (option: string, value: unknown) => void;
}

const kinds = {
  sum: "The sum of",
  difference: "The first less the others",
  product: "The product of",
  count: "How many are related",
  total: "The total of those related",
} as const;
type Kind = keyof typeof kinds;
const kindNames = ["sum", "difference", "product", "count", "total"] as const;

/** What a formula is made of, chosen and never programmed. */
export function FormulaOptions({ field, wrong, onSet }: FormulaLook) {
  const edited = useContext(Edited);
  const [blueprints, setBlueprints] = useState<readonly BlueprintView[]>([]);
  useEffect(
    () =>
      void listBlueprints().then(setBlueprints, () => {
        // Nothing of others can be chosen then.
      }),
    [],
  );
  const kind = kindOf(field.formula);
  const own = (edited?.fields ?? []).filter(({ mark }) => mark !== field.mark);
  const ways = waysFrom(edited?.key ?? "", own, blueprints);
  const id = (part: string) => `field-${field.mark}-${part}`;
  return (
    <>
      <Choice
        id={id("formula")}
        label="Computes"
        none="Choose…"
        wrong={wrong}
        value={kind ?? ""}
        options={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
        onInput={(next) => onSet("formula", begun(next, field.formula, ways))}
      />
      {kind === "count" || kind === "total" ? (
        <RelatedOptions id={id} formula={field.formula} ways={ways} onSet={onSet} />
      ) : (
        kind !== undefined && <Operands id={id} name={field.name} kind={kind} formula={field.formula} fields={own} onSet={onSet} />
      )}
    </>
  );
}

interface OperandsLook {
  id: (part: string) => string;
  name: string;
  kind: Exclude<Kind, "count" | "total">;
  formula: Formula | undefined;
  fields: readonly MarkedField[];
  onSet: FormulaLook["onSet"];
}

/** Numbers of the entity, in the order in which they are chosen, and one that is written. */
function Operands({ id, name, kind, formula, fields, onSet }: OperandsLook) {
  const chosen = operandsIn(formula);
  const keys = chosen.filter((operand) => !isNumber(operand));
  const fixed = chosen.find(isNumber) ?? "";
  const set = (operands: readonly string[], number: string) =>
    onSet("formula", { [kind]: [...operands, ...(number === "" ? [] : [number])] });
  return (
    <div class={styles.pair}>
      <fieldset class={fieldStyles.choices} aria-label={`What ${name || "it"} is made of`}>
        {fields
          .filter((one) => isNumeric(one) && one.key !== "")
          .map(({ key, name: called }) => (
            <label key={key} class={parts.ticked}>
              <input
                type="checkbox"
                checked={keys.includes(key)}
                onChange={(event) => set(event.currentTarget.checked ? [...keys, key] : keys.filter((one) => one !== key), fixed)}
              />
              {called}
              {keys.includes(key) && keys.length > 1 && <span class={parts.hint}>{keys.indexOf(key) + 1}</span>}
            </label>
          ))}
        {fields.every((one) => !isNumeric(one)) && <span class={parts.hint}>There is no number among the fields yet.</span>}
      </fieldset>
      <TextField
        id={id("number")}
        label="And a number"
        hint="Where it is always the same: 1.19"
        inputMode="decimal"
        wrong={null}
        value={fixed}
        onInput={(written) => set(keys, written.trim().replace(",", "."))}
      />
    </div>
  );
}

interface Way extends Related {
  label: string;
  /** The fields of those that it leads to. */
  fields: readonly FieldDraft[];
}

function RelatedOptions({ id, formula, ways, onSet }: Pick<OperandsLook, "id" | "formula" | "onSet"> & { ways: readonly Way[] }) {
  const over = relatedIn(formula);
  const place = ways.findIndex((way) => way.relation === over?.relation && way.blueprint === over.blueprint);
  const way = ways[place];
  const isTotal = formula !== undefined && "total" in formula;
  const numbers = (way?.fields ?? []).filter(isNumeric);
  return (
    <div class={styles.pair}>
      <Choice
        id={id("relation")}
        label="Related by"
        none="Choose…"
        wrong={null}
        value={place < 0 ? "" : String(place)}
        options={ways.map(({ label }, index) => ({ value: String(index), label }))}
        onInput={(next) => onSet("formula", overWay(isTotal, ways[Number(next)]))}
      />
      {isTotal && (
        <Choice
          id={id("total")}
          label="Their"
          none="Choose…"
          wrong={null}
          value={over?.field ?? ""}
          options={numbers.map(({ key, name }) => ({ value: key, label: name }))}
          onInput={(field) => way !== undefined && onSet("formula", { total: { ...relatedOf(way), field } })}
        />
      )}
      {ways.length === 0 && <Wrong>Nothing is related to it yet: add a relation here, or one that leads here.</Wrong>}
    </div>
  );
}

function kindOf(formula: Formula | undefined): Kind | undefined {
  return formula === undefined ? undefined : kindNames.find((kind) => kind in formula);
}

function operandsIn(formula: Formula | undefined): readonly string[] {
  if (formula === undefined) return [];
  if ("sum" in formula) return formula.sum;
  if ("difference" in formula) return formula.difference;
  return "product" in formula ? formula.product : [];
}

function relatedIn(formula: Formula | undefined): (Related & { field?: string }) | undefined {
  if (formula === undefined) return undefined;
  return "count" in formula ? formula.count : "total" in formula ? formula.total : undefined;
}

/** Of another kind, with what of it may stay. */
function begun(kind: string, before: Formula | undefined, ways: readonly Way[]): Formula | null {
  if (kind === "count" || kind === "total") return overWay(kind === "total", ways[0]);
  const operands = [...operandsIn(before)];
  return kind === "sum"
    ? { sum: operands }
    : kind === "difference"
      ? { difference: operands }
      : kind === "product"
        ? { product: operands }
        : null;
}

function overWay(isTotal: boolean, way: Way | undefined): Formula {
  const over = way === undefined ? { relation: "" } : relatedOf(way);
  return isTotal ? { total: { ...over, field: way?.fields.find(isNumeric)?.key ?? "" } } : { count: over };
}

function relatedOf({ relation, blueprint }: Way): Related {
  return { relation, ...(blueprint === undefined ? {} : { blueprint }) };
}

/** The relations of this blueprint, and those of others that lead here. */
function waysFrom(key: string, own: readonly MarkedField[], blueprints: readonly BlueprintView[]): Way[] {
  const usable = blueprints.filter(({ trashedAt }) => trashedAt === null);
  const out = own
    .filter(({ type }) => type === "relation")
    .map((field): Way => {
      const fields = field.blueprint === key ? own : (usable.find((one) => one.key === field.blueprint)?.fields ?? []);
      return { relation: field.key, label: field.name, fields };
    });
  const back = usable.flatMap((one) =>
    one.fields
      .filter((field) => field.type === "relation" && field.blueprint === key)
      .map((field): Way => ({ relation: field.key, blueprint: one.key, label: field.otherSide ?? manyOf(one.key), fields: one.fields })),
  );
  return [...out, ...back];
}

function isNumeric({ type }: Pick<FieldDraft, "type">): boolean {
  return type === "integer" || type === "decimal" || type === "money" || type === "formula";
}

function isNumber(operand: string): boolean {
  return !/^[a-z]/.test(operand);
}
