"""How much is taken, and for how long what is unfinished is kept."""

from datetime import timedelta

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
"""Of one file: a phone's photo has up to 15, a scan of several pages as PDF as much."""
MOST_DOCUMENTS = 60
MOST_VERSIONS = 20
MOST_FILES = 12
"""Of one version of a document: a passport's pages that bear something are fewer."""
MOST_KEPT = 500 * MEGABYTE
"""Of all files of one person: every paper of the pathway in the largest photos takes a fifth of it."""
MOST_OPEN = 24
"""Files of one person that are being uploaded or checked at once."""
MOST_COMING = 6
"""Files of one account that one process receives at once: as many requests as a browser makes of one server."""
QUIET_SECONDS = 30.0
"""So long nothing may come of a file that is being sent: then what came is kept, and the phone goes on from there."""

MOST_PIXELS = 60_000_000
"""Of one picture: phones take up to 50 million. Beyond that it is a bomb, or a poster."""
LONGEST_SIDE = 4096
"""To which a picture is scaled down: a page of A4 in 350 dots an inch, at which its smallest print is legible."""
PREVIEW_SIDE = 480
MOST_PAGES = 40
"""Of one PDF."""
MOST_OBJECTS = 20_000
MOST_UNPACKED = 160 * MEGABYTE
"""What all compressed streams of a PDF may unpack to."""
CLEANING_SECONDS = 30
"""Processor time for one file."""
CLEANING_MEMORY = 1536 * MEGABYTE

UPLOAD_LIVES = timedelta(hours=24)
"""Since its last byte came: by then a phone has had some net again."""
ORPHAN_AGE = timedelta(days=1)
PART_BYTES = 8 * MEGABYTE
"""What is sealed and stored at once while a file comes in."""
PART_SECONDS = 3.0
"""On a slow net a smaller part is stored after so long, so that no more than this is lost."""
CHUNK_BYTES = 256 * 1024
"""What is sealed as one in a stored file."""
