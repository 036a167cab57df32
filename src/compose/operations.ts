import type { Access } from "../access/access.ts";
import type { Commands } from "../commands/registry.ts";
import type { RunOutside } from "../commands/runs/runOutside.ts";
import type { RunningConfig } from "../config.ts";
import type { Recording } from "../conversations/ledger/record.ts";
import type { SourceCommandOutside } from "../operations/dataSources/dataSourceCommands.ts";
import { openSources, type Sources } from "../operations/dataSources/openSources.ts";
import type { DataSourceSettings } from "../operations/dataSources/saveDataSources.ts";
import { messageKind } from "../operations/messages/messageKind.ts";
import type { MessageOutside } from "../operations/messages/reaching.ts";
import { sendMessageJob } from "../operations/messages/sendScheduled.ts";
import type { OperationKinds } from "../operations/operationKind.ts";
import { queryKind } from "../operations/queries/queryKind.ts";
import type { RequestCommandOutside } from "../operations/requests/requestCommands.ts";
import { requestKind } from "../operations/requests/requestKind.ts";
import { secretOf } from "../operations/requests/requestSecrets.ts";
import { createSendRequest } from "../operations/requests/sendRequest.ts";
import { runScheduleJob } from "../operations/schedules/runSchedule.ts";
import { sequenceKind } from "../operations/sequences/runSequence.ts";
import { ConnectionPools } from "../operations/sources/connectionPools.ts";
import { reachSource, type SourceRules } from "../operations/sources/reachSource.ts";
import type { JobKind } from "../platform/jobs/jobs.ts";
import { createAskOutside } from "../platform/outside/askOutside.ts";
import type { OutsideRules } from "../platform/outside/outsideAddress.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { messageParts } from "./messages.ts";

/** An OpenAPI document is fetched within it. */
const documentMs = 10_000;

export interface OperationParts {
  platform: Platform;
  access: Access;
  config: RunningConfig;
  recording: Recording;
  /** With what runs are made. */
  runs: () => RunOutside;
  /** The product's own database, which no query may reach. */
  databaseUrl: string;
  /** Fresh, with those of the tenant. */
  commands: (tenant: string) => Promise<Commands>;
  messageChannels: MessageOutside["channels"];
}

/** What operations are made of here: their kinds, and the data sources that they ask. */
export function operationParts({ platform, recording, runs, access, config, databaseUrl, commands, messageChannels }: OperationParts): {
  kinds: OperationKinds;
  sources: Sources;
  sourceOutside: SourceCommandOutside;
  requestOutside: RequestCommandOutside;
  /** What they do later. */
  jobs: JobKind[];
  messages: MessageOutside;
} {
  const { database } = platform;
  const own = serverOf(databaseUrl);
  // Whoever develops on this machine names its databases too: what one may reach, another must not find.
  const rules: SourceRules = { stage: "production", allowHosts: config.allowHosts, own: [own] };
  const sources = openSources({ database, keys: access.keys, pools: new ConnectionPools(), rules, demoServer: own });
  // Only what is named may be reached within the network, in development as well.
  const outside: OutsideRules = { stage: "production", allowHosts: config.allowHosts };
  const messages = messageParts(platform, recording, commands, messageChannels);
  const kinds = {
    request: requestKind({
      send: createSendRequest(platform, outside),
      rules: outside,
      secretOf: (of) => secretOf({ database, keys: access.keys }, of),
    }),
    query: queryKind(sources, platform.clock),
    sequence: sequenceKind({ database, commands }),
    message: messageKind(messages),
  };
  const sourceOutside: SourceCommandOutside = {
    ...platform,
    keys: access.keys,
    checkAddress: (settings) => mayBeReached(settings, rules),
    test: async (tenant, stored) => {
      const { product, canWrite } = await sources.open(tenant, stored).test();
      return { server: product, mayWrite: canWrite };
    },
    tables: async (tenant, stored) => await sources.open(tenant, stored).tables(),
  };
  const requestOutside: RequestCommandOutside = {
    ...platform,
    keys: access.keys,
    rules: outside,
    ask: createAskOutside({ ...outside, deadlineMs: documentMs }),
  };
  return {
    kinds,
    sources,
    sourceOutside,
    requestOutside,
    jobs: [sendMessageJob(messages), runScheduleJob({ ...messages, runs })],
    messages,
  };
}

async function mayBeReached({ kind, password = "", tls, ...settings }: DataSourceSettings, rules: SourceRules): Promise<void> {
  try {
    await reachSource({ ...settings, dialect: kind, password, tls: tls ? "verified" : "off" }, rules);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "unavailable") throw error;
  }
}

function serverOf(databaseUrl: string): { host: string; port: number; database: string } {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return { host: hostname, port: Number(port || 5432), database: decodeURIComponent(pathname.slice(1)) };
}
