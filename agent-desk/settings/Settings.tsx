import { ArrowLeft } from "lucide-preact";
import type { ComponentChild } from "preact";
import { lazy, Suspense } from "preact/compat";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CommandListing } from "../../src/protocol/commands.ts";
import { listCommands, sentence } from "../commands/run.ts";
import list from "../inbox/List.module.css";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { MailPage } from "../notices/MailPage.tsx";
import { NoticesPage } from "../notices/NoticesPage.tsx";
import { ConnectionNotice } from "../shell/ConnectionNotice.tsx";
import desk from "../shell/Desk.module.css";
import { addressOf, go, route, type SettingsPage } from "../shell/route.ts";
import { AgentsPage } from "./AgentsPage.tsx";
import { CalendarsPage } from "./CalendarsPage.tsx";
import { CannedPage } from "./CannedPage.tsx";
import { FieldsPage } from "./FieldsPage.tsx";
import { InboxesPage } from "./InboxesPage.tsx";
import { KeysPage } from "./KeysPage.tsx";
import { MacrosPage } from "./MacrosPage.tsx";
import { MembersPage } from "./MembersPage.tsx";
import { RolesPage } from "./RolesPage.tsx";
import { ServiceLevelsPage } from "./ServiceLevelsPage.tsx";
import styles from "./Settings.module.css";
import { TagsPage } from "./TagsPage.tsx";
import { TeamsPage } from "./TeamsPage.tsx";
import { ViewsPage } from "./ViewsPage.tsx";

const SchedulesPage = lazy(async () => ({ default: (await import("../later/SchedulesPage.tsx")).SchedulesPage }));
const MessagesPage = lazy(async () => ({ default: (await import("../later/MessagesPage.tsx")).MessagesPage }));
const DataSourcesPage = lazy(async () => ({ default: (await import("./DataSourcesPage.tsx")).DataSourcesPage }));
const AuditPage = lazy(async () => ({ default: (await import("./AuditPage.tsx")).AuditPage }));
const TenantPage = lazy(async () => ({ default: (await import("./TenantPage.tsx")).TenantPage }));
const AccountPage = lazy(async () => ({ default: (await import("../account/AccountPage.tsx")).AccountPage }));
const ChannelsPage = lazy(async () => ({ default: (await import("../channels/ChannelsPage.tsx")).ChannelsPage }));
const SsoPage = lazy(async () => ({ default: (await import("./SsoPage.tsx")).SsoPage }));
const SecondFactorPage = lazy(async () => ({ default: (await import("./SecondFactorPage.tsx")).SecondFactorPage }));

type May = (command: string) => boolean;

interface Page {
  page: SettingsPage;
  label: string;
  /** The command without which there is nothing to see. */
  needs?: string;
  show: (may: May) => ComponentChild;
}

