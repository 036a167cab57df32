import { useEffect, useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { goToProvider, loadProviders, providers } from "./providers.ts";
import styles from "./SignIn.module.css";
import { toldOf } from "./toldOf.ts";

/** One button for each provider that is set up here; nothing where there is none. */
export function ProviderButtons({ purpose }: { purpose: "signIn" | "register" }) {
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(loadProviders, []);
  if (providers.value.length === 0) return null;
  const go = (provider: string) => {
    setBusy(true);
    setWrong(null);
    goToProvider(provider, purpose).catch((error: unknown) => {
      setWrong(toldOf(error));
      setBusy(false);
    });
  };
  return (
    <div class={styles.providers}>
      <p class={styles.or}>or</p>
      {providers.value.map(({ provider, name }) => (
        <Button key={provider} disabled={busy} onClick={() => go(provider)}>
          {purpose === "register" ? `Register with ${name}` : `Sign in with ${name}`}
        </Button>
      ))}
      <Wrong>{wrong}</Wrong>
    </div>
  );
}
