import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { automations } from "../automations/index.ts";
import { mailChannel } from "../bots/mail/mailChannel.ts";
import { mailChannelCommands } from "../bots/mail/mailChannelCommands.ts";
import { type Access, openAccess } from "./access/access.ts";
import { forgetExpiredAccess } from "./access/accessJobs.ts";
import { principalNow, principalOfTicket } from "./access/authenticate.ts";
import { findColleague } from "./access/people.ts";
import { findTenant } from "./access/tenants.ts";
import { verifyVisitorIdentity } from "./access/visitorIdentity.ts";
import { aidsCommands } from "./aids/aidsCommands.ts";
import { watchAutomations } from "./commands/automations.ts";
import { hostAutomations } from "./commands/hostAutomations.ts";
import { mailCommands } from "./commands/mailCommands.ts";
import { meCommands } from "./commands/meCommands.ts";
import { createRegistry, type Registry } from "./commands/registry.ts";
import type { Config } from "./config.ts";
import { asideCommands } from "./conversations/asideCommands.ts";
import { askEarly, type EarlyAsking } from "./conversations/askEarly.ts";
import { changeControl, giveBack } from "./conversations/changeControl.ts";
import type { Channel } from "./conversations/channel.ts";
import { contactDataCommands } from "./conversations/contactDataCommands.ts";
import { conversationCommands } from "./conversations/conversationCommands.ts";
import { forgetIdleVisitors } from "./conversations/conversationJobs.ts";
import { startDeliveries } from "./conversations/deliverAnswers.ts";
import { publishConversationEvent } from "./conversations/events.ts";
import { identityCommands } from "./conversations/identityCommands.ts";
import { inboxCommands } from "./conversations/inboxCommands.ts";
import { createInboxDirectory, type Inbox, type InboxDirectory } from "./conversations/inboxes.ts";
import { createInboxTexts, type InboxTextsOf } from "./conversations/inboxTexts.ts";
import { Ledger } from "./conversations/ledger.ts";
import { addSystemNote } from "./conversations/notes.ts";
import { awayText, keepForPerson } from "./conversations/offline.ts";
import { receiveChannelMessage } from "./conversations/receiveChannelMessage.ts";
import { startTurnRouter, type TurnRouter } from "./conversations/routeTurns.ts";
import { wakeDue } from "./conversations/snooze.ts";
import { transcriptCommands } from "./conversations/transcriptCommands.ts";
import { visitorCommands } from "./conversations/visitorCommands.ts";
import { answerWhoIsThere } from "./conversations/whoIsThere.ts";
import { writingCommands } from "./conversations/writingCommands.ts";
import { createFileAddresses } from "./files/fileAddresses.ts";
import { eraseFiles, forgetUnsentFiles } from "./files/forgetFiles.ts";
import { createPictureReader } from "./files/pictures.ts";
import { createUploadLimits } from "./files/uploadLimits.ts";
import { createHttpApp } from "./http/httpApp.ts";
import { findPublicInbox } from "./http/publicInbox.ts";
import { writeMailNotice } from "./notices/causeStore.ts";
import { announceNotices, startNotices } from "./notices/deliverNotices.ts";
import { noticeCommands } from "./notices/noticeCommands.ts";
import { forgetOldNotices } from "./notices/noticeJobs.ts";
import { type PushKeys, pushKeysOf } from "./notices/pushKeys.ts";
import { every } from "./platform/clock/clock.ts";
import type { MailTransport } from "./platform/mail/mail.ts";
import type { Mailbox } from "./platform/mail/mailbox.ts";
import { forgetOldMail, startMailSender } from "./platform/mail/outbox.ts";
import type { DueMail } from "./platform/mail/outboxStore.ts";
import type { Platform } from "./platform/platform.ts";
import { watchEventLoop } from "./platform/process/eventLoop.ts";
import { createTurnstile } from "./platform/process/turnstile.ts";
import { Refusal } from "./protocol/refusal.ts";
import { calendarCommands } from "./routing/calendarCommands.ts";
import { explainRouting } from "./routing/explain.ts";
import { explainService } from "./routing/explainService.ts";
import { type Hours, hoursChanged, hoursSubject, openHours } from "./routing/hours.ts";
import { mayOffer, type Offering, offerTransfer } from "./routing/offers.ts";
import { declaredPresence, isPresent, peopleOnline } from "./routing/presence.ts";
import { presenceCommands } from "./routing/presenceCommands.ts";
import { queueCommands } from "./routing/queueCommands.ts";
import { forgetDeadGateways } from "./routing/routingJobs.ts";
import { serviceCommands } from "./routing/serviceCommands.ts";
import { startServiceLevels } from "./routing/serviceLevels.ts";
import { startRouting } from "./routing/startRouting.ts";
import { teamCommands } from "./routing/teamCommands.ts";
import { findTeam, listTeams } from "./routing/teamStore.ts";
import { searchCommands } from "./search/searchCommands.ts";
import { startIndexing } from "./search/searchJobs.ts";
import { ConnectedVisitors } from "./sockets/connectedVisitors.ts";
import { DeskPresence } from "./sockets/deskPresence.ts";
import type { Gateway, SocketAccess } from "./sockets/gateway.ts";
import { createSocketLimits } from "./sockets/limits.ts";
import { Lookers } from "./sockets/lookers.ts";
import { QueuePlaces } from "./sockets/queuePlaces.ts";
import { createSocketServer } from "./sockets/socketServer.ts";
import { reconcileViewers, Topics } from "./sockets/topics.ts";
import { Viewers } from "./sockets/viewers.ts";

