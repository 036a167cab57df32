import type { Server } from "node:http";
import { bringMail } from "../../bots/mail/bringMail.ts";
import type { Access } from "../access/access.ts";
import { findUndoSend } from "../access/accounts/undoSendStore.ts";
import { principalNow, principalOfTicket } from "../access/authenticate.ts";
import { findTenant } from "../access/tenants/tenants.ts";
import { verifyVisitorIdentity } from "../access/visitorIdentity.ts";
import type { DrawChart } from "../channels/charts/chartPicture.ts";
import type { Registry } from "../commands/registry.ts";
import type { RunningConfig } from "../config.ts";
import { answerWhoIsThere } from "../conversations/control/whoIsThere.ts";
import type { InboxDirectory } from "../conversations/inboxes/inboxes.ts";
import type { InboxTextsOf } from "../conversations/inboxes/inboxTexts.ts";
import type { Channel } from "../conversations/ledger/channel.ts";
import type { Ledger } from "../conversations/ledger/ledger.ts";
import { ShownMarks } from "../conversations/marks/shownMarks.ts";
import { sendTranscript } from "../conversations/transcript/sendTranscript.ts";
import type { AskEarly } from "../conversations/turns/askEarly.ts";
import type { TurnRouter } from "../conversations/turns/routeTurns.ts";
import type { FileAddresses } from "../files/fileAddresses.ts";
import type { ReadPicture } from "../files/pictures.ts";
import { createUploadLimits } from "../files/uploadLimits.ts";
import type { HttpDependencies } from "../http/dependencies.ts";
import { createHttpApp } from "../http/httpApp.ts";
import { inTurn } from "../http/inTurn.ts";
import { findPublicInbox } from "../http/publicInbox.ts";
import type { PushKeys } from "../notices/pushKeys.ts";
import type { MailTransport } from "../platform/mail/mail.ts";
import type { Mailbox } from "../platform/mail/mailbox.ts";
import type { Platform } from "../platform/platform.ts";
import { watchEventLoop } from "../platform/process/eventLoop.ts";
import { createTurnstile } from "../platform/process/turnstile.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Hours } from "../routing/hours.ts";
import { declaredPresence } from "../routing/presence.ts";
import { ClosedTenants } from "../sockets/closedTenants.ts";
import { DeskPresence } from "../sockets/desk/deskPresence.ts";
import { Lookers } from "../sockets/desk/lookers.ts";
import { reconcileViewers, Topics } from "../sockets/desk/topics.ts";
import type { Gateway, SocketAccess } from "../sockets/gateway.ts";
import { createSocketLimits } from "../sockets/limits.ts";
import { createSocketServer } from "../sockets/socketServer.ts";
import { Viewers } from "../sockets/viewers.ts";
import { ConnectedVisitors } from "../sockets/visitor/connectedVisitors.ts";
import { QueuePlaces } from "../sockets/visitor/queuePlaces.ts";

export interface GatewayParts {
  platform: Platform;
  fileAddresses: FileAddresses;
  drawChart: DrawChart;
  mail: MailTransport;
  mailbox: Mailbox | undefined;
  mailOff: string | undefined;
  channels: readonly Channel[];
  pushKeys: PushKeys;
  readPicture: ReadPicture;
  config: RunningConfig;
  server: Server;
  inboxKey: string | undefined;
  pagesDir: string;
  registry: Registry;
  tellOfRun: NonNullable<HttpDependencies["tellOfRun"]>;
  inboxes: InboxDirectory;
  inboxTexts: InboxTextsOf;
  hours: Hours;
  access: Access;
  ledger: Ledger;
  askEarly: AskEarly;
  router: TurnRouter | undefined;
  holder: string;
}

/** Visits that are looked up at once. */
const greetingsAtOnce = 16;

