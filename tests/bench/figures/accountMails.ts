import { z } from "zod";
import { askAccount, type SignInAnswer } from "../parts/signingIn.ts";
import { type Figure, type Measurement, median } from "./figure.ts";

const allowedMs = 20;

/** Registrations and asked resets of an address that has an account and of one that hasn't, in turn: neither status, body nor time tells them apart. */
export const accountMails: Measurement = {
  name: "account-mails",
  measure: async (workplace) => {
    // Each registration is a hash, whosever address it is (`sameForAnybody`): a cheap one hides nothing of what may differ, and takes no ten minutes.
    const product = await workplace.product({ cheapHashes: true });
    const { email } = product.account;
    const register = (of: string) => askAccount(product.url, "account", { email: of, password: "seven owls over water", name: "Ada" });
    const reset = (of: string) => askAccount(product.url, "account/password/link", { email: of });
    return [await compare("registrations", workplace.signIns, email, register), await compare("resets", workplace.signIns, email, reset)];
  },
};

async function compare(figure: string, count: number, email: string, ask: (email: string) => Promise<SignInAnswer>): Promise<Figure> {
  const [known, unknown]: [SignInAnswer[], SignInAnswer[]] = [[], []];
  for (let warm = 0; warm < 5; warm++) await ask(email);
  for (let each = 0; each < count; each++) {
    const stranger = () => ask(`${figure}${each}@demo.example`);
    // Which comes first changes: what goes on beside it falls on both.
    const first = each % 2 === 0;
    if (first) known.push(await ask(email));
    unknown.push(await stranger());
    if (!first) known.push(await ask(email));
  }
  const said = new Set([...known, ...unknown].map(({ status, body }) => `${status} ${body}`));
  if (said.size !== 1) throw new Error(`the answers differ: ${[...said].join(" | ").slice(0, 300)}`);
  z.string()
    .startsWith("202 ")
    .parse([...said][0]);
  const [value, beside] = [median(unknown.map(({ ms }) => ms)), median(known.map(({ ms }) => ms))];
  const apart = Math.abs(value - beside);
  return {
    figure,
    value,
    unit: "ms, unknown mail",
    beside,
    ratio: value / beside,
    target: beside + allowedMs,
    met: apart <= allowedMs,
    note: `medians of ${count} each, in turn; status and body are the same, the medians differ by ${apart.toFixed(1)} ms of ${allowedMs}`,
  };
}
