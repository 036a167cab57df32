import type { FilesAddress } from "../../src/client/upload.ts";
import { authorization } from "../session/session.ts";

/** Where the desk uploads: its own origin. */
export const filesAddress: FilesAddress = { address: "/api/v1/files", authorization };
