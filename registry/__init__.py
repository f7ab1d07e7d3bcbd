"""The reference regional registry: the other end of the mirror, a process of its own with a database of its own.

It shares nothing with Manzil but what goes over the wire (`app.wire`, `openapi/registry.yaml`).
"""
