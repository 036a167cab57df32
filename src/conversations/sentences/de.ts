import type { Sentences } from "./en.ts";

export const de: Sentences = {
  askForPerson: "Mit einem Menschen sprechen",
  whatCanIAsk: "Was kann ich fragen?",
  leave: "Schlange verlassen",

  joined: (agent) => `${agent} ist jetzt im Gespräch.`,
  handedBack: (agent) => `${agent} hat das Gespräch an den Assistenten zurückgegeben.`,
  backInQueue: (agent) => `${agent} hat das Gespräch zurück in die Schlange gestellt.`,
  handedTo: (agent, to) => `${agent} hat das Gespräch an ${to} übergeben.`,
  closedBy: (agent) => `${agent} hat das Gespräch beendet.`,
  frontOfLine: "Sie stehen wieder ganz vorne in der Schlange; jemand anderes macht hier weiter.",
  pageIsOld: "Dieser Chat wurde vor einiger Zeit geöffnet und ist veraltet; bitte laden Sie die Seite neu.",
  serverIsOld: "Der Chat wird gerade erneuert; er geht in wenigen Sekunden von selbst weiter.",
  reopened: (agent) => `${agent} hat das Gespräch wieder eröffnet.`,
  ended: "Sie haben das Gespräch beendet.",
  leftQueue: "Sie haben die Schlange verlassen. Der Assistent antwortet wieder.",
  notInLine: "Sie stehen nicht in der Schlange.",
  inLine:
    "Sie warten auf einen Menschen. Ihr Platz bleibt, auch wenn Sie diese Seite schließen; der Assistent nimmt inzwischen weiter Befehle an.",
  inLineNobodyThere:
    "Sie warten auf einen Menschen. Als Sie fragten, war niemand da; Ihr Platz bleibt, und die Antwort steht hier, wenn Sie wiederkommen.",
  inLineAlready: "Sie stehen schon in der Schlange; Ihr Platz bleibt.",
  noSuchTeam: (team, known) => `Ein Team „${team}“ gibt es hier nicht; es gibt „${known}“.`,

  edited: (who, seq, text) => `${who} hat Nachricht ${seq} geändert: ${text}`,
  editedBefore: (who, seq) => `${who} hat Nachricht ${seq} geändert.`,
  deletedMessage: (who, seq) => `${who} hat Nachricht ${seq} gelöscht.`,
  reacted: (who, seq, emoji) => `${who} hat auf Nachricht ${seq} reagiert: ${emoji}`,
  unreacted: (who, seq, emoji) => `${who} hat eine Reaktion auf Nachricht ${seq} zurückgenommen: ${emoji}`,
  wasDeleted: "Diese Nachricht wurde gelöscht.",

  suggestion: (written, name) => `„${written}“ kenne ich nicht. Meinten Sie „${name}“?`,
  nothingWritten: "Schreiben Sie einen Befehl, oder sprechen Sie mit einem Menschen.",
  lost: "Darauf habe ich noch keine Antwort. „help“ zeigt, was ich kann.",
  onlyFiles: "Ich bewahre das für die Person auf, die Ihnen hilft; selbst kann ich nicht in Dateien sehen. Ein Mensch kann es.",
  away: (name) => `„${name}“ läuft gerade nicht. Versuchen Sie es später, oder sprechen Sie mit einem Menschen.`,
  stillWorking: (name) => `„${name}“ ist noch in Arbeit. Ich melde mich, sobald es fertig ist.`,
  gaveUp: (name, seconds) => `„${name}“ hat in ${seconds} Sekunden nicht geantwortet.`,
  nothingChanged: "Es wurde nichts geändert.",
  perhapsDone: "Vielleicht wurde es ausgeführt, vielleicht nicht; bitte prüfen Sie es, bevor Sie es wiederholen.",
  personCanHelp: "Ein Mensch kann helfen.",
  interrupted: (name) =>
    `Ich wurde unterbrochen, während „${name}“ lief: Vielleicht wurde es ausgeführt, vielleicht nicht. Bitte prüfen Sie es, bevor Sie es wiederholen.`,
  runAgain: (name) => `„${name}“ noch einmal`,
  confirmFirst: (name, seconds, line) =>
    `„${name}“ lässt sich nicht zurücknehmen. Wenn Sie es so meinen, drücken Sie den Knopf oder schreiben Sie „${line}“ innerhalb von ${seconds} Sekunden.`,
  confirmYes: (name) => `Ja, „${name}“ ausführen`,
  confirmationOver:
    "Das lässt sich nicht mehr bestätigen: Es ist geschehen, oder mehr als eine Minute ist um. Bitte fragen Sie noch einmal danach.",
  failed: "Das ging nicht, und es wurde notiert. Ein Mensch kann helfen.",
  write: (usage) => `Schreiben Sie: ${usage}`,

  youCanWrite: "Sie können schreiben:",
  noCommand: (name) => `Einen Befehl „${name}“ gibt es nicht. „help“ zeigt, was es gibt.`,
  summaries: {
    help: "Zeigt, was Sie fragen können, oder wie man einen Befehl schreibt.",
    person: "Bittet um einen Menschen, der Ihnen antwortet.",
    leave: "Verlässt die Schlange.",
  },

  yes: "ja",
  no: "nein",
};
