import type { Problem } from "../model/errors.ts";
import { groupsOf } from "../model/layout.ts";
import { failoverManager, type ShardingDialect, type Topology } from "../model/topology.ts";

/** A rule of what fields mean together: the field to look at, what is wrong, and the hint. */
type Rule = (topology: Topology) => readonly Problem[];

/** Ports that HAProxy's container uses for its own statistics page and runtime API. */
const PROXY_OWN_PORTS = { "its statistics page": 7000, "its runtime API": 9999 } as const;

/** What cannot work, whatever is run on it. Settings that work badly are advice, and no problems. */
export function checkTopology(topology: Topology): readonly Problem[] {
  return [
    etcdQuorum,
    oneManager,
    replicationNeedsManager,
    proxyNeedsManager,
    sharding,
    readingFromStandbys,
    nodePorts,
    proxyPorts,
    leaderGuard,
  ].flatMap((rule) => rule(topology));
}

const etcdQuorum: Rule = ({ etcd }) => {
  if (etcd.members % 2 === 1 || etcd.members === 0) {
    return etcd.electionTimeoutMs >= 5 * etcd.heartbeatIntervalMs || etcd.members === 0
      ? []
      : [
          {
            where: "etcd.electionTimeoutMs",
            message: `expected at least 5 x heartbeatIntervalMs (${5 * etcd.heartbeatIntervalMs}), found ${etcd.electionTimeoutMs}.`,
            suggestion: "etcd refuses to start otherwise.",
          },
        ];
  }
  return [
    {
      where: "etcd.members",
      message: `expected an odd number (or 0 for no Patroni), found ${etcd.members}.`,
      suggestion: `${etcd.members} members survive no more failures than ${etcd.members - 1}.`,
    },
  ];
};

/** Who is primary is for one of the two to say; and pg_auto_failover has no named synchronous standby. */
const oneManager: Rule = ({ etcd, pgAutoFailover, coordinators, workers }) => {
  if (!pgAutoFailover.enabled) return [];
  const problems: Problem[] = [];
  if (etcd.members > 0) {
    problems.push({
      where: "pgAutoFailover.enabled",
      message: `expected false where there is etcd, and so Patroni, found true with ${etcd.members} members of etcd.`,
      suggestion: "Set etcd.members to 0, or take --topology production-pg-auto-failover.",
    });
  }
  for (const [where, { synchronousMode }] of [
    ["coordinators.synchronousMode", coordinators],
    ["workers.synchronousMode", workers],
  ] as const) {
    if (synchronousMode !== "on") continue;
    problems.push({
      where,
      message:
        'expected "off" or "quorum" with pg_auto_failover, whose commits wait for any of the standbys, found "on".',
      suggestion: `Add --set ${where}=quorum.`,
    });
  }
  return problems;
};

const replicationNeedsManager: Rule = (topology) => {
  if (failoverManager(topology) !== null) return [];
  const suggestion = "Set etcd.members to 3 for Patroni, or pgAutoFailover.enabled to true.";
  return (["coordinators", "workers"] as const).flatMap((role) => {
    const spec = topology[role];
    const members = "members" in spec ? spec.members : spec.groups === 0 ? 1 : spec.membersPerGroup;
    const field = "members" in spec ? "members" : "membersPerGroup";
    if (members > 1) {
      const message = `expected 1 without a failover manager, which would set up standbys and promote them, found ${members}.`;
      return [{ where: `${role}.${field}`, message, suggestion }];
    }
    if (spec.synchronousMode === "off" || ("groups" in spec && spec.groups === 0)) return [];
    const message = `expected "off" without a failover manager, found "${spec.synchronousMode}".`;
    return [{ where: `${role}.synchronousMode`, message, suggestion }];
  });
};

const proxyNeedsManager: Rule = ({ haproxy, etcd, pgAutoFailover }) =>
  haproxy.enabled && failoverManager({ etcd, pgAutoFailover }) === null
    ? [
        {
          where: "haproxy.enabled",
          message:
            "expected false without a failover manager, found true: HAProxy checks Patroni's REST API, or pg_auto_failover's checker.",
          suggestion: "Set etcd.members to 3 for Patroni, or pgAutoFailover.enabled to true.",
        },
      ]
    : [];

const sharding: Rule = ({ sharding, workers, etcd }) => {
  if (sharding === "none") return [];
  if (sharding === "citus" && etcd.members === 0) {
    return [
      {
        where: "sharding",
        message:
          "expected none or fdw where there is no Patroni, which tells Citus of the worker groups, found citus.",
        suggestion: "Set etcd.members to 1, 3 or 5.",
      },
    ];
  }
  if (workers.groups > 0) {
    const groups = workers.groups + workers.spareGroups;
    if (workers.shards >= groups) return [];
    const spare = workers.spareGroups === 0 ? "" : `, ${workers.spareGroups} spare ones among them`;
    return [
      {
        where: "workers.shards",
        message: `expected at least one shard for each of the ${groups} worker groups${spare}, found ${workers.shards}.`,
        suggestion: `Set workers.shards to ${groups} or more.`,
      },
    ];
  }
  return [
    {
      where: "workers.groups",
      message: `expected at least 1 worker group for sharding by ${sharding}, found 0.`,
      suggestion: "Or set sharding to none.",
    },
  ];
};

