import { clientCodes } from "./outcomes.ts";

/** The SQLSTATE or the system's code of an error; drivers' own errors, which have none, say that the connection is gone. */
export function errorCode(error: Error & { readonly code?: unknown }): string {
  return typeof error.code === "string" ? error.code : clientCodes.connectionLost;
}
