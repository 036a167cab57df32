import { forgetExpiredAccess } from "../access/accessJobs.ts";
import { openAccountMail } from "../access/accounts/accountMails.ts";
import { forgetOldAudit } from "../access/audit/forgetAudit.ts";
import type { Keys } from "../access/keys/keys.ts";
import { resealSecrets } from "../access/keys/resealSecrets.ts";
import { eraseTenantJob } from "../access/tenants/eraseTenant.ts";
import type { OpenChannel } from "../channels/channel.ts";
import type { ChatOutside } from "../channels/chatOutside.ts";
import { startChats } from "../channels/startChats.ts";
import type { Registry } from "../commands/registry.ts";
import { endForgottenRuns } from "../commands/runs/lostRuns.ts";
import { resumeSilentRuns } from "../commands/runs/resumeRuns.ts";
import type { RunNotice } from "../commands/runs/runOutside.ts";
import { forgetIdleVisitors } from "../conversations/conversationJobs.ts";
import { startDeliveries } from "../conversations/delivery/deliverAnswers.ts";
import { addSystemNote } from "../conversations/notes/notes.ts";
import { forgetOldBulk } from "../entities/bulk/forgetBulk.ts";
import { startCommandJob } from "../entities/flow/startCommandJob.ts";
import { eraseTenantImports, forgetOldImports } from "../entities/imports/forgetImports.ts";
import { fieldIndexJob, repairIndexes } from "../entities/indexes/keepFieldIndexes.ts";
import { eraseTenantFiles, forgetUnsentFiles } from "../files/forgetFiles.ts";
import { writeMailNotice } from "../notices/causeStore.ts";
import { announceNotices, startNotices } from "../notices/deliverNotices.ts";
import { forgetOldNotices } from "../notices/noticeJobs.ts";
import type { PushKeys } from "../notices/pushKeys.ts";
import { resealDataSources } from "../operations/dataSources/saveDataSources.ts";
import { forgetOldMessages } from "../operations/messages/forgetMessages.ts";
import { resealRequestSecrets } from "../operations/requests/requestSecrets.ts";
import { forgetOldTimes } from "../operations/schedules/forgetTimes.ts";
import { every } from "../platform/clock/clock.ts";
import { forgetEndedJobs } from "../platform/jobs/forgetJobs.ts";
import type { JobKind, Jobs } from "../platform/jobs/jobs.ts";
import type { MailTransport } from "../platform/mail/mail.ts";
import { forgetOldMail, startMailSender } from "../platform/mail/outbox.ts";
import type { DueMail } from "../platform/mail/outboxStore.ts";
import type { Platform } from "../platform/platform.ts";
import type { Offering } from "../routing/offers.ts";
import { forgetDeadGateways } from "../routing/routingJobs.ts";
import { startServiceLevels } from "../routing/serviceLevels.ts";
import { startIndexing } from "../search/searchJobs.ts";

const jobsEveryMs = 10 * 60_000;
/** A process that died is missed after a minute. */
const runsEveryMs = 15_000;
/** What can be gone on with is, well before that minute is over. */
const silentEveryMs = 5_000;

export interface JobParts {
  platform: Platform;
  jobs: Jobs;
  /** Those of operations. */
  operationJobs: readonly JobKind[];
  /** That of the tables' owner. */
  databaseUrl: string;
  mail: MailTransport;
  channels: readonly OpenChannel[];
  chats: () => ChatOutside;
  holder: string;
  publicUrl: string;
  pushKeys: PushKeys;
  registry: Registry;
  keys: Keys;
  tellOfRun: (tenant: string, notice: RunNotice) => Promise<void>;
  routed: Offering["routed"];
}

