"""The terms of signing in: how long things live and how often they may be tried (NIST SP 800-63B)."""

from datetime import timedelta

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=5)
CODE_COOL_DOWN = timedelta(seconds=60)
CODE_TRIES = 5

ACCESS_LIVES = timedelta(minutes=10)
REFRESH_LIVES = timedelta(days=60)
REFRESH_REPEATS = timedelta(seconds=60)
"""A phone whose net broke may ask again for the same pair this long."""

DEVICE_CERTIFIED = timedelta(days=7)
PROOF_LIVES = timedelta(minutes=5)
"""Cheap phones have wrong clocks: a proof of the device's key may be off by this much."""

STAFF_TRIES = 5
STAFF_LOCK = timedelta(minutes=15)
TOTP_STEP_SECONDS = 30
