"""The names of all keys in the store."""

# Every key, with its type and content. `ID` is a request's id.
DUE = "wrapup:due"  # zset: ID by the time (ms) at which its next attempt is due
WAITING = "wrapup:waiting"  # zset: ID by the time (ms) of its acceptance
REQUEST = "wrapup:request:"  # + ID, hash: body (JSON), attempts, tries, token, posting, reply
DONE = "wrapup:done:"  # + ID, string: ts of the reply; for a day
FAILED = "wrapup:failed:"  # + ID, string: body of a request that failed and may be tried again; for a day
WAKE = "wrapup:wake"  # list: an entry for each request that became due, for workers that wait
HEARD = "wrapup:heard"  # list: ID of each new request, for the sign that it was heard
RATE = "wrapup:rate:"  # + person or channel, hash: tokens, at (ms); for two minutes
TOLD = "wrapup:told:"  # + person, string: they were told of a limit; for a minute
SCHEMA = "wrapup:schema"  # string: number of the schema of all keys here
WORKSPACE = "wrapup:workspace"  # string: id of the one workspace whose data this is
# A key (KEY) is an answer's: its request's ID, # and its number.
ANSWERS = "wrapup:answers:"  # + ID, string: JSON of all answers to a request; for WRAPUP_KEEP_DAYS
PLACES = (
    "wrapup:places:"  # + ID, set: "channel ts thread_ts" of the messages that show the answers; for WRAPUP_KEEP_DAYS
)
AT = "wrapup:at:"  # + channel:ts, string: ID whose answers a message shows; for WRAPUP_KEEP_DAYS
FROM = "wrapup:from:"  # + channel:ts of a message with a log, set: ID of requests that read it; for WRAPUP_KEEP_DAYS
FEEDBACK = "wrapup:feedback:"  # + KEY, hash: state, of (what it counts for), v (number of events), event id -> JSON; for WRAPUP_KEEP_DAYS
PAIR = "wrapup:pair:"  # + KEY, string: JSON of the pair
SCAN = "wrapup:scan:"  # + KEY, string: what an export found out of the pair (bot.datasets.second_scan); goes when the pair changes
META = "wrapup:meta:"  # + KEY, hash: call, label, model, source, task, week, reviewers, content, transcript
PAIRS = "wrapup:pairs"  # zset: KEY by the time (s) at which the pair settled
BY = "wrapup:pairs:"  # + label:NAME or model:NAME, zset: KEY by the same time
CONTENT = (
    "wrapup:content:"  # + first three digits, hash: hash of content, or task:hash of transcript -> number of pairs
)
CALL = "wrapup:call:"  # + call id, set: KEY of its answers and pairs
EXPORTS = "wrapup:exports"  # hash: name of a dataset that was exported -> its place
EXPORT = "wrapup:export:"  # + name of a dataset, set: hashes of the masked transcripts in it
COUNTS = "wrapup:counts"  # hash: what is counted -> number
ATTEMPT = (
    "wrapup:attempt:"  # + hash of model, prompt and call, string: JSON of an evaluation's attempt; for WRAPUP_KEEP_DAYS
)
LOCK = "wrapup:lock:"  # + what is locked, string: who holds it; for half a minute, renewed by its holder
JOBS = "wrapup:jobs"  # hash: name of a customization job -> JSON
MODELS = "wrapup:models"  # hash: id of a custom model -> JSON
CHAMPIONS = "wrapup:champions"  # hash: task -> JSON of who answers it, and who did before
CANARIES = "wrapup:canaries"  # hash: task -> JSON of its last canary
CANARY = "wrapup:canary:"  # + id of a canary, hash: ARM:asked and ARM:failed -> number of calls
VOTES = "wrapup:votes:"  # + id of a canary, hash: ARM:STATE -> number of answers
TRIED = "wrapup:tried:"  # + id of a canary, set: hashes of the calls that were counted; for 30 days after the last
SCORECARDS = "wrapup:scorecards"  # hash: task, champion and challenger -> JSON of the last evaluation, without words
MOVED = "wrapup:moved:"  # + hash of a call, hash: the same field -> JSON of the call and what both models said of it
VERDICTS = "wrapup:verdicts"  # hash: task, champion and challenger -> JSON of the last evaluation's verdict
AGENDAS = "wrapup:agendas"  # hash: task -> JSON of what waits, is under way or went wrong in its loop
CARDS = "wrapup:cards"  # hash: task and channel -> JSON of where the loop is shown
NOTED = "wrapup:noted"  # hash: id of what was done -> its line of the audit, so that it is written once
AUDIT = "wrapup:audit"  # stream: entry (JSON), a line for each step of training and serving; for good
TOLD_OF = "wrapup:told-of:"  # + id of a notice, string: when (s) the admins were told of it; for 400 days
USED = "wrapup:used"  # hash: id that is asked (endpoint, or artefact on board) -> when (s) it last answered
FORGOTTEN = (
    "wrapup:forgotten"  # set: hashes of calls that must not come back, of their ids and of their masked transcripts
)
