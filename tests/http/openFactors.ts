import { openAccountMail } from "../../src/access/accounts/accountMails.ts";
import { factorCommands } from "../../src/commands/factorCommands.ts";
import { enrol } from "../fixtures/authenticator.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { openHttp } from "./openHttp.ts";

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

/** The product's HTTP, with people who are asked for a second factor, and what they do with it. */
export async function openFactors() {
  const http = await openHttp({
    commandsOf: (house) => factorCommands({ ...house, publicUrl: "https://chat.example.com", mailOff: undefined }),
  });
  let accounts = 0;
  const register = async ({ roles = ["agent"], daysAgo = 1 }: { roles?: string[]; daysAgo?: number } = {}): Promise<string> => {
    accounts += 1;
    const email = `person${accounts}@example.com`;
    const { account } = await http.house.addAccount(email, { roles, secondFactor: "asked for" });
    await http.house.database.acrossTenants.query("update account set created_at = $2 where id = $1", [
      account,
      new Date(http.house.clock.now() - daysAgo * dayMs),
    ]);
    return email;
  };
  const signIn = async (email: string) => (await http.api.post("/api/v1/session").send({ email, password: goodPassword }).expect(200)).body;
  const post = (path: string, token: string, body?: object) => http.api.post(`/api/v1/${path}`).auth(token, { type: "bearer" }).send(body);
  /** What was mailed to somebody, opened as its sender would. */
  const mailsTo = async (email: string): Promise<{ subject: string; text: string }[]> => {
    const rows = await http.house.database.acrossTenants.query<{ sealed: string }>(
      "select mail ->> 'sealed' as sealed from mail_out where recipient = $1 order by created_at, id",
      [email],
    );
    return rows.map(({ sealed }) => JSON.parse(openAccountMail(http.house.keys, sealed)));
  };
  return {
    http,
    /** An account that was made so many days ago. */
    register,
    signIn,
    post,
    get: (path: string, token: string) => http.api.get(`/api/v1/${path}`).auth(token, { type: "bearer" }),
    show: (token: string, code: unknown) => post("session/second-factor", token, { code }),
    mailsTo,
    subjectsTo: async (email: string) => (await mailsTo(email)).map(({ subject }) => subject),
    /** Somebody with a second factor, whose authenticator shows a code that nobody has used. */
    enrolled: async () => {
      const email = await register();
      const { accessToken } = await signIn(email);
      return { email, ...(await enrol(http, accessToken)) };
    },
  };
}
