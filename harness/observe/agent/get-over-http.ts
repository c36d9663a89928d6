import { Agent, request } from "node:http";
import { resolveHost } from "../../support/resolve-host.ts";

/** Addresses hold as long as the calls to them are answered, and only those that were right when they were first. */
const addresses = new Map<string, string>();
const agent = new Agent({ keepAlive: true, maxSockets: 50 });

/** GET (or POST) with a bound on everything together. Resolves with the body whatever the status is; rejects without an answer. */
export async function getOverHttp(target: {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
  /** Sent by POST. */
  readonly body?: string;
}): Promise<string> {
  const known = addresses.get(target.host);
  const address = known ?? (await resolveHost(target.host));
  try {
    const body = await get(address, target);
    // While one waits for an answer, the host may end, and another be started with its address: that is not its answer.
    if (known === undefined && (await resolveHost(target.host)) !== address)
      throw new Error(`${target.host} has another address now`);
    addresses.set(target.host, address);
    return body;
  } catch (error) {
    addresses.delete(target.host);
    throw error;
  }
}

function get(address: string, target: Parameters<typeof getOverHttp>[0]): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: address,
        port: target.port,
        path: target.path,
        method: target.body === undefined ? "GET" : "POST",
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
    call.end(target.body);
  });
}
