import { mailChannelCommands } from "../../bots/mail/mailChannelCommands.ts";
import type { Access } from "../access/access.ts";
import { findColleague } from "../access/members/people.ts";
import { aidsCommands } from "../aids/aidsCommands.ts";
import type { OpenChannel } from "../channels/channel.ts";
import { channelCommands } from "../channels/channelCommands.ts";
import type { ChatOutside } from "../channels/chatOutside.ts";
import { linkCommands } from "../channels/people/linkCommands.ts";
import { approvalCommands } from "../commands/approvals/approvalCommands.ts";
import { auditCommands } from "../commands/auditCommands.ts";
import type { Command } from "../commands/command.ts";
import { factorCommands } from "../commands/factorCommands.ts";
import { inviteCommands } from "../commands/inviteCommands.ts";
import { jobCommands } from "../commands/jobCommands.ts";
import { keyCommands } from "../commands/keyCommands.ts";
import { mailCommands } from "../commands/mailCommands.ts";
import { meCommands } from "../commands/meCommands.ts";
import type { NamedThings } from "../commands/namedThings.ts";
import { peopleCommands } from "../commands/peopleCommands.ts";
import type { Registry } from "../commands/registry.ts";
import { roleCommands } from "../commands/roleCommands.ts";
import { runCommands } from "../commands/runs/runCommands.ts";
import type { RunOutside } from "../commands/runs/runOutside.ts";
import { ssoCommands } from "../commands/ssoCommands.ts";
import { tenantCommands } from "../commands/tenantCommands.ts";
import type { RunningConfig } from "../config.ts";
import { changeCommands } from "../conversations/changes/changeCommands.ts";
import { contactDataCommands } from "../conversations/contacts/contactDataCommands.ts";
import { identityCommands } from "../conversations/contacts/identityCommands.ts";
import { asideCommands } from "../conversations/control/asideCommands.ts";
import type { Snoozing } from "../conversations/control/snooze.ts";
import { conversationCommands } from "../conversations/conversationCommands.ts";
import type { OfflineDependencies } from "../conversations/delivery/offline.ts";
import { closedText } from "../conversations/delivery/offline.ts";
import { inboxCommands } from "../conversations/inboxes/inboxCommands.ts";
import type { InboxDirectory } from "../conversations/inboxes/inboxes.ts";
import type { Recording } from "../conversations/ledger/record.ts";
import { mergeCommands } from "../conversations/merge/mergeCommands.ts";
import { transcriptCommands } from "../conversations/transcript/transcriptCommands.ts";
import { visitorCommands } from "../conversations/visitorCommands.ts";
import { writingCommands } from "../conversations/writingCommands.ts";
import { blueprintCommands } from "../entities/blueprints/blueprintCommands.ts";
import { readLimit, shownLimits } from "../entities/roleLimits.ts";
import { eraseFiles } from "../files/forgetFiles.ts";
import { mentionCommands } from "../notices/mentionCommands.ts";
import { noticeCommands } from "../notices/noticeCommands.ts";
import { dataSourceCommands, type SourceCommandOutside } from "../operations/dataSources/dataSourceCommands.ts";
import { messageCommands } from "../operations/messages/messageCommands.ts";
import { operationCommands } from "../operations/operationCommands.ts";
import type { OperationKinds } from "../operations/operationKind.ts";
import { recordCommand } from "../operations/recording/recordCommand.ts";
import { type RequestCommandOutside, requestCommands } from "../operations/requests/requestCommands.ts";
import type { ScheduleOutside } from "../operations/schedules/saveSchedules.ts";
import { scheduleCommands } from "../operations/schedules/scheduleCommands.ts";
import type { MailTransport } from "../platform/mail/mail.ts";
import type { Platform } from "../platform/platform.ts";
import { agentCommands } from "../routing/agentCommands.ts";
import { calendarCommands } from "../routing/calendarCommands.ts";
import { explainRouting } from "../routing/explain.ts";
import { explainService } from "../routing/explainService.ts";
import { hoursChanged } from "../routing/hours.ts";
import { mayOffer, type Offering, offerTransfer } from "../routing/offers.ts";
import { peopleOnline, presenceSubject } from "../routing/presence.ts";
import { presenceCommands } from "../routing/presenceCommands.ts";
import { queueCommands } from "../routing/queueCommands.ts";
import { serviceCommands } from "../routing/serviceCommands.ts";
import { teamCommands } from "../routing/teamCommands.ts";
import { findTeam, listTeams } from "../routing/teamStore.ts";
import { searchCommands } from "../search/searchCommands.ts";

