package main

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

// reconciler keeps a Deployment for each Memcached, and says in its status how many replicas are ready.
type reconciler struct {
	client client.Client
	scheme *runtime.Scheme
	// writes is `none`, `patch`, or `update`, which fails with a conflict where somebody else was faster.
	writes string
}

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	object := &Memcached{}
	if err := r.client.Get(ctx, request.NamespacedName, object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	started(request.String(), object.Annotations[stampAnnotation])
	err := r.reconcile(ctx, object)
	if err != nil {
		failures.Add(1)
	}
	return ctrl.Result{}, err
}

func (r *reconciler) reconcile(ctx context.Context, object *Memcached) error {
	switch r.writes {
	case "none":
		return nil
	case "update":
		if object.Status.Stamp == object.Annotations[stampAnnotation] {
			return nil
		}
		object.Status.Stamp = object.Annotations[stampAnnotation]
		return r.client.Status().Update(ctx, object)
	}
	deployment := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: object.Name, Namespace: object.Namespace}}
	if _, err := controllerutil.CreateOrPatch(ctx, r.client, deployment, func() error {
		edit(deployment, object)
		return controllerutil.SetControllerReference(object, deployment, r.scheme)
	}); err != nil {
		return err
	}
	before := client.MergeFrom(object.DeepCopy())
	size := int32(1)
	if object.Spec.Size != nil {
		size = *object.Spec.Size
	}
	ready := deployment.Status.ReadyReplicas
	status, reason := metav1.ConditionFalse, "DeploymentProgressing"
	if ready == size {
		status, reason = metav1.ConditionTrue, "DeploymentReady"
	}
	changed := meta.SetStatusCondition(&object.Status.Conditions, metav1.Condition{
		Type: "Ready", Status: status, Reason: reason, ObservedGeneration: object.Generation,
		Message: fmt.Sprintf("%d of %d replicas are ready", ready, size),
	})
	if !changed && object.Status.Stamp == object.Annotations[stampAnnotation] {
		return nil
	}
	object.Status.Stamp = object.Annotations[stampAnnotation]
	return r.client.Status().Patch(ctx, object, before)
}

func edit(deployment *appsv1.Deployment, object *Memcached) {
	labels := map[string]string{"app.kubernetes.io/name": "memcached", "app.kubernetes.io/instance": object.Name}
	deployment.Labels = labels
	deployment.Spec.Replicas = object.Spec.Size
	deployment.Spec.Selector = &metav1.LabelSelector{MatchLabels: labels}
	deployment.Spec.Template.Labels = labels
	pod := &deployment.Spec.Template.Spec
	if len(pod.Containers) == 0 {
		pod.Containers = []corev1.Container{{}}
	}
	container := &pod.Containers[0]
	container.Name = "main"
	container.Image = object.Spec.Image
	container.Args = object.Spec.Args
	if len(container.Ports) == 0 {
		container.Ports = []corev1.ContainerPort{{}}
	}
	container.Ports[0].Name = "main"
	container.Ports[0].ContainerPort = object.Spec.ContainerPort
	container.Ports[0].Protocol = corev1.ProtocolTCP
}
