import { useState } from "preact/hooks";
import type { CalendarView } from "../../src/protocol/calendar.ts";
import type { InboxView } from "../../src/protocol/inbox.ts";
import parts from "../look/parts.module.css";
import { Labelled } from "./fields.tsx";
import { SaveDialog } from "./SaveDialog.tsx";
import page from "./Settings.module.css";
import { useCommandData } from "./useCommandData.ts";

interface TextLook {
  id: string;
  label: string;
  hint?: string;
  value: string;
  wrong: string | null;
  many?: boolean;
  onInput: (value: string) => void;
}

/** A labelled field for a line of text, or for several. */
function Text({ id, label, hint, value, wrong, many = false, onInput }: TextLook) {
  const common = { id, class: parts.field, value, dir: "auto" as const, "aria-invalid": wrong !== null, "aria-describedby": `${id}-wrong` };
  return (
    <Labelled id={id} label={label} wrong={wrong} {...(hint === undefined ? {} : { hint })}>
      {many ? (
        <textarea {...common} rows={4} maxLength={1000} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <input {...common} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
    </Labelled>
  );
}

export function InboxForm({ inbox, onClose }: { inbox: InboxView; onClose: () => void }) {
  const { data: calendars } = useCommandData<CalendarView>("calendar.list", "calendars");
  const { data: teams } = useCommandData<{ key: string; name: string }>("team.list", "teams");
  const [name, setName] = useState(inbox.name);
  const [team, setTeam] = useState(inbox.team);
  const [calendar, setCalendar] = useState(inbox.calendar ?? "none");
  const [origins, setOrigins] = useState(inbox.origins.join("\n"));
  const [colour, setColour] = useState(inbox.colour ?? "");
  const args = () => ({ inbox: inbox.key, name, team, calendar, origins, colour: colour.trim() === "" ? "none" : colour });
  return (
    <SaveDialog title={`Change ${inbox.name}`} command="inbox.update" args={args} onClose={onClose}>
      {(wrongOf) => (
        <>
          <Text id="inbox-name" label="Name" value={name} wrong={wrongOf("name")} onInput={setName} />
          <div class={page.two}>
            <Labelled id="inbox-team" label="Team that answers" wrong={wrongOf("team")}>
              <select id="inbox-team" class={parts.field} value={team} onChange={(event) => setTeam(event.currentTarget.value)}>
                {(teams ?? [{ key: inbox.team, name: inbox.team }]).map((each) => (
                  <option key={each.key} value={each.key}>
                    {each.name}
                  </option>
                ))}
              </select>
            </Labelled>
            <Labelled id="inbox-hours" label="Hours" wrong={wrongOf("calendar")}>
              <select id="inbox-hours" class={parts.field} value={calendar} onChange={(event) => setCalendar(event.currentTarget.value)}>
                <option value="none">those of the team</option>
                {calendars?.map((each) => (
                  <option key={each.key} value={each.key}>
                    {each.name}
                  </option>
                ))}
              </select>
            </Labelled>
          </div>
          <Text
            id="inbox-origins"
            label="Websites that may show it"
            hint="One origin a line, like https://shop.example.com."
            value={origins}
            wrong={wrongOf("origins")}
            many
            onInput={setOrigins}
          />
          <Text
            id="inbox-colour"
            label="Colour (optional)"
            hint="Like #2d55dd."
            value={colour}
            wrong={wrongOf("colour")}
            onInput={setColour}
          />
        </>
      )}
    </SaveDialog>
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
    <SaveDialog title={`${name} of ${inbox.name}`} command="inbox.text" args={args} onClose={onClose}>
      {(wrongOf) => (
        <>
          <Text
            id="text-language"
            label="Language"
            hint="Like en, pt-BR or de."
            value={language}
            wrong={wrongOf("language")}
            onInput={setLanguage}
          />
          <Text
            id="text-text"
            label="Text"
            hint={version.language === "" ? "" : "Without a text, this language is taken away."}
            value={text}
            wrong={wrongOf("text") ?? wrongOf("key")}
            many
            onInput={setText}
          />
        </>
      )}
    </SaveDialog>
  );
}

export function PrechatForm({ inbox, onClose }: { inbox: InboxView; onClose: () => void }) {
  const written = inbox.prechat?.fields.map(({ name, type, required }) => `${name}:${type}${required ? "*" : ""}`).join(", ") ?? "";
  const [fields, setFields] = useState(written);
  const [teams, setTeams] = useState(inbox.prechat?.teams.join(" ") ?? "");
  const args = () => ({ inbox: inbox.key, ...(fields.trim() === "" ? {} : { fields }), ...(teams.trim() === "" ? {} : { teams }) });
  return (
    <SaveDialog title="Asked before the first message" command="inbox.prechat" args={args} onClose={onClose}>
      {(wrongOf) => (
        <>
          <Text
            id="prechat-fields"
            label="Fields"
            hint="Like name, email*, order:number. A star asks for an answer; types are text, email, phone, number, date, checkbox. Nothing: no form."
            value={fields}
            wrong={wrongOf("fields")}
            onInput={setFields}
          />
          <Text
            id="prechat-teams"
            label="Teams to choose from (optional)"
            hint="Their keys, with spaces between."
            value={teams}
            wrong={wrongOf("teams")}
            onInput={setTeams}
          />
        </>
      )}
    </SaveDialog>
  );
}

export function ProactiveForm({ inbox, onClose }: { inbox: InboxView; onClose: () => void }) {
  const [values, setValues] = useState({ key: "", page: "/*", after: "20", language: navigator.language, text: "" });
  const set = (name: keyof typeof values) => (value: string) => setValues({ ...values, [name]: value });
  const args = () => ({ inbox: inbox.key, ...values, after: Number(values.after) });
  return (
    <SaveDialog title="A message beside the launcher" command="inbox.proactive" args={args} label="Add" onClose={onClose}>
      {(wrongOf) => (
        <>
          <div class={page.two}>
            <Text
              id="proactive-key"
              label="Key"
              hint="Short, like pricing."
              value={values.key}
              wrong={wrongOf("key")}
              onInput={set("key")}
            />
            <Text id="proactive-after" label="After seconds" value={values.after} wrong={wrongOf("after")} onInput={set("after")} />
          </div>
          <Text
            id="proactive-page"
            label="On the pages"
            hint="The path; * stands for any characters: /pricing*."
            value={values.page}
            wrong={wrongOf("page")}
            onInput={set("page")}
          />
          <Text id="proactive-language" label="Language" value={values.language} wrong={wrongOf("language")} onInput={set("language")} />
          <Text id="proactive-text" label="Text" value={values.text} wrong={wrongOf("text")} many onInput={set("text")} />
        </>
      )}
    </SaveDialog>
  );
}
