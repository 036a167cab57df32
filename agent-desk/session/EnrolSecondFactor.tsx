import { exactTime } from "../../src/client/relativeTime.ts";
import { Enrolment } from "./Enrolment.tsx";
import { SignInCard } from "./SignInCard.tsx";
import { beginWork, signOut } from "./session.ts";

interface EnrolLook {
  asks: "enrol" | "renew";
  dueAt: string | null;
  /** Nothing else is possible until it is there. */
  forced: boolean;
}

/** Asks at sign-in for a second factor: to be put off until it is due. */
export function EnrolSecondFactor({ asks, dueAt, forced }: EnrolLook) {
  const lead =
    asks === "renew"
      ? "You signed in by a recovery code. If your phone is lost, set up another one now; the codes won't last."
      : `A password alone can be guessed or stolen. An app on your phone shows a code for each sign-in.${
          forced ? " Your work begins when it is set up." : dueAt === null ? "" : ` It must be there by ${exactTime(dueAt)}.`
        }`;
  return (
    <SignInCard wide title={asks === "renew" ? "Set up your authenticator again" : "Protect your account"} lead={lead}>
      <Enrolment
        otherwise={forced ? { label: "Sign out", onClick: () => void signOut() } : { label: "Not now", onClick: beginWork }}
        onDone={() => void beginWork()}
      />
    </SignInCard>
  );
}
