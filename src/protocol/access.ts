/** Bodies of the session resources, as `protocol.md` has them. */
export interface SessionAnswer {
  accessToken: string;
  expiresAt: string;
  account: { id: string; name: string; email: string };
  memberships: { tenant: string; roles: string[] }[];
  /** The slug of the tenant that the token is for; null until one is made or chosen. */
  tenant: string | null;
  next: NextStep;
  secondFactor: SecondFactorAsked;
}

/** What a person is asked about their second factor as they sign in: to set one up, or to set it up anew since a recovery code was used. */
export interface SecondFactorAsked {
  asks: "enrol" | "renew" | null;
  /** By when it must be there. */
  dueAt: string | null;
}

/** A second factor that is being set up, shown once. */
export interface EnrolmentAnswer {
  /** Base32, to be typed where no picture can be taken. */
  secret: string;
  /** `otpauth://…`, what the QR picture says. */
  address: string;
  expiresAt: string;
}

export interface RecoveryCodesAnswer {
  recoveryCodes: string[];
}

export interface SecondFactorAnswer {
  on: boolean;
  /** Since when. */
  since: string | null;
  recoveryCodesLeft: number;
  asks: SecondFactorAsked["asks"];
  dueAt: string | null;
  /** From when it counts no more, because an admin began a reset that was confirmed by mail. */
  resetAt: string | null;
}

export interface StepUpAnswer {
  /** Until when what needs it is possible. */
  until: string;
}

/** What must be done before anything else is possible. */
export type NextStep = "none" | "secondFactor" | "enrolSecondFactor" | "verifyEmail" | "setPassword";

export interface TicketAnswer {
  ticket: string;
  expiresAt: string;
}

/** By whom one can sign in here beside a password. */
export interface ProvidersAnswer {
  items: { provider: string; name: string }[];
}

/** Where the browser goes to sign in. */
export interface FlowBegun {
  address: string;
}

/** What came of it, and the place of the desk where it goes on. */
export interface FlowEnded {
  done: "signedIn" | "linked" | "mailed";
  back: "desk" | "account";
  session: SessionAnswer | null;
}

/** The ways in to one's own account. */
export interface WaysIn {
  password: boolean;
  identities: { id: string; provider: string; name: string; email: string | null; linkedAt: string; usedAt: string | null }[];
}
