"""The terms of signing in: how long things live and how often they may be tried (NIST SP 800-63B)."""

from datetime import timedelta

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=5)
CODE_TRIES = 5
DAY = timedelta(days=1)
TRIES_A_DAY = 20
"""Wrong codes for one number, over all its codes: then it rests until a day after the first of them."""

ACCESS_LIVES = timedelta(minutes=10)
REFRESH_LIVES = timedelta(days=60)
REFRESH_REPEATS = timedelta(seconds=60)
"""A phone whose net broke may ask again for the same pair this long."""
SIGN_IN_LIVES = timedelta(days=180)
"""However often a phone refreshes, it signs in anew after this."""
STAFF_SIGN_IN_LIVES = timedelta(hours=12)
"""A working day with its breaks."""

DEVICE_CERTIFIED = timedelta(days=7)
PROOF_LIVES = timedelta(minutes=5)
"""Cheap phones have wrong clocks: a proof of the device's key may be off by this much."""
DEVICE_NEW = timedelta(hours=24)
"""So long a phone that signed in beside an older one may neither change the number nor sign the older one out."""

NUMBER_CHANGE_WAITS = timedelta(days=3)
RECOVERY_LIVES = timedelta(hours=24)
RECOVERIES_A_DAY = 10
"""How often one clerk may look for an account that lost its phone, found or not."""

STAFF_TRIES = 5
STAFF_LOCK = timedelta(minutes=15)
TOTP_STEP_SECONDS = 30
ENROLMENT_LIVES = timedelta(days=3)
PASSWORD_AT_LEAST, PASSWORD_AT_MOST = 12, 200

KEY_SIGNS = timedelta(days=60)
KEY_AHEAD = timedelta(days=3)
"""A key is published this long before it signs, for those who keep the published keys."""
KEY_OUTLIVES = timedelta(hours=1)
"""A key verifies this long beyond the last token it signed: clocks of processes differ, and they look anew in turns."""
