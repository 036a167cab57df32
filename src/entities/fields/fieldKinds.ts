import type { FieldType } from "../../protocol/blueprints.ts";
import { choice, choices } from "./choices.ts";
import type { FieldKind } from "./fieldKind.ts";
import { formula } from "./formula.ts";
import { account, file } from "./named.ts";
import { decimal, integer, money } from "./numbers.ts";
import { boolean, sequence } from "./others.ts";
import { email, phone, url } from "./reaching.ts";
import { relation } from "./relation.ts";
import { longText, text } from "./text.ts";
import { date, instant } from "./times.ts";

/** Every type of field. A new one is a file beside these and a line here; its name stands in `protocol/blueprints.ts`. */
export const fieldKinds: Readonly<Record<FieldType, FieldKind>> = {
  text,
  longText,
  integer,
  decimal,
  money,
  boolean,
  date,
  instant,
  choice,
  choices,
  email,
  phone,
  url,
  sequence,
  account,
  file,
  relation,
  formula,
};