export interface Product {
  /** Finishes what is under way (at most 10 s), tells the sockets when to come back, and lets go of everything but the platform. */
  stop(): Promise<void>;
}

export interface Composition {
  platform: Platform;
  mail: MailTransport;
  /** Where the mail is kept instead of being sent, in development. */
  mailbox: Mailbox | undefined;
  config: Config & { publicUrl: string; rootKey: string };
  /** Where this process is reached; it listens already. Only with the role `gateway`. */
  server: Server | undefined;
  /** The demo inbox's public key, in development. */
  inboxKey: string | undefined;
  pagesDir: string;
}

const graceMs = 10_000;

/** Joins the pieces that this process runs, by its roles. The one place that knows them all. */
export async function compose({ platform, mail, mailbox, config, server, inboxKey, pagesDir }: Composition): Promise<Product> {
  const { database, bus, clock, log } = platform;
  const holder = randomUUID();
  const routes = config.roles.has("router");
  const ledger = new Ledger(database.ledger, routes ? holder : null);
  const recording = { ledger, bus, database };
  const inboxes = createInboxDirectory(platform);
  const inboxTexts = createInboxTexts(platform, hoursSubject("*"));
  const hours = openHours(platform);
  const access = openAccess(platform, { rootKey: config.rootKey, limits: config.limits });
  const pushKeys = pushKeysOf(access.keys.push);
  const channel = mailChannel({ ...platform, ...access, from: mail.from });

  const offline = { ...recording, inboxes, inboxTexts, absence: (inbox: Inbox) => hours.absence(inbox.tenant, inbox.id) };
  const snoozing = { ...recording, clock, isPresent: (tenant: string, account: string) => isPresent(platform, tenant, account) };
  const offering: Offering = {
    database,
    bus,
    routed: (tenant, conversations) => {
      for (const conversation of conversations) publishConversationEvent({ bus }, tenant, { kind: "routed", conversation });
    },
    note: (tenant, id, key, text) => addSystemNote({ database, bus }, { tenant, id }, key, text),
  };
  const findAgent = (tenant: string, email: string) => findColleague(platform, tenant, email, "conversations.answer");
  const teamOf = (tenant: string, wanted: string) => findTeam(database.forTenant(tenant), wanted);

  const registry: Registry = createRegistry([
    ...visitorCommands({
      ...recording,
      registry: () => registry,
      inboxes,
      peopleOnline: (tenant, team) => peopleOnline(platform, tenant, team),
      findTeam: teamOf,
      teamNames: async (tenant) => (await listTeams(database.forTenant(tenant))).filter(({ active }) => active).map(({ name }) => name),
      awayText: (visitor) => awayText(offline, visitor),
    }),
    ...conversationCommands({
      ...recording,
      findAgent,
      findTeam: teamOf,
      mayOffer: (tenant, offer) => mayOffer(platform, tenant, offer),
      offerTo: (tenant, offer) => offerTransfer(offering, tenant, offer),
      explain: async (tenant, conversation) => {
        const [{ lines, ...routing }, service] = await Promise.all([
          explainRouting(platform, tenant, conversation),
          explainService(platform, tenant, conversation),
        ]);
        return { ...routing, promises: service.promises, lines: [...lines, ...service.lines] };
      },
    }),
    ...queueCommands(offering),
    ...teamCommands({ database, bus, findAgent }),
    ...asideCommands({ ...snoozing, findAgent }),
    ...writingCommands(recording),
    ...searchCommands({ database: database.aside }),
    ...aidsCommands({ ...recording, registry: () => registry }),
    ...contactDataCommands({ ...platform, eraseFiles: (tenant, conversations) => eraseFiles(platform, tenant, conversations) }),
    ...identityCommands({ ...platform, ...access }),
    ...presenceCommands(platform),
    ...calendarCommands(platform),
    ...serviceCommands({ database }),
    ...inboxCommands({ database, changed: (tenant) => hoursChanged(platform, tenant) }),
    ...meCommands({ ...platform, ...access }),
    ...mailCommands({ ...platform, mail }),
    ...noticeCommands(platform),
    ...transcriptCommands({ ...platform, mail, limits: config.limits }),
    ...mailChannelCommands({
      ...platform,
      ...access,
      publicUrl: config.publicUrl,
      findSlug: async (tenant) => (await findTenant(platform, tenant))?.slug,
    }),
  ]);
  const hosted = config.roles.has("automations") ? automations : [];
  const endAutomations = await hostAutomations(bus, hosted);
  const watch = watchAutomations(platform, registry, hosted);
  await watch.look();

  const asking = { ledger, registry, inboxes, away: watch.away };
  const router = routes
    ? startTurnRouter({
        ...recording,
        clock,
        log,
        registry,
        inboxes,
        holder,
        away: watch.away,
        keepForPerson: ({ conversation, inbox, contact, locale }, key) =>
          keepForPerson(offline, { tenant: conversation.tenant, conversation: conversation.id, inbox, contact, locale }, key),
        lookAgain: watch.look,
      })
    : undefined;
  const stopWaking = routes
    ? every(
        clock,
        1000,
        () => wakeDue(snoozing),
        (error) => log.warn({ error }, "could not wake what was snoozed, it is tried again"),
      )
    : () => {};
  const routing = routes
    ? startRouting({
        ...offering,
        clock,
        log,
        giveBack: async (tenant, id, agent) => {
          await changeControl(recording, { tenant, id }, giveBack(agent));
        },
      })
    : undefined;
  const stopServiceLevels = config.roles.has("jobs")
    ? startServiceLevels({
        ...platform,
        note: (conversation, key, text) => addSystemNote({ database, bus }, conversation, key, text),
        changed: (tenant, conversation) => offering.routed(tenant, [conversation]),
      })
    : () => {};
  const stopJobs = config.roles.has("jobs")
    ? startJobs({ platform, mail, channel, holder, publicUrl: config.publicUrl, pushKeys })
    : async () => {};
  const gateway =
    server &&
    (await openGateway({
      platform,
      mailbox,
      channel,
      pushKeys,
      config,
      server,
      inboxKey,
      pagesDir,
      registry,
      inboxes,
      inboxTexts,
      hours,
      access,
      ledger,
      asking,
      router,
      holder,
    }));

  return {
    stop: async () => {
      await gateway?.drain();
      await routing?.stop();
      await router?.stop(graceMs);
      await ledger.drained();
      gateway?.close();
      watch.stop();
      stopServiceLevels();
      hours.stop();
      stopWaking();
      await stopJobs();
      await endAutomations();
      access.liveSessions.close();
    },
  };
}

