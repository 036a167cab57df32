import { Choice } from "../settings/fields.tsx";
import { optionsOf } from "../settings/options.ts";
import { useCommandData } from "../settings/useCommandData.ts";

interface BlueprintLook {
  id: string;
  wrong: string | null;
  value: string;
  onInput: (value: string) => void;
}

/** Of which blueprint an entity is. */
export function BlueprintChoice({ id, wrong, value, onInput }: BlueprintLook) {
  const { data, wrong: unread } = useCommandData<{ key: string; name: string; trashedAt: string | null }>("blueprint.list", "blueprints");
  const known = optionsOf((data ?? []).filter(({ trashedAt }) => trashedAt === null));
  const options = value === "" || known.some((each) => each.value === value) ? known : [{ value, label: value }, ...known];
  const hint = data?.length === 0 ? "There is no blueprint yet." : undefined;
  return (
    <Choice
      id={id}
      label="Of which blueprint"
      hint={hint}
      wrong={wrong ?? unread}
      value={value}
      none="Choose…"
      options={options}
      onInput={onInput}
    />
  );
}
