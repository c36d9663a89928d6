const chain = "DPG_BENCH_ISOLATE";

/**
 * Shell commands that cut a node off: a chain of its own, entered first by all that comes in and all that goes out,
 * which lets through the loopback device and the addresses given, and drops the rest in silence. The rules take
 * effect as a whole. Safe to run again, with other addresses as well.
 */
export function isolateCommand(exceptAddresses: readonly string[]): string {
  const rules = [
    "*filter",
    `:${chain} - [0:0]`,
    `-A ${chain} -i lo -j RETURN`,
    `-A ${chain} -o lo -j RETURN`,
    ...exceptAddresses.flatMap((address) => [
      `-A ${chain} -s ${address} -j RETURN`,
      `-A ${chain} -d ${address} -j RETURN`,
    ]),
    `-A ${chain} -j DROP`,
    `-I INPUT 1 -j ${chain}`,
    `-I OUTPUT 1 -j ${chain}`,
    "COMMIT",
  ];
  return [rejoinCommand(), "iptables-restore --wait 5 --noflush <<RULES", ...rules, "RULES"].join("\n");
}

/** Shell commands that take all of it away again, however often it was put there. */
export function rejoinCommand(): string {
  return [
    `while iptables --wait 5 -D INPUT -j ${chain} 2>/dev/null; do :; done`,
    `while iptables --wait 5 -D OUTPUT -j ${chain} 2>/dev/null; do :; done`,
    `iptables --wait 5 -F ${chain} 2>/dev/null && iptables --wait 5 -X ${chain} || :`,
  ].join("\n");
}