export interface CommandParts {
  platform: Platform;
  recording: Recording & Pick<Platform, "database">;
  inboxes: InboxDirectory;
  access: Access;
  mail: MailTransport;
  config: RunningConfig;
  offline: OfflineDependencies;
  snoozing: Snoozing;
  offering: Offering;
  kinds: OperationKinds;
  messages: ScheduleOutside;
  sourceOutside: SourceCommandOutside;
  requestOutside: RequestCommandOutside;
  things: NamedThings;
  chats: { outside: () => ChatOutside; channels: () => readonly OpenChannel[] };
  /** The registry that they stand in. */
  registry: () => Registry;
  /** With what runs are made. */
  runs: () => RunOutside;
}

/** Every command that is declared here; the automations come and go on the bus. */
export function builtInCommands({
  platform,
  recording,
  inboxes,
  access,
  mail,
  config,
  offline,
  snoozing,
  offering,
  registry,
  kinds,
  runs,
  sourceOutside,
  requestOutside,
  things,
  messages,
  chats,
}: CommandParts): Command[] {
  const { database, bus } = platform;
  const findAgent = (tenant: string, email: string) => findColleague(platform, tenant, email, "conversations.answer");
  const teamOf = (tenant: string, wanted: string) => findTeam(database.forTenant(tenant), wanted);
  const commandsNow = async (tenant: string) => {
    await registry().load(tenant);
    return registry().of(tenant);
  };
  const colleaguesChanged = (tenant: string) => bus.publish(presenceSubject(tenant), {});
  return [
    ...visitorCommands({
      ...recording,
      registry,
      inboxes,
      peopleOnline: (tenant, team) => peopleOnline(platform, tenant, team),
      findTeam: teamOf,
      teamNames: async (tenant) => (await listTeams(database.forTenant(tenant))).filter(({ active }) => active).map(({ name }) => name),
      closedText: (visitor) => closedText(offline, visitor),
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
    ...agentCommands({ database, bus, findAgent }),
    ...mergeCommands(recording),
    ...changeCommands({ database, bus }),
    ...asideCommands({ ...snoozing, findAgent }),
    ...writingCommands(recording),
    ...searchCommands({ database: database.aside }),
    ...dataSourceCommands(sourceOutside),
    ...requestCommands(requestOutside),
    ...messageCommands(messages),
    ...scheduleCommands(messages),
    recordCommand({ database, clock: platform.clock, commands: commandsNow }),
    ...blueprintCommands({ ...platform, commands: commandsNow }),
    ...operationCommands({ database, bus, clock: platform.clock, kinds, things, commands: commandsNow }),
    ...aidsCommands({ ...recording, registry }),
    ...contactDataCommands({ ...platform, eraseFiles: (tenant, conversations) => eraseFiles(platform, tenant, conversations) }),
    ...identityCommands({ ...platform, ...access }),
    ...presenceCommands(platform),
    ...calendarCommands(platform),
    ...serviceCommands({ database }),
    ...inboxCommands({ database, publicUrl: config.publicUrl, registry, changed: (tenant) => hoursChanged(platform, tenant) }),
    ...meCommands({ ...platform, ...access }),
    ...peopleCommands({ ...platform, changed: colleaguesChanged }),
    ...inviteCommands({ ...platform, ...access, publicUrl: config.publicUrl, mailOff: mail.off }),
    ...roleCommands({
      ...platform,
      changed: colleaguesChanged,
      limits: {
        read: (tenant, blueprint, said, path) => readLimit(platform, tenant, blueprint, said, path),
        shown: (tenant, grants) => shownLimits(platform, tenant, grants),
      },
    }),
    ...auditCommands(platform),
    ...runCommands(runs),
    ...approvalCommands(runs),
    ...jobCommands(platform),
    ...keyCommands(platform),
    ...factorCommands({ ...platform, ...access, publicUrl: config.publicUrl, mailOff: mail.off }),
    ...tenantCommands(platform),
    ...ssoCommands({ ...platform, ...access }, config.publicUrl),
    ...mailCommands({ ...platform, mail }),
    ...noticeCommands(platform),
    ...mentionCommands(platform),
    ...transcriptCommands({ ...platform, mail, limits: config.limits }),
    ...channelCommands({ ...platform, ...access, publicUrl: config.publicUrl, house: chats.outside, channels: chats.channels }),
    ...linkCommands(chats.outside),
    ...mailChannelCommands({ ...platform, ...access, publicUrl: config.publicUrl }),
  ];
}