/** What is done later, or now and then: each thing by one process, or harmless if two do it. */
export function startJobs({
  platform,
  jobs,
  operationJobs,
  databaseUrl,
  mail,
  channels,
  chats,
  holder,
  publicUrl,
  pushKeys,
  registry,
  keys,
  tellOfRun,
  routed,
}: JobParts): () => Promise<void> {
  const runs = () => ({ ...platform, registry, keys, tellOfRun });
  const endJobs = jobs.work([
    ...jobKinds(platform),
    fieldIndexJob(platform, databaseUrl),
    startCommandJob({ ...platform, runs }),
    ...operationJobs,
  ]);
  const repairing = repairIndexes(platform).catch((error: unknown) =>
    platform.log.warn({ error }, "indexes of fields could not be looked at"),
  );
  const endHousekeeping = startHousekeeping(platform, keys);
  const endRuns = every(
    platform.clock,
    runsEveryMs,
    () => endForgottenRuns(platform, registry),
    (error) => platform.log.warn({ error }, "runs that are lost or late could not be ended, it is tried again"),
  );
  const endResuming = every(
    platform.clock,
    silentEveryMs,
    () => resumeSilentRuns(runs()),
    (error) => platform.log.warn({ error }, "runs whose process fell silent could not be taken, it is tried again"),
  );
  const endIndexing = startIndexing({ ...platform, database: platform.database.aside });
  const gaveUp = (due: DueMail, reason: string) => tellOfMail(platform, due, reason);
  const endSending = startMailSender({ ...platform, mail, holder, open: (sealed) => openAccountMail(keys, sealed), gaveUp });
  const reaching = mail.off === undefined ? channels : channels.filter(({ name }) => name !== "mail");
  const endDeliveries = reaching.length > 0 ? startDeliveries({ ...platform, channels: reaching }) : () => {};
  const endChats = startChats(chats(), channels);
  const endServiceLevels = startServiceLevels({
    ...platform,
    note: (conversation, key, text) => addSystemNote(platform, conversation, key, text),
    changed: (tenant, conversation) => routed(tenant, [conversation]),
  });
  const endNotices = startNotices({ ...platform, publicUrl, keys: pushKeys, mails: mail.off === undefined });
  return async () => {
    endHousekeeping();
    endRuns();
    endResuming();
    endNotices();
    endDeliveries();
    endServiceLevels();
    await endChats();
    await Promise.all([endJobs(), endIndexing(), endSending(), repairing]);
  };
}

/** Everything that is asked for by `addJob`, and who does it. */
function jobKinds(platform: Platform): JobKind[] {
  return [eraseTenantJob({ ...platform, eraseFilesOf: (tenant) => eraseFilesOf(platform, tenant) })];
}

async function eraseFilesOf(platform: Platform, tenant: string): Promise<void> {
  await eraseTenantFiles(platform, tenant);
  await eraseTenantImports(platform, tenant);
}

/** A mail to the customer that will not arrive is told where the answer was written. */
async function tellOfMail(platform: Platform, { tenant, id, conversation, mail }: DueMail, reason: string): Promise<void> {
  if (conversation === undefined) return;
  const text = `The mail to ${mail.to} was not sent: ${reason} "mail.retry ${id}" tries it again.`;
  const account = await writeMailNotice(platform.database.forTenant(tenant), conversation, id, mail.to);
  if (account !== undefined) announceNotices(platform, { tenant, account });
  await addSystemNote(platform, { tenant, id: conversation }, `mail:${id}:${platform.clock.now()}`, text);
}

function startHousekeeping(platform: Platform, keys: Keys): () => void {
  const jobs = async () => {
    await forgetExpiredAccess(platform);
    await forgetIdleVisitors(platform);
    await forgetDeadGateways(platform);
    await forgetUnsentFiles(platform);
    await forgetOldImports(platform);
    await forgetOldBulk(platform);
    await forgetOldMail(platform);
    await forgetOldNotices(platform);
    await forgetOldAudit(platform);
    await forgetEndedJobs(platform);
    await forgetOldMessages(platform);
    await forgetOldTimes(platform);
    await resealSecrets({ ...platform, keys });
    await resealDataSources({ ...platform, keys });
    await resealRequestSecrets({ ...platform, keys });
  };
  return every(platform.clock, jobsEveryMs, jobs, (error) => platform.log.warn({ error }, "housekeeping failed, it is tried again"));
}
