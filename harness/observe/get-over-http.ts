import { Agent, request } from "node:http";
import { resolveHost } from "./resolve-host.ts";

/** Addresses hold as long as the calls to them are answered. */
const addresses = new Map<string, string>();
const agent = new Agent({ keepAlive: true, maxSockets: 50 });

/** GET with a bound on everything together. Resolves with the body whatever the status is; rejects without an answer. */
export async function getOverHttp(target: {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
}): Promise<string> {
  const address = addresses.get(target.host) ?? (await resolveHost(target.host));
  addresses.set(target.host, address);
  try {
    return await get(address, target);
  } catch (error) {
    addresses.delete(target.host);
    throw error;
  }
}

function get(
  address: string,
  target: { readonly host: string; readonly port: number; readonly path: string; readonly timeoutMs: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: address,
        port: target.port,
        path: target.path,
        headers: { host: target.host },
        agent,
        signal: AbortSignal.timeout(target.timeoutMs),
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => resolve(Buffer.concat(parts).toString()));
        response.on("error", reject);
      },
    );
    call.on("error", reject);
    call.end();
  });
}
