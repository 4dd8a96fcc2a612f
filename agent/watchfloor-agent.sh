#!/usr/bin/env bash
# Watchfloor agent: looks at one rented GPU instance and pushes what it saw to the console.
# One file, no dependencies beyond bash 4.4, coreutils, awk and grep. See README.md beside it.
set -u
AGENT_VERSION=1.1.0
BUFFER_MAX=20
BACKOFF_MAX_S=300
RETRY_AFTER_MAX_S=3600
REPORT_MAX_BYTES=131072
SMI_LIMIT_S=5
LOG_MAX_BYTES=131072
ORDER_LIMIT_S=40
ORDER_MAX_BYTES=65536

export LC_ALL=C TZ=UTC0
unset CDPATH GLOBIGNORE BASH_ENV ENV
umask 077
shopt -s nullglob

# ---------------------------------------------------------------- awk: JSON, time, redaction
IFS= read -r -d '' AWK_LIB <<'EOF'
phase == "secrets" { if (length($0) >= 6) secrets[++secretCount] = $0; next }

function jstr(s) {
  gsub(/[^ -~]/, "?", s)
  return "\"" escape(escape(s, "\\"), "\"") "\""
}
# gsub's rules for backslashes in the replacement differ between awks.
function escape(s, char,   out, at) {
  out = ""
  while ((at = index(s, char)) > 0) {
    out = out substr(s, 1, at - 1) "\\" char
    s = substr(s, at + 1)
  }
  return out s
}
function safe(s) { return jstr(substr(redact(s), 1, 300)) }
function unknown(why, detail) {
  return "{\"unknown\":\"" why "\"" (detail == "" ? "" : ",\"detail\":" jstr(substr(detail, 1, 300))) "}"
}
function isnumber(s) { return s ~ /^[-+]?[0-9]+(\.[0-9]+)?$/ }
function number(s,   n) {
  if (!isnumber(s)) return ""
  sub(/^\+/, "", s)
  n = (s ~ /^-/)
  sub(/^-/, "", s)
  sub(/^0+/, "", s)
  if (s == "" || s ~ /^\./) s = "0" s
  return (n ? "-" : "") s
}
function pad(n, width) { return sprintf("%0" width "d", n) }
function iso(epoch,   days, rest, era, doe, yoe, doy, mp, d, m, y) {
  epoch = int(epoch)
  days = int(epoch / 86400)
  rest = epoch - days * 86400
  days += 719468
  era = int(days / 146097)
  doe = days - era * 146097
  yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
  doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
  mp = int((5 * doy + 2) / 153)
  d = doy - int((153 * mp + 2) / 5) + 1
  m = mp < 10 ? mp + 3 : mp - 9
  y = yoe + era * 400 + (m <= 2 ? 1 : 0)
  return pad(y, 4) "-" pad(m, 2) "-" pad(d, 2) "T" pad(int(rest / 3600), 2) ":" pad(int(rest % 3600 / 60), 2) ":" pad(rest % 60, 2) "Z"
}

