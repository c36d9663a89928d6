package dpg

import (
	"context"
	"sync"
	"time"
)

// pool holds connections to one entry that all VUs of the process share. Its places are as many as connections may be
// open: each has one, or is empty (nil), and who takes that dials.
type pool struct {
	entry  string
	places chan *session
	filled sync.Once
}

var (
	pools      = map[string]*pool{}
	poolsMutex sync.Mutex
)

// poolOf makes the entry's pool at its first use; its size is the first one that was asked for.
func poolOf(entry string, options *Options) *pool {
	poolsMutex.Lock()
	defer poolsMutex.Unlock()
	found := pools[entry]
	if found == nil {
		found = &pool{entry: entry, places: make(chan *session, options.Connections)}
		for range options.Connections {
			found.places <- nil
		}
		pools[entry] = found
	}
	return found
}

// fill dials once for every place, so that the first operations do not pay for it.
func (p *pool) fill(options *Options, deadline time.Time) {
	p.filled.Do(func() {
		for range options.Connections {
			s, err := p.take(options, deadline)
			if err != nil {
				return
			}
			p.give(s)
		}
	})
}

// take waits for a place until the deadline, and dials where that is empty.
func (p *pool) take(options *Options, deadline time.Time) (*session, error) {
	var s *session
	select {
	case s = <-p.places:
	default:
		timer := time.NewTimer(time.Until(deadline))
		defer timer.Stop()
		select {
		case s = <-p.places:
		case <-timer.C:
			return nil, context.DeadlineExceeded
		}
	}
	if s != nil {
		return s, nil
	}
	s, err := dial(p.entry, options, deadline)
	if err != nil {
		p.give(nil)
	}
	return s, err
}

func (p *pool) give(s *session) {
	p.places <- s
}
