import { z } from "zod";
import { libraryAddressSchema } from "../parts/chatLibrary.ts";
import { type ChatServices, chatServicesSchema } from "../parts/chatService.ts";
import { paceSchema } from "../parts/pace.ts";
import { type SignedIn, signIn } from "../processes/signedIn.ts";
import type { Workplace } from "../processes/workplace.ts";
import { type Figure, type Measurement, median } from "./figure.ts";

const rounds = 3;
const inFlight = 32;
/** Of the library, which keeps nothing. */
const target = 0.1;
/** Before it asks again, Slack waits so long (row 40 of the faults). */
const slackWaitsMs = 3000;
const slowMs = 1000;
const services = ["slack", "teams"] as const;

/** What is said in Slack and Teams, from the request to the 200, committed before it; beside Bolt and botbuilder alone, and with a slow database. */
export const chats: Measurement = {
  name: "chats",
  measure: async (workplace) => {
    const service = workplace.part("chatService");
    const opened = await service.ask({ do: "open" }, chatServicesSchema);
    const product = await workplace.product({ throughProxy: true, chats: { slack: opened.slack.apiUrl, teams: opened.teams.url } });
    const doors = await connect(await signIn(product), product.url, opened);
    const send = (url: string, to: (typeof services)[number], seconds = workplace.seconds, atOnce = inFlight) =>
      service.ask({ do: "send", service: to, url, inFlight: atOnce, seconds }, paceSchema);
    const figures: Figure[] = [];
    for (const name of services) {
      const library = await libraryOf(workplace, name, opened);
      await send(library, name, 1);
      await send(doors[name], name, 1);
      const paces: Record<"ours" | "bare", z.infer<typeof paceSchema>>[] = [];
      for (let round = 0; round < rounds; round++) paces.push({ bare: await send(library, name), ours: await send(doors[name], name) });
      const middle = (pick: (pace: (typeof paces)[number]) => number) => median(paces.map(pick));
      const ratio = middle(({ ours, bare }) => ours.perSecond / bare.perSecond);
      figures.push({
        figure: `chats-${name}`,
        value: middle(({ ours }) => ours.perSecond),
        unit: "events/s",
        beside: middle(({ bare }) => bare.perSecond),
        ratio,
        target,
        met: ratio >= target,
        note: `${inFlight} in flight, each committed before its 200, and done beside; p99 ${middle(({ ours }) => ours.p99).toFixed(0)} ms, the library ${middle(({ bare }) => bare.p99).toFixed(0)}`,
      });
    }
    product.slowDatabase(slowMs / 2);
    const slow = await send(doors.slack, "slack", Math.max(5, workplace.seconds), 2);
    product.slowDatabase(0);
    figures.push({
      figure: "chats-slow",
      value: slow.p99,
      unit: "ms p99",
      beside: slackWaitsMs,
      ratio: slow.p99 / slackWaitsMs,
      target: 300 / slackWaitsMs,
      met: slow.p99 <= 300,
      note: `2 in flight; every statement takes the database ${slowMs} ms longer; p50 ${slow.p50.toFixed(0)} ms, ${slow.perSecond.toFixed(0)} events/s; beside it what Slack waits (decision 122)`,
    });
    return figures;
  },
};

/** Keeps both apps and connects a workspace and an organisation, as an admin does: the doors that the services call. */
async function connect({ ask }: SignedIn, url: string, { slack, workspace, teams, organisation }: ChatServices) {
  const run = async (command: string, args: object) => {
    return z.object({ data: z.unknown() }).parse(await ask("POST", `/commands/${command}/runs`, { args })).data;
  };
  const kept = z.object({ id: z.string() });
  const { apiUrl: _, ...slackApp } = slack;
  const { url: __, ...teamsApp } = teams;
  const { id: slackId } = kept.parse(await run("channel.app", { channel: "slack", ...slackApp }));
  await run("channel.connect", { app: slackId, organisation: workspace.id, name: "Example", token: workspace.token });
  const { id: teamsId } = kept.parse(await run("channel.app", { channel: "teams", ...teamsApp }));
  await run("channel.connect", { app: teamsId, organisation, name: "Example" });
  return { slack: `${url}/channels/slack/events?app=${slackId}`, teams: `${url}/channels/teams/messages?app=${teamsId}` };
}

async function libraryOf(workplace: Workplace, service: (typeof services)[number], opened: ChatServices): Promise<string> {
  const library = workplace.part("chatLibrary");
  return (await library.ask({ service, services: opened }, libraryAddressSchema)).url;
}
