// A login that asks recovery-codes whether a code lets a user in, for a web back end in Go.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"
)

const longestCode, longestAnswer = 1024, 65536

var errTooLong = errors.New("it took too long, and the code may be used up")

// Login starts the Program each time, or, if that is empty, asks at the Socket.
type Login struct {
	Socket, Program string
	Timeout         time.Duration
}

// Answer is what became of an attempt. Only the kind "yes" lets in.
type Answer struct {
	Kind      string // "yes", "no", "wait", "malformed" or "unavailable"
	User      string // after a yes: the user's name, also where an e-mail address was given
	Remaining int    // after a yes: how many codes are left
	Low       bool   // after a yes: whether it is time for new ones
	Seconds   *int   // how long to wait; nil: until an administrator helps
	Message   string // malformed: for whoever typed it; unavailable: for the log
}

// said is what the program or the door answered.
type said struct {
	Exit       *int
	Accepted   *bool
	User       string
	Remaining  int
	Low        bool
	RetryAfter *int `json:"retry_after"`
	Error      struct{ Kind, Message string }
}

// Verify uses the code up. The address that the attempt comes from may be empty.
func (login Login) Verify(user, code, from string) Answer {
	if len(code) > longestCode {
		return Answer{Kind: "malformed", Message: "this is far too long for a code"}
	}
	reach := login.ask
	if login.Program != "" {
		reach = login.start
	}
	reply, err := reach(user, code, from)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errTooLong
	}
	if err != nil {
		return Answer{Kind: "unavailable", Message: err.Error()}
	}
	return reply.answer()
}

func (login Login) ask(user, code, from string) (reply said, err error) {
	end := time.Now().Add(login.Timeout)
	door, err := net.DialTimeout("unix", login.Socket, login.Timeout)
	if err != nil {
		return reply, err
	}
	defer door.Close()
	door.SetDeadline(end)
	request := map[string]string{"word": "verify", "user": user, "code": code}
	if from != "" {
		request["from"] = from
	}
	if err := json.NewEncoder(door).Encode(request); err != nil {
		return reply, err
	}
	line, err := bufio.NewReader(io.LimitReader(door, longestAnswer)).ReadBytes('\n')
	return read(line), err
}

func (login Login) start(user, code, from string) (reply said, err error) {
	args := []string{"--json", "verify"}
	if from != "" {
		args = append(args, "--from="+from)
	}
	child := exec.Command(login.Program, append(args, "--", user)...)
	child.Dir, child.Env = "/", []string{"PATH=/usr/local/bin:/usr/bin:/bin"}
	child.Stdin = strings.NewReader(code)
	var out, trouble bytes.Buffer
	child.Stdout, child.Stderr = &out, &trouble
	if err := child.Start(); err != nil {
		return reply, err
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	select {
	case <-ended:
		exit := child.ProcessState.ExitCode()
		reply = read(out.Bytes())
		reply.Exit, reply.Error = &exit, read(trouble.Bytes()).Error
		return reply, nil
	case <-time.After(login.Timeout):
		child.Process.Kill()
		return reply, errTooLong
	}
}

// read gives back nothing where something else was said.
func read(text []byte) (reply said) {
	if json.Unmarshal(text, &reply) != nil {
		return said{}
	}
	return reply
}

// answer wants status and document to say the same; whatever is not clear is "unavailable".
func (reply said) answer() Answer {
	is := func(accepted bool, exit int) bool {
		return reply.Accepted != nil && *reply.Accepted == accepted &&
			reply.Exit != nil && *reply.Exit == exit
	}
	message := reply.Error.Message
	switch {
	case is(true, 0):
		return Answer{Kind: "yes", User: reply.User, Remaining: reply.Remaining, Low: reply.Low}
	case (is(false, 1) || is(false, 2)) && reply.Error.Kind == "malformed_code":
		return Answer{Kind: "malformed", Message: message}
	case is(false, 1):
		return Answer{Kind: "no"}
	case is(false, 5):
		return Answer{Kind: "wait", Seconds: reply.RetryAfter}
	case message == "":
		message = "no clear answer"
	}
	return Answer{Kind: "unavailable", Message: message}
}

func main() {
	var login Login
	flag.StringVar(&login.Socket, "socket", "/run/recovery-codes/door", "where to ask")
	flag.StringVar(&login.Program, "program", "", "what to start instead")
	seconds := flag.Float64("timeout", 10, "how long to wait")
	from := flag.String("from", "", "the address that the attempt comes from")
	flag.Parse()
	login.Timeout = time.Duration(*seconds * float64(time.Second))
	code, _ := io.ReadAll(os.Stdin)
	answer := login.Verify(flag.Arg(0), string(code), *from)
	line := answer.Kind
	switch {
	case line == "yes" && answer.Low:
		line = fmt.Sprintf("yes %d low", answer.Remaining)
	case line == "yes":
		line = fmt.Sprintf("yes %d", answer.Remaining)
	case line == "wait" && answer.Seconds == nil:
		line = "wait none"
	case line == "wait":
		line = fmt.Sprintf("wait %d", *answer.Seconds)
	}
	fmt.Println(line)
	if answer.Message != "" {
		fmt.Fprintln(os.Stderr, answer.Message)
	}
	if answer.Kind != "yes" {
		os.Exit(1)
	}
}
