package dpg

import (
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// report writes a line for each thing that dpg-bench is to know, to the file descriptor DPG_REPORT_FD (none: nothing
// is written). Times are microseconds of CLOCK_MONOTONIC.
//
//	b TIME                      the first operation begins
//	o CLIENT BEGUN START END CODE SENT WARNING RETRIED OPERATION
//	                            one has ended: CLIENT is the VU, or the connection of a pool; CODE "-" is well, SENT 0 or 1, RETRIED codes with commas
//	d TIME COUNT                iterations that k6 dropped: no VU was free
//	c COUNT                     connections open
//
// Lines wait in memory and go out ten times a second, so that a slow reader does not hold a VU up.
type report struct {
	mutex   sync.Mutex
	lines   []byte
	spare   []byte
	file    *os.File
	started bool
	open    int
	told    int
	writing sync.Mutex
}

type outcome struct {
	operation string
	client    uint64
	begunUs   int64
	startUs   int64
	endUs     int64
	code      string
	sent      bool
	warning   string
	retried   []string
}

const flushEvery = 100 * time.Millisecond

var theReport = openReport()

func openReport() *report {
	descriptor, err := strconv.Atoi(os.Getenv("DPG_REPORT_FD"))
	if err != nil {
		return &report{}
	}
	r := &report{file: os.NewFile(uintptr(descriptor), "report")}
	go func() {
		for range time.Tick(flushEvery) {
			r.flush()
		}
	}()
	return r
}

func (r *report) began(us int64) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.started || r.file == nil {
		return
	}
	r.started = true
	r.lines = append(r.lines, "b "...)
	r.lines = append(strconv.AppendInt(r.lines, us, 10), '\n')
}

func (r *report) ended(o *outcome) {
	if r.file == nil {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	line := append(r.lines, "o "...)
	line = append(strconv.AppendUint(line, o.client, 10), ' ')
	line = append(strconv.AppendInt(line, o.begunUs, 10), ' ')
	line = append(strconv.AppendInt(line, o.startUs, 10), ' ')
	line = append(strconv.AppendInt(line, o.endUs, 10), ' ')
	line = append(appendWord(line, o.code), ' ')
	if o.sent {
		line = append(line, "1 "...)
	} else {
		line = append(line, "0 "...)
	}
	line = append(appendWord(line, o.warning), ' ')
	if len(o.retried) == 0 {
		line = append(line, '-')
	}
	for at, code := range o.retried {
		if at > 0 {
			line = append(line, ',')
		}
		line = append(line, code...)
	}
	line = append(line, ' ')
	line = append(line, o.operation...)
	r.lines = append(line, '\n')
}

func (r *report) dropped(count int64) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.lines = append(r.lines, "d "...)
	r.lines = append(strconv.AppendInt(r.lines, monotonicUs(), 10), ' ')
	r.lines = append(strconv.AppendInt(r.lines, count, 10), '\n')
}

func (r *report) opened(change int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.open += change
}

func (r *report) flush() {
	r.writing.Lock()
	defer r.writing.Unlock()
	r.mutex.Lock()
	if r.open != r.told {
		r.told = r.open
		r.lines = append(r.lines, "c "...)
		r.lines = append(strconv.AppendInt(r.lines, int64(r.open), 10), '\n')
	}
	lines := r.lines
	r.lines = r.spare[:0]
	r.mutex.Unlock()
	if r.file != nil && len(lines) > 0 {
		_, _ = r.file.Write(lines)
	}
	r.spare = lines
}

func appendWord(line []byte, word string) []byte {
	if word == "" {
		return append(line, '-')
	}
	return append(line, word...)
}

// The clock's reading when the process began, and the moment of it: the difference costs no system call.
var (
	clockAtStart = readClockUs()
	momentOfIt   = time.Now()
)

func monotonicUs() int64 {
	return clockAtStart + time.Since(momentOfIt).Microseconds()
}

func readClockUs() int64 {
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	return now.Nano() / 1000
}
