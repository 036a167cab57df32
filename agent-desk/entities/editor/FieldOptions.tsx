import { useContext } from "preact/hooks";
import { Listed } from "../../commands/SearchedInput.tsx";
import parts from "../../look/parts.module.css";
import { Labelled, TextField } from "../../settings/fields.tsx";
import type { Written } from "../entities.ts";
import { FieldInput } from "../fields/FieldInput.tsx";
import { fieldTypes, isMoment } from "../fields/fieldTypes.ts";
import { ConditionInput } from "../table/ConditionInput.tsx";
import { asField, type MarkedField } from "./blueprintDraft.ts";
import styles from "./Editor.module.css";
import { Edited } from "./edited.ts";
import { FormulaOptions } from "./FormulaOptions.tsx";
import { RelationOptions } from "./RelationOptions.tsx";

interface OptionsLook {
  field: MarkedField;
  onChange: (field: MarkedField) => void;
  /** What is wrong, by the option's name. */
  wrongOf: (option: string) => string | null;
}

/** What a field takes besides its name, by its type. */
export function FieldOptions({ field, onChange, wrongOf }: OptionsLook) {
  const { options, operators, unique, given, named, moment } = fieldTypes[field.type];
  const id = (option: string) => `field-${field.mark}-${option}`;
  const set = (option: string, value: unknown) => onChange(withOption(field, option, value));
  const isTime = field.type === "date" || field.type === "instant";
  return (
    <>
      {options.includes("choices") && <ChoicesField id={id("choices")} field={field} wrong={wrongOf("choices")} onChange={onChange} />}
      {options.includes("formula") && <FormulaOptions field={field} wrong={wrongOf("formula")} onSet={set} />}
      {options.includes("blueprint") && <RelationOptions field={field} wrongOf={wrongOf} onSet={set} />}
      <div class={styles.pair}>
        {options.includes("currency") && (
          <TextField
            id={id("currency")}
            label="Currency"
            maxLength={3}
            placeholder="EUR"
            wrong={wrongOf("currency")}
            value={field.currency ?? ""}
            onInput={(written) => set("currency", written.toUpperCase())}
          />
        )}
        {options.includes("prefix") && (
          <TextField
            id={id("prefix")}
            label="Before its number"
            maxLength={10}
            placeholder="DEL-"
            wrong={wrongOf("prefix")}
            value={field.prefix ?? ""}
            onInput={(written) => set("prefix", written)}
          />
        )}
        {options.includes("places") && (
          <TextField
            id={id("places")}
            label="Digits behind the point"
            inputMode="numeric"
            placeholder="2"
            wrong={wrongOf("places")}
            value={String(field.places ?? "")}
            onInput={(written) => set("places", wholeOr(written))}
          />
        )}
        {options.includes("maxLength") && (
          <TextField
            id={id("maxLength")}
            label="Most characters"
            inputMode="numeric"
            wrong={wrongOf("maxLength")}
            value={String(field.maxLength ?? "")}
            onInput={(written) => set("maxLength", wholeOr(written))}
          />
        )}
        {options.includes("most") && (
          <TextField
            id={id("most")}
            label="Most files"
            inputMode="numeric"
            placeholder="1"
            wrong={wrongOf("most")}
            value={String(field.most ?? "")}
            onInput={(written) => set("most", wholeOr(written))}
          />
        )}
        {options.includes("accepts") && (
          <TextField
            id={id("accepts")}
            label="Types that are taken"
            placeholder="image/*, application/pdf"
            hint="With commas; all where nothing is said."
            wrong={wrongOf("accepts")}
            value={(field.accepts ?? []).join(", ")}
            onInput={(written) => set("accepts", written.trim() === "" ? [] : written.split(",").map((one) => one.trimStart()))}
          />
        )}
        {(["min", "max"] as const)
          .filter((bound) => options.includes(bound))
          .map((bound) => (
            <Labelled
              key={bound}
              id={id(bound)}
              label={isTime ? (bound === "min" ? "Not before" : "Not after") : bound === "min" ? "Least" : "Most"}
              wrong={wrongOf(bound)}
            >
              <FieldInput
                id={id(bound)}
                field={{ id: "", key: bound, name: bound, type: isTime ? field.type : "decimal" }}
                value={field[bound] ?? null}
                isWrong={wrongOf(bound) !== null}
                describedBy={`${id(bound)}-wrong`}
                onInput={(written) => set(bound, written)}
              />
            </Labelled>
          ))}
        {given !== true && field.unique !== true && (named !== true || moment !== undefined) && (
          <DefaultField id={id("default")} field={field} wrong={wrongOf("default")} onSet={set} />
        )}
      </div>
      {(given !== true || operators.length > 0) && (
        <div class={styles.flags}>
          {given !== true && (
            <label class={parts.ticked}>
              <input type="checkbox" checked={field.required === true} onChange={(event) => set("required", event.currentTarget.checked)} />
              Required
            </label>
          )}
          {unique && given !== true && (
            <label class={parts.ticked}>
              <input type="checkbox" checked={field.unique === true} onChange={(event) => set("unique", event.currentTarget.checked)} />
              Unique: no two have the same
            </label>
          )}
          {operators.length > 0 && fieldTypes[field.type].unordered !== true && field.type !== "formula" && (
            <label class={parts.ticked}>
              <input type="checkbox" checked={field.indexed === true} onChange={(event) => set("indexed", event.currentTarget.checked)} />
              Indexed: filters and sorts stay fast among very many
            </label>
          )}
        </div>
      )}
      <LayoutOptions field={field} wrongOf={wrongOf} onSet={set} />
    </>
  );
}

