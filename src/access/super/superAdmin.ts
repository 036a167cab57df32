import type { Actor } from "../audit/audit.ts";

/** Whoever may do everything, in every tenant. Made on the server only, and never an account: nothing of the one opens anything of the other. */
export interface SuperAdmin {
  id: string;
  email: string;
  name: string;
  active: boolean;
  createdAt: Date;
  /** When the one-time secret that was told last expires, where it was not used yet. */
  secretExpiresAt: Date | null;
  verified: boolean;
  /** Whether they have a second factor. */
  enrolled: boolean;
}

/** Somebody with a shell on the server, by the name that they have there. */
export function serverActor(user: string): Actor {
  return { kind: "server", name: user };
}

/** For what their second factor is sealed: sealed for one it can't be opened as another's. */
export function superFactorPurpose(admin: string): string {
  return `second factor of super admin ${admin}`;
}