const jobsEveryMs = 10 * 60_000;

interface JobParts {
  platform: Platform;
  mail: MailTransport;
  channel: Channel;
  holder: string;
  publicUrl: string;
  pushKeys: PushKeys;
}

/** What is done later, or now and then: each thing by one process, or harmless if two do it. */
function startJobs({ platform, mail, channel, holder, publicUrl, pushKeys }: JobParts): () => Promise<void> {
  const endHousekeeping = startHousekeeping(platform);
  const endIndexing = startIndexing({ ...platform, database: platform.database.aside });
  const gaveUp = (due: DueMail, reason: string) => tellOfMail(platform, due, reason);
  const endSending = startMailSender({ ...platform, mail, holder, gaveUp });
  const endDeliveries = mail.off === undefined ? startDeliveries({ ...platform, channel }) : () => {};
  const endNotices = startNotices({ ...platform, publicUrl, keys: pushKeys, mails: mail.off === undefined });
  return async () => {
    endHousekeeping();
    endNotices();
    endDeliveries();
    await endIndexing();
    await endSending();
  };
}

/** A mail to the customer that will not arrive is told where the answer was written. */
async function tellOfMail(platform: Platform, { tenant, id, conversation, mail }: DueMail, reason: string): Promise<void> {
  if (conversation === undefined) return;
  const text = `The mail to ${mail.to} was not sent: ${reason} "mail.retry ${id}" tries it again.`;
  const account = await writeMailNotice(platform.database.forTenant(tenant), conversation, id, mail.to);
  if (account !== undefined) announceNotices(platform, { tenant, account });
  await addSystemNote(platform, { tenant, id: conversation }, `mail:${id}:${platform.clock.now()}`, text);
}

