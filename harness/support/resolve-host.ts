import { lookup, Resolver } from "node:dns/promises";
import { isIP } from "node:net";

/**
 * The address of a host now. A container that was started anew may have another one, and the name of a container
 * that is down does not resolve at all. Asked over the network's own DNS, not through libc, whose few threads
 * would all hang on names that nobody answers for. Rejects when there is none.
 */
export async function resolveHost(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  if (host === "localhost") return (await lookup(host, 4)).address;
  // A new one each time: c-ares keeps a resolver's answers for their time to live, which with Docker is 600 s.
  // Names of the cluster's network are answered in well under a millisecond; a name that is gone must not block.
  const [address] = await new Resolver({ timeout: 300, tries: 1 }).resolve4(host);
  if (address === undefined) throw new Error(`${host} has no address`);
  return address;
}
