import type { Field } from "../../protocol/blueprints.ts";
import { type FieldKind, readId, unfit } from "./fieldKind.ts";

/** Somebody who works in the tenant. */
export const account: FieldKind = {
  options: [],
  read: (value, field, path) => readId(value, field, path, (say) => say.person),
  listed: { sql: (json) => `(${json})::uuid` },
  names: "account",
  moments: { me: "me" },
};

const mostFiles = 20;

/** What was uploaded: it belongs to the entity, and is read by whoever reads that. */
export const file: FieldKind = {
  options: ["most", "accepts"],
  read: (value, field, path) => {
    const { most = 1 } = field;
    const ids = (Array.isArray(value) ? value : [value]).map((one) => readId(one, field, path, (say) => say.file));
    if (ids.length > most) throw unfit(field, (say) => (most === 1 ? say.oneFile : say.filesUpTo(most, ids.length)), path);
    return [...new Set(ids)];
  },
  check: (field, path) => {
    const { most = 1, accepts = [] } = field;
    if (!Number.isInteger(most) || most < 1 || most > mostFiles)
      throw unfit(field, (say) => say.filesWithin(mostFiles), `${path}.most`, most);
    const strange = accepts.findIndex((type) => !/^[a-z]+\/(\*|[a-z0-9][a-z0-9.+-]{0,80})$/.test(type));
    if (strange >= 0 || accepts.length > mostFiles)
      throw unfit(field, (say) => say.mediaTypesLike("image/*, application/pdf"), `${path}.accepts${strange < 0 ? "" : `.${strange}`}`);
  },
  listed: { sql: (text) => `(${text})::jsonb` },
  names: "file",
};

/** Whether a file of this media type may stand in the field. */
export function takesType({ accepts = [] }: Field, mediaType: string): boolean {
  return (
    accepts.length === 0 || accepts.some((type) => type === mediaType || (type.endsWith("/*") && mediaType.startsWith(type.slice(0, -1))))
  );
}