/** citus.use_secondary_nodes, which is a matter of each session. */
const readingFromStandbys: Rule = ({ sharding, workers, pgbouncer }) => {
  if (!workers.readFromStandbys) return [];
  const where = "workers.readFromStandbys";
  const why: Record<Exclude<ShardingDialect, "citus">, string> = {
    none: "tables are not sharded",
    fdw: "postgres_fdw sends reads to a group's primary alone",
  };
  if (sharding !== "citus") {
    const message = `expected false with sharding ${sharding}, found true: ${why[sharding]}.`;
    return [{ where, message, suggestion: "Set sharding to citus, or leave this out." }];
  }
  const problems: Problem[] = [];
  if (workers.groups > 0 && workers.membersPerGroup < 2) {
    problems.push({
      where,
      message: "expected false where a worker group has no standby (workers.membersPerGroup 1), found true.",
      suggestion: "Set workers.membersPerGroup to 2 or more.",
    });
  }
  if (pgbouncer.enabled) {
    problems.push({
      where,
      message:
        "expected false behind PgBouncer, found true: Citus takes citus.use_secondary_nodes only when a session begins, and " +
        "PgBouncer opens its sessions without the client's options.",
      suggestion: "Set pgbouncer.enabled to false.",
    });
  }
  return problems;
};

const nodePorts: Rule = (topology) => {
  const { postgres, patroni, etcd, pgAutoFailover } = topology;
  const groups = groupsOf(topology).length;
  if (pgAutoFailover.enabled && postgres.port === pgAutoFailover.checkPort) {
    return [
      {
        where: "pgAutoFailover.checkPort",
        message: `expected another port than postgres.port in the same container, found ${postgres.port} for both.`,
      },
    ];
  }
  if (etcd.members === 0 || groups === 0 || postgres.port !== patroni.restPort) return [];
  return [
    {
      where: "patroni.restPort",
      message: `expected another port than postgres.port in the same container, found ${patroni.restPort} for both.`,
    },
  ];
};

const proxyPorts: Rule = ({ haproxy }) => {
  if (!haproxy.enabled) return [];
  const { readWritePort, readOnlyPort } = haproxy;
  const own = Object.entries(PROXY_OWN_PORTS).flatMap(([use, port]) =>
    (["readWritePort", "readOnlyPort"] as const)
      .filter((field) => haproxy[field] === port)
      .map((field) => ({
        where: `haproxy.${field}`,
        message: `expected another port than ${port}, which HAProxy uses for ${use}.`,
      })),
  );
  if (readWritePort !== readOnlyPort) return own;
  const message = `expected another port than readWritePort, found ${readOnlyPort} for both.`;
  return [...own, { where: "haproxy.readOnlyPort", message }];
};

/** Where a guard may not act, and where it could not be told from what it guards. */
const leaderGuard: Rule = (topology) => {
  const { guard, etcd, coordinators, patroni } = topology;
  if (!guard.enabled) return [];
  if (etcd.members === 0)
    return [
      {
        where: "guard.enabled",
        message: "expected false where there is no Patroni, whose leader key it deletes, found true.",
        suggestion: "Set etcd.members to 3 or 5, or guard.enabled to false.",
      },
    ];
  const problems: Problem[] = [];
  if (etcd.members < 3 || etcd.members % 2 === 0)
    problems.push({
      where: "etcd.members",
      message: `expected an odd number of at least 3 with a leader guard beside each, found ${etcd.members}: a majority of the guards decides.`,
      suggestion: "Set etcd.members to 3 or 5.",
    });
  if (coordinators.members < 2)
    problems.push({
      where: "guard.enabled",
      message: "expected false where no standby could take over (coordinators.members 1), found true.",
      suggestion: "Set coordinators.members to 3.",
    });
  else if (coordinators.synchronousMode !== "on")
    problems.push({
      where: "coordinators.synchronousMode",
      message:
        `expected "on" with a leader guard, found "${coordinators.synchronousMode}": an old primary that wakes up could acknowledge ` +
        "writes that are lost.",
      suggestion: "Set coordinators.synchronousMode to on, or guard.enabled to false.",
    });
  const least = 4 * guard.askEveryMs;
  if (guard.goneAfterMs < least)
    problems.push({
      where: "guard.goneAfterMs",
      message: `expected at least 4 x guard.askEveryMs (${least}), found ${guard.goneAfterMs}: one lost answer is no silence.`,
    });
  if (guard.goneAfterMs >= patroni.ttl * 1000)
    problems.push({
      where: "guard.goneAfterMs",
      message: `expected less than Patroni's ttl (${patroni.ttl} s), after which the leader key ends by itself, found ${guard.goneAfterMs}.`,
    });
  return problems;
};
