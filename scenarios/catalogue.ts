import type { Scenario } from "../harness/model/scenario.ts";
import { connections1000 } from "./connections/connections-1000.ts";
import { workerConnections } from "./connections/worker-connections.ts";
import { circuitBreaker } from "./failover/circuit-breaker.ts";
import { configurationReload } from "./failover/configuration-reload.ts";
import { etcdPartition, etcdPartitionFailsafe } from "./failover/etcd-partition.ts";
import { failoverAtTheEdge } from "./failover/failover-at-the-edge.ts";
import { failoverCoordinator } from "./failover/failover-coordinator.ts";
import { failoverManagers } from "./failover/failover-managers.ts";
import { failoverWorker } from "./failover/failover-worker.ts";
import { falseFailover } from "./failover/false-failover.ts";
import { latencyDuringFailover } from "./failover/latency-during-failover.ts";
import { twoPhaseCommitUnderFaults } from "./failover/two-phase-commit-under-faults.ts";
import { latencyAtFixedRates } from "./latency/latency-at-fixed-rates.ts";
import { latencyDistributedSelect } from "./latency/latency-distributed-select.ts";
import { latencyInsert } from "./latency/latency-insert.ts";
import { latencySimpleSelect } from "./latency/latency-simple-select.ts";
import { shardPlacement } from "./placement/shard-placement.ts";
import { poolingSessionOrTransaction } from "./pooling/pooling-session-or-transaction.ts";
import { addWorkers } from "./throughput/add-workers.ts";
import { costOfDistribution, costOfDistributionCitus } from "./throughput/cost-of-distribution.ts";
import { drainWorkers } from "./throughput/drain-workers.ts";
import { readScaling } from "./throughput/read-scaling.ts";
import { throughputDistributed } from "./throughput/throughput-distributed.ts";
import { throughputDuringRollingRestart } from "./throughput/throughput-during-rolling-restart.ts";
import { throughputSimple } from "./throughput/throughput-simple.ts";
import { costOfQuantization } from "./vector/cost-of-quantization.ts";
import { latencyVectorSearch } from "./vector/latency-vector-search.ts";
import { recallByEfSearch } from "./vector/recall-by-ef-search.ts";
import { throughputVectorSearch } from "./vector/throughput-vector-search.ts";
import { vectorIndexSurvival, vectorIndexSurvivalOnWorkers } from "./vector/vector-index-survival.ts";
import { vectorBulkLoad } from "./vector/vector-bulk-load.ts";
import { vectorRecallUnderFailover } from "./vector/vector-recall-under-failover.ts";

/** Every scenario that dpg-bench ships, by what it asks about (its folder) and by name. A new one is one line here. */
export const scenarioGroups = {
  failover: {
    "failover-coordinator": failoverCoordinator,
    "failover-worker": failoverWorker,
    "failover-managers": failoverManagers,
    "circuit-breaker": circuitBreaker,
    "etcd-partition": etcdPartition,
    "etcd-partition-failsafe": etcdPartitionFailsafe,
    "latency-during-failover": latencyDuringFailover,
    "configuration-reload": configurationReload,
    "false-failover": falseFailover,
    "failover-at-the-edge": failoverAtTheEdge,
    "two-phase-commit-under-faults": twoPhaseCommitUnderFaults,
  },
  latency: {
    "latency-simple-select": latencySimpleSelect,
    "latency-insert": latencyInsert,
    "latency-at-fixed-rates": latencyAtFixedRates,
    "latency-distributed-select": latencyDistributedSelect,
  },
  throughput: {
    "throughput-simple": throughputSimple,
    "throughput-distributed": throughputDistributed,
    "cost-of-distribution": costOfDistribution,
    "cost-of-distribution-citus": costOfDistributionCitus,
    "read-scaling": readScaling,
    "throughput-during-rolling-restart": throughputDuringRollingRestart,
    "add-workers": addWorkers,
    "drain-workers": drainWorkers,
  },
  connections: { "connections-1000": connections1000, "worker-connections": workerConnections },
  placement: { "shard-placement": shardPlacement },
  vector: {
    "recall-by-ef-search": recallByEfSearch,
    "cost-of-quantization": costOfQuantization,
    "latency-vector-search": latencyVectorSearch,
    "throughput-vector-search": throughputVectorSearch,
    "vector-bulk-load": vectorBulkLoad,
    "vector-recall-under-failover": vectorRecallUnderFailover,
    "vector-index-survival": vectorIndexSurvival,
    "vector-index-survival-on-workers": vectorIndexSurvivalOnWorkers,
  },
  pooling: { "pooling-session-or-transaction": poolingSessionOrTransaction },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Scenario>>>>;

/** The same by name alone. */
export const scenarioCatalogue: Readonly<Record<string, Scenario>> = Object.assign(
  {},
  ...Object.values(scenarioGroups),
) as Readonly<Record<string, Scenario>>;
