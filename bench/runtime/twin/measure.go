package main

import (
	"encoding/json"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// The annotation holds the monotonic time in ns at which somebody changed the object.
const stampAnnotation = "bench.example.com/stamp"

var (
	reconciles, failures atomic.Int64

	mutex     sync.Mutex
	latencies []int64
	seen      = map[string]string{}

	expected             int64
	counted, first, last int64
)

func now() int64 {
	var time unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &time); err != nil {
		panic(err)
	}
	return time.Nano()
}

func print(line any) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	_, _ = os.Stdout.Write(append(text, '\n'))
}

// count counts an event; the last one that is expected is reported.
func count() {
	mutex.Lock()
	defer mutex.Unlock()
	last = now()
	if counted == 0 {
		first = last
	}
	counted++
	if counted == expected {
		print(map[string]any{"counted": counted, "ns": last - first})
		counted = 0
	}
}

// started notes how long after its stamp an object is reconciled for the first time.
func started(key, stamp string) {
	reconciles.Add(1)
	if stamp == "" {
		return
	}
	at := now()
	mutex.Lock()
	defer mutex.Unlock()
	if seen[key] == stamp {
		return
	}
	seen[key] = stamp
	if sent, err := strconv.ParseInt(stamp, 10, 64); err == nil {
		latencies = append(latencies, at-sent)
	}
}

// reportOnSignals answers SIGUSR2 with what was done so far, and SIGHUP with what was measured since the last one, and with the heap after a
// collection.
func reportOnSignals() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2, syscall.SIGHUP)
	go func() {
		for received := range signals {
			if received == syscall.SIGUSR2 {
				print(map[string]any{"reconciles": reconciles.Load(), "failures": failures.Load()})
				continue
			}
			runtime.GC()
			runtime.GC()
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			mutex.Lock()
			sorted := latencies
			latencies = nil
			mutex.Unlock()
			slices.Sort(sorted)
			print(map[string]any{"heap": memory.HeapAlloc, "latencies": sorted})
		}
	}()
}
