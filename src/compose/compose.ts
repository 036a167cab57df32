import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { automations } from "../../automations/index.ts";
import { openChannels } from "../../bots/channels.ts";
import { openAccess } from "../access/access.ts";
import { tellOfRunThere } from "../channels/cards/drawAnew.ts";
import { createChartDrawer } from "../channels/charts/chartPicture.ts";
import type { ChatOutside } from "../channels/chatOutside.ts";
import { chatEventJob } from "../channels/events/chatEvents.ts";
import { messageChannels } from "../channels/messages/messageChannels.ts";
import { watchAutomations } from "../commands/automations/automations.ts";
import { hostAutomations } from "../commands/automations/hostAutomations.ts";
import { foundThrough } from "../commands/foundThrough.ts";
import { joinTenantCommands } from "../commands/madeCommands.ts";
import { createRegistry, type Registry } from "../commands/registry.ts";
import type { RunNotice, RunOutside } from "../commands/runs/runOutside.ts";
import type { RunningConfig } from "../config.ts";
import { keepForPerson } from "../conversations/delivery/offline.ts";
import { publishConversationEvent } from "../conversations/events.ts";
import { createInboxDirectory, type Inbox } from "../conversations/inboxes/inboxes.ts";
import { createInboxTexts } from "../conversations/inboxes/inboxTexts.ts";
import { Ledger } from "../conversations/ledger/ledger.ts";
import { receiveChannelMessage } from "../conversations/ledger/receiveChannelMessage.ts";
import { rateConversation } from "../conversations/marks/rateConversation.ts";
import { addSystemNote } from "../conversations/notes/notes.ts";
import { createEarlyAsker } from "../conversations/turns/askEarly.ts";
import { findHandedBack } from "../conversations/turns/handedBack.ts";
import { startTurnRouter } from "../conversations/turns/routeTurns.ts";
import { createEntityCommands } from "../entities/madeEntityCommands.ts";
import { createFileAddresses } from "../files/fileAddresses.ts";
import { createPictureReader } from "../files/pictures.ts";
import { pushKeysOf } from "../notices/pushKeys.ts";
import { tellOfRun } from "../notices/runNotices.ts";
import { createChoiceOffers } from "../operations/choices/offerChoices.ts";
import { ensureDemoShop } from "../operations/demoShop/demoShop.ts";
import { createPublishedOperations } from "../operations/publishedOperations.ts";
import type { Jobs } from "../platform/jobs/jobs.ts";
import type { MailTransport } from "../platform/mail/mail.ts";
import type { Mailbox } from "../platform/mail/mailbox.ts";
import type { Platform } from "../platform/platform.ts";
import { hoursSubject, openHours } from "../routing/hours.ts";
import type { Offering } from "../routing/offers.ts";
import { whyAbsent } from "../routing/presence.ts";
import { openChats } from "./channels.ts";
import { builtInCommands } from "./commands.ts";
import { openGateway } from "./gateway.ts";
import { startJobs } from "./jobs.ts";
import { namedThings } from "./namedThings.ts";
import { operationParts } from "./operations.ts";
import { startRoutes } from "./routes.ts";

export interface Product {
  /** Finishes what is under way (at most 10 s), tells the sockets when to come back, and lets go of everything but the platform. */
  stop(): Promise<void>;
}

export interface Composition {
  platform: Platform;
  mail: MailTransport;
  /** Where the mail is kept instead of being sent, in development. */
  mailbox: Mailbox | undefined;
  jobs: Jobs;
  config: RunningConfig;
  /** Where this process is reached; it listens already. Only with the role `gateway`. */
  server: Server | undefined;
  /** The demo inbox's public key, in development. */
  inboxKey: string | undefined;
  pagesDir: string;
  /** The product's own database; in development the demo shop is made beside it. */
  databaseUrl: string;
}

const graceMs = 10_000;

