import { inviteCommands } from "../../src/commands/inviteCommands.ts";
import { ssoCommands } from "../../src/commands/ssoCommands.ts";
import { accountMails } from "../fixtures/accountMail.ts";
import { startLyingProvider } from "../fixtures/lyingProvider.ts";
import { startNameServer } from "../fixtures/nameServer.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { openIdClient, signInThere, startOpenIdServer } from "../fixtures/openIdServer.ts";
import { openHttp } from "./openHttp.ts";

export type Sso = Awaited<ReturnType<typeof openSso>>;

/** The product's HTTP with the workspace acme, whose people come by a provider of its own and whose domain is proven, and a provider that lies. */
export async function openSso() {
  const [provider, liar, names] = await Promise.all([startOpenIdServer(), startLyingProvider(), startNameServer()]);
  const publicUrl = "http://127.0.0.1:1";
  const http = await openHttp({
    config: { publicUrl },
    providers: { rules: { stage: "development", allowHosts: new Set() }, deadlineMs: 400, nameServers: [names.address] },
    commandsOf: (house) => [...ssoCommands(house, publicUrl), ...inviteCommands({ ...house, publicUrl, mailOff: undefined })],
  });
  const post = (path: string, body: object, token?: string) => {
    const asked = http.api.post(`/api/v1/${path}`);
    return (token === undefined ? asked : asked.auth(token, { type: "bearer" })).send(body);
  };
  const get = (path: string, token: string) => http.api.get(`/api/v1/${path}`).auth(token, { type: "bearer" });
  const signIn = (email: string, written = goodPassword) => post("session", { email, password: written });
  const run = (token: string, command: string, args: object) => post(`commands/${command}/runs`, { args }, token);
  const set = async (token: string, args: object) => (await run(token, "tenant.sso-set", args).expect(200)).body.data;
  const begin = async (workspace: string) => {
    const begun = await post("session/sso", { workspace }).expect(200);
    const query = new URL(begun.body.address).searchParams;
    const cookie = begun.get("Set-Cookie")?.[0]?.split(";")[0] ?? "";
    return { address: String(begun.body.address), cookie, state: query.get("state") ?? "", nonce: query.get("nonce") ?? "" };
  };

  const acme = await http.house.addTenant("acme");
  const bring = (cookie: string, answer: string, place = acme) =>
    http.api.post("/api/v1/session/provider/return").set("Cookie", cookie).send({ place, answer });
  provider.serve([`${publicUrl}/desk/signed-in/${acme}`]);
  await http.house.addAccount("olga@acme.example", { tenant: acme, roles: ["owner"] });
  await http.house.addAccount("mem@acme.example", { tenant: acme });
  const owner: string = (await signIn("olga@acme.example").expect(200)).body.accessToken;
  const { sso } = await set(owner, {
    issuer: provider.issuer,
    client: openIdClient.clientId,
    secret: openIdClient.clientSecret,
    domains: "acme.example",
  });
  await post("session/sso", { workspace: "ana@acme.example" }).expect(404);
  names.texts.set("_switchboard.acme.example", sso.record.text);
  await run(owner, "tenant.sso-prove", {}).expect(200);
  return {
    http,
    provider,
    liar,
    names,
    acme,
    /** The access token of acme's owner. */
    owner,
    post,
    get,
    signIn,
    run,
    set,
    begin,
    bring,
    come: async (subject: string, workspace = "acme") => {
      const { address, cookie } = await begin(workspace);
      return await bring(cookie, (await signInThere(address, subject)).search);
    },
    lastMail: async (email: string) => (await accountMails(http.house, email)).at(-1),
    invite: (email: string) => run(owner, "agent.invite", { email }).expect(200),
    close: async () => {
      await Promise.all([provider.stop(), liar.stop(), names.stop()]);
      await http.close();
    },
  };
}
