import { useState } from "preact/hooks";
import type { CalendarView } from "../../src/protocol/calendar.ts";
import type { InboxView } from "../../src/protocol/inbox.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Choice, TextField } from "./fields.tsx";
import { optionsOf } from "./options.ts";
import page from "./Settings.module.css";
import { useCommandData } from "./useCommandData.ts";

/** A new inbox where there is none to change. */
export function InboxForm({ inbox, onClose }: { inbox: InboxView | null; onClose: () => void }) {
  const { data: calendars } = useCommandData<CalendarView>("calendar.list", "calendars");
  const { data: teams } = useCommandData<{ key: string; name: string }>("team.list", "teams");
  const [name, setName] = useState(inbox?.name ?? "");
  const [team, setTeam] = useState(inbox?.team ?? "support");
  const [calendar, setCalendar] = useState(inbox?.calendar ?? "none");
  const [origins, setOrigins] = useState(inbox?.origins.join("\n") ?? "");
  const [colour, setColour] = useState(inbox?.colour ?? "");
  const [commands, setCommands] = useState(
    inbox === null ? "none" : inbox.commands === "all" ? "all" : inbox.commands.join(", ") || "none",
  );
  const args = () => ({
    ...(inbox === null ? {} : { inbox: inbox.key }),
    name,
    team,
    calendar,
    // Without a site nothing is said of them: an inbox may be made before its website is known.
    ...(inbox === null && origins.trim() === "" ? {} : { origins }),
    colour: colour.trim() === "" ? "none" : colour,
    commands: commands.trim() === "" ? "none" : commands,
  });
  return (
    <CommandDialog
      title={inbox === null ? "New inbox" : `Change ${inbox.name}`}
      command={inbox === null ? "inbox.create" : "inbox.update"}
      args={args}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <TextField id="inbox-name" label="Name" value={name} wrong={wrongOf("name")} onInput={setName} />
          <div class={page.two}>
            <Choice
              id="inbox-team"
              label="Team that answers"
              wrong={wrongOf("team")}
              value={team}
              options={optionsOf(teams ?? [{ key: team, name: team }])}
              onInput={setTeam}
            />
            <Choice
              id="inbox-hours"
              label="Hours"
              wrong={wrongOf("calendar")}
              value={calendar}
              options={[{ value: "none", label: "those of the team" }, ...optionsOf(calendars ?? [])]}
              onInput={setCalendar}
            />
          </div>
          <TextField
            id="inbox-origins"
            label="Websites that may show it"
            hint="One origin a line, like https://shop.example.com."
            value={origins}
            wrong={wrongOf("origins")}
            many
            maxLength={1000}
            onInput={setOrigins}
          />
          <TextField
            id="inbox-commands"
            label="Commands that its visitors may run"
            hint={'Names with commas between, "all", or "none". Asking for a person is always possible.'}
            value={commands}
            wrong={wrongOf("commands")}
            onInput={setCommands}
          />
          <TextField
            id="inbox-colour"
            label="Colour (optional)"
            hint="Like #2d55dd. The chat makes it darker or lighter where text on it could not be read."
            value={colour}
            wrong={wrongOf("colour")}
            onInput={setColour}
          />
        </>
      )}
    </CommandDialog>
  );
}

interface TextFormLook {
  inbox: InboxView;
  textKey: string;
  name: string;
  version: { language: string; text: string };
  onClose: () => void;
}

export function TextForm({ inbox, textKey, name, version, onClose }: TextFormLook) {
  const [language, setLanguage] = useState(version.language);
  const [text, setText] = useState(version.text);
  const args = () => ({ inbox: inbox.key, key: textKey, language, ...(text.trim() === "" ? {} : { text }) });
  return (
    <CommandDialog title={`${name} of ${inbox.name}`} command="inbox.text" args={args} onClose={onClose}>
      {(wrongOf) => (
        <>
          <TextField
            id="text-language"
            label="Language"
            hint="Like en, pt-BR or de."
            value={language}
            wrong={wrongOf("language")}
            onInput={setLanguage}
          />
          <TextField
            id="text-text"
            label="Text"
            hint={version.language === "" ? "" : "Without a text, this language is taken away."}
            value={text}
            wrong={wrongOf("text") ?? wrongOf("key")}
            many
            maxLength={1000}
            onInput={setText}
          />
        </>
      )}
    </CommandDialog>
  );
}

export function PrechatForm({ inbox, onClose }: { inbox: InboxView; onClose: () => void }) {
  const written = inbox.prechat?.fields.map(({ name, type, required }) => `${name}:${type}${required ? "*" : ""}`).join(", ") ?? "";
  const [fields, setFields] = useState(written);
  const [teams, setTeams] = useState(inbox.prechat?.teams.join(" ") ?? "");
  const args = () => ({ inbox: inbox.key, ...(fields.trim() === "" ? {} : { fields }), ...(teams.trim() === "" ? {} : { teams }) });
  return (
    <CommandDialog title="Asked before the first message" command="inbox.prechat" args={args} onClose={onClose}>
      {(wrongOf) => (
        <>
          <TextField
            id="prechat-fields"
            label="Fields"
            hint="Like name, email*, order:number. A star asks for an answer; types are text, email, phone, number, date, checkbox. Nothing: no form."
            value={fields}
            wrong={wrongOf("fields")}
            onInput={setFields}
          />
          <TextField
            id="prechat-teams"
            label="Teams to choose from (optional)"
            hint="Their keys, with spaces between."
            value={teams}
            wrong={wrongOf("teams")}
            onInput={setTeams}
          />
        </>
      )}
    </CommandDialog>
  );
}

export function ProactiveForm({ inbox, onClose }: { inbox: InboxView; onClose: () => void }) {
  const [values, setValues] = useState({ key: "", page: "/*", after: "20", language: navigator.language, text: "" });
  const set = (name: keyof typeof values) => (value: string) => setValues({ ...values, [name]: value });
  const args = () => ({ inbox: inbox.key, ...values, after: Number(values.after) });
  return (
    <CommandDialog title="A message beside the launcher" command="inbox.proactive" args={args} label="Add" onClose={onClose}>
      {(wrongOf) => (
        <>
          <div class={page.two}>
            <TextField
              id="proactive-key"
              label="Key"
              hint="Short, like pricing."
              value={values.key}
              wrong={wrongOf("key")}
              onInput={set("key")}
            />
            <TextField id="proactive-after" label="After seconds" value={values.after} wrong={wrongOf("after")} onInput={set("after")} />
          </div>
          <TextField
            id="proactive-page"
            label="On the pages"
            hint="The path; * stands for any characters: /pricing*."
            value={values.page}
            wrong={wrongOf("page")}
            onInput={set("page")}
          />
          <TextField
            id="proactive-language"
            label="Language"
            value={values.language}
            wrong={wrongOf("language")}
            onInput={set("language")}
          />
          <TextField
            id="proactive-text"
            label="Text"
            value={values.text}
            wrong={wrongOf("text")}
            many
            maxLength={1000}
            onInput={set("text")}
          />
        </>
      )}
    </CommandDialog>
  );
}
