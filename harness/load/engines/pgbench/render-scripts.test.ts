import { describe, expect, it } from "vitest";
import type { Variable, Workload, WorkloadOperation } from "../../../model/workload.ts";
import { insert } from "../../../workloads/insert.ts";
import { tenantOrders } from "../../../workloads/tenant-orders.ts";
import { tpcbLike } from "../../../workloads/tpcb-like.ts";
import { renderScripts } from "./render-scripts.ts";

const ids = { firstId: 1000, clients: 8 };

describe("renderScripts", () => {
  it("makes pgbench's own transaction out of the workload that equals it", () => {
    expect(textsOf(tpcbLike.build({ scale: 10 }))).toEqual([
      `\\set o0_aid random(1, 1000000)
\\set o0_bid random(1, 10)
\\set o0_tid random(1, 100)
\\set o0_delta random(-5000, 5000)
begin;
UPDATE pgbench_accounts SET abalance = abalance + :o0_delta WHERE aid = :o0_aid;
SELECT abalance FROM pgbench_accounts WHERE aid = :o0_aid;
UPDATE pgbench_tellers SET tbalance = tbalance + :o0_delta WHERE tid = :o0_tid;
UPDATE pgbench_branches SET bbalance = bbalance + :o0_delta WHERE bid = :o0_bid;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (:o0_tid, :o0_bid, :o0_aid, :o0_delta, CURRENT_TIMESTAMP);
commit;
`,
    ]);
  });

  it("gives every client ids of its own, and puts texts together from random numbers", () => {
    const { scripts, defines } = renderScripts(insert.build({ payloadBytes: 20, distributed: 0 }), ids);
    expect(scripts.map(({ text }) => text)).toEqual([
      `\\set turn :turn + 1
\\set id :first_id + :turn * :clients + :client_id
\\set o0_id :id
\\set o0_value random(0, 999)
\\set o0_payload_0 random(0, 1152921504606846975)
\\set o0_payload_1 random(0, 1048575)
insert into inserts (id, value, payload) values (:o0_id, :o0_value, translate(lpad(to_hex(:o0_payload_0::bigint), 15, '0') || lpad(to_hex(:o0_payload_1::bigint), 5, '0'), '0123456789abcdef', 'abcdefghijklmnop'));
`,
    ]);
    expect(defines).toEqual({ first_id: "1000", clients: "8", turn: "-1" });
  });

  it("branches where a statement uses a chosen text, and defines the texts for all clients", () => {
    const { scripts, defines } = renderScripts(tenantOrders.build({}), ids);
    expect(scripts.map(({ text, weight }) => [text, weight])).toEqual([
      [
        `\\set turn :turn + 1
\\set id :first_id + :turn * :clients + :client_id
\\set o0_tenant 1 + :id % 400
\\set o0_id :id
\\set o0_amount random(0, 99999)
insert into orders (tenant_id, id, amount_cents, status) values (:o0_tenant, :o0_id, :o0_amount, :o0_status_0);
`,
        30,
      ],
      [
        `\\set o1_tenant random(1, 400)
\\set o1_order random(-24, 0)
select id, amount_cents, status from orders where tenant_id = :o1_tenant and id = :o1_order;
`,
        50,
      ],
      [
        `\\set o2_tenant random(1, 400)
\\set o2_order random(-24, 0)
\\set o2_status random(0, 1)
\\set o2_amount random(0, 99999)
\\if :o2_status = 0
update orders set status = :o2_status_0, amount_cents = :o2_amount where tenant_id = :o2_tenant and id = :o2_order;
\\else
update orders set status = :o2_status_1, amount_cents = :o2_amount where tenant_id = :o2_tenant and id = :o2_order;
\\endif
`,
        20,
      ],
    ]);
    expect(defines).toMatchObject({ o0_status_0: "new", o2_status_0: "paid", o2_status_1: "sent" });
  });

  it("branches for each combination of two choices", () => {
    const [text] = textsOf(
      withOperations([
        operation({
          variables: [choice("a", ["x", "y"]), choice("b", ["1", "2"]), choice("c", ["only"])],
          statements: [{ sql: "select $1, $2, $3, $1", uses: ["a", "b", "c"] }],
        }),
      ]),
    );
    expect(text).toBe(`\\set o0_a random(0, 1)
\\set o0_b random(0, 1)
\\if :o0_a = 0 and :o0_b = 0
select :o0_a_0, :o0_b_0, :o0_c_0, :o0_a_0;
\\elif :o0_a = 0 and :o0_b = 1
select :o0_a_0, :o0_b_1, :o0_c_0, :o0_a_0;
\\elif :o0_a = 1 and :o0_b = 0
select :o0_a_1, :o0_b_0, :o0_c_0, :o0_a_1;
\\else
select :o0_a_1, :o0_b_1, :o0_c_0, :o0_a_1;
\\endif
`);
  });

  it("makes whole numbers of weights, and leaves out what is never drawn", () => {
    const weights = [0.5, 0, 1.25].map((weight) => operation({ weight }));
    expect(renderScripts(withOperations(weights), ids).scripts.map(({ weight }) => weight)).toEqual([
      1000, 2500,
    ]);
  });

  it("draws by Zipf's law with pgbench's own function, which takes no range of one", () => {
    const zipf = (name: string, to: number): Variable => ({ name, kind: "zipf", from: 1, to, exponent: 1.2 });
    const [text] = textsOf(
      withOperations([
        operation({
          variables: [zipf("tenant", 400), zipf("one", 1)],
          statements: [{ sql: "select $1, $2", uses: ["tenant", "one"] }],
        }),
      ]),
    );
    expect(text).toBe(
      "\\set o0_tenant random_zipfian(1, 400, 1.2)\n\\set o0_one 1\nselect :o0_tenant, :o0_one;\n",
    );
  });

  it("names variables as pgbench can", () => {
    const [text] = textsOf(
      withOperations([
        operation({
          variables: [{ name: "row-id", kind: "uniform", from: 1, to: 2 }],
          statements: [{ sql: "select $1::int", uses: ["row-id"] }],
        }),
      ]),
    );
    expect(text).toBe("\\set o0_row_id random(1, 2)\nselect :o0_row_id::int;\n");
  });
});

function textsOf(workload: Workload): readonly string[] {
  return renderScripts(workload, ids).scripts.map(({ text }) => text);
}

function choice(name: string, values: readonly string[]): Variable {
  return { name, kind: "choice", values };
}

function operation(parts: Partial<WorkloadOperation>): WorkloadOperation {
  return {
    name: "operation",
    kind: "read",
    endpoint: "readWrite",
    weight: 1,
    form: "statement",
    variables: [],
    statements: [{ sql: "select 1", uses: [] }],
    rows: 0,
    timeoutMs: null,
    ledgerTable: null,
    ...parts,
  };
}

function withOperations(operations: readonly WorkloadOperation[]): Workload {
  return { ...tpcbLike.build({ scale: 1 }), operations };
}
