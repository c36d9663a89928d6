const ISOLATE = "DPG_BENCH_ISOLATE";
const LINK = "DPG_BENCH_LINK";

/**
 * Shell commands that cut a node off: a chain of its own, entered first by all that comes in and all that goes out,
 * which lets through the loopback device and the addresses given, and drops the rest in silence. The rules take
 * effect as a whole. Safe to run again, with other addresses as well.
 */
export function isolateCommand(exceptAddresses: readonly string[]): string {
  return enter(ISOLATE, [
    "-i lo -j RETURN",
    "-o lo -j RETURN",
    ...exceptAddresses.flatMap((address) => [`-s ${address} -j RETURN`, `-d ${address} -j RETURN`]),
    "-j DROP",
  ]);
}

/** Shell commands that take all of it away again, however often it was put there. */
export function rejoinCommand(): string {
  return remove(ISOLATE);
}

/**
 * Shell commands that drop what comes from some addresses, and what goes to some, in a chain of its own as well. It asks
 * for no state of connections: what there is already is cut as well.
 */
export function cutCommand(drop: {
  readonly from: readonly string[];
  readonly to: readonly string[];
}): string {
  return enter(LINK, [
    ...drop.from.map((address) => `-s ${address} -j DROP`),
    ...drop.to.map((address) => `-d ${address} -j DROP`),
  ]);
}

/** Shell commands that take all of it away again, however often it was put there. */
export function mendCommand(): string {
  return remove(LINK);
}

/** Prints the rules of a cut link with their counters; see droppedPackets. */
export function countersCommand(): string {
  return `iptables --wait 5 -nvxL ${LINK}`;
}

/** Packets that the rules have dropped so far, from what countersCommand printed: their number comes first in a line. */
export function droppedPackets(counters: string): number {
  return counters
    .split("\n")
    .map((line) => /^\s*(\d+)\s+\d+\s+DROP\s/.exec(line)?.[1])
    .reduce((sum, packets) => sum + Number(packets ?? 0), 0);
}

function enter(chain: string, rules: readonly string[]): string {
  return [
    remove(chain),
    "iptables-restore --wait 5 --noflush <<RULES",
    "*filter",
    `:${chain} - [0:0]`,
    ...rules.map((rule) => `-A ${chain} ${rule}`),
    `-I INPUT 1 -j ${chain}`,
    `-I OUTPUT 1 -j ${chain}`,
    "COMMIT",
    "RULES",
  ].join("\n");
}

function remove(chain: string): string {
  return [
    `while iptables --wait 5 -D INPUT -j ${chain} 2>/dev/null; do :; done`,
    `while iptables --wait 5 -D OUTPUT -j ${chain} 2>/dev/null; do :; done`,
    `iptables --wait 5 -F ${chain} 2>/dev/null && iptables --wait 5 -X ${chain} || :`,
  ].join("\n");
}
