// Package dpg is the k6 extension k6/x/dpg: operations on PostgreSQL by prepared statements, transactions and COPY,
// each with a time-out and a code of its own, measured one by one.
//
//	import { connect } from "k6/x/dpg";
//	const database = connect({ timeoutMs: 1000 }); // once for each VU; the rest is in the environment: DPG_HOST, ...
//	export default function () {
//	  const code = database.statement("read", "select value from t where id = $1", [7]);
//	  database.transaction("move", [["update ...", [1, 2]], ["insert ...", [3]]]);
//	}
package dpg

import (
	"go.k6.io/k6/js/modules"
	"go.k6.io/k6/metrics"
	"go.k6.io/k6/output"
)

func init() {
	modules.Register("k6/x/dpg", new(rootModule))
	output.RegisterExtension("dpg", newReportOutput)
}

type rootModule struct{}

// instance is what one VU imports.
type instance struct {
	vu       modules.VU
	duration *metrics.Metric
}

// NewModuleInstance registers the metric dpg_operation_duration: a trend of milliseconds, from the operation's begin
// to its end, tagged with `operation` and `code` (a SQLSTATE, a client's code, or "ok").
func (*rootModule) NewModuleInstance(vu modules.VU) modules.Instance {
	registry := vu.InitEnv().Registry
	return &instance{vu: vu, duration: registry.MustNewMetric("dpg_operation_duration", metrics.Trend, metrics.Time)}
}

func (i *instance) Exports() modules.Exports {
	return modules.Exports{Named: map[string]any{"connect": i.connect}}
}
