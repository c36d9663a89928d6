import { randomBytes } from "node:crypto";
import type { Credentials } from "../model/credentials.ts";

/** New random passwords for one cluster: 128 bits each, in hexadecimal digits, so that no file format must quote them. */
export function createCredentials(): Credentials {
  return { superuserPassword: password(), replicationPassword: password(), clientPassword: password() };
}

function password(): string {
  return randomBytes(16).toString("hex");
}