function replaceAll(s, what,   out, at) {
  out = ""
  while ((at = index(s, what)) > 0) {
    out = out substr(s, 1, at - 1) "***"
    s = substr(s, at + length(what))
  }
  return out s
}
# The value after a name such as token= or "password": ends at its own quote, else at a space, and for
# headers and pass phrases, which may contain spaces, at the end of the line.
function valueLength(rest, name,   quote, skip, at) {
  skip = 0
  if (match(rest, /^[\\"\047]+/)) {
    skip = RLENGTH
    quote = substr(rest, skip, 1)
    at = index(substr(rest, skip + 1), quote)
    return at == 0 ? length(rest) : skip + at
  }
  if (name ~ /authorization|cookie|passw|passphrase|pwd/) {
    at = match(rest, /["\047]/)
    return at == 0 ? length(rest) : at - 1
  }
  if (match(tolower(rest), /^(bearer|basic|token|apikey|negotiate) +/)) skip = RLENGTH
  at = match(substr(rest, skip + 1), /[ \t]/)
  return at == 0 ? length(rest) : skip + at - 1
}
function redactNamed(s, pattern,   out, name, rest, n) {
  out = ""
  while (match(tolower(s), pattern)) {
    name = tolower(substr(s, RSTART, RLENGTH))
    out = out substr(s, 1, RSTART + RLENGTH - 1)
    rest = substr(s, RSTART + RLENGTH)
    n = valueLength(rest, name)
    if (name ~ /tokens[\\"\047]*[ \t]*[:=]/ && substr(rest, 1, n) ~ /^[0-9]+[,;.)]*$/) out = out substr(rest, 1, n)
    else if (n > 0) out = out "***"
    s = substr(rest, n + 1)
    if (n == 0 && rest == "") break
  }
  return out s
}
function looksSecret(word,   bare, seps) {
  if (length(word) >= 12 && word ~ /^(sk|pk|rk|hf|ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[a-z]|nvapi|npm|pypi|dckr_pat|wfa?)[-_]/) return 1
  if (length(word) >= 12 && word ~ /^(AKIA|ASIA|AIza|eyJ)/) return 1
  if (word ~ /^[\/.]/ || length(word) < 20) return 0
  if (word !~ /[0-9]/ || word !~ /[A-Za-z]/) return 0
  bare = word
  seps = gsub(/[-_+\/=]/, "", bare)
  if (seps == 0 && length(word) >= 32) return 1
  if (word !~ /[A-Z]/ || word !~ /[a-z]/) return seps == 0 && length(word) >= 32
  if (seps == 0 && word ~ /[0-9].*[0-9]/) return 1
  return length(word) >= 32 && seps * 10 <= length(word)
}
function redactWords(s,   out, word) {
  out = ""
  while (match(s, /[A-Za-z0-9_+\/=-]+/)) {
    word = substr(s, RSTART, RLENGTH)
    out = out substr(s, 1, RSTART - 1) (looksSecret(word) ? "***" : redactPath(word))
    s = substr(s, RSTART + RLENGTH)
  }
  return out s
}
function redactPath(word,   parts, n, i, out) {
  if (word !~ /^\// && word !~ /\/.*\//) return word
  n = split(word, parts, "/")
  out = parts[1]
  for (i = 2; i <= n; i++) out = out "/" (looksSecret(parts[i]) ? "***" : parts[i])
  return out
}
function redact(s,   i, closing, separator) {
  closing = "[]\\\\\"')]*"
  separator = "[ \t]*(=>|[:=]| is )[ \t]*"
  gsub(/\t/, " ", s)
  gsub(/[^ -~]/, "?", s)
  for (i = 1; i <= secretCount; i++) s = replaceAll(s, secrets[i])
  gsub(/:\/\/[^\/ "@]*@/, "://***@", s)
  s = redactNamed(s, "(secret|token|passw|passphrase|pwd|credential|authorization|[_-]auth|[^a-z]auth|cookie|signature|[^a-z]sig|session[_-]?id)[a-z0-9_.-]*" closing separator)
  s = redactNamed(s, "(api[_-]?key|access[_-]?key|private[_-]?key|[_-]key|[^a-z]key|^key)(s|[_.0-9-][a-z0-9_.-]*)?" closing separator)
  s = redactNamed(s, "(^|[ \"'])--?[a-z0-9-]*(key|token|secret|passw|credential)[a-z0-9-]* +")
  s = redactNamed(s, "(^|[^a-z])bearer +")
  return redactWords(s)
}
EOF

IFS= read -r -d '' AWK_GPU <<'EOF'
BEGIN { FS = ", *"; columnCount = split(columns, spec, " "); queried = 0
  for (i = 1; i <= columnCount; i++) { split(spec[i], part, ":"); key[i] = part[1]; type[i] = part[2]; field[i] = part[3]; if (field[i] != "-") queried++ } }
function trim(s) { gsub(/^[ \t]+|[ \t\r]+$/, "", s); return s }
function unreadable(s,   low) {
  low = tolower(s)
  if (s == "") return unknown("field_null")
  if (low ~ /^\[?(n\/a|not supported|not found|not available)\]?$/) return unknown("not_supported")
  if (low ~ /insufficient permissions/) return unknown("source_refused", s)
  if (low ~ /unknown error|is lost|requires reset|^\[?err!?\]?$/) return unknown("source_error", s)
  return ""
}
function reading(s, kind,   u) {
  u = unreadable(s)
  if (u != "") return u
  if (kind == "num") {
    sub(/ *(%|MiB|W|MHz|C)$/, "", s)
    if (!isnumber(s)) return unknown("schema_mismatch", redact(s))
    if (s + 0 == -1 && mayBeNegative == "" || s + 0 > 1e15) return unknown("sentinel", s)
    return number(s)
  }
  if (kind == "bool") {
    if (tolower(s) ~ /^(active|yes|1|enabled|true|pending)$/) return "true"
    if (tolower(s) ~ /^(not active|no|0|disabled|false)$/) return "false"
    return unknown("schema_mismatch", redact(s))
  }
  if (kind == "hex") return s ~ /^0x[0-9a-fA-F]+$/ ? jstr(s) : unknown("schema_mismatch", redact(s))
  return jstr(substr(s, 1, 300))
}
phase == "limits" { at = index($0, "\t"); limits[substr($0, 1, at - 1)] = substr($0, at + 1); next }
NF == queried {
  out = ""; lost = 0; uuid = ""; bus = ""; column = 0
  for (i = 1; i <= columnCount; i++) {
    if (field[i] == "-") { value = unknown("field_absent", "this driver does not know the field") }
    else {
      raw = trim($(++column))
      if (raw ~ /[Ii]s lost/) lost = 1
      if (key[i] == "uuid") uuid = raw
      if (key[i] == "pciBusId") bus = raw
      mayBeNegative = (key[i] == "tlimitMarginC") ? "yes" : ""
      value = reading(raw, type[i])
    }
    out = out ",\"" key[i] "\":" value
  }
  if (lost) { if (bus ~ /^[0-9A-Fa-f:.]+$/) lostIds[++lostCount] = bus } else seen++
  rows++
  gpus = gpus (rows > 1 ? "," : "") "{\"state\":\"" (lost ? "lost" : "ok") "\"" out ",\"limits\":" ((uuid in limits) ? limits[uuid] : unknown(limitsWhy, limitsDetail)) "}"
  next
}
/[^ \t]/ {
  if (message == "") message = trim($0)
  if ($0 ~ /No devices were found/) none = 1
  if ($0 ~ /not a valid field to query/) badField = $0
  if (match($0, /[0-9a-fA-F]+:[0-9a-fA-F][0-9a-fA-F]:[0-9a-fA-F][0-9a-fA-F]\.[0-7]/)) lostIds[++lostCount] = substr($0, RSTART, RLENGTH)
}
END {
  if (badField != "") { match(badField, /"[^"]*"/); print "badfield " substr(badField, RSTART + 1, RLENGTH - 2); exit }
  print rows + 0, seen + 0, none + 0
  list = ""
  for (i = 1; i <= lostCount && i <= 16; i++) list = list (i > 1 ? "," : "") jstr(lostIds[i])
  print (message == "" ? "" : ",\"message\":" safe(message)) (lostCount ? ",\"lostGpus\":[" list "]" : "")
  print "[" gpus "]"
}
EOF

# Element names drift between drivers, so names are matched by their parts, and what is left over is told.
IFS= read -r -d '' AWK_LIMITS <<'EOF'
function degrees(s) {
  sub(/ *C$/, "", s)
  if (isnumber(s)) return number(s)
  return tolower(s) ~ /n\/a|not supported/ || s == "" ? unknown("not_supported") : unknown("source_error", s)
}
function put(slot, s) { if (!(slot in got) || got[slot] ~ /unknown/) got[slot] = degrees(s) }
function get(slot) { return (slot in got) ? got[slot] : unknown("field_absent") }
function flush(   regime, p, out) {
  if (uuid == "") return
  regime = ""
  if ((got["t:shutdown"] got["t:slowdown"] got["t:max"]) ~ /(^|[}])[-0-9]/) regime = "tlimit"
  else if ((got["a:shutdown"] got["a:slowdown"] got["a:max"]) ~ /(^|[}])[-0-9]/) regime = "absolute"
  if (regime == "") out = unknown("not_supported", "the device tells no temperature limits")
  else {
    p = substr(regime, 1, 1) ":"
    out = "{\"regime\":\"" regime "\",\"shutdownC\":" get(p "shutdown") ",\"slowdownC\":" get(p "slowdown") ",\"maxOperatingC\":" get(p "max") ",\"memoryMaxOperatingC\":" get(p "mem") ",\"targetC\":" get("target") (unread == "" ? "" : ",\"unreadElements\":[" unread "]") "}"
  }
  print uuid "\t" out
}
function fresh(   k) { uuid = ""; unread = ""; unreadCount = 0; for (k in got) delete got[k] }
/<gpu id=/ { fresh() }
/<\/gpu>/ { flush(); fresh() }
match($0, /<[A-Za-z0-9_]+>[^<]*<\//) {
  name = substr($0, RSTART + 1, RLENGTH - 3)
  value = name
  sub(/>.*/, "", name)
  sub(/^[^>]*>/, "", value)
  name = tolower(name)
  if (name == "uuid") { if (uuid == "") uuid = value }
  else if (name !~ /temp|tlimit/ || name ~ /^(gpu_temp|memory_temp|gpu_temp_tlimit|gpu_current_tlimit.*)$/) next
  else if (name ~ /target/) { if (name !~ /min|max/) put("target", value) }
  else if (name ~ /tlimit|t_limit/ && name !~ /thresh|spec/) next
  else {
    p = name ~ /tlimit|t_limit/ ? "t:" : "a:"
    if (name ~ /slow/) put(p "slowdown", value)
    else if (name ~ /mem/) put(p "mem", value)
    else if (name ~ /max_gpu|max_op/) put(p "max", value)
    else if (name ~ /shut|gpu_temp_max/) put(p "shutdown", value)
    else if (++unreadCount <= 10) unread = unread (unread == "" ? "" : ",") jstr(substr(name, 1, 60))
  }
}
EOF

IFS= read -r -d '' AWK_XID <<'EOF'
function at(line,   t) {
  if (!match(line, /^(<[0-9]+>)?\[ *[0-9]+\.[0-9]+\]/)) return unknown("field_absent")
  t = substr(line, RSTART, RLENGTH)
  sub(/^.*\[ */, "", t)
  return jstr(iso(bootEpoch + t))
}
NR == 1 || first == "" { first = $0 }
/NVRM: Xid \(/ || (/NVRM|nvidia/ && /fallen off the bus/) {
  code = unknown("field_absent"); bus = unknown("field_absent")
  if (match($0, /Xid \([^)]*\)/)) {
    bus = substr($0, RSTART + 5, RLENGTH - 6)
    rest = substr($0, RSTART + RLENGTH)
    sub(/^PCI:/, "", bus)
    bus = jstr(substr(bus, 1, 40))
    if (match(rest, /: *[0-9]+/)) { code = substr(rest, RSTART, RLENGTH); sub(/^: */, "", code); code = number(code) }
  }
  events[count++ % 20] = "{\"at\":" at($0) ",\"pciBusId\":" bus ",\"code\":" code ",\"text\":" safe($0) "}"
}
END {
  if (first == "") { print unknown("not_supported", "XID is not observable in this rental: the kernel log is empty here"); exit }
  for (i = (count > 20 ? count - 20 : 0); i < count; i++) out = out (out == "" ? "" : ",") events[i % 20]
  print "{\"coversSince\":" at(first) ",\"events\":[" out "]}"
}
EOF

IFS= read -r -d '' AWK_SUPERVISOR_XML <<'EOF'
function clean(s) {
  gsub(/<[^>]*>/, "", s); gsub(/^[ \t\r\n]+|[ \t\r\n]+$/, "", s); gsub(/[\r\n]+/, " ", s)
  gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&amp;/, "\\&", s)
  return s
}
function flush(   up, running) {
  if (v["name"] == "") return
  if (++count <= 100) {
    running = v["statename"] ~ /^(RUNNING|STOPPING|STARTING)$/
    up = running && v["start"] > 0 && v["now"] >= v["start"] ? sprintf("%d", v["now"] - v["start"]) : unknown("not_supported")
    out = out (out == "" ? "" : ",") "{\"name\":" jstr(v["name"]) ",\"group\":" jstr(v["group"]) ",\"state\":" jstr(v["statename"]) ",\"pid\":" (v["pid"] > 0 ? number(v["pid"]) : unknown("field_absent", "no process")) ",\"startedAt\":" (v["start"] > 0 ? jstr(iso(v["start"])) : unknown("never_observed")) ",\"uptimeS\":" up ",\"exitStatus\":" ((v["statename"] == "EXITED" || v["statename"] == "STOPPED" && v["stop"] > 0) && isnumber(v["exitstatus"]) ? number(v["exitstatus"]) : unknown("field_absent", "not exited")) ",\"description\":" safe(v["spawnerr"] != "" ? v["spawnerr"] : v["description"]) "}"
  }
  for (k in v) delete v[k]
}
/<fault>/ { fault = 1 }
/<methodResponse>/ { answered = 1 }
/<struct>/ { flush() }
match($0, /<name>[^<]*<\/name>/) {
  name = substr($0, RSTART + 6, RLENGTH - 13)
  v[name] = clean(substr($0, RSTART + RLENGTH))
}
END {
  if (fault || !answered) exit 1
  flush()
  print "[" out "]"
}
EOF

IFS= read -r -d '' AWK_SUPERVISOR_TEXT <<'EOF'
$2 ~ /^(STOPPED|STARTING|RUNNING|BACKOFF|STOPPING|EXITED|FATAL|UNKNOWN)$/ {
  if (++count > 100) next
  name = $1; group = $1
  if ((i = index($1, ":")) > 0) { group = substr($1, 1, i - 1); name = substr($1, i + 1) }
  text = $0
  sub(/^[^ \t]+[ \t]+[A-Z]+[ \t]*/, "", text)
  pid = unknown("field_absent", "no process"); up = unknown("not_supported")
  if (match(text, /pid [0-9]+/)) pid = substr(text, RSTART + 4, RLENGTH - 4)
  if (match(text, /uptime .*/)) {
    t = substr(text, RSTART + 7); days = 0
    if (match(t, /^[0-9]+ day/)) { days = t + 0; sub(/^[^,]*, */, "", t) }
    if (split(t, hms, ":") == 3) up = days * 86400 + hms[1] * 3600 + hms[2] * 60 + hms[3]
  }
  out = out (out == "" ? "" : ",") "{\"name\":" jstr(name) ",\"group\":" jstr(group) ",\"state\":" jstr($2) ",\"pid\":" pid ",\"startedAt\":" unknown("not_supported", "supervisorctl does not tell it") ",\"uptimeS\":" up ",\"exitStatus\":" unknown("not_supported", "supervisorctl does not tell it") ",\"description\":" safe(text) "}"
  next
}
/[^ \t]/ { if (problem == "") problem = $0 }
END {
  if (count) { print "[" out "]"; exit }
  print unknown(tolower(problem) ~ /permission|unauthorized|401/ ? "source_refused" : problem == "" ? "source_error" : "source_unreachable", problem == "" ? "supervisorctl said nothing" : redact(problem))
  exit 1
}
EOF

IFS= read -r -d '' AWK_LOG <<'EOF'
{
  low = tolower($0)
  if (low !~ /error|exception|traceback|fatal|critical|panic|out of memory|oom-?kill|segmentation fault|cuda_/) next
  if (low ~ /(^|[^0-9a-z])(0|no) errors?/ || low ~ /errors?["\047]?[ ]*[:=][ ]*(0|none|null|false)([^0-9a-z]|$)/) next
  ring[count++ % 5] = $0
}
END {
  for (i = (count > 5 ? count - 5 : 0); i < count; i++) out = out (out == "" ? "" : ",") safe(substr(ring[i % 5], 1, 4000))
  print "[" out "]"
}
EOF

IFS= read -r -d '' AWK_ORDER <<'EOF'
BEGIN { max = 200 }
/[^ \t\r]/ { ring[count++ % max] = substr($0, 1, 4000) }
END {
  for (i = (count > max ? count - max : 0); i < count; i++) out = out (out == "" ? "" : ",") safe(ring[i % max])
  print "\"truncated\":" (cut == 1 || count > max ? "true" : "false") ",\"output\":[" out "]"
}
EOF

IFS= read -r -d '' AWK_MODELS <<'EOF'
BEGIN { FS = "\t" }
function whole(s) { return isnumber(s) ? number(s) : unknown("source_error", "not readable") }
$1 == "P" { patterns = patterns (patterns == "" ? "" : ",") "{\"pattern\":" safe($4) ",\"directory\":\"" $2 "\",\"matches\":" ($2 == "present" ? number($3) : unknown($2 == "absent" ? "field_absent" : "source_refused")) "}" }
$1 == "F" {
  if (++count > 100) { truncated = 1; next }
  name = $5
  sub(/^.*\//, "", name)
  files = files (files == "" ? "" : ",") "{\"path\":" safe($5) ",\"name\":" safe(name) ",\"kind\":\"" $2 "\",\"sizeBytes\":" whole($3) ",\"modifiedAt\":" (isnumber($4) ? jstr(iso($4)) : unknown("source_error")) "}"
}
END { print "\"truncated\":" (truncated ? "true" : "false") ",\"patterns\":[" patterns "],\"files\":[" files "]" }
EOF

IFS= read -r -d '' AWK_DISK <<'EOF'
function size(s) { return isnumber(s) ? number(s) : unknown("not_supported") }
function share(used, of) { return isnumber(used) && isnumber(of) && of > 0 ? number(sprintf("%.1f", used * 100 / of)) : unknown("not_supported") }
$1 != "1B-blocks" && NF >= 6 {
  path = $0
  for (i = 1; i <= 5; i++) sub(/^ *[^ ]+ +/, "", path)
  print path "\t" "{\"path\":" jstr(path) ",\"totalBytes\":" size($1) ",\"usedBytes\":" size($2) ",\"availableBytes\":" size($3) ",\"usedPercent\":" share($2, sprintf("%.0f", $2 + $3)) ",\"inodesUsedPercent\":" share($5, $4) "}"
}
EOF

IFS= read -r -d '' MODELS_PROGRAM <<'EOF'
shopt -s nullglob
IFS=
count=0
for pattern; do
  directory=${pattern%/*}
  files=()
  while [[ $directory == *[\*\?\[]* ]]; do directory=${directory%/*}; done
  if [[ ! -d ${directory:-/} ]]; then state=absent; [[ -e $pattern ]] && state=present
  elif [[ ! -r ${directory:-/} || ! -x ${directory:-/} ]]; then state=unreadable
  else state=present; fi
  # shellcheck disable=SC2206
  files=($pattern)
  matches=0
  for file in "${files[@]}"; do [[ -e $file || -L $file ]] && matches=$((matches + 1)); done
  printf 'P\t%s\t%s\t%s\0' "$state" "$matches" "$pattern"
  for file in "${files[@]}"; do
    [[ -e $file || -L $file ]] || continue
    [[ $((count += 1)) -gt 101 ]] && break
    if [[ -d $file ]]; then
      size=$(timeout -s KILL 3 du -sLB1 --apparent-size -- "$file" 2>/dev/null)
      printf 'F\tdirectory\t%s\t' "${size%%[!0-9]*}"
      stat -L --printf='%Y\t%n\0' -- "$file" 2>/dev/null || printf '\t%s\0' "$file"
    else
      stat -L --printf='F\tfile\t%s\t%Y\t%n\0' -- "$file" 2>/dev/null || printf 'F\tother\t\t\t%s\0' "$file"
    fi
  done
done | tr '\n\0' '?\n'
EOF

# ---------------------------------------------------------------- small things
say() {
  local line
  iso_now
  line="$REPLY watchfloor-agent: $*"
  if [[ -z ${LOG_FILE:-} ]]; then printf '%s\n' "$line" >&2; return; fi
  if [[ -z ${LOG_BYTES:-} ]]; then LOG_BYTES=$(stat -c %s -- "$LOG_FILE" 2>/dev/null || printf 0); fi
  if ((LOG_BYTES + ${#line} > LOG_MAX_BYTES)); then mv -f -- "$LOG_FILE" "$LOG_FILE.1" 2>/dev/null; LOG_BYTES=0; fi
  printf '%s\n' "$line" 2>/dev/null >>"$LOG_FILE"
  LOG_BYTES=$((LOG_BYTES + ${#line} + 1))
}
die() { printf 'watchfloor-agent: %s\n' "$*" >&2; exit 2; }
have() { [[ -n $(type -P -- "$1") ]]; }

epoch_now() { if [[ -n ${EPOCHREALTIME:-} ]]; then REPLY=${EPOCHREALTIME%.*}; else printf -v REPLY '%(%s)T' -1; fi; }
iso_now() {
  local second fraction=000000
  if [[ -n ${EPOCHREALTIME:-} ]]; then second=$EPOCHREALTIME fraction=${second#*.} second=${second%.*}; else printf -v second '%(%s)T' -1; fi
  printf -v REPLY '%(%Y-%m-%dT%H:%M:%S)T.%sZ' "$second" "${fraction:0:3}"
}
# Milliseconds of a clock that does not jump when the wall clock is set.
mono_ms() {
  local up
  if read -r up _ 2>/dev/null </proc/uptime; then up=${up/./}0; REPLY=$((10#$up)); else REPLY=$((SECONDS * 1000)); fi
}
jstr() {
  local s=${1:0:300}
  s=${s//[^ -~]/?}
  s=${s//\\/\\\\}
  REPLY="\"${s//\"/\\\"}\""
}
unknown() {
  if [[ -z ${2:-} ]]; then REPLY="{\"unknown\":\"$1\"}"; return; fi
  jstr "$2"
  REPLY="{\"unknown\":\"$1\",\"detail\":$REPLY}"
}
number_or() { if [[ ${1:-} =~ ^(0|[1-9][0-9]*)(\.[0-9]+)?$ ]]; then REPLY=$1; else unknown "$2" "${3:-}"; fi; }

# An awk program with the library in front. The secrets to mask go in through a pipe, never through a file
# or an argument. Usage: masked PROGRAM [awk arguments…]
masked() {
  local program=$1
  shift
  awk ${AWK_V:+-v "$AWK_V"} "$AWK_LIB$program" phase=secrets - phase=data "$@" < <(printf '%s\n' "${SECRETS[@]}")
}

declare -A STUCK=()
process_start() {
  local stat
  REPLY=
  { read -r -d '' stat </proc/"$1"/stat; } 2>/dev/null
  [[ -n ${stat:-} ]] || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [[ $1 != Z && $1 != X ]] || return 1
  REPLY=${20}
}
is_stuck() {
  local entry=${STUCK[$1]:-}
  [[ -n $entry ]] || return 1
  if process_start "${entry% *}" && [[ $REPLY == "${entry#* }" ]]; then return 0; fi
  unset "STUCK[$1]"
  return 1
}
# Runs a program with a deadline and never waits for one that the kernel won't kill (a wedged driver leaves
# nvidia-smi in uninterruptible sleep): such a probe stays in STUCK and is not started again while it lives.
# bounded PROBE SECONDS OUTPUT COMMAND…; RC is the exit code, 124 too late, 125 an earlier one is still stuck.
bounded() {
  local probe=$1 limit=$2 output=$3 fd pid late
  shift 3
  if [[ -n $STOPPING ]]; then RC=124; return; fi
  if is_stuck "$probe"; then RC=125; return; fi
  : >"$output" 2>/dev/null
  exec {fd}< <(
    exec 2>/dev/null
    timeout -s KILL "$limit" "$@" >"$output" 2>"$output.err" < <(printf '%s' "${BOUNDED_STDIN:-}")
    printf '%s\n' $?
  )
  pid=$!
  RUNNING_PID=$pid
  # Only in POSIX mode does a signal with a trap end a read.
  set -o posix
  IFS= read -r -t $((limit + 1)) -u "$fd" RC
  late=$?
  set +o posix
  if ((late)); then
    RC=124
    if [[ -n $STOPPING ]]; then kill_tree "$pid"
    elif process_start "$pid"; then STUCK[$probe]="$pid $REPLY"; fi
  fi
  RUNNING_PID=
  exec {fd}<&-
  [[ $RC != 137 ]] || RC=124
}
kill_tree() {
  local child children=
  { read -r children </proc/"$1"/task/"$1"/children; } 2>/dev/null
  kill -KILL "$1" 2>/dev/null
  for child in $children; do kill_tree "$child"; done
}

# ---------------------------------------------------------------- configuration
declare -A OPTION=() CONTAINER_ENV=()
SECRETS=()
OPTION_NAMES=' URL TOKEN INSTANCE INTERVAL_S GPU_COUNT MODELS LOGS DISKS ENV_FILE SUPERVISOR_SOCKET SUPERVISOR_CONF IMAGE_VERSION_FILES STATE_DIR CA_FILE LOG_FILE ALLOW_HTTP ORDERS_FILE '
SECRET_NAME='(KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|AUTH|COOKIE|_PAT$|_PWD$)'

usage() {
  cat <<'EOF'
watchfloor-agent.sh [--url URL] [--token-file FILE] [--instance ID] [--config FILE] [options]
  --once           one report, then end        --print     print it instead of sending it
  --check          say what can be seen        --version   --help
Options and their variables are listed in README.md beside this file.
EOF
}
parse_flags() {
  MODE=run PRINT='' CONFIG_FILE=''
  while (($#)); do
    case $1 in
      --once) MODE=once ;;
      --print) PRINT=1 ;;
      --check) MODE=check ;;
      --version) printf '%s\n' "$AGENT_VERSION"; exit 0 ;;
      --help | -h) usage; exit 0 ;;
      --config) CONFIG_FILE=${2:-}; shift ;;
      --token-file) TOKEN_FILE=${2:-}; [[ -r $TOKEN_FILE ]] || die "can't read the token file $TOKEN_FILE"; shift ;;
      --token) die 'a token on the command line is visible to everyone (ps): use --token-file, WATCHFLOOR_TOKEN or the configuration file' ;;
      --url | --instance | --interval | --gpu-count | --models | --logs | --disks | --env-file | --supervisor-socket | --supervisor-conf | --image-version-files | --state-dir | --ca-file | --log-file | --orders-file)
        (($# > 1)) || die "$1 needs a value"
        local name=${1#--}
        name=${name^^}
        name=${name//-/_}
        [[ $name != INTERVAL ]] || name=INTERVAL_S
        OPTION[$name]=$2
        shift
        ;;
      *) die "unknown option $1 (see --help)" ;;
    esac
    shift || break
  done
}
# The file is data: lines NAME=value, never executed.
read_config_file() {
  local line name value mode
  [[ -f $1 ]] || return 0
  [[ -r $1 ]] || { say "can't read $1"; return 0; }
  mode=$(stat -c %a -- "$1" 2>/dev/null)
  if [[ ${mode: -2} != 00 ]]; then
    if chmod 600 -- "$1" 2>/dev/null; then say "$1 was readable by others (mode $mode); set to 600"; else say "$1 is readable by others (mode $mode)"; fi
  fi
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ ^[[:space:]]*(export[[:space:]]+)?WATCHFLOOR_([A-Z_]+)=(.*)$ ]] || continue
    name=${BASH_REMATCH[2]} value=${BASH_REMATCH[3]}
    value=${value%"${value##*[![:space:]]}"}
    if [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]]; then value=${BASH_REMATCH[1]}; fi
    [[ $OPTION_NAMES == *" $name "* ]] && FILE_OPTION[$name]=$value
  done <"$1"
}
declare -A ENV_OPTION=() FILE_OPTION=()
take_environment() {
  local name variable pair
  for name in $OPTION_NAMES; do
    variable=WATCHFLOOR_$name
    [[ -n ${!variable:-} ]] && ENV_OPTION[$name]=${!variable}
    export -n "${variable?}"
  done
  # A shell opened by ssh or cron lacks the container's variables; process 1 has them.
  if [[ -r /proc/1/environ ]]; then
    while IFS= read -r -d '' pair; do
      CONTAINER_ENV_READABLE=1
      remember_variable "${pair%%=*}" "${pair#*=}"
    done 2>/dev/null </proc/1/environ
  fi
  while IFS= read -r -d '' pair; do remember_variable "${pair%%=*}" "${pair#*=}"; done </proc/self/environ
}
remember_variable() {
  case $1 in
    CONTAINER_ID | VAST_CONTAINERLABEL | GPU_COUNT | IMAGE_VERSION | TEMPORAL_ADDRESS | MINIO_ENDPOINT | MINIO_SECURE) CONTAINER_ENV[$1]=$2 ;;
  esac
  remember_secret "$1" "$2"
}
remember_secret() {
  [[ ${1^^} =~ $SECRET_NAME && ${#2} -ge 6 && ${#SECRETS[@]} -lt 100 && $2 != *$'\n'* && $2 != /* ]] || return 0
  SECRETS+=("$2")
}
option() { REPLY=${OPTION[$1]:-${ENV_OPTION[$1]:-${FILE_OPTION[$1]:-${2:-}}}}; }
configure() {
  FILE_OPTION=()
  if [[ -n $CONFIG_FILE ]]; then
    [[ -f $CONFIG_FILE ]] || die "no configuration file $CONFIG_FILE"
    read_config_file "$CONFIG_FILE"
  elif [[ -f /etc/watchfloor-agent.conf && -r /etc/watchfloor-agent.conf ]]; then read_config_file /etc/watchfloor-agent.conf
  else read_config_file "${HOME:-/nonexistent}/.config/watchfloor-agent.conf"; fi
  local default_state=${XDG_STATE_HOME:-${HOME:-/tmp}/.local/state}/watchfloor-agent
  [[ $EUID != 0 ]] || default_state=/var/lib/watchfloor-agent
  option URL; URL=${REPLY%/}
  option TOKEN; TOKEN=$REPLY
  if [[ -n ${TOKEN_FILE:-} ]]; then IFS= read -r TOKEN <"$TOKEN_FILE"; fi
  option INTERVAL_S 12; INTERVAL_S=$REPLY
  option MODELS '/workspace/packages/models/*'; IFS=: read -r -a MODELS <<<"$REPLY"
  option LOGS /var/log/worker.log:/var/log/worker-gpu.log:/var/log/llama.log; IFS=: read -r -a LOGS <<<"$REPLY"
  option DISKS /:/workspace; IFS=: read -r -a DISKS <<<"$REPLY"
  option ENV_FILE /workspace/.env; ENV_FILE=$REPLY
  option SUPERVISOR_SOCKET; SUPERVISOR_SOCKET=$REPLY
  option SUPERVISOR_CONF; SUPERVISOR_CONF=$REPLY
  option IMAGE_VERSION_FILES /etc/image-version:/etc/watchfloor-image-version:/app/VERSION; IFS=: read -r -a IMAGE_FILES <<<"$REPLY"
  option STATE_DIR "$default_state"; STATE_DIR=$REPLY
  option CA_FILE; CA_FILE=$REPLY
  option LOG_FILE; LOG_FILE=$REPLY
  option ALLOW_HTTP; ALLOW_HTTP=$REPLY
  local default_orders=${HOME:-/nonexistent}/.config/watchfloor-agent-orders.conf
  [[ $EUID != 0 ]] || default_orders=/etc/watchfloor-agent-orders.conf
  option ORDERS_FILE "$default_orders"; ORDERS_FILE=$REPLY
  option GPU_COUNT "${CONTAINER_ENV[GPU_COUNT]:-}"; GPU_COUNT=$REPLY
  LOGS=("${LOGS[@]:0:10}") DISKS=("${DISKS[@]:0:10}") MODELS=("${MODELS[@]:0:20}")
  [[ $INTERVAL_S =~ ^[1-9][0-9]?[0-9]?$ && $INTERVAL_S -le 300 ]] || die "the interval must be 1 to 300 seconds, not '$INTERVAL_S'"
  identify
  [[ -z $TOKEN || ${#TOKEN} -lt 6 ]] || SECRETS+=("$TOKEN")
}
identify() {
  option INSTANCE
  INSTANCE=$REPLY INSTANCE_SOURCE=config
  if [[ -z $INSTANCE ]]; then INSTANCE=${CONTAINER_ENV[CONTAINER_ID]:-} INSTANCE_SOURCE=CONTAINER_ID; fi
  if [[ -z $INSTANCE ]]; then INSTANCE=${CONTAINER_ENV[VAST_CONTAINERLABEL]:-} INSTANCE=${INSTANCE#C.} INSTANCE_SOURCE=VAST_CONTAINERLABEL; fi
  [[ -n $INSTANCE ]] || die 'which instance is this? CONTAINER_ID and VAST_CONTAINERLABEL are not set: give --instance ID'
  [[ $INSTANCE =~ ^[A-Za-z0-9._:-]+$ && ${#INSTANCE} -le 100 ]] || die 'the instance id may have letters, digits and . _ : - only, at most 100'
}
check_destination() {
  local pattern='^(https?)://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:([0-9]{1,5}))?(/[A-Za-z0-9._~/-]*)?$'
  [[ -n $URL ]] || { PROBLEM='no console configured: give --url or WATCHFLOOR_URL'; return 1; }
  [[ $URL =~ $pattern ]] || { PROBLEM="not a console address: it must look like https://host[:port][/path]"; return 1; }
  SCHEME=${BASH_REMATCH[1]} HOST=${BASH_REMATCH[2]} PORT=${BASH_REMATCH[4]} URL_PATH=${BASH_REMATCH[5]}
  HOST_HEADER=$HOST${BASH_REMATCH[3]}
  HOST=${HOST#[} HOST=${HOST%]}
  if [[ -z $PORT ]]; then PORT=80; [[ $SCHEME == http ]] || PORT=443; fi
  if [[ $SCHEME == http && ! $HOST =~ ^(127\.[0-9.]+|localhost|::1)$ && -z $ALLOW_HTTP ]]; then
    PROBLEM='http would send the token in clear text: use https, or set WATCHFLOOR_ALLOW_HTTP=1 on a private network'
    return 1
  fi
  choose_transport
}
choose_transport() {
  TRANSPORT=none
  if have curl; then TRANSPORT=curl
  elif have wget && wget --version 2>/dev/null | grep -q 'GNU Wget'; then TRANSPORT=wget
  elif [[ $SCHEME == https ]] && have openssl; then TRANSPORT=openssl
  elif [[ $SCHEME == http ]]; then TRANSPORT=devtcp
  else
    PROBLEM='nothing here can speak https: install curl, GNU wget or openssl'
    return 1
  fi
}
check_token() {
  [[ -n $TOKEN ]] || { PROBLEM='no token configured: set WATCHFLOOR_TOKEN in the configuration file, or give --token-file'; return 1; }
  [[ $TOKEN =~ ^[A-Za-z0-9._~+/=-]+$ ]] || { PROBLEM='the token has characters that a bearer token cannot have'; return 1; }
}

# ---------------------------------------------------------------- GPUs
# key : type : names in nvidia-smi, newest first
GPU_COLUMNS='index:num:index
uuid:str:uuid
name:str:name
pciBusId:str:pci.bus_id
driverVersion:str:driver_version
pstate:str:pstate
temperatureC:num:temperature.gpu
tlimitMarginC:num:temperature.gpu.tlimit
memoryTemperatureC:num:temperature.memory
utilizationPercent:num:utilization.gpu
memoryUtilizationPercent:num:utilization.memory
memoryTotalMib:num:memory.total
memoryUsedMib:num:memory.used
memoryFreeMib:num:memory.free
memoryReservedMib:num:memory.reserved
powerDrawW:num:power.draw
powerLimitW:num:power.limit
enforcedPowerLimitW:num:enforced.power.limit
smClockMhz:num:clocks.current.sm,clocks.sm
smClockMaxMhz:num:clocks.max.sm
memoryClockMhz:num:clocks.current.memory,clocks.mem
fanSpeedPercent:num:fan.speed
pcieGenCurrent:num:pcie.link.gen.current,pcie.link.gen.gpucurrent
pcieGenMax:num:pcie.link.gen.max
pcieWidthCurrent:num:pcie.link.width.current
pcieWidthMax:num:pcie.link.width.max
eccCorrectedVolatile:num:ecc.errors.corrected.volatile.total
eccUncorrectedVolatile:num:ecc.errors.uncorrected.volatile.total
eccUncorrectedAggregate:num:ecc.errors.uncorrected.aggregate.total
retiredPagesPending:bool:retired_pages.pending
remappedRowsCorrectable:num:remapped_rows.correctable
remappedRowsUncorrectable:num:remapped_rows.uncorrectable
remappedRowsPending:bool:remapped_rows.pending
remappedRowsFailure:bool:remapped_rows.failure
clockEventReasons:hex:clocks_event_reasons.active,clocks_throttle_reasons.active
hwSlowdown:bool:clocks_event_reasons.hw_slowdown,clocks_throttle_reasons.hw_slowdown
hwThermalSlowdown:bool:clocks_event_reasons.hw_thermal_slowdown,clocks_throttle_reasons.hw_thermal_slowdown
hwPowerBrakeSlowdown:bool:clocks_event_reasons.hw_power_brake_slowdown,clocks_throttle_reasons.hw_power_brake_slowdown
swThermalSlowdown:bool:clocks_event_reasons.sw_thermal_slowdown,clocks_throttle_reasons.sw_thermal_slowdown
swPowerCap:bool:clocks_event_reasons.sw_power_cap,clocks_throttle_reasons.sw_power_cap
computeMode:str:compute_mode'
SMI_FIELDS=
SMI_STATE='' SMI_SINCE=''
LIMITS_NEXT_MS=0
LIMITS_WHY=not_evaluated LIMITS_DETAIL=

# What the field list and the limits depend on: they are read again when it changes.
driver_key() {
  local line=
  { read -r line </proc/driver/nvidia/version; } 2>/dev/null
  DRIVER_KEY="$BOOT_ID ${line:-no version file}"
}
load_gpu_caches() {
  local key
  [[ $DRIVER_KEY != "${CACHED_KEY:-}" ]] || return 0
  CACHED_KEY=$DRIVER_KEY SMI_FIELDS='' LIMITS_WHY=not_evaluated LIMITS_NEXT_MS=0
  if { IFS= read -r key && IFS= read -r SMI_FIELDS; } 2>/dev/null <"$CACHE_DIR/fields" && [[ $key == "$DRIVER_KEY" ]]; then :; else SMI_FIELDS=; fi
  if IFS= read -r key 2>/dev/null <"$CACHE_DIR/limits.key" && [[ $key == "$DRIVER_KEY" ]]; then
    LIMITS_WHY='not_supported' LIMITS_DETAIL='the device told no limits at this boot'
  else rm -f -- "$CACHE_DIR/limits" "$CACHE_DIR/limits.key"; fi
}
# An unknown field makes a whole query fail, so the driver is asked once which ones it knows.
choose_fields() {
  local known line key type names name chosen
  bounded nvidia-smi "$SMI_LIMIT_S" "$WORK/smi" nvidia-smi --help-query-gpu
  [[ $RC != 124 && $RC != 125 ]] || return 1
  known=" $(grep -aoE '"[a-z0-9_.]+"' "$WORK/smi" 2>/dev/null | tr -d '"' | tr '\n' ' ') "
  [[ $RC == 0 && $known == *' index '* ]] || known=
  SMI_FIELDS=
  while IFS=: read -r key type names; do
    chosen=-
    for name in ${names//,/ }; do
      if [[ -z $known || $known == *" $name "* ]]; then chosen=$name; break; fi
    done
    SMI_FIELDS+="$key:$type:$chosen "
  done <<<"$GPU_COLUMNS"
  SMI_FIELDS=${SMI_FIELDS% }
  return 0
}
save_fields() { printf '%s\n%s\n' "$DRIVER_KEY" "$SMI_FIELDS" 2>/dev/null >"$CACHE_DIR/fields"; }
# A field the driver refuses gives way to its older name, else it is left out.
drop_field() {
  local entry key type names next='' out=''
  for entry in $SMI_FIELDS; do
    if [[ ${entry##*:} == "$1" ]]; then
      key=${entry%%:*} type=${entry#*:} type=${type%%:*} next=-
      names=$(grep "^$key:" <<<"$GPU_COLUMNS")
      names=,${names##*:},
      if [[ $names == *",$1,"[a-z]* ]]; then next=${names#*",$1,"} next=${next%%,*}; fi
      entry=$key:$type:$next
    fi
    out+="$entry "
  done
  [[ -n $next ]] || return 1
  SMI_FIELDS=${out% }
}
query_list() {
  local entry
  REPLY=
  for entry in $SMI_FIELDS; do [[ ${entry##*:} == - ]] || REPLY+=,${entry##*:}; done
  REPLY=${REPLY#,}
}
smi_state() {
  iso_now
  if [[ $1 != "$SMI_STATE" ]]; then SMI_STATE=$1 SMI_SINCE=$REPLY; fi
  SMI="{\"state\":\"$1\",\"since\":\"$SMI_SINCE\"${2:-}}"
}
no_gpus() {
  unknown "$1" "$2"
  GPUS=$REPLY SEEN=$REPLY
}
sample_gpus() {
  local tries=0 started out counts rows seen none extra
  if ! have nvidia-smi; then
    smi_state not_supported ',"message":"there is no nvidia-smi here"'
    no_gpus not_supported 'there is no nvidia-smi here'
    return
  fi
  driver_key
  load_gpu_caches
  mono_ms; started=$REPLY
  if [[ -z $SMI_FIELDS ]] && ! choose_fields; then gpus_hung; return; fi
  read_limits
  while :; do
    query_list
    bounded nvidia-smi "$SMI_LIMIT_S" "$WORK/smi" nvidia-smi "--query-gpu=$REPLY" --format=csv,noheader,nounits
    if [[ $RC == 124 || $RC == 125 ]]; then gpus_hung; return; fi
    cat "$WORK/smi.err" >>"$WORK/smi" 2>/dev/null
    [[ -f $CACHE_DIR/limits ]] || : >"$CACHE_DIR/limits"
    out=$(AWK_V="columns=$SMI_FIELDS" masked "$AWK_GPU" "limitsWhy=$LIMITS_WHY" "limitsDetail=$LIMITS_DETAIL" phase=limits "$CACHE_DIR/limits" phase=data "$WORK/smi" 2>/dev/null)
    if [[ $out == 'badfield '* && $((tries += 1)) -le 8 ]] && drop_field "${out#badfield }"; then continue; fi
    break
  done
  if [[ $out == 'badfield '* ]]; then
    SMI_FIELDS=
    smi_state failed ',"message":"nvidia-smi refuses the fields that it was asked for"'
    no_gpus schema_mismatch 'nvidia-smi refuses the fields that it was asked for'
    return
  fi
  [[ $RC != 0 ]] || save_fields
  counts=${out%%$'\n'*} out=${out#*$'\n'}
  extra=${out%%$'\n'*} GPUS=${out#*$'\n'}
  read -r rows seen none <<<"$counts"
  mono_ms
  extra=",\"durationMs\":$((REPLY - started)),\"exitCode\":$RC$extra"
  SEEN=$seen
  if [[ $none == 1 && $rows == 0 ]]; then smi_state ok "$extra"
  elif [[ ${rows:-0} == 0 ]]; then
    smi_state failed "$extra"
    no_gpus source_error 'nvidia-smi answered without a GPU, see nvidiaSmi.message'
  elif [[ $RC != 0 ]]; then smi_state failed "$extra"
  else smi_state ok "$extra"; fi
}
gpus_hung() {
  smi_state hung ",\"message\":\"no answer within $SMI_LIMIT_S s\""
  no_gpus source_unreachable "nvidia-smi gave no answer within $SMI_LIMIT_S s"
}
# Once per boot, and not before the first report is out: the long listing takes seconds on large machines.
read_limits() {
  [[ $LIMITS_WHY != not_supported ]] || return 0
  mono_ms
  if [[ $CYCLE -lt 2 && $MODE == run ]] || ((REPLY < LIMITS_NEXT_MS)); then return 0; fi
  LIMITS_NEXT_MS=$((REPLY + 600000))
  bounded nvidia-smi "$SMI_LIMIT_S" "$WORK/smi" nvidia-smi -q -x
  if [[ $RC != 0 ]]; then LIMITS_WHY=source_error LIMITS_DETAIL="nvidia-smi -q -x ended with code $RC"; return 0; fi
  masked "$AWK_LIMITS" "$WORK/smi" 2>/dev/null >"$CACHE_DIR/limits" && printf '%s\n' "$DRIVER_KEY" 2>/dev/null >"$CACHE_DIR/limits.key"
  LIMITS_WHY=not_supported LIMITS_DETAIL='the device told no limits at this boot'
}
sample_xid() {
  local up boot
  if ! have dmesg; then unknown not_supported 'XID is not observable in this rental: there is no dmesg'; XID=$REPLY; return; fi
  bounded dmesg 3 "$WORK/dmesg" dmesg
  if [[ $RC != 0 ]]; then unknown not_supported 'XID is not observable in this rental: the kernel log is not readable'; XID=$REPLY; return; fi
  read -r up _ </proc/uptime
  epoch_now
  boot=$((REPLY - ${up%.*}))
  XID=$(masked "$AWK_XID" "bootEpoch=$boot" "$WORK/dmesg" 2>/dev/null)
  : >"$WORK/dmesg"
  [[ -n $XID ]] || { unknown source_error; XID=$REPLY; }
}

# ---------------------------------------------------------------- supervised programs
SUPERVISOR_NEXT_MS=0
SUPERVISOR=
sample_supervisor() {
  local socket body='<?xml version="1.0"?><methodCall><methodName>supervisor.getAllProcessInfo</methodName></methodCall>' list sampled
  if have curl; then
    for socket in ${SUPERVISOR_SOCKET:+"$SUPERVISOR_SOCKET"} /var/run/supervisor.sock /run/supervisor/supervisor.sock /tmp/supervisor.sock; do
      [[ -S $socket ]] || continue
      bounded supervisor 3 "$WORK/supervisor" curl -q -sS -f -m 3 --unix-socket "$socket" -H 'Content-Type: text/xml' --data-binary "$body" http://localhost/RPC2
      [[ $RC == 0 ]] || continue
      iso_now; sampled=$REPLY
      if list=$(masked "$AWK_SUPERVISOR_XML" 'RS=</member>' "$WORK/supervisor" 2>/dev/null); then
        SUPERVISOR="{\"via\":\"xmlrpc\",\"sampledAt\":\"$sampled\",\"processes\":$list}"
        return
      fi
    done
  fi
  sample_supervisorctl
}
# It is a Python program and costs a tenth of a second of CPU, so it runs once a minute.
sample_supervisorctl() {
  local list
  if ! have supervisorctl; then unknown not_supported 'neither a supervisord socket nor supervisorctl is here'; SUPERVISOR=$REPLY; return; fi
  mono_ms
  if [[ -n $SUPERVISOR ]] && ((REPLY < SUPERVISOR_NEXT_MS)); then return; fi
  SUPERVISOR_NEXT_MS=$((REPLY + 60000))
  bounded supervisor 5 "$WORK/supervisor" supervisorctl ${SUPERVISOR_CONF:+-c "$SUPERVISOR_CONF"} status
  if [[ $RC == 124 || $RC == 125 ]]; then unknown source_unreachable 'supervisorctl gave no answer within 5 s'; SUPERVISOR=$REPLY; return; fi
  iso_now
  cat "$WORK/supervisor.err" >>"$WORK/supervisor" 2>/dev/null
  if list=$(masked "$AWK_SUPERVISOR_TEXT" "$WORK/supervisor" 2>/dev/null); then
    SUPERVISOR="{\"via\":\"supervisorctl\",\"sampledAt\":\"$REPLY\",\"processes\":$list}"
  else SUPERVISOR=${list:-'{"unknown":"source_error"}'}; fi
}

# ---------------------------------------------------------------- endpoints, image
# Only host and port leave this machine. One bare word is not taken for a host: it could be a misplaced secret.
host_port() {
  local value=$1 label='[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?'
  value=${value##*@}
  value=${value#*://}
  value=${value%%[/?#]*}
  if [[ ${#value} -le 259 && $value =~ ^((\[[0-9a-fA-F:.]+\]|$label(\.$label)*)(:[0-9]{1,5})?)$ && $value == *[.:]* || $value == localhost ]] && ! looks_like_token "$value"; then
    jstr "$value"
  else unknown schema_mismatch 'the value does not look like host or host:port and is not sent'; fi
}
looks_like_token() {
  local label
  [[ $1 =~ ^eyJ ]] && return 0
  for label in ${1//[.:]/ }; do
    [[ ${#label} -ge 20 && $label == *[0-9]*[0-9]* && $label == *[A-Z]* && $label == *[a-z]* ]] && return 0
    [[ ${#label} -gt 63 ]] && return 0
  done
  return 1
}
sample_endpoints() {
  local line name value source count=0 entry out=''
  local -A found=()
  local state=absent
  if [[ -e $ENV_FILE ]]; then
    state=unreadable
    if [[ -f $ENV_FILE && -r $ENV_FILE ]]; then
      state='read'
      while { IFS= read -r line || [[ -n $line ]]; } && ((count++ < 2000)); do
        [[ $line =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
        name=${BASH_REMATCH[2]} value=${BASH_REMATCH[3]}
        if [[ $value =~ ^\"([^\"]*)\" || $value =~ ^\'([^\']*)\' ]]; then value=${BASH_REMATCH[1]}; else value=${value%%[[:space:]]*}; fi
        case $name in
          TEMPORAL_ADDRESS | MINIO_ENDPOINT | MINIO_SECURE) found[$name]=$value ;;
          *) if [[ -z ${ENV_FILE_SECRETS_READ:-} ]]; then remember_secret "$name" "$value"; fi ;;
        esac
      done <"$ENV_FILE"
      ENV_FILE_SECRETS_READ=1
    fi
  fi
  for name in TEMPORAL_ADDRESS MINIO_ENDPOINT MINIO_SECURE; do
    value=${found[$name]:-} source=$ENV_FILE
    if [[ -z $value ]]; then value=${CONTAINER_ENV[$name]:-} source=environment; fi
    endpoint_json "$name" "$value" "$source" "$state"
    out+=",\"$name\":$REPLY"
  done
  ENDPOINTS="{${out#,}}"
}
endpoint_json() {
  local key=hostPort shown
  if [[ -z $2 ]]; then
    if [[ $4 == unreadable ]]; then unknown source_refused 'the env file is not readable'
    elif [[ $4 == absent && -z ${CONTAINER_ENV_READABLE:-} ]]; then unknown field_absent "there is no env file and the container's environment is not readable"
    else REPLY='{"present":false}'; fi
    return
  fi
  if [[ $1 == MINIO_SECURE ]]; then
    key=value
    case ${2,,} in
      true | 1 | yes | on) shown=true ;;
      false | 0 | no | off) shown=false ;;
      *) unknown schema_mismatch 'neither true nor false'; shown=$REPLY ;;
    esac
  else host_port "$2"; shown=$REPLY; fi
  jstr "$3"
  REPLY="{\"present\":true,\"$key\":$shown,\"source\":$REPLY}"
}
sample_image() {
  local file line
  if [[ -n ${CONTAINER_ENV[IMAGE_VERSION]:-} ]]; then
    jstr "${CONTAINER_ENV[IMAGE_VERSION]:0:200}"
    IMAGE="{\"version\":$REPLY,\"source\":\"IMAGE_VERSION\"}"
    return
  fi
  for file in "${IMAGE_FILES[@]}"; do
    line=
    { IFS= read -r line <"$file"; } 2>/dev/null
    [[ -n $line ]] || continue
    jstr "${line:0:200}"
    line=$REPLY
    jstr "$file"
    IMAGE="{\"version\":$line,\"source\":$REPLY}"
    return
  done
  unknown not_supported 'IMAGE_VERSION is not set and no version file is here'
  IMAGE="{\"version\":$REPLY,\"source\":$REPLY}"
}

# ---------------------------------------------------------------- files, logs, disks, machine
MODELS_NEXT_MS=0
MODELS_JSON=
sample_models() {
  local list
  mono_ms
  if [[ -n $MODELS_JSON ]] && ((REPLY < MODELS_NEXT_MS)); then return; fi
  MODELS_NEXT_MS=$((REPLY + 60000))
  bounded models 8 "$WORK/models" bash -c "$MODELS_PROGRAM" models "${MODELS[@]}"
  iso_now
  if [[ $RC == 0 ]]; then list=$(masked "$AWK_MODELS" "$WORK/models" 2>/dev/null); else list=; fi
  if [[ -z $list ]]; then
    local pattern unread=''
    for pattern in "${MODELS[@]}"; do
      jstr "$pattern"
      unread+=",{\"pattern\":$REPLY,\"directory\":\"unreadable\",\"matches\":{\"unknown\":\"source_unreachable\",\"detail\":\"no answer within 8 s\"}}"
    done
    iso_now
    list="\"truncated\":false,\"patterns\":[${unread#,}],\"files\":[]"
  fi
  MODELS_JSON="{\"sampledAt\":\"$REPLY\",$list}"
}
declare -A LOG_SEEN=() LOG_ERRORS=()
sample_logs() {
  local path size modified stamp out='' lines
  local -A stats=()
  bounded logs 3 "$WORK/logs" stat -L --printf='%n\t%s\t%Y\n' -- "${LOGS[@]}"
  if [[ $RC != 124 && $RC != 125 ]]; then
    while IFS=$'\t' read -r path size modified; do stats[$path]="$size $modified"; done <"$WORK/logs"
  fi
  for path in "${LOGS[@]}"; do
    stamp=${stats[$path]:-}
    if [[ $RC == 124 || $RC == 125 ]]; then unknown source_unreachable 'the file system gave no answer within 3 s'; lines=$REPLY
    elif [[ -z $stamp ]]; then unknown field_absent 'there is no such file'; lines=$REPLY
    elif [[ ! -r $path ]]; then unknown source_refused 'the file is not readable'; lines=$REPLY
    else
      if [[ $stamp != "${LOG_SEEN[$path]:-}" ]]; then read_log "$path" "$stamp"; fi
      lines=${LOG_ERRORS[$path]}
    fi
    if [[ -n $stamp ]]; then
      size=${stamp% *}
      printf -v modified '"%(%Y-%m-%dT%H:%M:%S)TZ"' "${stamp#* }"
    else size=$lines modified=$lines; fi
    jstr "$path"
    out+=",{\"path\":$REPLY,\"sizeBytes\":$size,\"modifiedAt\":$modified,\"errorLines\":$lines}"
  done
  LOGS_JSON="[${out#,}]"
}
read_log() {
  local code=$RC
  bounded logs 3 "$WORK/log" tail -c 65536 -- "$1"
  if [[ $RC == 0 ]]; then
    LOG_ERRORS[$1]=$(tr -d '\000' <"$WORK/log" | masked_stdin "$AWK_LOG")
    LOG_SEEN[$1]=$2
  else unknown source_error 'the file could not be read'; LOG_ERRORS[$1]=$REPLY; fi
  RC=$code
  [[ -n ${LOG_ERRORS[$1]} ]] || { unknown source_error; LOG_ERRORS[$1]=$REPLY; }
}
masked_stdin() { awk "$AWK_LIB$1" phase=secrets <(printf '%s\n' "${SECRETS[@]}") phase=data - 2>/dev/null; }
sample_disks() {
  local path line out='' why detail
  local -A rows=()
  bounded df 5 "$WORK/df" df -B1 --output=size,used,avail,itotal,iused,file -- "${DISKS[@]}"
  if [[ $RC != 124 && $RC != 125 ]]; then
    while IFS= read -r line; do rows[${line%%$'\t'*}]=${line#*$'\t'}; done < <(masked "$AWK_DISK" "$WORK/df" 2>/dev/null)
    why=field_absent detail='there is no such path'
  else why=source_unreachable detail='df gave no answer within 5 s'; fi
  for path in "${DISKS[@]}"; do
    if [[ -n ${rows[$path]:-} ]]; then out+=",${rows[$path]}"; continue; fi
    unknown "$why" "$detail"
    line=$REPLY
    jstr "$path"
    out+=",{\"path\":$REPLY,\"totalBytes\":$line,\"usedBytes\":$line,\"availableBytes\":$line,\"usedPercent\":$line,\"inodesUsedPercent\":$line}"
  done
  DISKS_JSON="[${out#,}]"
}
read_first() { REPLY=; { read -r REPLY <"$1"; } 2>/dev/null; [[ -n $REPLY ]]; }
sample_memory() {
  local key value total='' available='' limit='' used='' inactive=0
  while read -r key value _; do
    case $key in
      MemTotal:) total=$((value * 1024)) ;;
      MemAvailable:) available=$((value * 1024)); break ;;
    esac
  done 2>/dev/null </proc/meminfo
  if read_first /sys/fs/cgroup/memory.current; then
    used=$REPLY
    read_first /sys/fs/cgroup/memory.max && limit=$REPLY
    while read -r key value; do [[ $key == inactive_file ]] && inactive=$value; done 2>/dev/null </sys/fs/cgroup/memory.stat
  elif read_first /sys/fs/cgroup/memory/memory.usage_in_bytes; then
    used=$REPLY
    read_first /sys/fs/cgroup/memory/memory.limit_in_bytes && limit=$REPLY
    while read -r key value; do [[ $key == total_inactive_file ]] && inactive=$value; done 2>/dev/null </sys/fs/cgroup/memory/memory.stat
  fi
  # The page cache is given back under pressure, so it does not count as used.
  [[ -z $used ]] || used=$((used > inactive ? used - inactive : used))
  if [[ $limit == max || ${#limit} -gt 15 ]]; then limit=none; fi
  number_or "$total" not_supported; MEMORY="{\"totalBytes\":$REPLY"
  number_or "$available" not_supported; MEMORY+=",\"availableBytes\":$REPLY"
  if [[ $limit == none ]]; then unknown not_supported 'the container has no memory limit'; else number_or "$limit" not_supported; fi
  MEMORY+=",\"limitBytes\":$REPLY"
  number_or "$used" not_supported; MEMORY+=",\"usedBytes\":$REPLY}"
}
sample_machine() {
  local one='' five='' fifteen='' up='' stat='' instance=''
  { read -r one five fifteen _ </proc/loadavg; } 2>/dev/null
  number_or "$one" not_supported; LOAD="{\"load1\":$REPLY"
  number_or "$five" not_supported; LOAD+=",\"load5\":$REPLY"
  number_or "$fifteen" not_supported; LOAD+=",\"load15\":$REPLY"
  number_or "$CPU_COUNT" not_supported; LOAD+=",\"cpuCount\":$REPLY}"
  { read -r up _ </proc/uptime; read -r -d '' stat </proc/1/stat; } 2>/dev/null
  up=${up%.*}
  if [[ -n $stat && -n $up ]]; then
    stat=${stat##*) }
    # shellcheck disable=SC2086
    set -- $stat
    instance=$((up - ${20} / CLOCK_TICKS))
  fi
  number_or "$up" not_supported; UPTIME="{\"hostS\":$REPLY"
  number_or "$instance" sentinel; UPTIME+=",\"instanceS\":$REPLY}"
}

# ---------------------------------------------------------------- the report
take_sample() {
  local expected now stuck='' probe problem=''
  CYCLE=$((CYCLE + 1))
  sample_endpoints
  sample_gpus
  sample_xid
  sample_supervisor
  sample_models
  sample_logs
  sample_disks
  sample_memory
  sample_machine
  sample_image
  if [[ $GPU_COUNT =~ ^[0-9]{1,3}$ ]]; then expected=$((10#$GPU_COUNT)); else unknown field_absent 'GPU_COUNT is not set'; expected=$REPLY; fi
  for probe in "${!STUCK[@]}"; do is_stuck "$probe" && stuck+=",\"$probe\""; done
  if [[ -n ${LAST_PROBLEM:-} ]]; then jstr "$LAST_PROBLEM"; problem=",\"lastDeliveryProblem\":$REPLY"; fi
  SEQUENCE=$((SEQUENCE + 1))
  iso_now
  now=$REPLY
  build_report "$now" "$expected" "${stuck#,}" "$problem"
  if ((${#REPORT} > REPORT_MAX_BYTES - 1024)); then
    MODELS_JSON="{\"sampledAt\":\"$now\",\"truncated\":true,\"patterns\":[],\"files\":[]}" MODELS_NEXT_MS=0
    build_report "$now" "$expected" "${stuck#,}" "$problem"
  fi
}
build_report() {
  REPORT="\"agentVersion\":\"$AGENT_VERSION\",\"instanceId\":\"$INSTANCE\",\"instanceIdSource\":\"$INSTANCE_SOURCE\""
  REPORT+=",\"runId\":\"$RUN_ID\",\"sequence\":$SEQUENCE,\"bootId\":$BOOT_ID_JSON,\"sampledAt\":\"$1\",\"intervalS\":$INTERVAL_S"
  REPORT+=",\"nvidiaSmi\":$SMI,\"gpuCount\":{\"expected\":$2,\"seen\":$SEEN},\"gpus\":$GPUS,\"xid\":$XID"
  REPORT+=",\"supervisor\":$SUPERVISOR,\"endpoints\":$ENDPOINTS,\"models\":$MODELS_JSON,\"logs\":$LOGS_JSON"
  REPORT+=",\"disks\":$DISKS_JSON,\"memory\":$MEMORY,\"load\":$LOAD,\"image\":$IMAGE,\"uptime\":$UPTIME"
  REPORT+=",\"agent\":{\"startedAt\":\"$STARTED_AT\",\"transport\":\"${TRANSPORT:-none}\",\"stuckProbes\":[$3]$4}}"
}
envelope() {
  local orders
  orders_json
  orders=$REPLY
  iso_now
  REPLY="{\"schemaVersion\":1,\"sentAt\":\"$REPLY\",\"delivery\":{\"buffered\":$1,\"backlog\":$2,\"dropped\":$DROPPED,\"rejected\":$REJECTED},$orders$3"
}

# ---------------------------------------------------------------- orders
# Nothing is done for the console unless the orders file of this instance allows it. The file is data, never
# executed, and counts only when it is closed to everybody else.
ORDERS_PROBLEM=
read_orders() {
  local line facts
  ORDERS_KEY='' ORDERS_ALLOW=' ' ORDERS_SERVICES=' '
  [[ $MODE == run && -f $ORDERS_FILE && -r $ORDERS_FILE ]] || return 1
  facts=$(stat -L -c '%u %a' -- "$ORDERS_FILE" 2>/dev/null)
  if [[ ! $facts =~ ^(0|$EUID)\ [0-7]?[0-7]00$ ]]; then
    orders_off "$ORDERS_FILE must belong to this user or to root and be closed to all others (chmod 600)"
    return 1
  fi
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%"${line##*[![:space:]]}"}
    case $line in
      KEY=*) ORDERS_KEY=${line#KEY=} ;;
      ALLOW=*) ORDERS_ALLOW=" ${line#ALLOW=} " ;;
      SERVICES=*) ORDERS_SERVICES=" ${line#SERVICES=} " ;;
    esac
  done <"$ORDERS_FILE"
  local words='^[a-z ]{0,100}$' names='^[A-Za-z0-9._: -]{0,1000}$'
  if [[ ! $ORDERS_KEY =~ ^wfo_[A-Za-z0-9_-]{40,60}$ ]]; then orders_off "$ORDERS_FILE holds no key of the console"; return 1; fi
  if [[ ! $ORDERS_ALLOW =~ $words || ! $ORDERS_SERVICES =~ $names ]]; then orders_off "ALLOW or SERVICES in $ORDERS_FILE holds something else than names"; return 1; fi
  if ! have sha256sum; then orders_off 'there is no sha256sum to check a signature with'; return 1; fi
  [[ " ${SECRETS[*]:-} " == *" $ORDERS_KEY "* ]] || SECRETS+=("$ORDERS_KEY")
}
orders_off() {
  if [[ $1 != "$ORDERS_PROBLEM" ]]; then say "orders are off: $1"; fi
  ORDERS_PROBLEM=$1
}
words_json() {
  local word out=''
  local -a words
  read -r -a words <<<"$1"
  for word in "${words[@]}"; do out+=",\"$word\""; done
  REPLY="[${out#,}]"
}
# What this instance allows, the last order that it took, and a result that the console has not confirmed yet.
orders_json() {
  local allow services result=''
  if ! read_orders; then REPLY=''; return; fi
  last_order
  words_json "$ORDERS_ALLOW"; allow=$REPLY
  words_json "$ORDERS_SERVICES"; services=$REPLY
  { IFS= read -r -d '' result <"$STATE_DIR/order-result"; } 2>/dev/null
  REPLY="\"orders\":{\"last\":$LAST_ORDER,\"allow\":$allow,\"services\":$services},"
  if [[ $result == '{'*'}' ]]; then REPLY+="\"order\":$result,"; fi
}
last_order() {
  LAST_ORDER=0
  { read -r LAST_ORDER <"$STATE_DIR/order-last"; } 2>/dev/null
  if [[ $LAST_ORDER =~ ^[0-9]{1,15}$ ]]; then LAST_ORDER=$((10#$LAST_ORDER)); else LAST_ORDER=0; fi
}
# The key stays in this shell: printf is a builtin, so no process list ever shows it.
hmac_sha256() {
  local key=$1 text=$2 inner='' outer='' code digit i
  for ((i = 0; i < 64; i++)); do
    code=0
    ((i >= ${#key})) || printf -v code '%d' "'${key:i:1}"
    printf -v digit '\\x%02x' $((code ^ 0x36)); inner+=$digit
    printf -v digit '\\x%02x' $((code ^ 0x5c)); outer+=$digit
  done
  REPLY=$({ printf '%b' "$inner"; printf '%s' "$text"; } | sha256sum)
  for ((i = 0; i < 64; i += 2)); do outer+="\\x${REPLY:i:2}"; done
  REPLY=$(printf '%b' "$outer" | sha256sum)
  REPLY=${REPLY:0:64}
}
# Reads a signed line into ORDER_*. When it is not to be carried out: 1 and ORDER_WHY; ORDER_TAKEN says whether it
# counts as taken, so that the console is told.
accept_order() {
  local text=${1% sig=*} signature=${1##* sig=} now pattern
  pattern='^v=1 id=([0-9a-f-]{36}) seq=([1-9][0-9]{0,14}) instance=([A-Za-z0-9._:-]{1,100}) kind=(status|restart|start|evidence) name=([A-Za-z0-9][A-Za-z0-9._:-]{0,63}|-) nonce=([0-9a-f]{32}) issued=([0-9]{10}) expires=([0-9]{10})$'
  ORDER_WHY=malformed ORDER_TAKEN=''
  [[ $signature =~ ^[0-9a-f]{64}$ && $text =~ $pattern ]] || return 1
  ORDER_ID=${BASH_REMATCH[1]} ORDER_SEQ=${BASH_REMATCH[2]} ORDER_KIND=${BASH_REMATCH[4]} ORDER_NAME=${BASH_REMATCH[5]}
  local instance=${BASH_REMATCH[3]} issued=${BASH_REMATCH[7]} expires=${BASH_REMATCH[8]}
  hmac_sha256 "$ORDERS_KEY" "$text"
  ORDER_WHY='the signature does not fit'
  [[ $REPLY == "$signature" ]] || return 1
  ORDER_WHY='it is for another instance'
  [[ $instance == "$INSTANCE" ]] || return 1
  ORDER_WHY='it was taken before'
  last_order
  ((ORDER_SEQ > LAST_ORDER)) || return 1
  # Written before anything is done: after a crash it counts as taken.
  ORDER_WHY="it can't be noted in $STATE_DIR"
  { printf '%s\n' "$ORDER_SEQ" >"$STATE_DIR/order-last.tmp" && mv -f -- "$STATE_DIR/order-last.tmp" "$STATE_DIR/order-last"; } 2>/dev/null || return 1
  ORDER_TAKEN=1
  epoch_now; now=$REPLY
  ORDER_WHY='expired by the clock of the instance'
  ((now <= expires && issued <= now + 60 && expires - issued <= 600)) || return 1
  ORDER_WHY='not allowed by the orders file of the instance'
  [[ $ORDERS_ALLOW == *" $ORDER_KIND "* ]] || return 1
  case $ORDER_KIND in
    start | restart) [[ $ORDER_NAME != - && $ORDERS_SERVICES == *" $ORDER_NAME "* ]] || return 1 ;;
    status) [[ $ORDER_NAME == - || $ORDERS_SERVICES == *" $ORDER_NAME "* ]] || return 1 ;;
    *) [[ $ORDER_NAME == - ]] || return 1 ;;
  esac
}
# Usage: keep_result OUTCOME EXIT-CODE-OR-NOTHING WHY-OR-NOTHING REST
keep_result() {
  local text rest=${4:-'"truncated":false,"output":[]'}
  iso_now
  text="{\"id\":\"$ORDER_ID\",\"seq\":$ORDER_SEQ,\"outcome\":\"$1\"${2:+,\"exitCode\":$2}${3:+,\"why\":\"$3\"},\"startedAt\":\"$ORDER_STARTED\",\"endedAt\":\"$REPLY\",$rest}"
  { printf '%s' "$text" >"$STATE_DIR/order-result.tmp" && mv -f -- "$STATE_DIR/order-result.tmp" "$STATE_DIR/order-result"; } 2>/dev/null
}
take_output() { cat -- "$WORK/order.part" "$WORK/order.part.err" 2>/dev/null >>"$WORK/order"; }
control() {
  local -a where=()
  if [[ -n $SUPERVISOR_CONF ]]; then where=(-c "$SUPERVISOR_CONF")
  elif [[ -n $SUPERVISOR_SOCKET ]]; then where=(-s "unix://$SUPERVISOR_SOCKET"); fi
  bounded order "$ORDER_LIMIT_S" "$WORK/order.part" supervisorctl "${where[@]}" "$@"
  take_output
}
piece() {
  printf '== %s\n' "$1" >>"$WORK/order"
  shift
  bounded order 6 "$WORK/order.part" "$@"
  take_output
}
collect_evidence() {
  local path
  printf '== supervised programs\n' >>"$WORK/order"
  control status
  piece 'file systems' df -P
  if have nvidia-smi; then piece 'GPUs' nvidia-smi; fi
  if have dmesg; then piece 'kernel log' bash -c 'dmesg | grep -aE "NVRM|nvidia|oom|Out of memory" | tail -n 20'; fi
  for path in "${LOGS[@]}"; do [[ ! -r $path ]] || piece "$path" tail -n 15 -- "$path"; done
  RC=0
}
carry_out() {
  local code
  case $ORDER_KIND in
    evidence) collect_evidence ;;
    status)
      if [[ $ORDER_NAME == - ]]; then control status; else control status "$ORDER_NAME"; fi
      # 3: it answered, and something does not run.
      [[ $RC != 3 ]] || RC=0
      ;;
    *)
      control "$ORDER_KIND" "$ORDER_NAME"
      code=$RC
      control status "$ORDER_NAME"
      RC=$code
      ;;
  esac
}
# The signed order that came with the last answer is carried out once; its result goes with the next report.
take_order() {
  local line=$ORDER_LINE code rest cut=0
  ORDER_LINE=
  if [[ -z $line ]] || ! read_orders; then return 0; fi
  iso_now; ORDER_STARTED=$REPLY
  if ! accept_order "$line"; then
    say "an order was refused: $ORDER_WHY"
    if [[ -n $ORDER_TAKEN ]]; then keep_result refused '' "$ORDER_WHY"; ORDER_DONE=1; fi
    return 0
  fi
  say "order $ORDER_SEQ: $ORDER_KIND $ORDER_NAME"
  keep_result interrupted
  : >"$WORK/order"
  carry_out
  code=$RC
  [[ -z $STOPPING ]] || return 0
  (($(stat -c %s -- "$WORK/order" 2>/dev/null || printf 0) <= ORDER_MAX_BYTES)) || cut=1
  tail -c "$ORDER_MAX_BYTES" -- "$WORK/order" 2>/dev/null >"$WORK/order.cut"
  rest=$(masked "$AWK_ORDER" "cut=$cut" "$WORK/order.cut" 2>/dev/null)
  : >"$WORK/order"
  case $code in
    0) keep_result 'done' 0 '' "$rest" ;;
    124 | 125) keep_result interrupted '' "no end within $ORDER_LIMIT_S s" "$rest" ;;
    *) keep_result failed "$code" '' "$rest" ;;
  esac
  ORDER_DONE=1
}
# The console has the result once it took a report that carried it.
confirm_result() {
  local held=''
  { IFS= read -r -d '' held <"$STATE_DIR/order-result"; } 2>/dev/null
  if [[ -n $held && $1 == *"\"order\":$held"* ]]; then rm -f -- "$STATE_DIR/order-result"; fi
}

# ---------------------------------------------------------------- delivery
# Sets STATUS (000: no answer) and RETRY_AFTER. The token goes in through standard input or a private file.
http_call() {
  local method=$1 path=$2 auth='' length=0
  STATUS=000 RETRY_AFTER='' HTTP_PROBLEM='' ORDER_LINE=''
  [[ $method == GET ]] || { auth="Authorization: Bearer $TOKEN" length=${#BODY}; printf '%s' "$BODY" 2>/dev/null >"$WORK/body" || { HTTP_PROBLEM='no space for the request'; return; }; }
  rm -f -- "$WORK/head"
  case $TRANSPORT in
    curl) call_curl "$method" "$path" "$auth" ;;
    wget) call_wget "$method" "$path" "$auth" ;;
    openssl | devtcp) call_raw "$method" "$path" "$auth" "$length" ;;
  esac
  parse_head "$WORK/head"
  [[ $STATUS != 000 ]] || { IFS= read -r HTTP_PROBLEM 2>/dev/null <"$WORK/http.err"; HTTP_PROBLEM=${HTTP_PROBLEM:-no answer}; }
}
call_curl() {
  BOUNDED_STDIN="url = \"$SCHEME://$HOST_HEADER$2\"
request = \"$1\"
max-time = 10
connect-timeout = 5
proto = \"=$SCHEME\"
max-redirs = 0
output = \"/dev/null\"
dump-header = \"$WORK/head\"
user-agent = \"watchfloor-agent/$AGENT_VERSION\"
${CA_FILE:+cacert = \"$CA_FILE\"
}header = \"Expect:\"
"
  [[ $1 == GET ]] || BOUNDED_STDIN+="header = \"$3\"
header = \"Content-Type: application/json\"
data-binary = \"@$WORK/body\"
"
  bounded post 11 "$WORK/http" curl -q -sS --config -
  BOUNDED_STDIN=
}
call_wget() {
  local -a arguments=(-q --config="$WORK/wgetrc" -O /dev/null -t 1 -T 10 --max-redirect=0 --server-response)
  printf 'user_agent = watchfloor-agent/%s\n%s' "$AGENT_VERSION" "${CA_FILE:+ca_certificate = $CA_FILE
}" >"$WORK/wgetrc"
  if [[ $1 != GET ]]; then
    printf 'header = %s\nheader = Content-Type: application/json\n' "$3" >>"$WORK/wgetrc"
    arguments+=(--post-file="$WORK/body")
  fi
  bounded post 11 "$WORK/http" wget "${arguments[@]}" "$SCHEME://$HOST_HEADER$2"
  rm -f -- "$WORK/wgetrc"
  grep -a '^  ' "$WORK/http.err" 2>/dev/null | sed 's/^  //' >"$WORK/head"
}
call_raw() {
  local -a verify=(-verify_hostname "$HOST" -servername "$HOST")
  BOUNDED_STDIN="$1 $2 HTTP/1.1"$'\r\n'"Host: $HOST_HEADER"$'\r\n'"User-Agent: watchfloor-agent/$AGENT_VERSION"$'\r\n'"Connection: close"$'\r\n'
  [[ $1 == GET ]] || BOUNDED_STDIN+="$3"$'\r\n'"Content-Type: application/json"$'\r\n'"Content-Length: $4"$'\r\n'
  BOUNDED_STDIN+=$'\r\n'
  [[ $1 == GET ]] || BOUNDED_STDIN+=$BODY
  if [[ $TRANSPORT == openssl ]]; then
    [[ ! $HOST =~ ^[0-9.]+$|: ]] || verify=(-verify_ip "$HOST")
    bounded post 11 "$WORK/http" openssl s_client -quiet -verify_return_error "${verify[@]}" ${CA_FILE:+-CAfile "$CA_FILE"} -connect "$HOST_HEADER$([[ $HOST_HEADER == *:+([0-9]) ]] || printf ':%s' "$PORT")"
  else
    # shellcheck disable=SC2016
    bounded post 11 "$WORK/http" bash -c 'exec 3<>"/dev/tcp/$1/$2" || exit 1; cat >&3
      while IFS= read -r line <&3; do printf "%s\n" "$line"; [[ -n ${line%$'"'\\r'"'} ]] || break; done' _ "$HOST" "$PORT"
  fi
  BOUNDED_STDIN=
  mv -f -- "$WORK/http" "$WORK/head"
}
parse_head() {
  local line count=0
  while IFS= read -r line && ((count++ < 100)); do
    line=${line%$'\r'}
    if [[ $line =~ ^HTTP/[0-9.]+\ ([0-9]{3}) ]]; then STATUS=${BASH_REMATCH[1]} RETRY_AFTER='' ORDER_LINE=''
    elif [[ ${line,,} =~ ^retry-after:\ *(.*)$ ]]; then RETRY_AFTER=${line#*:}
    elif [[ ${line,,} == 'watchfloor-order: '* ]]; then ORDER_LINE=${line#*: }; fi
    [[ -n $line || $STATUS == 1?? ]] || break
  done 2>/dev/null <"$1"
  [[ $STATUS != 1?? ]] || STATUS=000
}
retry_after_s() {
  local value=${RETRY_AFTER//[$'\t ']/} at
  REPLY=
  if [[ $value =~ ^[0-9]{1,9}$ ]]; then REPLY=$((10#$value))
  elif [[ $RETRY_AFTER == *GMT* ]] && at=$(date -d "$RETRY_AFTER" +%s 2>/dev/null); then epoch_now; REPLY=$((at > REPLY ? at - REPLY : 0)); fi
  [[ -z $REPLY ]] || ((REPLY <= RETRY_AFTER_MAX_S)) || REPLY=$RETRY_AFTER_MAX_S
}
pause_ms() { mono_ms; NEXT_TRY_MS=$((REPLY + $1)); }
back_off() {
  local ms=$((INTERVAL_S * 1000 << (FAILS < 10 ? FAILS : 10)))
  FAILS=$((FAILS + 1))
  ((ms <= BACKOFF_MAX_S * 1000)) || ms=$((BACKOFF_MAX_S * 1000))
  pause_ms $((ms * (80 + RANDOM % 41) / 100))
}
problem() {
  if [[ $1 != "${LAST_PROBLEM:-}" ]]; then say "$1"; fi
  LAST_PROBLEM=$1
}
# 0 delivered, 1 refused for good, 2 try later
deliver() {
  BODY=$1
  http_call POST "$URL_PATH/api/agent/report"
  case $STATUS in
    2?? | 409)
      if [[ -n ${LAST_PROBLEM:-} ]]; then say 'the console takes reports again'; fi
      LAST_PROBLEM='' FAILS=0
      confirm_result "$1"
      take_order
      return 0
      ;;
    400 | 413 | 415 | 422)
      REJECTED=$((REJECTED + 1))
      problem "the console refuses a report as invalid ($STATUS); it is dropped"
      return 1
      ;;
    401 | 403)
      problem "the console does not accept this instance's token ($STATUS); next try in 5 minutes"
      pause_ms $((BACKOFF_MAX_S * 1000))
      TOKEN_REFUSED=1
      ;;
    000) problem "no answer from the console: ${HTTP_PROBLEM//"$TOKEN"/***}"; back_off ;;
    *)
      problem "the console answers $STATUS"
      retry_after_s
      if [[ ($STATUS == 429 || $STATUS == 503) && -n $REPLY ]]; then pause_ms $((REPLY * 1000 + RANDOM % 1000)); else back_off; fi
      ;;
  esac
  return 2
}
buffered_files() { BUFFERED=("$STATE_DIR"/buffer/*.part); }
enqueue() {
  local name
  printf -v name '%015d' "$SEQUENCE"
  UNSAVED=
  if printf '%s' "$REPORT" 2>/dev/null >"$STATE_DIR/buffer/$name.tmp" && mv -f -- "$STATE_DIR/buffer/$name.tmp" "$STATE_DIR/buffer/$name.part"; then
    { printf '%s\n' "$SEQUENCE" >"$STATE_DIR/sequence"; } 2>/dev/null
  else
    rm -f -- "$STATE_DIR/buffer/$name.tmp"
    UNSAVED=$REPORT
  fi
  buffered_files
  while ((${#BUFFERED[@]} > BUFFER_MAX)); do
    rm -f -- "${BUFFERED[0]}"
    DROPPED=$((DROPPED + 1))
    BUFFERED=("${BUFFERED[@]:1}")
  done
}
flush_buffer() {
  local file text waiting was_buffered
  mono_ms
  ((REPLY >= NEXT_TRY_MS)) || return 0
  if [[ -n ${TOKEN_REFUSED:-} ]]; then
    TOKEN_REFUSED=
    if (configure) 2>/dev/null; then configure; fi
    if ! check_destination || ! check_token; then problem "$PROBLEM"; pause_ms $((BACKOFF_MAX_S * 1000)); TOKEN_REFUSED=1; return 0; fi
  fi
  buffered_files
  waiting=${#BUFFERED[@]}
  for file in "${BUFFERED[@]}"; do
    text=
    IFS= read -r -d '' text 2>/dev/null <"$file"
    waiting=$((waiting - 1))
    was_buffered=true
    [[ $((10#$(file_sequence "$file"))) != "$SEQUENCE" ]] || was_buffered=false
    if [[ $text == *'}' ]]; then
      envelope $was_buffered $waiting "$text"
      deliver "$REPLY"
      [[ $? != 2 ]] || return 0
    fi
    rm -f -- "$file"
    [[ -z ${STOPPING:-} ]] || return 0
  done
  if [[ -n $UNSAVED ]]; then
    envelope false 0 "$UNSAVED"
    deliver "$REPLY"
    UNSAVED=
  fi
}
file_sequence() { local name=${1##*/}; printf '%s' "${name%.part}"; }

# ---------------------------------------------------------------- life
prepare_state() {
  local directory
  for directory in "$STATE_DIR" "$STATE_DIR/buffer"; do
    mkdir -p -- "$directory" 2>/dev/null
    [[ -d $directory && -O $directory && -w $directory && ! -L $directory ]] || die "can't use $directory: it must be a directory of this user that it can write; give --state-dir"
    chmod 700 -- "$directory"
  done
  CACHE_DIR=$STATE_DIR
}
# Scratch files lie in memory where possible: a full disk is exactly when a report matters.
prepare_work() {
  local base name=${STATE_DIR//\//_}
  if [[ $MODE != run ]]; then name=once-$$; fi
  if ((${#name} > 120)); then name=${name: -120}; fi
  for base in /dev/shm "$STATE_DIR" "${TMPDIR:-/tmp}"; do
    WORK=$base/watchfloor-agent-$EUID-$name
    [[ -d $base && -w $base && ! -L $WORK ]] || continue
    mkdir -p -- "$WORK" 2>/dev/null
    if [[ -O $WORK ]] && printf '%65536s' ' ' 2>/dev/null >"$WORK/smi"; then return; fi
    rm -rf -- "$WORK"
  done
  die 'no place for scratch files: /dev/shm, the state directory and /tmp are full or read-only'
}
# The lock names a process and its start time, so neither a crash nor a reused process id can hold it, and
# a stuck child can't either, as it could with a lock on an open file.
take_lock() {
  local pid started
  process_start $$
  LOCK_LINE="$$ $REPLY"
  if ! { set -C; printf '%s\n' "$LOCK_LINE" >"$STATE_DIR/lock"; } 2>/dev/null; then
    set +C
    { read -r pid started <"$STATE_DIR/lock"; } 2>/dev/null
    if [[ ${pid:-} =~ ^[0-9]+$ && $pid != "$$" ]] && process_start "$pid" && [[ $REPLY == "$started" ]]; then return 1; fi
    printf '%s\n' "$LOCK_LINE" >"$STATE_DIR/lock" || die "can't write $STATE_DIR/lock"
  fi
  set +C
  own_lock
}
own_lock() { local line=; { IFS= read -r line <"$STATE_DIR/lock"; } 2>/dev/null; [[ $line == "$LOCK_LINE" ]]; }
restore_sequence() {
  local last=
  SEQUENCE=0
  { read -r last <"$STATE_DIR/sequence"; } 2>/dev/null
  [[ $last =~ ^[0-9]{1,15}$ ]] && SEQUENCE=$((10#$last))
  rm -f -- "$STATE_DIR"/buffer/*.tmp
  buffered_files
  if ((${#BUFFERED[@]})); then
    last=$(file_sequence "${BUFFERED[-1]}")
    [[ $last =~ ^[0-9]{1,15}$ ]] && ((10#$last > SEQUENCE)) && SEQUENCE=$((10#$last))
  fi
}
be_gentle() {
  if [[ -z ${WATCHFLOOR_GENTLE:-} && -r $0 ]] && have nice; then
    export WATCHFLOOR_GENTLE=1
    exec nice -n 19 "$BASH" "$0" "$@"
  fi
  unset WATCHFLOOR_GENTLE
  if have ionice; then ionice -c 3 -p $$ 2>/dev/null; fi
  { printf '500' >/proc/self/oom_score_adj; } 2>/dev/null
}
start_up() {
  CYCLE=0 SEQUENCE=0 DROPPED=0 REJECTED=0 FAILS=0 NEXT_TRY_MS=0 UNSAVED='' STOPPING='' RUNNING_PID='' TRANSPORT=none PROBLEM='' ORDER_LINE='' ORDER_DONE=''
  iso_now; STARTED_AT=$REPLY
  read_first /proc/sys/kernel/random/uuid || REPLY=$$-$RANDOM$RANDOM$RANDOM
  RUN_ID=$REPLY
  if read_first /proc/sys/kernel/random/boot_id; then BOOT_ID=$REPLY; jstr "$REPLY"; else BOOT_ID=unknown; unknown not_supported; fi
  BOOT_ID_JSON=$REPLY
  CPU_COUNT=$(nproc 2>/dev/null)
  CLOCK_TICKS=$(getconf CLK_TCK 2>/dev/null || printf 100)
  shopt -s extglob
}
stop() { STOPPING=1; }
clean_up() {
  local probe
  [[ -z ${RUNNING_PID:-} ]] || kill_tree "$RUNNING_PID"
  for probe in "${!STUCK[@]}"; do
    if is_stuck "$probe"; then kill_tree "${STUCK[$probe]% *}"; fi
  done
  [[ -z ${WORK:-} ]] || rm -rf -- "$WORK"
  if [[ -n ${LOCK_LINE:-} ]] && own_lock; then rm -f -- "$STATE_DIR/lock"; fi
}
# A pipe that nobody writes to: reading from it waits without starting a process.
pause_until() {
  local left
  mono_ms
  left=$(($1 - REPLY))
  ((left > 0)) || left=1
  set -o posix
  [[ -n $STOPPING ]] || read -r -t "$((left / 1000)).$((left % 1000 / 100))" -u "$QUIET_FD" _
  set +o posix
}
run() {
  local due
  check_destination || die "$PROBLEM"
  check_token || die "$PROBLEM"
  prepare_state
  take_lock || die "another agent is running (see $STATE_DIR/lock)"
  prepare_work
  restore_sequence
  exec {QUIET_FD}<> <(:)
  trap stop TERM INT HUP
  say "version $AGENT_VERSION, instance $INSTANCE, every $INTERVAL_S s to $SCHEME://$HOST_HEADER by $TRANSPORT"
  while [[ -z $STOPPING ]]; do
    own_lock || { say 'another agent has taken over'; break; }
    [[ -d $WORK ]] || prepare_work
    mono_ms
    due=$((REPLY + INTERVAL_S * (900 + RANDOM % 201)))
    take_sample
    [[ -z $STOPPING ]] || break
    enqueue
    flush_buffer
    # The result of an order goes out at once.
    if [[ -n $ORDER_DONE ]]; then ORDER_DONE=''; else pause_until "$due"; fi
  done
  say 'stopped'
}
once() {
  if [[ -n $PRINT ]]; then
    prepare_work
    CACHE_DIR=$WORK
    take_sample
    envelope false 0 "$REPORT"
    printf '%s\n' "$REPLY"
    return
  fi
  check_destination || die "$PROBLEM"
  check_token || die "$PROBLEM"
  prepare_state
  prepare_work
  CACHE_DIR=$WORK
  restore_sequence
  take_sample
  { printf '%s\n' "$SEQUENCE" >"$STATE_DIR/sequence"; } 2>/dev/null
  envelope false 0 "$REPORT"
  deliver "$REPLY" || exit 1
  say 'delivered'
}
tell() { printf '%-14s %s\n' "$1" "$2"; }
# The reason inside a tagged unknown, for people.
reason() {
  if [[ $1 == '{"unknown":'* ]]; then
    REPLY=${1#'{"unknown":"'}
    REPLY="unknown: ${REPLY%%\"*}${1##*\"detail\":}"
    [[ $1 == *'"detail":'* ]] || REPLY="unknown: $(printf '%s' "$1" | tr -d '{}":' | sed 's/unknown//')"
    REPLY=${REPLY%\}}
    REPLY=${REPLY//\"/ }
  else REPLY=$2; fi
}
check() {
  local path bad=0
  prepare_work
  CACHE_DIR=$WORK
  take_sample
  tell agent "version $AGENT_VERSION, bash $BASH_VERSION, instance $INSTANCE (from $INSTANCE_SOURCE)"
  reason "$GPUS" "$SEEN seen, nvidia-smi $SMI_STATE"
  tell GPUs "$REPLY"
  if [[ $GPU_COUNT =~ ^[0-9]+$ ]]; then tell 'GPUs expected' "$GPU_COUNT"; else tell 'GPUs expected' 'unknown: GPU_COUNT is not set'; fi
  reason "$XID" 'kernel log readable'
  tell XID "$REPLY"
  reason "$SUPERVISOR" "$(grep -o '"state":"[A-Z]*"' <<<"$SUPERVISOR" | sort | uniq -c | tr -s ' "\n' ' ')"
  tell supervisord "$REPLY"
  for path in TEMPORAL_ADDRESS MINIO_ENDPOINT MINIO_SECURE; do
    REPLY=${ENDPOINTS#*"\"$path\":"}
    if [[ $REPLY == '{"present":true'* ]]; then tell endpoint "$path is set"; elif [[ $REPLY == '{"present":false'* ]]; then tell endpoint "$path is not set"; else tell endpoint "$path: unknown"; fi
  done
  tell models "$(grep -o '"path"' <<<"$MODELS_JSON" | grep -c .) files"
  for path in "${LOGS[@]}"; do if [[ -r $path ]]; then tell log "$path"; else tell log "$path: not there or not readable"; fi; done
  for path in "${DISKS[@]}"; do if [[ -d $path ]]; then tell disk "$path"; else tell disk "$path: not there"; fi; done
  reason "${IMAGE#*'"version":'}" 'known'
  tell image "${REPLY%%,*}"
  if check_destination && check_token; then
    http_call GET "$URL_PATH/api/healthz"
    if [[ $STATUS == 000 ]]; then tell console "$SCHEME://$HOST_HEADER by $TRANSPORT: no answer ($HTTP_PROBLEM)"; bad=1; else tell console "$SCHEME://$HOST_HEADER by $TRANSPORT answers $STATUS"; fi
  else tell console "$PROBLEM"; bad=1; fi
  return $bad
}
main() {
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || die 'bash 4.4 or newer is needed'
  local tool
  for tool in awk grep tail stat timeout df tr mv rm mkdir chmod; do have "$tool" || die "$tool is needed and not here"; done
  be_gentle "$@"
  parse_flags "$@"
  take_environment
  start_up
  configure
  trap clean_up EXIT
  case $MODE in
    run) [[ -z $PRINT ]] || die '--print goes with --once'; run ;;
    once) once ;;
    check) check ;;
  esac
}
main "$@"