export async function openGateway(parts: GatewayParts): Promise<{ drain(): Promise<void>; close(): void }> {
  const { platform, config, fileAddresses, server, ledger, inboxes, inboxTexts, hours, router } = parts;
  const { bus, log } = platform;
  let ending = false;
  const limits = createSocketLimits(config.limits);
  const visitors = new ConnectedVisitors(platform, limits.perVisitor);
  const viewers = new Viewers(platform, () => sockets.greetAnew("the ledger went back to an older backup"));
  const lookers = new Lookers(platform, parts.holder);
  const shownMarks = new ShownMarks(platform);
  const topics = new Topics({ ...platform, fileAddresses, shownMarks }, viewers, lookers, (conversation) => visitors.has(conversation));
  const deskPresence = new DeskPresence(platform, parts.holder);
  const gateway: Gateway = {
    registry: parts.registry,
    ...platform,
    ledger,
    inboxes,
    inboxTexts,
    hours,
    viewers,
    topics,
    lookers,
    queuePlaces: new QueuePlaces(platform),
    visitors,
    shownMarks,
    closedTenants: { has: (tenant) => closedTenants.has(tenant) },
    deskPresence,
    limits,
    greetings: createTurnstile(greetingsAtOnce),
    access: socketAccess(platform, parts.access),
    fileAddresses,
    // Who doesn't route, doesn't answer.
    askEarly: (visitor, control, question) => (router === undefined ? undefined : parts.askEarly(visitor, control, question)),
    turnDue: (visitor, { seq, said, early }, control) => {
      if (router === undefined) return bus.publish("turn.due", {});
      const conversation = { tenant: visitor.tenant, id: visitor.conversation };
      const { text, blocks } = said;
      const { inbox, contact, locale = null } = visitor;
      router.take({ conversation, seq, text, blocks, inbox, contact, locale, control, attempts: 0 }, early?.asked);
    },
    sendTranscript: (visitor, email, clientId) => {
      const conversation = { tenant: visitor.tenant, id: visitor.conversation };
      const deps = { ...platform, mail: parts.mail, limits: config.limits };
      return sendTranscript(deps, conversation, email, `${visitor.conversation}:${clientId}`, { path: "email" });
    },
    failed: (error, what) => {
      if (!(error instanceof Refusal)) log.error({ error }, what);
      else if (error.code === "unavailable") log.warn({ error }, what);
    },
  };
  const eventLoop = watchEventLoop({ ...platform, woken: (lateMs) => sockets.woken(lateMs) });
  const sockets = createSocketServer(gateway, { deskOrigin: new URL(config.publicUrl).origin, silentMs: eventLoop.silentMs });
  const closedTenants = new ClosedTenants(
    platform,
    () => sockets.tenants(),
    (tenants) => sockets.dismiss(tenants),
  );
  const stopAnswering = answerWhoIsThere(platform, (conversation) => visitors.has(conversation));
  const stopReconciling = reconcileViewers(platform, viewers, topics);
  const app = createHttpApp({
    ...platform,
    ...parts.access,
    config: { publicUrl: config.publicUrl, stage: config.stage, metricsToken: config.metricsToken, trustedProxies: config.trustedProxies },
    mailOff: parts.mailOff,
    registry: parts.registry,
    tellOfRun: parts.tellOfRun,
    inboxes,
    readPicture: parts.readPicture,
    drawChart: parts.drawChart,
    uploadLimits: createUploadLimits(config.limits),
    fileAddresses,
    publicInbox: (key, languages) => findPublicInbox({ inboxes, inboxTexts, hours }, key, languages),
    readiness: async () => [
      ...(ending ? ["stopping"] : []),
      ...(eventLoop.blocked() ? ["busy"] : []),
      ...(await platform.database.ping().then(
        () => [],
        () => ["database"],
      )),
    ],
    inboxKey: async () => parts.inboxKey,
    pagesDir: parts.pagesDir,
    channels: parts.channels,
    superDoor: { mail: parts.mail },
    push: { publicKey: parts.pushKeys.publicKey, allowedHosts: config.allowHosts },
    ...(parts.mailbox === undefined
      ? {}
      : {
          mailbox: parts.mailbox,
          bringMail: (answered: string, raw: Buffer) =>
            bringMail({ ...platform, ...parts.access, publicUrl: config.publicUrl }, answered, raw),
        }),
  });
  server.removeAllListeners("request");
  server.on("request", inTurn(app));
  server.on("upgrade", sockets.upgrade);

  return {
    drain: async () => {
      ending = true;
      server.close();
      sockets.restart();
      server.closeIdleConnections();
    },
    close: () => {
      stopReconciling();
      closedTenants.stop();
      shownMarks.stop();
      stopAnswering();
      eventLoop.stop();
      deskPresence.stop();
      lookers.stop();
      sockets.stop();
      server.closeAllConnections();
    },
  };
}

function socketAccess(platform: Platform, access: Access): SocketAccess {
  return {
    identify: (inbox, identity) => verifyVisitorIdentity({ ...platform, ...access }, inbox, identity),
    redeem: (ticket) => principalOfTicket({ ...platform, ...access }, ticket),
    now: (principal) => principalNow(access, principal),
    active: ({ session }) => access.liveSessions.active(session),
    watch: (principal, changed) => access.liveSessions.watch(principal, changed),
    welcome: async (principal) => {
      const [tenant, presence, undoSend] = await Promise.all([
        findTenant(platform, principal.tenant),
        declaredPresence(platform, principal.tenant, principal.account),
        findUndoSend(platform, principal.tenant, principal.account),
      ]);
      if (tenant === undefined) throw new Refusal("unauthenticated", "You are not signed in, or your session has ended; sign in again.");
      return { account: { id: principal.account, name: principal.name, email: principal.email }, tenant, presence, undoSend };
    },
  };
}