/** Joins the pieces that this process runs, by its roles. The one place that knows them all. */
export async function compose({
  platform,
  mail,
  mailbox,
  jobs,
  config,
  server,
  inboxKey,
  pagesDir,
  databaseUrl,
}: Composition): Promise<Product> {
  const { database, bus, clock, log } = platform;
  const holder = randomUUID();
  const routes = config.roles.has("router");
  const ledger = new Ledger(database.ledger, routes ? holder : null);
  const recording = { ledger, bus, database };
  const inboxes = createInboxDirectory(platform);
  const inboxTexts = createInboxTexts(platform, hoursSubject("*"));
  const hours = openHours(platform);
  const access = openAccess(platform, {
    rootKey: config.rootKey,
    oldRootKey: config.oldSecretKey,
    limits: config.limits,
    hashCost: config.hashCost,
    providers: { settings: config.providers, rules: config },
  });
  const pushKeys = pushKeysOf(access.keys.push);
  const readPicture = createPictureReader();
  const drawChart = createChartDrawer();
  const offline = { ...recording, inboxes, inboxTexts, absence: (inbox: Inbox) => hours.absence(inbox.tenant, inbox.id) };
  const snoozing = { ...recording, clock, whyAbsent: (tenant: string, account: string) => whyAbsent(platform, tenant, account) };
  const offering: Offering = {
    database,
    bus,
    routed: (tenant, conversations) => {
      for (const conversation of conversations) publishConversationEvent({ bus }, tenant, { kind: "routed", conversation });
    },
    note: (tenant, id, key, text) => addSystemNote({ database, bus }, { tenant, id }, key, text),
  };

  const commandsNow = async (tenant: string) => {
    await registry.load(tenant);
    return registry.of(tenant);
  };
  const tell = async (tenant: string, notice: RunNotice) => {
    await tellOfRun(platform, tenant, notice);
    await tellOfRunThere(chats.outside(), tenant, notice);
  };
  const runs = (): RunOutside => ({ ...platform, keys: access.keys, registry, tellOfRun: tell });
  const {
    kinds,
    sources,
    sourceOutside,
    requestOutside,
    jobs: operationJobs,
    messages,
  } = operationParts({
    platform,
    recording,
    runs,
    access,
    config,
    databaseUrl,
    commands: commandsNow,
    messageChannels: () => messageChannels(chats.outside),
  });
  const fileAddresses = createFileAddresses({ ...platform, ...access }, config.publicUrl);
  const things = namedThings(platform, fileAddresses);
  const chats = openChats({
    platform,
    access,
    recording,
    inboxes,
    readPicture,
    fileAddresses,
    drawChart,
    publicUrl: config.publicUrl,
    runs,
    channels: () => channels,
    turnDue: (visitor, received) => takeTurn(visitor, received),
  });
  const channels = openChannels({
    ...platform,
    ...access,
    house: chats.house,
    publicUrl: config.publicUrl,
    ...config.channels,
    from: mail.from,
    receive: (tenant, channel, message) => receiveChannelMessage({ ...platform, ledger, readPicture }, tenant, channel, message),
    note: (tenant, conversation, text) => addSystemNote(platform, { tenant, id: conversation }, `n:${randomUUID()}`, text),
    rate: (place, rating) => rateConversation(platform, place, rating),
  });
  const operations = createPublishedOperations(platform, kinds, createChoiceOffers({ ...platform, commands: commandsNow }), things);
  const entities = createEntityCommands({ ...platform, fileAddresses });
  const parts = {
    platform,
    recording,
    inboxes,
    access,
    mail,
    config,
    offline,
    snoozing,
    offering,
    kinds,
    sourceOutside,
    requestOutside,
    messages,
    things,
    chats: { outside: chats.outside, channels: () => channels },
    registry: () => registry,
    runs,
  };
  const registry: Registry = createRegistry(
    builtInCommands(parts).map((command) => foundThrough(platform, command)),
    joinTenantCommands([operations, entities]),
  );
  const hosted = config.roles.has("automations") ? automations : [];
  const endAutomations = await hostAutomations(bus, hosted);
  const watch = watchAutomations(platform, registry, hosted, things);
  await watch.look();

  const handedBackTo = findHandedBack(platform);
  const askEarly = createEarlyAsker({ ledger, registry, inboxes, clock, away: watch.away, handedBackTo });
  const router = routes
    ? startTurnRouter({
        ...recording,
        clock,
        log,
        registry,
        keys: access.keys,
        inboxes,
        holder,
        away: watch.away,
        keepForPerson: ({ conversation, inbox, contact, locale }, key) =>
          keepForPerson(offline, { tenant: conversation.tenant, conversation: conversation.id, inbox, contact, locale }, key),
        handedBackTo,
        lookAgain: watch.look,
      })
    : undefined;
  // Who doesn't route, doesn't answer.
  const takeTurn: ChatOutside["turnDue"] = (visitor, { seq, said, fresh }) => {
    if (router === undefined || fresh === undefined) return bus.publish("turn.due", {});
    const { inbox, contact, locale = null } = visitor;
    const conversation = { tenant: visitor.tenant, id: visitor.conversation };
    router.take({ conversation, seq, text: said.text, blocks: said.blocks, inbox, contact, locale, control: fresh.control, attempts: 0 });
  };
  const stopRouting = routes ? startRoutes({ platform, snoozing, offering }) : () => {};
  const stopJobs = config.roles.has("jobs")
    ? startJobs({
        platform,
        jobs,
        operationJobs: [...operationJobs, chatEventJob(chats.outside)],
        databaseUrl,
        mail,
        channels,
        chats: chats.outside,
        holder,
        publicUrl: config.publicUrl,
        pushKeys,
        registry,
        keys: access.keys,
        tellOfRun: tell,
        routed: offering.routed,
      })
    : async () => {};
  const gateway =
    server &&
    (await openGateway({
      platform,
      fileAddresses,
      drawChart,
      mail,
      mailbox,
      mailOff: mail.off,
      channels,
      pushKeys,
      readPicture,
      config,
      server,
      inboxKey,
      pagesDir,
      registry,
      tellOfRun: tell,
      inboxes,
      inboxTexts,
      hours,
      access,
      ledger,
      askEarly,
      router,
      holder,
    }));

  const demo = config.demoShop && inboxKey !== undefined ? await inboxes.byKey(inboxKey) : undefined;
  const gone = new AbortController();
  const demoShop = demo && ensureDemoShop({ ...platform, ...access }, { tenant: demo.tenant, serverUrl: databaseUrl, gone: gone.signal });

  return {
    stop: async () => {
      gone.abort();
      await demoShop;
      await gateway?.drain();
      stopRouting();
      await router?.stop(graceMs);
      await ledger.drained();
      gateway?.close();
      watch.stop();
      operations.stop();
      entities.stop();
      hours.stop();
      await stopJobs();
      await sources.close();
      await endAutomations();
      access.liveSessions.close();
    },
  };
}