const groups: { label: string; pages: Page[] }[] = [
  {
    label: "At the desk",
    pages: [
      { page: "canned", label: "Canned answers", show: (may) => <CannedPage mayShare={may("tag.delete")} /> },
      { page: "macros", label: "Macros", show: (may) => <MacrosPage mayShare={may("tag.delete")} may={may} /> },
      { page: "views", label: "Views", show: (may) => <ViewsPage mayShare={may("tag.delete")} /> },
      { page: "tags", label: "Tags", show: (may) => <TagsPage mayChange={may("tag.delete")} /> },
      { page: "fields", label: "Fields", show: (may) => <FieldsPage mayChange={may("field.create")} /> },
    ],
  },
  {
    label: "Who answers",
    pages: [
      { page: "teams", label: "Teams", show: (may) => <TeamsPage mayChange={may("team.create")} /> },
      { page: "agents", label: "Agents", show: (may) => <AgentsPage mayChange={may("agent.profile")} /> },
      { page: "hours", label: "Hours", show: (may) => <CalendarsPage mayChange={may("calendar.create")} /> },
      { page: "service-levels", label: "Service levels", show: (may) => <ServiceLevelsPage mayChange={may("service-level.set")} /> },
    ],
  },
  {
    label: "Who may do what",
    pages: [
      { page: "members", label: "Members", show: (may) => <MembersPage may={may} /> },
      { page: "roles", label: "Roles", show: (may) => <RolesPage mayChange={may("role.create")} /> },
      {
        page: "audit",
        label: "Who did what",
        needs: "audit.list",
        show: (may) => (
          <Suspense fallback={null}>
            <AuditPage may={may} />
          </Suspense>
        ),
      },
      {
        page: "sso",
        label: "Single sign-on",
        needs: "tenant.sso",
        show: () => (
          <Suspense fallback={null}>
            <SsoPage />
          </Suspense>
        ),
      },
      { page: "keys", label: "API keys", show: (may) => <KeysPage mayChange={may("key.create")} /> },
    ],
  },
  {
    label: "Where it comes from",
    pages: [
      { page: "inboxes", label: "Inboxes", show: (may) => <InboxesPage mayChange={may("inbox.update")} mayMake={may("inbox.create")} /> },
      {
        page: "channels",
        label: "Slack and Teams",
        needs: "channel.app",
        show: () => (
          <Suspense fallback={null}>
            <ChannelsPage />
          </Suspense>
        ),
      },
      {
        page: "data-sources",
        label: "Data sources",
        needs: "data-source.list",
        show: (may) => (
          <Suspense fallback={null}>
            <DataSourcesPage mayChange={may("data-source.create")} />
          </Suspense>
        ),
      },
      { page: "mail", label: "Outgoing mail", show: () => <MailPage /> },
      {
        page: "tenant",
        label: "Workspace",
        needs: "tenant.show",
        show: () => (
          <Suspense fallback={null}>
            <TenantPage />
          </Suspense>
        ),
      },
    ],
  },
  {
    label: "By itself",
    pages: [
      {
        page: "schedules",
        label: "Schedules",
        needs: "schedule.list",
        show: () => (
          <Suspense fallback={null}>
            <SchedulesPage />
          </Suspense>
        ),
      },
      {
        page: "messages",
        label: "Messages",
        needs: "message.scheduled",
        show: () => (
          <Suspense fallback={null}>
            <MessagesPage />
          </Suspense>
        ),
      },
    ],
  },
  {
    label: "For me",
    pages: [
      { page: "notices", label: "Notices", show: () => <NoticesPage /> },
      {
        page: "account",
        label: "My account",
        show: () => (
          <Suspense fallback={null}>
            <AccountPage />
          </Suspense>
        ),
      },
      {
        page: "second-factor",
        label: "Second factor",
        show: () => (
          <Suspense fallback={null}>
            <SecondFactorPage />
          </Suspense>
        ),
      },
    ],
  },
];

/** What an agent, or an admin for everyone, prepares: each thing here is made, changed and deleted by a command that stands beside it. */
export function Settings({ page }: { page: SettingsPage }) {
  const [commands, setCommands] = useState<CommandListing[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    listCommands().then(setCommands, (error: unknown) => setWrong(sentence(error)));
  }, []);
  // On a phone the pages stand in one line that is scrolled; those that need a command come into it later, and push.
  const tab = useRef<HTMLAnchorElement>(null);
  useEffect(() => tab.current?.scrollIntoView({ block: "nearest", inline: "center" }), [page, commands]);
  const may: May = (command) => commands?.some(({ name }) => name === command) ?? false;
  const shown = groups.flatMap(({ pages }) => pages).find((each) => each.page === page);
  return (
    <main class={desk.pane} aria-label="Settings">
      <div class={desk.head}>
        <span class={desk.back}>
          <Button tone="plain" label="Back to the inbox" onClick={() => go({ conversation: null })}>
            <ArrowLeft />
          </Button>
        </span>
        <h1 class={desk.grow}>Settings</h1>
      </div>
      <ConnectionNotice />
      <div class={styles.body}>
        <nav class={styles.pages} aria-label="Settings">
          {groups.map((group) => (
            <section key={group.label}>
              <h2>{group.label}</h2>
              {group.pages
                .filter(({ needs }) => needs === undefined || may(needs))
                .map((each) => (
                  <a
                    key={each.page}
                    class={list.tab}
                    href={addressOf({ ...route.value, settings: each.page })}
                    aria-current={each.page === page ? "true" : undefined}
                    ref={each.page === page ? tab : null}
                  >
                    {each.label}
                  </a>
                ))}
            </section>
          ))}
        </nav>
        <div class={styles.scroll}>
          <Wrong>{wrong}</Wrong>
          {shown !== undefined && (shown.needs === undefined || may(shown.needs)) && shown.show(may)}
          {shown?.needs !== undefined && commands !== null && !may(shown.needs) && (
            <div class={styles.page}>
              <p>You may not see this. An owner of the workspace can give you a role that may.</p>
            </div>
          )}
        </div>
      </div>
    </main>
  );
}
