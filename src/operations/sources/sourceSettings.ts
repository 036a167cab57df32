import { z } from "zod";
import { dialects } from "../queries/dialect.ts";

/** How a data source is reached, as somebody wrote it. A closed schema: a driver is given what is named here, and never anything else (CVE-2024-21508). */
export const sourceSettingsSchema = z.strictObject({
  dialect: z.enum(dialects),
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
  database: z.string().min(1).max(64),
  user: z.string().min(1).max(128),
  password: z.string().max(1024),
  /** `verified` by the certificate's authority and name; `off` only where the operator allows the host (ALLOW_HOSTS). */
  tls: z.enum(["verified", "off"]),
  /** PEM of the authority that signed the server's certificate, where no public one did. */
  authority: z.string().max(20_000).optional(),
});

export type SourceSettings = z.infer<typeof sourceSettingsSchema>;
