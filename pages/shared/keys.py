"""Every session-state key that more than one place uses. A widget's key is its name in the address too."""

LANGUAGE = "lang"
ADDRESS = "address_written"
REPLACED = "address_replaced"  # what was in it earlier on this page
PAGE = "page"
SEEN = "address_seen"  # what the address said when the last run of the script ended
INFINITE = "address_infinite"  # numbers without an end that were taken out of it
LABELS = "address_labels"  # what the browser shows for each choice
TOKEN = "token_kept"  # the secret that lets this session run programs
OWNER = "owner"  # who asks for a turn to train
RUN = "run"  # the run that Train shows; in the address too
NEW = "new"  # what the address says in its place while one is prepared
ORIGIN = "train_from"  # "<run>:<checkpoint>" that the next run continues from; in the address too
START_PRESSED = "train_wanted"  # the stretch to train first, of a Start that was pressed and is not done yet
READY = "train_ready"  # a name for the moment when a button has prepared a run: Start wants to be pressed
GHOST = "train_ghost"  # the run that was shown before: its curve stays, pale
NOTICE = "train_notice"  # what to tell once, after the page has changed
PROJECTOR = "projector"  # large type, no menu
PICKED = "lang_picked"  # the reader picked the language by hand
# Settings of one lesson that others set: in their links, or because they read the same drawing.
DRAW_WAY = "draw_way"
DRAW_PEN = "draw_pen"
DRAW_CENTRED = "draw_centred"
DRAW_NETWORK = "draw_net"
LENET_NETWORK = "lenet_network"
TRAIN_NETWORK = "train_network"
WHAT_GOES_WRONG_ENTRY = "what_goes_wrong_entry"
