package dpg

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.k6.io/k6/metrics"
)

// Options of connect. What is left out comes from the environment.
type Options struct {
	Host     string `js:"host"`
	Port     uint16 `js:"port"`
	ReadHost string `js:"readHost"`
	ReadPort uint16 `js:"readPort"`
	// Of the start-up packet of sessions for reads, such as "-c name=value".
	ReadOptions string `js:"readOptions"`
	Database    string `js:"database"`
	User        string `js:"user"`
	Password    string `js:"password"`
	// Bound on each operation, from its begin, connecting included.
	TimeoutMs int64 `js:"timeoutMs"`
	// "own": each VU keeps a connection to each entry that it uses. "pool": all VUs of the process share `connections`
	// of them to each entry, and wait for a free one. "each-operation": a new one every time, of at most `connections`
	// at once where that is set.
	Sessions    string `js:"sessions"`
	Connections int    `js:"connections"`
	// With `connectNow`, connections to these entries are made by connect itself, where the server lets them.
	Entries    []string `js:"entries"`
	ConnectNow bool     `js:"connectNow"`
	Retry      Retry    `js:"retry"`
}

// Retry says which codes are tried again, and how many attempts there are in all.
type Retry struct {
	Codes    []string `js:"codes"`
	Attempts int      `js:"attempts"`
}

// Client belongs to one VU.
type Client struct {
	instance *instance
	options  Options
	timeout  time.Duration
	// Its own, by entry: "readWrite", "readOnly".
	sessions map[string]*session
	random   *rand.Rand
}

func (i *instance) connect(options Options) *Client {
	withDefaults(&options)
	client := &Client{
		instance: i,
		options:  options,
		timeout:  time.Duration(options.TimeoutMs) * time.Millisecond,
		sessions: map[string]*session{},
	}
	if options.ConnectNow && options.Sessions != "each-operation" {
		deadline := time.Now().Add(client.timeout)
		for _, entry := range options.Entries {
			if client.shares() {
				poolOf(entryOf(entry), &client.options).fill(&client.options, deadline)
			} else if s, err := client.take(entryOf(entry), deadline); err == nil {
				client.give(entryOf(entry), s)
			}
		}
	}
	return client
}

func withDefaults(options *Options) {
	text := func(value *string, name, otherwise string) {
		if *value == "" {
			*value = os.Getenv(name)
		}
		if *value == "" {
			*value = otherwise
		}
	}
	number := func(value *uint16, name string, otherwise uint16) {
		if *value == 0 {
			read, _ := strconv.ParseUint(os.Getenv(name), 10, 16)
			*value = uint16(read)
		}
		if *value == 0 {
			*value = otherwise
		}
	}
	text(&options.Host, "DPG_HOST", "localhost")
	number(&options.Port, "DPG_PORT", 5432)
	text(&options.ReadHost, "DPG_READ_HOST", options.Host)
	number(&options.ReadPort, "DPG_READ_PORT", options.Port)
	text(&options.ReadOptions, "DPG_READ_OPTIONS", "")
	text(&options.Database, "DPG_DATABASE", "postgres")
	text(&options.User, "DPG_USER", "postgres")
	text(&options.Password, "DPG_PASSWORD", "")
	text(&options.Sessions, "DPG_SESSIONS", "own")
	if options.TimeoutMs == 0 {
		options.TimeoutMs, _ = strconv.ParseInt(os.Getenv("DPG_TIMEOUT_MS"), 10, 64)
	}
	if options.TimeoutMs == 0 {
		options.TimeoutMs = 5000
	}
	if options.Connections == 0 && options.Sessions == "pool" {
		options.Connections, _ = strconv.Atoi(os.Getenv("DPG_CONNECTIONS"))
		options.Connections = max(1, options.Connections)
	}
	options.Retry.Attempts = max(1, options.Retry.Attempts)
}

// Statement runs one prepared statement, its own transaction. Entry is "readWrite" (what it is when left out) or
// "readOnly"; timeoutMs, the operation's own bound, may be left out too. Like the others it returns null, or the code
// of what went wrong.
func (c *Client) Statement(operation, sql string, values []any, entry string, timeoutMs int64) any {
	texts := textsOf(values)
	return c.perform(operation, entry, timeoutMs, func(s *session) error {
		return s.run(sql, texts)
	})
}

// Transaction runs begin, the statements ([sql, values] each) and commit, one round trip each.
func (c *Client) Transaction(operation string, statements [][]any, entry string, timeoutMs int64) any {
	type statement struct {
		sql   string
		texts [][]byte
	}
	prepared := make([]statement, len(statements))
	for at, parts := range statements {
		if len(parts) > 0 {
			prepared[at].sql, _ = parts[0].(string)
		}
		if len(parts) > 1 {
			values, _ := parts[1].([]any)
			prepared[at].texts = textsOf(values)
		}
	}
	return c.perform(operation, entry, timeoutMs, func(s *session) error {
		if err := s.run("begin", nil); err != nil {
			return err
		}
		for _, each := range prepared {
			if err := s.run(each.sql, each.texts); err != nil {
				return err
			}
		}
		return s.run("commit", nil)
	})
}

