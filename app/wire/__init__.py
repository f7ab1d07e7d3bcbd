"""What Manzil and a regional registry share, and nothing else: bodies, digests, signatures (RFC 8785, 9421, 9530)."""
