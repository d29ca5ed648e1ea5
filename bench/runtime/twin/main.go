// Command twin is the operator of bench/runtime/operator, written with controller-runtime.
//
// BENCH_WRITES is what a reconcile writes: none, patch (a Deployment, and the status) or update (the status, which fails with a conflict where
// somebody else was faster). BENCH_CONCURRENCY is the number of workers. With BENCH_EVENTS updates are counted up to that number, and nothing is
// reconciled.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"os"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
)

func main() {
	var health, metrics string
	var elect bool
	flag.StringVar(&health, "health-probe-bind-address", "0", "")
	flag.StringVar(&metrics, "metrics-bind-address", "0", "")
	flag.BoolVar(&elect, "leader-elect", false, "")
	flag.Parse()
	writes := os.Getenv("BENCH_WRITES")
	concurrency, _ := strconv.Atoi(os.Getenv("BENCH_CONCURRENCY"))
	expected, _ = strconv.ParseInt(os.Getenv("BENCH_EVENTS"), 10, 64)
	ctrl.SetLogger(zap.New())

	scheme := runtime.NewScheme()
	check(clientgoscheme.AddToScheme(scheme))
	check(schemeBuilder.AddToScheme(scheme))
	options := ctrl.Options{
		Scheme:                  scheme,
		HealthProbeBindAddress:  health,
		LeaderElection:          elect,
		LeaderElectionID:        "twin.example.com",
		LeaderElectionNamespace: "default",
		Cache:                   cache.Options{DefaultTransform: cache.TransformStripManagedFields()},
		Metrics:                 server.Options{BindAddress: metrics},
	}
	if metrics != "0" {
		options.Metrics.SecureServing = true
		options.Metrics.FilterProvider = filters.WithAuthenticationAndAuthorization
		options.Metrics.TLSOpts = []func(*tls.Config){func(config *tls.Config) { config.NextProtos = []string{"http/1.1"} }}
	}
	mgr, err := ctrl.NewManager(ctrl.GetConfigOrDie(), options)
	check(err)

	counting := predicate.Funcs{
		CreateFunc: func(event.CreateEvent) bool { return expected == 0 },
		UpdateFunc: func(event.UpdateEvent) bool {
			if expected > 0 {
				count()
			}
			return expected == 0
		},
	}
	check(ctrl.NewControllerManagedBy(mgr).
		For(&Memcached{}, builder.WithPredicates(counting)).
		Owns(&appsv1.Deployment{}).
		WithOptions(controller.Options{MaxConcurrentReconciles: concurrency}).
		Complete(&reconciler{client: mgr.GetClient(), scheme: scheme, writes: writes}))
	check(mgr.AddHealthzCheck("healthz", healthz.Ping))
	check(mgr.AddReadyzCheck("readyz", healthz.Ping))
	check(mgr.Add(manager.RunnableFunc(func(ctx context.Context) error {
		if err := mgr.GetClient().List(ctx, &MemcachedList{}, client.Limit(1)); err != nil {
			return err
		}
		print(map[string]any{"synced": true})
		<-ctx.Done()
		return nil
	})))
	reportOnSignals()
	check(mgr.Start(ctrl.SetupSignalHandler()))
}

func check(err error) {
	if err != nil {
		ctrl.Log.Error(err, "The twin ends")
		os.Exit(1)
	}
}