// Copy runs one COPY ... FROM STDIN of the whole text.
func (c *Client) Copy(operation, sql, text, entry string, timeoutMs int64) any {
	return c.perform(operation, entry, timeoutMs, func(s *session) error {
		_, err := s.connection.CopyFrom(context.Background(), strings.NewReader(text), sql)
		return err
	})
}

// Letters draws random letters a-p.
func (c *Client) Letters(length int) string {
	if c.random == nil {
		seed, _ := strconv.ParseUint(os.Getenv("DPG_SEED"), 10, 64)
		c.random = rand.New(rand.NewPCG(seed, c.instance.vu.State().VUIDGlobal))
	}
	letters := make([]byte, length)
	for at := range letters {
		letters[at] = 'a' + byte(c.random.UintN(16))
	}
	return string(letters)
}

// perform does one operation with its attempts, and tells of it.
func (c *Client) perform(operation, entry string, timeoutMs int64, attempt func(*session) error) any {
	timeout := c.timeout
	if timeoutMs > 0 {
		timeout = time.Duration(timeoutMs) * time.Millisecond
	}
	begunUs := monotonicUs()
	ended := outcome{operation: operation, begunUs: begunUs, startUs: begunUs}
	ended.client = c.instance.vu.State().VUID
	theReport.began(begunUs)
	deadline := time.Now().Add(timeout)
	for attempts := 1; ; attempts++ {
		ended.startUs = monotonicUs()
		c.try(entryOf(entry), deadline, attempt, &ended)
		again := ended.code != "" && attempts < c.options.Retry.Attempts &&
			slices.Contains(c.options.Retry.Codes, ended.code) && time.Now().Before(deadline)
		if !again {
			break
		}
		ended.retried = append(ended.retried, ended.code)
	}
	theReport.ended(&ended)
	c.push(&ended)
	if ended.code == "" {
		return nil
	}
	return ended.code
}

// try makes one attempt, and writes down its end, its code (empty: well), whether anything went out, and a warning
// that came with the answer.
func (c *Client) try(entry string, deadline time.Time, attempt func(*session) error, ended *outcome) {
	s, err := c.take(entry, deadline)
	if err != nil {
		ended.endUs = monotonicUs()
		ended.code, ended.sent = codeOf(err, "CONNECT_TIMEOUT"), false
		return
	}
	s.warning = ""
	_ = s.connection.Conn().SetDeadline(deadline)
	err = attempt(s)
	ended.endUs = monotonicUs()
	ended.code, ended.sent, ended.warning = "", true, s.warning
	if c.shares() {
		ended.client = s.number
	}
	if err != nil {
		ended.code = codeOf(err, "CLIENT_TIMEOUT")
	}
	if c.options.Sessions == "each-operation" || (err != nil && !s.clean(err)) {
		s.close()
		s = nil
	}
	c.give(entry, s)
}

// shares tells whether connections are taken from a pool (or are as many as one).
func (c *Client) shares() bool {
	return c.options.Connections > 0 && c.options.Sessions != "own"
}

// take gives a connection to an entry, made where there is none.
func (c *Client) take(entry string, deadline time.Time) (*session, error) {
	if c.shares() {
		return poolOf(entry, &c.options).take(&c.options, deadline)
	}
	if s := c.sessions[entry]; s != nil {
		return s, nil
	}
	return dial(entry, &c.options, deadline)
}

// give takes it back; nil: it was closed.
func (c *Client) give(entry string, s *session) {
	if c.shares() {
		poolOf(entry, &c.options).give(s)
	} else {
		c.sessions[entry] = s
	}
}

func (c *Client) push(ended *outcome) {
	state := c.instance.vu.State()
	code := ended.code
	if code == "" {
		code = "ok"
	}
	tags := state.Tags.GetCurrentValues().Tags.With("operation", ended.operation).With("code", code)
	metrics.PushIfNotDone(c.instance.vu.Context(), state.Samples, metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: c.instance.duration, Tags: tags},
		Time:       time.Now(),
		Value:      float64(ended.endUs-ended.begunUs) / 1000,
	})
}

func entryOf(entry string) string {
	if entry == "readOnly" {
		return entry
	}
	return "readWrite"
}

// textsOf gives values in the text format; null and undefined become NULL.
func textsOf(values []any) [][]byte {
	texts := make([][]byte, len(values))
	for at, value := range values {
		switch value := value.(type) {
		case string:
			texts[at] = []byte(value)
		case int64:
			texts[at] = strconv.AppendInt(nil, value, 10)
		case float64:
			texts[at] = strconv.AppendFloat(nil, value, 'f', -1, 64)
		case bool:
			texts[at] = strconv.AppendBool(nil, value)
		}
	}
	return texts
}
