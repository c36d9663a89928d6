package dpg

import (
	"go.k6.io/k6/metrics"
	"go.k6.io/k6/output"
)

// reportOutput (`--out dpg`) tells of the iterations that k6 dropped, and writes the last lines when the run is over.
type reportOutput struct{}

func newReportOutput(output.Params) (output.Output, error) {
	return reportOutput{}, nil
}

func (reportOutput) Description() string {
	return "dpg"
}

func (reportOutput) Start() error {
	return nil
}

func (reportOutput) AddMetricSamples(containers []metrics.SampleContainer) {
	for _, container := range containers {
		sample, single := container.(metrics.Sample)
		if single && sample.Metric.Name == metrics.DroppedIterationsName {
			theReport.dropped(int64(sample.Value))
		}
	}
}

func (reportOutput) Stop() error {
	theReport.flush()
	return nil
}
