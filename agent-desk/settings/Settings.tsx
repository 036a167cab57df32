import { ArrowLeft } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
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
import { MacrosPage } from "./MacrosPage.tsx";
import { ServiceLevelsPage } from "./ServiceLevelsPage.tsx";
import styles from "./Settings.module.css";
import { TagsPage } from "./TagsPage.tsx";
import { TeamsPage } from "./TeamsPage.tsx";
import { ViewsPage } from "./ViewsPage.tsx";

const pages: { page: SettingsPage; label: string }[] = [
  { page: "canned", label: "Canned answers" },
  { page: "macros", label: "Macros" },
  { page: "views", label: "Views" },
  { page: "tags", label: "Tags" },
  { page: "fields", label: "Fields" },
  { page: "teams", label: "Teams" },
  { page: "agents", label: "Agents" },
  { page: "hours", label: "Hours" },
  { page: "inboxes", label: "Inboxes" },
  { page: "service-levels", label: "Service levels" },
  { page: "notices", label: "Notices" },
  { page: "mail", label: "Outgoing mail" },
];

/** What an agent, or an admin for everyone, prepares: each thing here is made, changed and deleted by a command that stands beside it. */
export function Settings({ page }: { page: SettingsPage }) {
  const [commands, setCommands] = useState<CommandListing[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    listCommands().then(setCommands, (error: unknown) => setWrong(sentence(error)));
  }, []);
  const may = (command: string) => commands?.some(({ name }) => name === command) ?? false;
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
      <nav class={`${list.tabs} ${styles.tabs}`} aria-label="Settings">
        {pages.map((each) => (
          <a
            key={each.page}
            class={list.tab}
            href={addressOf({ ...route.value, settings: each.page })}
            aria-current={each.page === page ? "true" : undefined}
          >
            {each.label}
          </a>
        ))}
      </nav>
      <div class={styles.scroll}>
        <Wrong>{wrong}</Wrong>
        {page === "canned" && <CannedPage mayShare={may("tag.delete")} />}
        {page === "macros" && <MacrosPage mayShare={may("tag.delete")} may={may} />}
        {page === "views" && <ViewsPage mayShare={may("tag.delete")} />}
        {page === "tags" && <TagsPage mayChange={may("tag.delete")} />}
        {page === "notices" && <NoticesPage />}
        {page === "mail" && <MailPage />}
        {page === "fields" && <FieldsPage mayChange={may("field.create")} />}
        {page === "teams" && <TeamsPage mayChange={may("team.create")} />}
        {page === "agents" && <AgentsPage mayChange={may("agent.profile")} />}
        {page === "hours" && <CalendarsPage mayChange={may("calendar.create")} />}
        {page === "inboxes" && <InboxesPage mayChange={may("inbox.update")} />}
        {page === "service-levels" && <ServiceLevelsPage mayChange={may("service-level.set")} />}
      </div>
    </main>
  );
}
