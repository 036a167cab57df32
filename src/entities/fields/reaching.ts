import { isMailAddress } from "../../protocol/forms.ts";
import { type FieldKind, folded, longListed, readText, unfit } from "./fieldKind.ts";

/** RFC 5321, 4.5.3.1: no address that mail takes is longer. */
const longestMail = 254;
const longestUrl = 2048;
const longestPhone = 30;

export const email: FieldKind = {
  options: [],
  read: (value, field, path) => {
    const address = readText(value, field, path, longestMail);
    if (!isMailAddress(address)) throw unfit(field, (say) => say.mail, path, value);
    return address;
  },
  listed: { sql: (json) => json },
  same: folded,
};

export const phone: FieldKind = {
  options: [],
  read: (value, field, path) => {
    const number = readText(value, field, path, longestPhone).trim();
    if (!/^\+?[\d ()./-]+$/.test(number) || number.replace(/\D/g, "").length < 5) throw unfit(field, (say) => say.phone, path, value);
    return number;
  },
  listed: { sql: (json) => json },
  same: (value) => String(value).replace(/[^\d+]/g, ""),
};

/** Of the web only: nothing that a browser would run when it is clicked. */
export const url: FieldKind = {
  options: [],
  read: (value, field, path) => {
    const address = readText(value, field, path, longestUrl);
    if (!/^https?:\/\/\S+$/i.test(address) || !URL.canParse(address))
      throw unfit(field, (say) => say.addressLike("https://example.com"), path, value);
    return address;
  },
  listed: longListed,
  same: String,
};
