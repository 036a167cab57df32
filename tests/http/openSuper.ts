import { generateSync } from "otplib";
import { expect } from "vitest";
import { addSuperAdmin } from "../../src/access/super/superAdmins.ts";
import type { OutgoingMail } from "../../src/platform/mail/mail.ts";
import { keepSecret } from "../fixtures/secretsLeft.ts";
import { type Http, openHttp } from "./openHttp.ts";

export const email = "root@example.org";
export const password = keepSecret("a quiet heron at dawn");
/** Who makes them on the server, and how many there may be. */
export const one = { user: "root", most: 1 };

export interface SuperHttp {
  http: Http;
  mails: OutgoingMail[];
  /** A browser without a script: it keeps the cookie, and says where its forms come from. */
  browser(): SuperBrowser;
  /** Somebody who has been through all three steps. */
  setUp(): Promise<{ browser: SuperBrowser; secret: string }>;
  /** The code of now; each counts once, so that the clock moves on a step before. */
  codeOf(secret: string): string;
  /** As on a machine where nobody was made yet. */
  beginAnew(): Promise<void>;
}

interface SuperBrowser {
  cookie(): string;
  get(path: string): Promise<SuperAnswer>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<SuperAnswer>;
}

interface SuperAnswer {
  status: number;
  to: string;
  text: string;
  headers: Headers;
  setCookie: string;
}

/** The product's HTTP with the pages of super admins, whose mails are kept. */
export async function openSuper(): Promise<SuperHttp> {
  const mails: OutgoingMail[] = [];
  const mail = {
    off: undefined,
    from: { name: "Switchboard", address: "chat@switchboard.example" },
    send: async (sent: OutgoingMail) => void mails.push(sent),
    close: async () => {},
  };
  const http = await openHttp({ deps: { superDoor: { mail } } });
  const browser = () => browserOf(http);
  const codeOf = (secret: string) => {
    http.house.clock.advance(30_000);
    return generateSync({ secret, strategy: "totp", epoch: Math.floor(http.house.clock.now() / 1000) });
  };
  return {
    http,
    mails,
    browser,
    codeOf,
    setUp: async () => {
      const made = await addSuperAdmin(http.house, one, { email, name: "Root" });
      const person = browser();
      await person.post("/super/sign-in", { email, password: keepSecret(made.secret) });
      await person.post("/super/password", { password });
      await person.post("/super/mail/send", {});
      await person.post("/super/mail", { token: tokenOf(mails.at(-1)) });
      const { text } = await person.get("/super");
      const secret = keepSecret(/class="secret">([A-Z2-7]+)</.exec(text)?.[1] ?? "");
      expect((await person.post("/super/factor", { code: codeOf(secret) })).to).toBe("/super");
      return { browser: person, secret };
    },
    beginAnew: async () => {
      await http.house.database.acrossTenants.query("delete from super_admin");
      mails.length = 0;
    },
  };
}

function browserOf(http: Http): SuperBrowser {
  let cookie = "";
  const ask = async (path: string, init: RequestInit): Promise<SuperAnswer> => {
    const answer = await fetch(`${http.publicUrl}${path}`, { ...init, redirect: "manual", headers: { ...init.headers, cookie } });
    const set = answer.headers.get("set-cookie");
    if (set !== null) cookie = set.split(";")[0] ?? "";
    return {
      status: answer.status,
      to: answer.headers.get("location") ?? "",
      text: await answer.text(),
      headers: answer.headers,
      setCookie: set ?? "",
    };
  };
  return {
    cookie: () => cookie,
    get: (path) => ask(path, {}),
    post: (path, form, headers = { origin: http.publicUrl }) => ask(path, { method: "POST", body: new URLSearchParams(form), headers }),
  };
}

export function tokenOf(mail: OutgoingMail | undefined): string {
  return /token=([\w-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
}
