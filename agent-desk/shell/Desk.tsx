import { Tooltip } from "@base-ui/react/tooltip";
import { effect } from "@preact/signals";
import { lazy, Suspense } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import type { SessionAnswer } from "../../src/protocol/access.ts";
import { adminChatShown } from "../admin/adminChat.ts";
import { shownAnswer } from "../answers/shownAnswer.ts";
import { learnAllowed } from "../commands/allowed.ts";
import { UnderWayList } from "../commands/UnderWayList.tsx";
import { ConversationPane } from "../conversation/ConversationPane.tsx";
import { dataShown } from "../entities/dataRoute.ts";
import { ConversationList } from "../inbox/ConversationList.tsx";
import type { DeskState } from "../live/deskState.ts";
import { openDesk } from "../live/openDesk.ts";
import { followPushes } from "../notices/push.ts";
import { OfferCards } from "../offers/OfferCards.tsx";
import { operationsShown } from "../operations/operationsRoute.ts";
import { Person } from "../person/Person.tsx";
import { runsShown } from "../runs/runsRoute.ts";
import { Wallboard } from "../wallboard/Wallboard.tsx";
import { wallboardShown } from "../wallboard/wallboard.ts";
import styles from "./Desk.module.css";
import { DeskContext } from "./deskContext.ts";
import { opened } from "./opened.ts";
import { personShown } from "./personPanel.ts";
import { Rail } from "./Rail.tsx";
import { route, type SettingsPage } from "./route.ts";
import { listenToKeys } from "./shortcuts.ts";

const AdminChat = lazy(() => import("../admin/AdminChat.tsx").then(({ AdminChat: found }) => ({ default: found })));
const DataPage = lazy(() => import("../entities/DataPage.tsx").then(({ DataPage: found }) => ({ default: found })));
const OperationsPage = lazy(() => import("../operations/OperationsPage.tsx").then(({ OperationsPage: found }) => ({ default: found })));
const RunsPage = lazy(() => import("../runs/RunsPage.tsx").then(({ RunsPage: found }) => ({ default: found })));
const Settings = lazy(() => import("../settings/Settings.tsx").then(({ Settings: found }) => ({ default: found })));
const AnswerDialog = lazy(() => import("../answers/AnswerDialog.tsx").then(({ AnswerDialog: found }) => ({ default: found })));
const Dialogs = lazy(() => import("./Dialogs.tsx").then(({ Dialogs: found }) => ({ default: found })));

/** The agent's desk: rail, list, conversation, person. */
export function Desk({ account }: { account: SessionAnswer["account"] }) {
  const [desk, setDesk] = useState<DeskState | null>(null);
  useEffect(() => {
    const mine = openDesk(account);
    learnAllowed();
    const stopKeys = listenToKeys(mine);
    const stopPushes = followPushes();
    const stopTitle = effect(() => {
      const { queue } = mine.counts.value;
      const [offer] = mine.offers.value;
      const title = offer === undefined ? roomShown() : `Offer: ${offer.contact.name}`;
      document.title = `${queue === 0 ? "" : `(${queue}) `}${title} · Switchboard`;
    });
    const stopLooking = effect(() => mine.look(document.hidden ? null : route.value.conversation));
    const onHide = () => mine.look(document.hidden ? null : route.peek().conversation);
    document.addEventListener("visibilitychange", onHide);
    setDesk(mine);
    return () => {
      document.removeEventListener("visibilitychange", onHide);
      stopLooking();
      stopTitle();
      stopKeys();
      stopPushes();
      mine.close();
      document.title = "Switchboard";
    };
  }, [account]);
  if (desk === null) return null;

  const { conversation, person, settings } = route.value;
  const whole = wholePage(settings);
  const beside = conversation !== null && (personShown.value || person);
  const page = conversation === null ? "list" : person ? "person" : "conversation";
  return (
    <DeskContext.Provider value={desk}>
      <Tooltip.Provider>
        {whole === null ? (
          <div class={`${styles.desk} ${beside ? "" : styles.noPerson}`} data-page={page}>
            <Rail />
            <ConversationList />
            <ConversationPane id={conversation} />
            {beside && <Person key={conversation} id={conversation} />}
          </div>
        ) : (
          <div class={`${styles.desk} ${styles.whole}`} data-page="whole">
            <Rail />
            <Suspense fallback={<main class={styles.pane} aria-busy="true" />}>{whole}</Suspense>
          </div>
        )}
        <OfferCards />
        {opened.value === null && <UnderWayList over />}
        {opened.value !== null && (
          <Suspense fallback={null}>
            <Dialogs which={opened.value} />
          </Suspense>
        )}
        {shownAnswer.value !== null && (
          <Suspense fallback={null}>
            <AnswerDialog />
          </Suspense>
        )}
      </Tooltip.Provider>
    </DeskContext.Provider>
  );
}

/** What takes the inbox's place, where something does. */
function wholePage(settings: SettingsPage | null) {
  if (wallboardShown.value) return <Wallboard />;
  if (dataShown.value !== undefined) return <DataPage place={dataShown.value} />;
  if (operationsShown.value !== undefined) return <OperationsPage place={operationsShown.value} />;
  if (runsShown.value !== undefined) return <RunsPage id={runsShown.value} />;
  if (adminChatShown.value) return <AdminChat />;
  return settings === null ? null : <Settings page={settings} />;
}

function roomShown(): string {
  if (wallboardShown.value) return "Wallboard";
  if (dataShown.value !== undefined) return "Data";
  if (operationsShown.value !== undefined) return "Operations";
  if (runsShown.value !== undefined) return "Runs";
  return adminChatShown.value ? "Admin chat" : "Inbox";
}
