import { generateSync } from "otplib";
import { z } from "zod";
import { require } from "../row.ts";
import type { Account, World } from "../world.ts";

const session = z.object({ accessToken: z.string() });
const enrolment = z.object({ secret: z.string() });
const told = z.object({ error: z.object({ message: z.string() }).optional() });

/** Somebody whose authenticator goes by the product's clock, right or wrong. */
export interface Authenticator {
  /** Signs in with the code that it shows at a clock that is so many seconds off; what was answered to the code. */
  show(offsetSeconds: number): Promise<{ status: number; message: string }>;
  /** How a list is answered with the access token of the beginning. */
  list(): Promise<number>;
}

/** Sets up the second factor of an account, while the clock is right. */
export async function enrol(world: World, { email, password }: Account): Promise<Authenticator> {
  const { port } = world.product("a");
  const post = async (path: string, body: object, token = "") => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: "http://switchboard.test", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const answer: unknown = await response.json();
    return { status: response.status, answer };
  };
  const signIn = async () => session.parse((await post("/session", { email, password })).answer).accessToken;
  const token = await signIn();
  const { secret } = enrolment.parse((await post("/account/second-factor", {}, token)).answer);
  const codeAt = (offsetSeconds: number) => generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + offsetSeconds });
  const confirmed = await post("/account/second-factor/confirm", { code: codeAt(0) }, token);
  if (confirmed.status !== 200) throw new Error(`the second factor was not set up: ${JSON.stringify(confirmed.answer)}`);
  const list = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/commands`, { headers: { authorization: `Bearer ${token}` } });
    await response.arrayBuffer();
    return response.status;
  };
  return {
    list,
    show: async (offsetSeconds) => {
      const { status, answer } = await post("/session/second-factor", { code: codeAt(offsetSeconds) }, await signIn());
      return { status, message: told.parse(answer).error?.message ?? "" };
    },
  };
}

type Shown = Awaited<ReturnType<Authenticator["show"]>>;

/** A step is used once, and none before it counts any more: whatever the clock says meanwhile. */
export function judgeCodes({ ahead, back, after }: { ahead: Shown; back: Shown; after: Shown }): ReturnType<typeof require> {
  const isOld = ({ status, message }: Shown) => status === 422 && message.includes("used already");
  return [
    ...require(ahead.status === 200, `the code of two hours ahead was answered with ${ahead.status}: ${ahead.message}`),
    ...require(isOld(back), `a code of the day before was answered with ${back.status}: ${back.message}`),
    ...require(isOld(after), `a code of before the last that was used was answered with ${after.status}: ${after.message}`),
  ];
}
