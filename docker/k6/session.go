package dpg

import (
	"context"
	"errors"
	"net"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sys/unix"
)

// session is a connection with the statements that were prepared on it. Operations are bounded by the socket's
// deadline: a context for each would cost a goroutine each.
type session struct {
	connection *pgconn.PgConn
	// Unique in this process.
	number uint64
	// Names by text.
	prepared map[string]string
	// SQLSTATE of the first warning since it was last emptied.
	warning string
}

var sessionsMade atomic.Uint64

func dial(entry string, options *Options, deadline time.Time) (*session, error) {
	host, port := options.Host, options.Port
	if entry == "readOnly" {
		host, port = options.ReadHost, options.ReadPort
	}
	// TLS is not tried: the other engines do not either.
	config, err := pgconn.ParseConfig("sslmode=disable")
	if err != nil {
		return nil, err
	}
	config.Host, config.Port = host, port
	config.Database, config.User, config.Password = options.Database, options.User, options.Password
	config.Fallbacks = nil
	if entry == "readOnly" && options.ReadOptions != "" {
		config.RuntimeParams["options"] = options.ReadOptions
	}
	s := &session{number: sessionsMade.Add(1), prepared: map[string]string{}}
	config.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) {
		if s.warning == "" && notice.Code != "00000" {
			s.warning = notice.Code
		}
	}
	within, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	if s.connection, err = pgconn.ConnectConfig(within, config); err != nil {
		return nil, err
	}
	theReport.opened(1)
	return s, nil
}

// run parses the statement at its first use on this connection, then binds and executes it; all values are texts.
func (s *session) run(sql string, texts [][]byte) error {
	name, known := s.prepared[sql]
	if !known {
		name = "dpg_" + strconv.Itoa(len(s.prepared))
		if _, err := s.connection.Prepare(context.Background(), name, sql, nil); err != nil {
			return err
		}
		s.prepared[sql] = name
	}
	_, err := s.connection.ExecPrepared(context.Background(), name, texts, nil, nil).Close()
	return err
}

// clean makes the session usable again after an error that the server reported; false: it is not.
func (s *session) clean(err error) bool {
	var reported *pgconn.PgError
	if !errors.As(err, &reported) || s.connection.IsClosed() {
		return false
	}
	if s.connection.TxStatus() != 'I' {
		_, failed := s.connection.Exec(context.Background(), "rollback").ReadAll()
		return failed == nil
	}
	return true
}

func (s *session) close() {
	theReport.opened(-1)
	_ = s.connection.Conn().SetDeadline(time.Now().Add(time.Second))
	within, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = s.connection.Close(within)
}

// codeOf is the SQLSTATE, or a client's own code: `timeout`, the system's name of the error, or CONNECTION_LOST.
func codeOf(err error, timeout string) string {
	var reported *pgconn.PgError
	if errors.As(err, &reported) {
		return reported.Code
	}
	var onNetwork net.Error
	if errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &onNetwork) && onNetwork.Timeout()) {
		return timeout
	}
	var number syscall.Errno
	if errors.As(err, &number) {
		return unix.ErrnoName(number)
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		return "ENOTFOUND"
	}
	return "CONNECTION_LOST"
}
