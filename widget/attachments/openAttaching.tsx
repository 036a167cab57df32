import { effect } from "@preact/signals";
import { openAttachments } from "../../src/client/attachments.ts";
import { takeDropped } from "../../src/client/broughtFiles.ts";
import type { FilesAddress } from "../../src/client/upload.ts";
import { textWithoutFiles } from "../../src/protocol/files.ts";
import type { Attaching, AttachingOutside } from "../attaching.ts";
import { addStyle } from "../chat/style.ts";
import { language, texts } from "../texts/texts.ts";
import css from "./attachments.css?inline";
import { attachmentTexts, refusalText } from "./attachmentTexts.ts";
import { FileCard } from "./FileCard.tsx";
import { sayWithFiles } from "./sayWithFiles.ts";
import { Tray } from "./Tray.tsx";

/** Called once, when the first file is chosen or seen. */
export function openAttaching({ talk, root, inbox, remembered, socketUrl }: AttachingOutside): Attaching {
  const files: FilesAddress = {
    address: new URL("../api/v1/files", socketUrl.replace(/^ws/, "http")).href,
    authorization: async () => {
      const token = remembered.token();
      return token === null ? undefined : `Visitor ${inbox}:${token}`;
    },
  };
  const attachments = openAttachments(files);
  addStyle(css);
  effect(() => {
    if (talk.status.value === "open") attachments.resume();
  });
  // The browser asks whether the page may be left: what isn't sent is lost with it.
  addEventListener("beforeunload", (event) => {
    if (attachments.busy()) event.preventDefault();
  });
  if (root.host instanceof HTMLElement) takeDropped(root.host, attachments.add);
  return {
    add: attachments.add,
    obstacle(blank) {
      if (blank && attachments.chosen.value.length === 0) return texts.nothingToSend;
      const refused = attachments.chosen.value.find(({ error }) => error !== undefined);
      return refused?.error === undefined ? "" : `${refused.file.name}: ${refusalText(attachmentTexts[language], refused.error, language)}`;
    },
    say: (text) => sayWithFiles(talk, text, attachments.take()),
    plain: textWithoutFiles,
    Tray: () => <Tray attachments={attachments} toText={() => root.querySelector("textarea")?.focus()} />,
    FileCard: ({ file }) => <FileCard file={file} files={files} />,
  };
}
