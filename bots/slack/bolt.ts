import type { App, Receiver } from "@slack/bolt";
import { type Logger, LogLevel } from "@slack/web-api";
import type { ChatApp, Installation } from "../../src/channels/chatService.ts";
import type { Clock } from "../../src/platform/clock/clock.ts";
import type { Log } from "../../src/platform/log/log.ts";
import type { ActionBody, CommandBody, EventBody, SubmissionBody, SuggestionBody } from "./bodies.ts";
import { clientOptions } from "./webApi.ts";

/** What each kind of request leads to. What a listener answers goes back with the acknowledgement. */
export interface Listeners {
  event(installation: Installation, body: EventBody): Promise<unknown>;
  command(installation: Installation, body: CommandBody): Promise<unknown>;
  action(installation: Installation, body: ActionBody): Promise<unknown>;
  submission(installation: Installation, body: SubmissionBody): Promise<unknown>;
  suggestion(installation: Installation, body: SuggestionBody): Promise<unknown>;
}

/** A body that was verified and has its shape. */
export type Sent =
  | { kind: "event"; body: EventBody }
  | { kind: "command"; body: CommandBody }
  | { kind: "action"; body: ActionBody }
  | { kind: "submission"; body: SubmissionBody }
  | { kind: "suggestion"; body: SuggestionBody };

/** What became of a request: acknowledged with this answer; of a workspace that is not connected; or of a kind that nobody listens to. */
export type Outcome = { kind: "acknowledged"; answer: unknown } | { kind: "notConnected" } | { kind: "unheard" };

interface Passing {
  app: ChatApp;
  sent: Sent;
  installation?: Installation | undefined;
  outcome: Outcome;
  failure?: unknown;
}

/** Passes a body that was verified through Bolt, and resolves when its listener has. What the listener throws, this does. */
export type Dispatch = (app: ChatApp, sent: Sent) => Promise<Outcome>;

/**
 * Bolt acknowledges an event before its listeners hear of it: what is lost then is lost. So the acknowledgement that it gets here does nothing, and
 * Slack has its answer when `dispatch` has resolved.
 */
export function createDispatch(
  outside: { log: Log; slackApiUrl: string; installation(app: ChatApp, workspace: string): Promise<Installation | undefined> },
  listeners: Listeners,
): Dispatch {
  // Bolt passes on the body that it was given: by it, its listeners know which request they are in.
  const underway = new WeakMap<object, Passing>();
  const logger = quietLogger(outside.log);
  const hear = async (body: object, teamId?: string) => {
    const passing = underway.get(body);
    if (passing === undefined) return;
    // Bolt authorizes nothing that says that the token is gone.
    const installation = passing.installation ?? (teamId === undefined ? undefined : await outside.installation(passing.app, teamId));
    if (installation === undefined) passing.outcome = { kind: "notConnected" };
    else passing.outcome = { kind: "acknowledged", answer: await listen(listeners, installation, passing.sent) };
  };
  const open = async () => {
    const bolt = await import("@slack/bolt");
    const app = new bolt.App({
      receiver: noReceiver,
      convoStore: false,
      ignoreSelf: false,
      tokenVerificationEnabled: false,
      attachFunctionToken: false,
      extendedErrorHandler: true,
      logger,
      clientOptions: clientOptions(outside.slackApiUrl, logger),
      authorize: async ({ teamId }, body) => {
        const passing = underway.get(body ?? {});
        const installation = passing && teamId !== undefined ? await outside.installation(passing.app, teamId) : undefined;
        if (passing === undefined || installation === undefined) throw new NotConnected();
        passing.installation = installation;
        return { botToken: installation.token, botUserId: installation.botUser, teamId: installation.workspace };
      },
    });
    app.error(async ({ error, body }: { error: Error & { original?: Error }; body: object }) => {
      const passing = underway.get(body);
      const reason = error.original ?? error;
      if (passing === undefined) throw error;
      if (reason instanceof NotConnected) passing.outcome = { kind: "notConnected" };
      else passing.failure = reason;
    });
    app.event(/^/, ({ body, context }) => hear(body, context.teamId));
    app.command(/^/, ({ body }) => hear(body));
    app.action(/^/, ({ body }) => hear(body));
    app.view(/^/, ({ body }) => hear(body));
    app.options(/^/, ({ body }) => hear(body));
    return app;
  };
  // It costs 0.4 s, which only those pay to whom Slack speaks.
  let opened: Promise<App> | undefined;
  return async (of, sent) => {
    opened ??= open();
    const app = await opened;
    const passing: Passing = { app: of, sent, outcome: { kind: "unheard" } };
    underway.set(sent.body, passing);
    await app.processEvent({ body: sent.body, ack: async () => {} });
    if (passing.failure !== undefined) throw passing.failure;
    return passing.outcome;
  };
}

function listen(listeners: Listeners, to: Installation, sent: Sent): Promise<unknown> {
  switch (sent.kind) {
    case "event":
      return listeners.event(to, sent.body);
    case "command":
      return listeners.command(to, sent.body);
    case "action":
      return listeners.action(to, sent.body);
    case "submission":
      return listeners.submission(to, sent.body);
    case "suggestion":
      return listeners.suggestion(to, sent.body);
  }
}

class NotConnected extends Error {}

/** Requests come by our own doors. */
const noReceiver: Receiver = { init: () => {}, start: async () => {}, stop: async () => {} };

/** Bolt logs bodies and tokens; what matters of what it says, whoever calls it is told. */
export function quietLogger(log: Log): Logger {
  const say = (level: string) => () => log.debug({ level }, "Slack's library said something");
  return {
    debug: () => {},
    info: () => {},
    warn: say("warn"),
    error: say("error"),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}

/** An envelope of Socket Mode: its payload is what a request would have as its body. */
interface Envelope {
  body: unknown;
  ack(answer?: unknown): Promise<void>;
}

/** Slack greets at once; where it opens a socket and says nothing, that one is of no use. */
const greetMs = 30_000;

/**
 * One connection of Socket Mode: resolves once it is open, with what closes it, and what resolves when it has been closed. Rejects where it isn't
 * opened, or not greeted.
 */
export async function openSocket(
  { log, clock, slackApiUrl }: { log: Log; clock: Pick<Clock, "after">; slackApiUrl: string },
  appToken: string,
  heard: (envelope: Envelope) => Promise<void>,
): Promise<{ closed: Promise<void>; close(): Promise<void> }> {
  const logger = quietLogger(log);
  const { SocketModeReceiver } = await import("@slack/bolt");
  const { client } = new SocketModeReceiver({
    appToken,
    logger,
    // It reconnects in a promise that nobody waits for, which ends the process when it fails: we begin anew ourselves.
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(slackApiUrl, logger) },
  });
  client.on("slack_event", (envelope: Envelope) => void heard(envelope));
  const closed = new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
  const giveUp = clock.after(greetMs, () => void client.disconnect());
  try {
    await client.start();
  } catch (error) {
    throw error ?? new Error("Slack's socket was closed before it said hello.");
  } finally {
    giveUp();
  }
  return { closed, close: () => client.disconnect() };
}
