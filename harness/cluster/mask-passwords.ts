import type { Credentials } from "../model/credentials.ts";

/** The same text without any of the cluster's passwords: what recordings, reports and errors may hold. */
export function maskPasswords(text: string, credentials: Credentials): string {
  return Object.values(credentials).reduce<string>(
    (masked, password) => masked.replaceAll(String(password), "********"),
    text,
  );
}