/** Where forms and cards show it. */
function LayoutOptions({
  field,
  wrongOf,
  onSet,
}: Pick<OptionsLook, "field" | "wrongOf"> & { onSet: (option: string, value: unknown) => void }) {
  const edited = useContext(Edited);
  const id = `field-${field.mark}-section`;
  const sections = [...new Set((edited?.fields ?? []).flatMap(({ section = [] }) => section))];
  const others = (edited?.fields ?? []).filter(({ mark, type }) => mark !== field.mark && canDecide(type));
  return (
    <>
      <div class={styles.pair}>
        <TextField
          id={id}
          label="Under the heading"
          hint="Forms show it with the others of that heading."
          list={`${id}-known`}
          maxLength={100}
          wrong={wrongOf("section")}
          value={field.section ?? ""}
          onInput={(written) => onSet("section", written)}
        />
        <Listed id={`${id}-known`} choices={sections.map((value) => ({ value }))} />
        <label class={parts.ticked}>
          <input type="checkbox" checked={field.onCard === true} onChange={(event) => onSet("onCard", event.currentTarget.checked)} />
          On cards
        </label>
      </div>
      {(others.length > 0 || field.shownWhen !== undefined) && (
        <ConditionInput
          legend="Shown only where"
          hint="Forms and the panel show it where this holds; what stands in it stays, and it is required only there."
          condition={field.shownWhen}
          fields={others}
          withTimes={false}
          wrong={wrongOf("shownWhen")}
          onCondition={(condition) => onSet("shownWhen", condition ?? null)}
        />
      )}
    </>
  );
}

/** Whether a condition may ask for it. */
function canDecide(type: MarkedField["type"]): boolean {
  return fieldTypes[type].given !== true && type !== "relation" && fieldTypes[type].operators.length > 0;
}

interface DefaultLook {
  id: string;
  field: MarkedField;
  wrong: string | null;
  onSet: (option: string, value: unknown) => void;
}

function DefaultField({ id, field, wrong, onSet }: DefaultLook) {
  const { moment, named } = fieldTypes[field.type];
  const begins = isMoment(field);
  const value: Written = field.default ?? null;
  return (
    <Labelled id={id} label="Begins with" wrong={wrong}>
      {!begins && named !== true && (
        <FieldInput
          id={id}
          field={{ ...asField(field), required: false }}
          value={value}
          isWrong={wrong !== null}
          label="Begins with"
          describedBy={`${id}-wrong`}
          onInput={(written) => onSet("default", written)}
        />
      )}
      {moment !== undefined && (
        <label class={parts.ticked}>
          <input
            {...(begins || named === true ? { id } : {})}
            type="checkbox"
            checked={begins}
            onChange={(event) => onSet("default", event.currentTarget.checked ? moment.word : null)}
          />
          {moment.about}
        </label>
      )}
    </Labelled>
  );
}

function ChoicesField({ id, field, wrong, onChange }: Omit<OptionsLook, "wrongOf"> & { id: string; wrong: string | null }) {
  return (
    <TextField
      id={id}
      label="Choices, one a line"
      many
      placeholder={"PENDING\nIN_PROGRESS\nDELIVERED"}
      wrong={wrong}
      value={(field.choices ?? []).join("\n")}
      onInput={(written) => onChange({ ...field, choices: written === "" ? [] : written.split("\n") })}
    />
  );
}

/** What is empty isn't there. */
function withOption(field: MarkedField, option: string, value: unknown): MarkedField {
  const { [option]: _, ...rest }: Record<string, unknown> = { ...field };
  const isEmpty = value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);
  const isDropped = option === "unique" && value === true ? "default" : "";
  const kept = Object.fromEntries(Object.entries(rest).filter(([other]) => other !== isDropped));
  return { ...bare(field), ...kept, ...(isEmpty && !(option === "default" && value === false) ? {} : { [option]: value }) };
}

function bare({ mark, key, name, type }: MarkedField): MarkedField {
  return { mark, key, name, type };
}

function wholeOr(written: string): number | string {
  return /^\d{1,6}$/.test(written.trim()) ? Number(written) : written;
}
