import { Choice, TextField } from "../../settings/fields.tsx";
import parent from "../Bench.module.css";
import { type Body, isRecord, textIn } from "../draft.ts";
import type { EditorLook } from "../kind.ts";
import { withField } from "./requestBody.ts";
import { SecretField } from "./SecretField.tsx";

const ways = [
  { value: "bearer", label: "Bearer token" },
  { value: "basic", label: "User and password" },
  { value: "key", label: "API key" },
  { value: "clientCredentials", label: "OAuth 2 client credentials" },
];

/** How it proves who asks; the secret stands beside the operation, for its host alone. */
export function CredentialFields({ body, stored, onChange, onStored, faultAt }: EditorLook) {
  const credential: Body = isRecord(body["credential"]) ? body["credential"] : {};
  const kind = textIn(credential["kind"]);
  const set = (name: string, value: string) => onChange({ ...body, credential: withField(credential, name, value) });
  const field = (name: string) => ({
    id: `credential-${name}`,
    wrong: faultAt(`credential.${name}`)?.text ?? null,
    value: textIn(credential[name]),
    onInput: (value: string) => set(name, value),
  });
  const place = (name: string, values: { value: string; label: string }[]) => ({ ...field(name), options: values });
  return (
    <section class={parent.part} aria-labelledby="request-credential">
      <div class={parent.partHead}>
        <h2 id="request-credential">Who asks</h2>
      </div>
      <div class={parent.fields}>
        <Choice
          id="credential-kind"
          label="Proved by"
          wrong={kind === "" ? null : (faultAt("credential")?.text ?? null)}
          value={kind}
          none="Nothing: it asks as anybody"
          options={ways}
          onInput={(next) => onChange(withField(body, "credential", begun(next)))}
        />
        {kind === "basic" && <TextField {...field("user")} label="User" hint="Empty where the secret is all of it." />}
        {kind === "key" && (
          <>
            <Choice
              {...place("in", [
                { value: "header", label: "a header" },
                { value: "query", label: "the address" },
              ])}
              label="Sent in"
            />
            <TextField {...field("name")} label="Called" placeholder="X-Api-Key" />
          </>
        )}
        {kind === "clientCredentials" && (
          <>
            <TextField {...field("tokenUrl")} label="Address of the token" placeholder="https://login.example.com/oauth/token" />
            <TextField {...field("clientId")} label="Client id" />
            <TextField {...field("scope")} label="Scope" />
            <TextField {...field("audience")} label="Audience" />
          </>
        )}
      </div>
      {kind !== "" && <SecretField body={body} stored={stored} onStored={onStored} />}
    </section>
  );
}

function begun(kind: string): Body | undefined {
  if (kind === "") return undefined;
  if (kind === "key") return { kind, in: "header", name: "X-Api-Key" };
  return kind === "clientCredentials" ? { kind, tokenUrl: "", clientId: "" } : { kind };
}
