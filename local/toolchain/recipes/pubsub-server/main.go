// An in-memory Pub/Sub: Google's own test server, on a port of 127.0.0.1 that its one argument names, for as long as its
// standard input is open. Each line there is an order; each is answered by one line.
//
//	topic NAME    makes a topic
//	messages      all that was published so far, as one JSON array of {topic, data, attributes}
//	fail CODE     from now on, publishing ends with that gRPC status; 0 is none
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"

	pb "cloud.google.com/go/pubsub/apiv1/pubsubpb"
	"cloud.google.com/go/pubsub/pstest"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type refusal struct{ code atomic.Uint32 }

func (r *refusal) React(any) (bool, any, error) {
	code := codes.Code(r.code.Load())
	if code == codes.OK {
		return false, nil, nil
	}
	return true, nil, status.Error(code, "refused by order")
}

type message struct {
	Topic      string            `json:"topic"`
	Data       string            `json:"data"`
	Attributes map[string]string `json:"attributes"`
}

func main() {
	port, err := strconv.Atoi(os.Args[1])
	exitOn(err)
	refuse := &refusal{}
	server := pstest.NewServerWithPort(port, pstest.ServerReactorOption{FuncName: "Publish", Reactor: refuse})
	fmt.Println("ready")
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		name, argument, _ := strings.Cut(orders.Text(), " ")
		switch name {
		case "topic":
			_, err := server.GServer.CreateTopic(context.Background(), &pb.Topic{Name: argument})
			exitOn(err)
			fmt.Println("made")
		case "messages":
			found := []message{}
			for _, m := range server.Messages() {
				found = append(found, message{m.Topic, string(m.Data), m.Attributes})
			}
			line, err := json.Marshal(found)
			exitOn(err)
			fmt.Println(string(line))
		case "fail":
			code, err := strconv.ParseUint(argument, 10, 32)
			exitOn(err)
			refuse.code.Store(uint32(code))
			fmt.Println("noted")
		default:
			exitOn(fmt.Errorf("an order must be topic, messages or fail, got %q", name))
		}
	}
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
