import { z } from "zod";
import type { OpenChannel } from "../../src/channels/channel.ts";
import type { ChatApp } from "../../src/channels/chatService.ts";
import type { ChannelDoor, ChannelReply, ChannelRequest } from "../../src/conversations/ledger/channel.ts";
import type { Platform } from "../../src/platform/platform.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { actionBody, commandBody, eventBody, submissionBody, suggestionBody, urlVerification } from "./bodies.ts";
import { createDispatch, type Dispatch, quietLogger, type Sent } from "./bolt.ts";
import { listenersOf } from "./listen.ts";
import { installAddress, slackManifest } from "./manifest.ts";
import { installFrom } from "./oauth.ts";
import { isFromSlack } from "./signature.ts";
import { slackChat } from "./slackChat.ts";
import type { SlackOutside } from "./slackOutside.ts";
import { startSockets } from "./socketMode.ts";
import { callSlack, clientOptions, publicApiUrl } from "./webApi.ts";

/** A message of 40,000 characters says itself three times in an event. */
const mostBytes = 1024 * 1024;
/** Kinds of things that are passed over; Slack may have new ones. */
const mostCounted = 200;
const answer = z.unknown().meta({ description: "As Slack wants it: mostly nothing." });

/** Slack: its events, commands and interactions come in signed, or over a socket that we open; what is to be said goes out by its Web API. */
export function slackChannel(outside: SlackOutside): OpenChannel {
  const { house, log, slackApiUrl = publicApiUrl } = outside;
  const call = callSlack(clientOptions(slackApiUrl, quietLogger(log)));
  const counts = new Map<string, number>();
  const passOver = (what: string) => {
    const name = counts.has(what) || counts.size < mostCounted ? what : "others";
    const times = (counts.get(name) ?? 0) + 1;
    counts.set(name, times);
    log.debug({ what, times }, "Slack sent something that is passed over");
  };
  const dispatch = createDispatch({ log, slackApiUrl, installation: house.installation }, listenersOf({ ...outside, call, passOver }));
  const receive = async (app: ChatApp, sent: Sent | undefined): Promise<ChannelReply> => {
    if (sent === undefined) {
      passOver("a request of another kind");
      return { status: 200 };
    }
    return await answered(dispatch, app, sent, log, passOver);
  };
  const signed = async (request: ChannelRequest) => await signer(outside, request);
  const common = {
    method: "post",
    mostBytes,
    signature: "x-slack-signature",
    answers: { says: "Slack may go on.", schema: answer },
  } as const;
  const form = ["application/x-www-form-urlencoded"];
  const doors: ChannelDoor[] = [
    {
      ...common,
      path: "events",
      id: "receiveSlackEvent",
      summary: "What happened in a workspace, as Slack's Events API sends it, signed with the secret of the app that `app` names.",
      mediaTypes: ["application/json"],
      answer: async (request) => {
        const app = await signed(request);
        const body = readJson(request.body.toString("utf8"));
        const verification = urlVerification.safeParse(body);
        if (verification.success) return { status: 200, body: { challenge: verification.data.challenge } };
        return await receive(app, eventOf(body));
      },
    },
    {
      ...common,
      path: "interactions",
      id: "receiveSlackInteraction",
      summary: "A button, a form or a select in Slack, signed as its events are.",
      mediaTypes: form,
      answer: async (request) => {
        const app = await signed(request);
        const payload = new URLSearchParams(request.body.toString("utf8")).get("payload");
        return await receive(app, interactionOf(readJson(payload ?? "")));
      },
    },
    {
      ...common,
      path: "commands",
      id: "receiveSlackCommand",
      summary: "A slash command, signed as Slack's events are.",
      mediaTypes: form,
      answer: async (request) => {
        const app = await signed(request);
        return await receive(app, commandOf(Object.fromEntries(new URLSearchParams(request.body.toString("utf8")))));
      },
    },
    {
      method: "get",
      path: "oauth",
      id: "connectSlack",
      summary: "Where Slack sends an admin back who has allowed the app in a workspace.",
      mediaTypes: [],
      mostBytes: 0,
      answers: { says: "The workspace is connected.", schema: answer },
      // Without what the desk gave them, nobody was sent there by us.
      admit: async ({ query }) => {
        if (typeof query["state"] !== "string")
          throw new Refusal("unauthenticated", "Slack sent nobody back to here: begin at the desk.", { path: "state" });
      },
      answer: (request) => installFrom({ ...outside, call }, request),
    },
  ];
  return {
    name: "slack",
    doors,
    chat: slackChat({ slackApiUrl, call }),
    manifest: ({ id, name }) => {
      const made = slackManifest({ publicUrl: outside.publicUrl, app: id, name, socketMode: false });
      return { file: "slack-manifest.json", text: JSON.stringify(made, null, 2) };
    },
    installUrl: ({ id, secrets }, state) => installAddress(outside.publicUrl, { id, clientId: secrets["clientId"] ?? "" }, state),
    start: () =>
      startSockets({ ...outside, slackApiUrl }, async (app, body) => {
        const { status, body: said } = await receive(app, eventOf(body) ?? commandOf(body) ?? interactionOf(body));
        return status === 200 ? said : undefined;
      }),
  };
}