function startHousekeeping(platform: Platform): () => void {
  const jobs = async () => {
    await forgetExpiredAccess(platform);
    await forgetIdleVisitors(platform);
    await forgetDeadGateways(platform);
    await forgetUnsentFiles(platform);
    await forgetOldMail(platform);
    await forgetOldNotices(platform);
  };
  return every(platform.clock, jobsEveryMs, jobs, (error) => platform.log.warn({ error }, "housekeeping failed, it is tried again"));
}

interface GatewayParts {
  platform: Platform;
  mailbox: Mailbox | undefined;
  channel: Channel;
  pushKeys: PushKeys;
  config: Composition["config"];
  server: Server;
  inboxKey: string | undefined;
  pagesDir: string;
  registry: Registry;
  inboxes: InboxDirectory;
  inboxTexts: InboxTextsOf;
  hours: Hours;
  access: Access;
  ledger: Ledger;
  asking: EarlyAsking;
  router: TurnRouter | undefined;
  holder: string;
}

/** Visits that are looked up at once. */
const greetingsAtOnce = 16;

async function openGateway(parts: GatewayParts): Promise<{ drain(): Promise<void>; close(): void }> {
  const { platform, config, server, ledger, inboxes, inboxTexts, hours, router } = parts;
  const { bus, log } = platform;
  let ending = false;
  const limits = createSocketLimits(config.limits);
  const visitors = new ConnectedVisitors(platform, limits.perVisitor);
  const viewers = new Viewers(platform);
  const fileAddresses = createFileAddresses({ ...platform, ...parts.access }, config.publicUrl);
  const lookers = new Lookers(platform, parts.holder);
  const topics = new Topics({ ...platform, fileAddresses }, viewers, lookers, (conversation) => visitors.has(conversation));
  const deskPresence = new DeskPresence(platform, parts.holder);
  const gateway: Gateway = {
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
    deskPresence,
    limits,
    greetings: createTurnstile(greetingsAtOnce),
    access: socketAccess(platform, parts.access),
    fileAddresses,
    // Who doesn't route, doesn't answer.
    askEarly: (visitor, control, question) => (router === undefined ? undefined : askEarly(parts.asking, visitor, control, question)),
    turnDue: (visitor, { seq, said, early }, control) => {
      if (router === undefined) return bus.publish("turn.due", {});
      const conversation = { tenant: visitor.tenant, id: visitor.conversation };
      const { text, blocks } = said;
      const { inbox, contact, locale = null } = visitor;
      router.take({ conversation, seq, text, blocks, inbox, contact, locale, control, attempts: 0 }, early?.asked);
    },
    failed: (error, what) => {
      if (!(error instanceof Refusal)) log.error({ error }, what);
      else if (error.code === "unavailable") log.warn({ error }, what);
    },
  };
  const sockets = createSocketServer(gateway, { deskOrigin: new URL(config.publicUrl).origin });
  const stopAnswering = answerWhoIsThere(platform, (conversation) => visitors.has(conversation));
  const stopReconciling = reconcileViewers(platform, viewers, topics);
  const readPicture = createPictureReader();
  const eventLoop = watchEventLoop(platform);
  const app = createHttpApp({
    ...platform,
    ...parts.access,
    config: { publicUrl: config.publicUrl, stage: config.stage, metricsToken: config.metricsToken },
    registry: parts.registry,
    inboxes,
    readPicture,
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
    channels: [
      {
        channel: parts.channel,
        receive: (tenant, message) => receiveChannelMessage({ ...platform, ledger, readPicture }, tenant, parts.channel.name, message),
        note: (tenant, conversation, text) => addSystemNote(platform, { tenant, id: conversation }, `n:${randomUUID()}`, text),
      },
    ],
    push: { publicKey: parts.pushKeys.publicKey, allowedHosts: config.allowHosts },
    ...(parts.mailbox === undefined ? {} : { mailbox: parts.mailbox }),
  });
  server.removeAllListeners("request");
  server.on("request", app);
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
    watch: (principal, changed) => access.liveSessions.watch(principal, changed),
    welcome: async (principal) => {
      const [tenant, presence] = await Promise.all([
        findTenant(platform, principal.tenant),
        declaredPresence(platform, principal.tenant, principal.account),
      ]);
      if (tenant === undefined) throw new Refusal("unauthenticated", "You are not signed in, or your session has ended; sign in again.");
      return { account: { id: principal.account, name: principal.name, email: principal.email }, tenant, presence };
    },
  };
}
