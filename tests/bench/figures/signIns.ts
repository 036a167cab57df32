import { z } from "zod";
import { askSignIn, type SignInAnswer } from "../parts/signingIn.ts";
import { type Measurement, median } from "./figure.ts";

const allowedMs = 20;

/** Wrong passwords of an account that is there and of one that isn't, in turn: nobody learns from status, body or time which addresses exist. */
export const signIns: Measurement = {
  name: "sign-ins",
  measure: async (workplace) => {
    const product = await workplace.product();
    const known: SignInAnswer[] = [];
    const unknown: SignInAnswer[] = [];
    const tryOne = (email: string) => askSignIn(product.url, { email, password: "not the password of anybody" });
    for (let warm = 0; warm < 5; warm++) await tryOne(product.account.email);
    for (let count = 0; count < workplace.signIns; count++) {
      // Which comes first changes: what goes on beside it falls on both.
      const first = count % 2 === 0;
      if (first) known.push(await tryOne(product.account.email));
      unknown.push(await tryOne(`nobody${count}@demo.example`));
      if (!first) known.push(await tryOne(product.account.email));
    }
    const said = new Set([...known, ...unknown].map(({ status, body }) => `${status} ${body}`));
    if (said.size !== 1) throw new Error(`the answers differ: ${[...said].join(" | ").slice(0, 300)}`);
    z.string()
      .startsWith("401 ")
      .parse([...said][0]);
    const [value, beside] = [median(unknown.map(({ ms }) => ms)), median(known.map(({ ms }) => ms))];
    return [
      {
        figure: "sign-ins",
        value,
        unit: "ms, unknown mail",
        beside,
        ratio: value / beside,
        target: beside + allowedMs,
        met: Math.abs(value - beside) <= allowedMs,
        note: `medians of ${workplace.signIns} each, in turn, at the full cost of a hash; status and body are the same, the medians differ by ${Math.abs(value - beside).toFixed(1)} ms of ${allowedMs}`,
      },
    ];
  },
};
