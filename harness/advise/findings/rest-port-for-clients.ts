import type { Check } from "./check.ts";

/** D6: the documented client port is the port of Patroni's REST API. */
export const restPortForClients: Check = ({ haproxy, etcd, patroni }) => {
  const clientPorts = [haproxy.readWritePort, haproxy.readOnlyPort];
  if (!haproxy.enabled || etcd.members === 0 || !clientPorts.includes(patroni.restPort)) return null;
  return {
    id: "D6",
    severity: "risk",
    title: `Clients and Patroni's REST API share port ${patroni.restPort}`,
    claim: "One endpoint for clients, port 8008 (Architecture Overview, HAProxy; firewall: only 8008 open).",
    truth:
      `Port ${patroni.restPort} is Patroni's REST port on every coordinator, by which members and HAProxy ask for each ` +
      "other's health; a firewall rule that opens it for clients opens the REST API too, and on a shared host only " +
      "one of the two can listen.",
    mend: "Give clients 5432 (reads and writes) and 5433 (reads), and leave 8008 to Patroni, closed to clients.",
    source: "Patroni manual, YAML configuration settings: restapi.listen (8008 in all its examples).",
  };
};