/** Which app it is, by its secret of this moment: the address alone proves nothing. Refusal `unauthenticated`, the same for every reason. */
async function signer({ house, clock }: SlackOutside, { query, header, body }: ChannelRequest): Promise<ChatApp> {
  const id = query["app"];
  const app = typeof id === "string" ? await house.app("slack", id) : undefined;
  const given = { timestamp: header("x-slack-request-timestamp"), signature: header("x-slack-signature") };
  // An unknown app takes the same way: who asks learns nothing of which there are.
  const isSigned = isFromSlack(app?.secrets["signingSecret"] ?? "", given, body, clock.now());
  if (app === undefined || !isSigned)
    throw new Refusal("unauthenticated", "The request is not signed with this app's signing secret, or too long ago.", {
      path: "x-slack-signature",
    });
  return app;
}

/** Refusal `unavailable` where it could not be written down: Slack then sends it again. */
async function answered(
  dispatch: Dispatch,
  app: ChatApp,
  sent: Sent,
  log: Platform["log"],
  passOver: (what: string) => void,
): Promise<ChannelReply> {
  try {
    const outcome = await dispatch(app, sent);
    if (outcome.kind === "acknowledged") return outcome.answer === undefined ? { status: 200 } : { status: 200, body: outcome.answer };
    passOver(outcome.kind === "notConnected" ? "a workspace that is not connected" : "a request of another kind");
    const says = outcome.kind === "notConnected" && sent.kind === "command";
    const text = "This workspace is not connected to Switchboard, or no more: an admin connects it at the desk.";
    return says ? { status: 200, body: { response_type: "ephemeral", text } } : { status: 200 };
  } catch (error) {
    log.warn({ error }, "what Slack sent could not be written down, it will send it again");
    throw new Refusal("unavailable", "This could not be written down now; send it again.", { retryAfterMs: 5000, cause: error });
  }
}

function eventOf(body: unknown): Sent | undefined {
  const { data } = eventBody.safeParse(body);
  return data && { kind: "event", body: data };
}

function commandOf(body: unknown): Sent | undefined {
  const { data } = commandBody.safeParse(body);
  return data && { kind: "command", body: data };
}

function interactionOf(body: unknown): Sent | undefined {
  const { data: action } = actionBody.safeParse(body);
  if (action !== undefined) return { kind: "action", body: action };
  const { data: submission } = submissionBody.safeParse(body);
  if (submission !== undefined) return { kind: "submission", body: submission };
  const { data: suggestion } = suggestionBody.safeParse(body);
  return suggestion && { kind: "suggestion", body: suggestion };
}

/** Refusal `invalid_json`. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal("invalid_json", "The body is not JSON.");
    throw error;
  }
}
