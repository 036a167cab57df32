import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { namedOf } from "../fields/named.ts";

/** The first field whose files may be pictures. */
export function pictureField(fields: readonly Field[]): Field | undefined {
  return fields.find(
    ({ type, accepts = [] }) => type === "file" && (accepts.length === 0 || accepts.some((one) => /^(image\/|\*)/.test(one))),
  );
}

/** Where its first picture is, small; undefined where it has none. */
export function pictureOf({ values }: Pick<EntityView, "values">, field: Field): string | undefined {
  const files = ownValue(values, field.key);
  if (!Array.isArray(files)) return undefined;
  return files.map((id) => namedOf(id)?.previewUrl).find((url) => url !== undefined);
}
