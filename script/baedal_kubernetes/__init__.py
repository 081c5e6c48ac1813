"""Checks of the Kubernetes manifests: see script/kubernetes-validate."""
