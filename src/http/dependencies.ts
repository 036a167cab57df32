import type { Access } from "../access/access.ts";
import type { DrawChart } from "../channels/charts/chartPicture.ts";
import type { Registry } from "../commands/registry.ts";
import type { RunNotice } from "../commands/runs/runOutside.ts";
import type { InboxDirectory } from "../conversations/inboxes/inboxes.ts";
import type { Channel } from "../conversations/ledger/channel.ts";
import type { FileAddresses } from "../files/fileAddresses.ts";
import type { ReadPicture } from "../files/pictures.ts";
import type { UploadLimits } from "../files/uploadLimits.ts";
import type { MailTransport } from "../platform/mail/mail.ts";
import type { Mailbox } from "../platform/mail/mailbox.ts";
import type { Platform } from "../platform/platform.ts";
import type { PublicInbox } from "../protocol/inbox.ts";

/** Everything that the HTTP door needs from outside. */
export interface HttpDependencies extends Platform, Access {
  config: {
    /** Without a slash at the end. */
    publicUrl: string;
    stage: "development" | "production";
    /** Bearer token of /metrics; without it loopback only. */
    metricsToken: string | undefined;
    /** Proxies whose `X-Forwarded-For` is believed: addresses or networks. Nobody's where it is missing. */
    trustedProxies?: readonly string[];
  };
  inboxes: Pick<InboxDirectory, "byKey" | "allowsOrigin">;
  readPicture: ReadPicture;
  uploadLimits: UploadLimits;
  fileAddresses: FileAddresses;
  drawChart: DrawChart;
  registry: Pick<Registry, "of" | "load">;
  /** Tells people of a run that waits, or waited, for them. */
  tellOfRun?: (tenant: string, notice: RunNotice) => Promise<void>;
  /** What anybody may know of an inbox; undefined where there is none of this public key. */
  publicInbox: (key: string, languages: readonly string[]) => Promise<PublicInbox | undefined>;
  /** What is not ready, each a short text without internal names; empty when everything is. */
  readiness: () => Promise<string[]>;
  /** The public key of the demo inbox, for the demo page in development. */
  inboxKey: () => Promise<string | undefined>;
  /** Channels whose services bring what is written there. */
  channels?: readonly Channel[];
  /** By what browsers know this installation, and where else than at the known push services they may take pushes: `host:port`. */
  push?: { publicKey: string; allowedHosts: ReadonlySet<string> };
  /** Why no mail goes out here; missing where it does. */
  mailOff?: string | undefined;
  /** What would have been mailed, in development. */
  mailbox?: Pick<Mailbox, "list" | "read">;
  /** Brings a mail that answers this one, as a mail server would; answers why it was not received. */
  bringMail?: (answered: string, raw: Buffer) => Promise<string | undefined>;
  /** What `/super` needs besides; without it there is no such page. */
  superDoor?: { mail: MailTransport };
  /** Where the built browser parts are: `widget/` and `agent-desk/`. */
  pagesDir: string;
}
